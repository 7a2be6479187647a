// What explorations tell an editor: a line for each event, with places; and for which exploration a schedule is.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { defineActor, supervisor } from "airssys-rt";
import {
  ENV_SCHEDULE,
  ENV_STOP_AT,
  ENV_TEST_EVENTS,
  ExplorationError,
  type ExploredEvent,
  explore,
  type FailedEvent,
  type TestEvent,
  type World,
} from "airssys-rt/testing";
import { placeName, placeOfFrame } from "../../../runtime/src/testing/exploration-place.ts";
import { jobBeforeConfig, staleCache } from "./racy-programs.ts";

interface Go {
  readonly type: "go";
}

interface Job {
  readonly type: "job" | "config";
}

/** A worker that must be configured before its job comes. */
const desk = supervisor({
  children: [
    {
      id: "worker",
      restart: "temporary",
      start: defineActor<Job, { isConfigured: boolean }>({
        name: "worker",
        init: () => ({ isConfigured: false }),
        handlers: {
          config(state) {
            state.isConfigured = true;
          },
          job: ({ isConfigured }) => assert.ok(isConfigured, "job before config"),
        },
      }),
    },
    ...(["config", "job"] as const).map((type) => ({
      id: type === "config" ? "configurer" : "relay",
      restart: "temporary" as const,
      start: defineActor<Go>({
        name: type,
        init: () => undefined,
        handlers: { go: (_state, _message, context) => void context.whereis<Job>("worker")?.tell({ type }) },
      }),
    })),
  ],
});

const program = async (world: World): Promise<void> => {
  const test = await world.start({ root: desk });
  for (const id of ["configurer", "relay"]) test.system.whereis<Go>(id)?.tell({ type: "go" });
  await test.settle();
  assert.equal(test.eventsOf("crashed").length, 0, "job before config");
};

/** What is told while something runs. */
async function toldBy(run: () => Promise<unknown>, file = fileFor()): Promise<readonly TestEvent[]> {
  process.env[ENV_TEST_EVENTS] = file;
  try {
    await run().catch((error: unknown) => assert.ok(error instanceof ExplorationError, String(error)));
    return fs
      .readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as TestEvent);
  } finally {
    delete process.env[ENV_TEST_EVENTS];
    fs.rmSync(path.dirname(file), { recursive: true, force: true });
  }
}

function fileFor(): string {
  return path.join(fs.mkdtempSync(path.join(os.tmpdir(), "airssys-events-")), "events.jsonl");
}

const nameOf = (file: string): string => file.replace(/^.*[\\/]/, "");

test("an exploration without a failure tells how it goes on and what it came to", async () => {
  const file = fileFor();
  const told = await toldBy(async () => {
    await explore({ runs: 20 }, async (world) => void (await world.start()));
    if (process.platform !== "win32") assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  }, file);
  assert.deepEqual(told[0], { ...told[0], v: 1, pid: process.pid, event: "exploring", runs: 1 });
  const last = told.at(-1) as ExploredEvent;
  assert.equal(last.event, "explored");
  assert.deepEqual([last.runs, last.distinct, last.isComplete, last.isReplay], [1, 1, true, false]);
  assert.match(last.place?.name ?? "", /^test-events\.test\.ts:\d+$/);
  assert.equal(nameOf(last.place?.file ?? ""), "test-events.test.ts");
});

test("many runs are few lines", async () => {
  const told = await toldBy(() =>
    explore({ runs: 300, strategy: "random" }, async (world) => void (await world.start())),
  );
  const runs = told.flatMap((event) => (event.event === "exploring" ? [event.runs] : []));
  assert.ok(runs.length < 50, `${runs.length} lines`);
  assert.deepEqual(
    runs,
    [...runs].sort((one, other) => one - other),
  );
});

test("a failure tells its race with both sends, the handler, the turn, and the schedule that has it again", async () => {
  const told = await toldBy(() => explore({}, program));
  const failed = told.at(-1) as FailedEvent;
  assert.equal(failed.event, "failed");
  const [race] = failed.races;
  assert.equal(race?.text, "`relay`'s `job` reaches `worker` before `configurer`'s `config`");
  assert.deepEqual([race?.first.actor, race?.first.type], ["relay", "job"]);
  assert.deepEqual([race?.second.actor, race?.second.type], ["configurer", "config"]);
  for (const side of [race?.first, race?.second]) assert.equal(nameOf(side?.at?.file ?? ""), "test-events.test.ts");
  const lines = fs.readFileSync(import.meta.filename, "utf8").split("\n");
  assert.match(lines[(race?.first.at?.line ?? 0) - 1] ?? "", /\?\.tell\(\{ type \}\)/);
  assert.match(lines[(race?.handler?.at?.line ?? 0) - 1] ?? "", /job: \(\{ isConfigured \}\) => assert/);
  assert.deepEqual([race?.handler?.actor, race?.handler?.definition], ["worker", "worker"]);
  assert.ok((race?.handler?.turn ?? 0) >= 1 && (race?.handler?.turn ?? 0) <= failed.turns);
  assert.match(failed.schedule, /^v1:/);
  assert.match(failed.error.message, /job before config/);
});

test("where the failing order was the last one that is left, it says so", async () => {
  const told = await toldBy(() => explore({}, jobBeforeConfig));
  const failed = told.at(-1) as FailedEvent;
  assert.deepEqual([failed.run, failed.hasTriedAll], [2, true]);
  const others = await toldBy(() => explore({}, staleCache));
  assert.equal((others.at(-1) as FailedEvent).hasTriedAll, false);
});

test("a schedule with a place is for the exploration made there, and others run as ever", async () => {
  const failure = await explore({}, program).then(
    () => assert.fail("it does not fail"),
    (error: unknown) => error as ExplorationError,
  );
  const [, value = ""] = /^Replay it: AIRSSYS_SCHEDULE=(\S+)/m.exec(failure.message) ?? [];
  const [schedule, place] = value.split("@");
  assert.equal(schedule, failure.schedule);
  let runs = 0;
  const again = (): Promise<unknown> =>
    explore({ runs: 20 }, async (world) => {
      runs++;
      await world.start();
    });
  try {
    process.env[ENV_SCHEDULE] = `${schedule}@${place}#99`;
    await again();
    assert.equal(runs, 2, "the first run is made twice");
    const told = await toldBy(async () => {
      const line = Number(/:(\d+):\d+\)?$/.exec(new Error("here").stack?.split("\n")[1] ?? "")?.[1]) + 2;
      process.env[ENV_SCHEDULE] = `${schedule}@test-events.test.ts:${line}`;
      await explore({}, program);
    });
    assert.deepEqual(
      told.map(({ event }) => event),
      ["exploring", "failed"],
    );
    assert.equal((told[1] as FailedEvent).isReplay, true);
  } finally {
    delete process.env[ENV_SCHEDULE];
  }
});

test("a run that a debugger stopped in is not made once more for its places", async () => {
  const { schedule } = await explore({}, program).then(
    () => assert.fail("it does not fail"),
    (error: unknown) => error as ExplorationError,
  );
  let runs = 0;
  process.env[ENV_STOP_AT] = "2";
  try {
    await toldBy(() =>
      explore({ schedule }, (world) => {
        runs++;
        return program(world);
      }),
    );
  } finally {
    delete process.env[ENV_STOP_AT];
  }
  assert.equal(runs, 1);
});

test("a file that cannot be written costs the test nothing, and is said", async () => {
  const { error } = console;
  const said: unknown[] = [];
  console.error = (text: unknown) => void said.push(text);
  process.env[ENV_TEST_EVENTS] = path.join(os.tmpdir(), "there-is-no-such-folder", "events.jsonl");
  try {
    assert.ok((await explore({}, async (world) => void (await world.start()))).isComplete);
  } finally {
    delete process.env[ENV_TEST_EVENTS];
    console.error = error;
  }
  assert.equal(said.length, 1);
  assert.match(String(said[0]), /nothing is told of explorations \(AIRSSYS_TEST_EVENTS=.*ENOENT/);
});

for (const [frame, file, line] of [
  ["at desk (file:///w/a.test.ts:12:5)", "file:///w/a.test.ts", 12],
  ["at file:///w/a.test.ts:3:1", "file:///w/a.test.ts", 3],
  ["at async /w/a b.ts:3:1", "/w/a b.ts", 3],
  ["at async Test.run (C:\\w\\a.ts:40:7)", "C:\\w\\a.ts", 40],
  ["at new Desk (/w/it's (old).ts:1:2)", "/w/it's (old).ts", 1],
] as const)
  test(`the place of "${frame}"`, () => {
    const found = placeOfFrame(frame);
    assert.deepEqual([found?.file, found?.line], [file, line]);
  });

test("no shell changes the name of a place", () => {
  const place = (file: string, nth: number): string => placeName({ file, line: 7, column: 1, nth });
  assert.equal(place("file:///w/a.test.ts", 1), "a.test.ts:7");
  assert.equal(place("C:\\w\\it's $(x) `y`.test.ts?v=1", 3), "it_s___x___y_.test.ts:7#3");
  assert.equal(placeOfFrame("at native"), undefined);
});
