/** Child specs, flags and their defaults: OTP's groups `sup_start_map` and the spec cases of the administration group. */
import assert from "node:assert/strict";
import {
  type AnyChildSpec,
  getChildSpec,
  InvalidSpecError,
  type RestartType,
  type Shutdown,
  type SupervisorSpec,
  startChild,
  startInstance,
} from "airssys-rt";
import { checkSupervisorSpec, RESTART_TYPES } from "airssys-rt/spec";
import { refuses, rejection, stageWith, supervisor, test, Worker, worker } from "./fixtures.ts";

const start = (): Worker => new Worker();

/** Codes of the faults that `supervisor()` finds, before anything starts. */
function faultsOf(spec: unknown): string[] {
  try {
    supervisor(spec as SupervisorSpec);
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidSpecError);
    assert.equal(error.code, "ERR_INVALID_SPEC");
    return error.faults.map((fault) => fault.code);
  }
}

const faultsOfChild = (child: unknown, flags: object = {}): string[] => faultsOf({ ...flags, children: [child] });

test("otp/supervisor/sup_start_map", async (t) => {
  const nested = supervisor({ children: [] });
  const stage = await stageWith(t, {
    children: [
      { id: "child1", start },
      { id: "child2", start, shutdown: "brutal_kill" },
      { id: "child3", start: nested },
      { id: "child4", start, type: "supervisor" },
    ],
  });
  const defaults = {
    start,
    restart: "permanent",
    shutdown: 5_000,
    significant: false,
    type: "worker",
    mailbox: undefined,
    name: undefined,
    backoff: undefined,
    startTimeoutMs: 5_000,
  };

  assert.deepEqual(await getChildSpec(stage.sup, "child1"), { id: "child1", ...defaults });
  assert.deepEqual(await getChildSpec(stage.sup, "child2"), { id: "child2", ...defaults, shutdown: "brutal_kill" });
  const { shutdown, type, start: started } = await getChildSpec(stage.sup, "child3");
  assert.deepEqual([shutdown, type, started], ["infinity", "supervisor", nested]);
  const fourth = await getChildSpec(stage.sup, "child4");
  assert.deepEqual([fourth.shutdown, fourth.type], ["infinity", "supervisor"]);
  await refuses(getChildSpec(stage.sup, "child5"), "not_found");
});

test("otp/supervisor/sup_start_map_simple", async (t) => {
  const template = { id: "child", start, restart: "temporary" } as const;
  const stage = await stageWith(t, { strategy: "simple_one_for_one", children: [template] });
  const instances = [await startInstance(stage.sup), await startInstance(stage.sup), await startInstance(stage.sup)];

  for (const instance of instances) {
    assert.ok(instance);
    const spec = await getChildSpec(stage.sup, instance);
    assert.deepEqual([spec.id, spec.restart, spec.significant], ["child", "temporary", false]);
  }
  await refuses(getChildSpec(stage.sup, stage.system.root), "not_found");
});

test("otp/supervisor/sup_start_map_faulty_specs: unknown keys are refused too", () => {
  assert.deepEqual(faultsOfChild({ start }), ["missing_id"]);
  assert.deepEqual(faultsOfChild({ id: "child" }), ["missing_start"]);
  assert.deepEqual(faultsOfChild("not a spec"), ["not_a_spec"]);
  assert.deepEqual(faultsOfChild({ id: "child", start, strange: 1 }), ["unknown_key"]);
});

test("otp/supervisor/child_specs: specs are objects; every bad field is named", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const bad: [fields: object, code: string][] = [
    [{ start: "start" }, "invalid_start"],
    [{ start: {} }, "invalid_start"],
    [{ restart: "prmanent" }, "invalid_restart"],
    [{ shutdown: -1 }, "invalid_shutdown"],
    [{ shutdown: Number.NaN }, "invalid_shutdown"],
    [{ shutdown: "soon" }, "invalid_shutdown"],
    [{ type: "wrker" }, "invalid_type"],
    [{ id: "" }, "invalid_id"],
    [{ id: 7 }, "invalid_id"],
  ];

  for (const [fields, code] of bad) {
    const child = { id: "child", start, ...fields };
    assert.deepEqual(faultsOfChild(child), [code], JSON.stringify(fields));
    const error = await rejection(startChild(stage.sup, child as never));
    assert.ok(error instanceof InvalidSpecError);
    assert.deepEqual(
      error.faults.map((fault) => fault.code),
      [code],
    );
  }
  assert.deepEqual(await stage.children(), []);

  assert.deepEqual(faultsOf({ children: [worker("a"), worker("a")] }), ["duplicate_id"]);
  const simple = (children: unknown[]): string[] => faultsOf({ strategy: "simple_one_for_one", children });
  assert.deepEqual(simple([]), ["template_count"]);
  assert.deepEqual(simple([worker("a"), worker("b")]), ["template_count"]);
  assert.deepEqual(simple([worker("a")]), []);
});

const SHUTDOWNS: Shutdown[] = ["brutal_kill", 0, 1_000, "infinity"];
const SIGNIFICANTS = [undefined, true, false] as const;

/** Every combination of the fields that OTP's suite combines. */
function* combinations(): Generator<{ flags: SupervisorSpec; child: AnyChildSpec }> {
  for (const autoShutdown of ["never", "any_significant", "all_significant"] as const)
    for (const strategy of ["one_for_one", "one_for_all", "rest_for_one"] as const)
      for (const restart of [undefined, ...RESTART_TYPES] as (RestartType | undefined)[])
        for (const shutdown of [undefined, ...SHUTDOWNS])
          for (const type of [undefined, "worker", "supervisor"] as const)
            for (const significant of SIGNIFICANTS) {
              const given = Object.entries({ restart, shutdown, type, significant }).filter(([, v]) => v !== undefined);
              const child = { id: "child", start, ...Object.fromEntries(given) } as AnyChildSpec;
              yield { flags: { strategy, autoShutdown, children: [child] }, child };
            }
}

test("otp/supervisor/child_specs_map", () => {
  assert.deepEqual(faultsOfChild({ id: "child", start, restart: "temporary", significant: "yes" }, ANY), [
    "invalid_significant",
  ]);
  let valid = 0;
  for (const { flags, child } of combinations()) {
    const faults = checkSupervisorSpec(flags).map((fault) => fault.code);
    if (child.significant !== true) assert.deepEqual(faults, []);
    else if ((child.restart ?? "permanent") === "permanent") assert.deepEqual(faults, ["significant_permanent"]);
    else if (flags.autoShutdown === "never") assert.deepEqual(faults, ["significant_without_auto_shutdown"]);
    else assert.deepEqual(faults, []);
    if (faults.length === 0) valid++;
  }
  assert.equal(valid, 1_260);
});

const ANY = { autoShutdown: "any_significant" } as const;

test("otp/supervisor/sup_flags: unknown flags are refused too", () => {
  const flags = (fields: object): string[] => faultsOf({ children: [], ...fields });

  assert.deepEqual(flags({}), []);
  assert.deepEqual(flags({ strategy: "one_for_none" }), ["invalid_strategy"]);
  assert.deepEqual(flags({ maxRestarts: -1 }), ["invalid_max_restarts"]);
  assert.deepEqual(flags({ maxRestarts: 1.5 }), ["invalid_max_restarts"]);
  assert.deepEqual(flags({ maxRestarts: Number.POSITIVE_INFINITY }), ["invalid_max_restarts"]);
  assert.deepEqual(flags({ maxRestartPeriodMs: 0 }), ["invalid_max_restart_period"]);
  assert.deepEqual(flags({ maxRestartPeriodMs: Number.POSITIVE_INFINITY }), ["invalid_max_restart_period"]);
  assert.deepEqual(flags({ autoShutdown: "sometimes" }), ["invalid_auto_shutdown"]);
  assert.deepEqual(flags({ intensity: 3 }), ["unknown_key"]);
  assert.deepEqual(flags({ strategy: "x", maxRestarts: "y", maxRestartPeriodMs: -1 }), [
    "invalid_strategy",
    "invalid_max_restarts",
    "invalid_max_restart_period",
  ]);
  for (const nonsense of [undefined, null, 7, "spec", []]) assert.deepEqual(faultsOf(nonsense), ["not_a_spec"]);
});
