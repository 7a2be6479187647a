/** Whatever an actor crashes with, the crash is an exit reason, its supervisor acts, and somebody is told. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { Actor, ActorSystem, describeExit, type RuntimeEvent, supervisor } from "airssys-rt";
import { settle } from "./otp/fixtures.ts";

const boom = (): never => {
  throw new Error("boom");
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const errorWith = (key: string, descriptor: PropertyDescriptor): Error =>
  Object.defineProperty(new Error("said"), key, { configurable: true, ...descriptor });

const CAUSES: readonly [what: string, cause: () => unknown, said: string][] = [
  ["an error whose stack throws", () => errorWith("stack", { get: boom }), "Error: said"],
  [
    "an error whose message throws",
    () => errorWith("message", { get: boom }),
    "Error: (a message that cannot be read)",
  ],
  ["an error whose name throws", () => errorWith("name", { get: boom }), "(a name that cannot be read): said"],
  ["an error whose message is a symbol", () => errorWith("message", { value: Symbol("m") }), "Error: Symbol(m)"],
  ["a revoked proxy", revoked, "(a value that cannot be printed)"],
  [
    "a proxy whose every trap throws",
    () => new Proxy({}, { get: boom, getPrototypeOf: boom, ownKeys: boom }),
    "(a value that cannot be printed)",
  ],
  ["an object without a prototype", () => Object.create(null), "{}"],
  ["a symbol", () => Symbol("s"), "Symbol(s)"],
  ["nothing", () => undefined, "undefined"],
  ["a hundred megabytes of text", () => new Error("x".repeat(100_000_000)), "Error: xxx"],
];

class Fragile extends Actor<() => unknown> {
  override handleMessage(cause: () => unknown): void {
    throw cause();
  }
}

for (const [what, cause, said] of CAUSES) {
  for (const isWatched of [true, false]) {
    test(`a crash with ${what} is an exit reason, and is restarted and reported${isWatched ? "" : ", also when nobody listens"}`, async () => {
      const lines: string[] = [];
      const events: RuntimeEvent[] = [];
      const children = [{ id: "fragile", start: () => new Fragile() }];
      const system = await ActorSystem.start({
        name: "s",
        root: supervisor({ children }),
        logger: (line) => void lines.push(line),
      });
      if (isWatched) system.subscribe((event) => events.push(event));
      const fragile = system.whereis<() => unknown>("fragile");

      fragile?.tell(cause);
      await settle();

      assert.equal(fragile?.isAlive, true);
      assert.equal(fragile.incarnation, 2);
      assert.equal(system.health.check().restarts, 1);
      assert.ok(lines[0]?.startsWith(`s/fragile crashed in receive: ${said}`), lines[0]?.slice(0, 200));
      assert.ok((lines[0]?.length ?? 0) < 2_500);
      if (isWatched) {
        const crash = events.find((event) => event.type === "crashed");
        assert.ok(crash?.type === "crashed" && describeExit(crash.reason).startsWith("crashed in receive: "));
      }
      assert.equal((await system.stop()).kind, "shutdown");
    });
  }
}

test("the console is told of an error that cannot be printed, too", () => {
  const program = `
    import { ActorSystem } from "airssys-rt";
    const system = await ActorSystem.start({ name: "s" });
    const fail = (make) => system.spawn(() => ({ handleMessage() { throw make(); } })).tell({});
    fail(() => Object.defineProperty(new Error("one"), "stack", { get() { throw 1; } }));
    fail(() => Object.defineProperty(new Error("two"), "name", { value: Symbol("n") }));
    fail(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; });
    Error.prepareStackTrace = () => { throw new Error("no"); };
    fail(() => new Error("three"));
    setTimeout(() => system.stop().then(() => console.log("stopped")), 20);
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });

  assert.equal(status, 0, stderr);
  assert.match(stdout, /stopped/);
  for (const said of ["Error: one", "Symbol(n): two", "a value that cannot be printed", "Error: three"])
    assert.ok(stderr.includes(`crashed in receive: ${said}`) || stderr.includes(said), `${said} in ${stderr}`);
});

const ACTORS: readonly [what: string, make: () => object][] = [
  ["whose handler cannot be read", () => Object.defineProperty({}, "handleMessage", { get: boom })],
  ["whose postStop is a number", () => ({ handleMessage() {}, postStop: 5 })],
  ["whose preStart cannot be read", () => Object.defineProperty({ handleMessage() {} }, "preStart", { get: boom })],
  ["whose handleSignal is text", () => ({ handleMessage() {}, handleSignal: "x" })],
  [
    "whose postStop is a number beside a handleSignal that cannot be read",
    () => Object.defineProperty({ handleMessage() {}, postStop: 5 }, "handleSignal", { get: boom }),
  ],
  ["that is a revoked proxy", revoked],
  ["that is a proxy whose every trap throws", () => new Proxy({}, { get: boom, getPrototypeOf: boom })],
  ["that is a function", () => () => {}],
];

for (const [what, make] of ACTORS) {
  test(`an actor ${what} does not start, and leaves nothing half begun`, async () => {
    const events: RuntimeEvent[] = [];
    const system = await ActorSystem.start({ name: "s", logger: false, onEvent: (event) => void events.push(event) });

    const ref = system.spawn(make as never, { id: "it", name: "known" });
    await settle();

    assert.equal(ref.isAlive, false);
    assert.equal(system.whereis("known"), undefined);
    assert.equal(system.health.check().actors, 1);
    const crash = events.find((event) => event.type === "crashed");
    assert.ok(crash?.type === "crashed" && describeExit(crash.reason).includes("ERR_START_FAILED"));
    system.spawn(() => ({ handleMessage() {} }) as never, { id: "it", name: "known" });
    assert.equal((await system.stop()).kind, "shutdown");
  });
}

const GOOD: readonly [what: string, make: () => object][] = [
  ["without a prototype", () => Object.assign(Object.create(null) as object, { handleMessage() {} })],
  ["that is frozen", () => Object.freeze({ handleMessage() {} })],
  ["that is a proxy", () => new Proxy({ handleMessage() {} }, {})],
  ["whose postStop cannot be read", () => Object.defineProperty({ handleMessage() {} }, "postStop", { get: boom })],
  [
    "whose handleSignal cannot be read",
    () => Object.defineProperty({ handleMessage() {} }, "handleSignal", { get: boom }),
  ],
  [
    "whose class has a name that throws",
    () =>
      new (Object.defineProperty(
        class {
          handleMessage(): void {}
        },
        "name",
        { get: boom },
      ))(),
  ],
];

for (const [what, make] of GOOD) {
  for (const watch of ["nobody looks", "a watchdog looks"]) {
    test(`an actor ${what} starts, is told, and ends, when ${watch}`, async () => {
      const watchdog = watch === "nobody looks" ? {} : { watchdog: {} };
      const system = await ActorSystem.start({ name: "s", logger: false, ...watchdog });

      const ref = system.spawn(make as never);
      await settle();

      assert.equal(ref.tell({} as never), true);
      await settle();
      assert.equal(ref.isAlive, true);
      assert.equal((await system.stop()).kind, "shutdown");
      assert.equal(ref.isAlive, false);
    });
  }
}
