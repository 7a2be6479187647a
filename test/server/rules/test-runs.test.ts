/** What tests do with the clock and the chance of the machine, in the forms people write it. */
import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const ACTOR = `
  import { Actor } from "airssys-rt";
  export type Message = { type: "go" };
  export class Worker extends Actor<Message> {
    override handleMessage(): void { console.log(Date.now()); void fetch("https://example.org"); }
    //                                           CLOCK
    //                                                             NETWORK
  }
`;
const CLOCK = "^^^^^^^^ unrepeatable-input: Date.now is not the test's: no run is like another; take context.now";
const NETWORK =
  "^^^^^ unrepeatable-input: fetch is not the test's: no run is like another; ask an actor that the test can replace";
const MARKED = ACTOR.replace("CLOCK", CLOCK).replace("NETWORK", NETWORK);
/** Where time is the test's. */
const IN_SYSTEM = ACTOR.replace(/ *\/\/ +CLOCK\n/, "").replace("NETWORK", NETWORK);
const UNMARKED = ACTOR.replace("CLOCK", "").replace("NETWORK", "");
const RULE = ["unrepeatable-input"];

for (const [how, text] of [
  [
    "by a kit under another name",
    `
//- /a.test.ts
    import { BehaviorKit as Kit } from "airssys-rt/testing";
    import { Worker as W } from "./main.ts";
    const kit = await Kit.startAsync(() => new W());
    kit.run({ type: "go" });
  `,
  ],
  [
    "through a namespace, once more",
    `
//- /a.test.ts
    import * as testing from "airssys-rt/testing";
    import { Worker } from "./main.ts";
    await testing.replayActor({ recording: {}, actor: "a/b", start: () => new Worker() });
  `,
  ],
] as const)
  test(`what an actor takes from the machine is told when a test runs it ${how}`, () => {
    checkRule(`${MARKED}${text}`, RULE);
  });

for (const [how, text] of [
  [
    "below the root of a test system in another file",
    `
//- /tree.ts
    import { supervisor } from "airssys-rt";
    import { Worker } from "./main.ts";
    export const tree = supervisor({ children: [{ id: "inner", start: supervisor({ children: [{ id: "w", start: () => new Worker() }] }) }] });
//- /tree.test.ts
    import { TestSystem } from "airssys-rt/testing";
    import { tree } from "./tree.ts";
    await using test = await TestSystem.start({ root: tree, seed: 3 });
    await test.settle();
  `,
  ],
  [
    "in every schedule",
    `
//- /a.test.ts
    import { supervisor } from "airssys-rt";
    import { explore } from "airssys-rt/testing";
    import { Worker } from "./main.ts";
    await explore({ seeds: 9 }, async (world) => {
      const root = supervisor({ children: [{ id: "w", start: () => new Worker() }] });
      const test = await world.start({ root });
      await test.settle();
    });
  `,
  ],
  [
    "as a child of the system of a test",
    `
//- /a.test.ts
    import { TestSystem } from "airssys-rt/testing";
    import { Worker } from "./main.ts";
    await using t = await TestSystem.start();
    t.system.spawn(() => new Worker());
  `,
  ],
] as const)
  test(`the network is told when a test runs an actor ${how}, where time and chance are the test's`, () => {
    checkRule(`${IN_SYSTEM}${text}`, RULE);
  });

for (const [why, text] of [
  [
    "only an ordinary system runs it",
    `
//- /a.ts
    import { ActorSystem, supervisor } from "airssys-rt";
    import { Worker } from "./main.ts";
    export const system = await ActorSystem.start({ root: supervisor({ children: [{ id: "w", start: () => new Worker() }] }) });
    system.spawn(() => new Worker());
  `,
  ],
  [
    "a test only names it",
    `
//- /a.test.ts
    import { BehaviorKit } from "airssys-rt/testing";
    import { Worker } from "./main.ts";
    export const known = [Worker, BehaviorKit];
  `,
  ],
] as const)
  test(`what an actor takes from the machine is its own when ${why}`, () => {
    checkClean(`${UNMARKED}${text}`, RULE);
  });

test("each input of the machine is told with what to take instead", () => {
  checkRule(
    `
    import { randomUUID } from "node:crypto";
    import { defineActor } from "airssys-rt";
    import { BehaviorKit } from "airssys-rt/testing";
    const ids = defineActor<{ type: "go" }>({
      handlers: {
        go: async () => {
          console.log(new Date());
          //          ^^^^^^^^^^ unrepeatable-input: new Date is not the test's: no run is like another; take context.now
          console.log(randomUUID());
          //          ^^^^^^^^^^ unrepeatable-input: randomUUID is not the test's: no run is like another; take context.random
          await fetch("https://example.org");
          //    ^^^^^ unrepeatable-input: fetch is not the test's: no run is like another; ask an actor that the test can replace
          await new Promise<void>((resolve) => { setTimeout(resolve, 5); });
          //                                     ^^^^^^^^^^ unrepeatable-input: setTimeout is not the test's: no run is like another; take context.timers or context.clock
        },
      },
    });
    BehaviorKit.start(ids);
  `,
    RULE,
  );
});

test("names that only look like inputs of the machine are left alone", () => {
  checkClean(
    `
    import { Actor } from "airssys-rt";
    import { BehaviorKit } from "airssys-rt/testing";
    const Date = { now: (): number => 4 };
    class Watch { now(): number { return 1; } random(): number { return 2; } fetch(): void {} }
    class A extends Actor<{ type: "go" }> {
      #watch = new Watch();
      override handleMessage(): void {
        console.log(Date.now(), this.#watch.now(), this.#watch.random());
        this.#watch.fetch();
      }
    }
    BehaviorKit.start(() => new A());
  `,
    RULE,
  );
});

const SLEEP =
  "real-time-wait-in-test: virtual time stands still while the test sleeps: let it pass with advance, or wait with settle";

for (const [how, declared, call] of [
  ["of node:timers/promises", 'import { setTimeout as delay } from "node:timers/promises";', "delay(20)"],
  [
    "written as a function",
    "function sleep(ms: number): Promise<void> { return new Promise((done) => setTimeout(done, ms)); }",
    "sleep(20)",
  ],
  [
    "written as an arrow that waits",
    "const sleep = async (ms: number): Promise<void> => { await new Promise<void>((r) => { setTimeout(() => r(), ms); }); };",
    "sleep(5)",
  ],
] as const)
  test(`a sleep ${how} in a test in virtual time is told`, () => {
    checkRule(
      `
      import { TestSystem } from "airssys-rt/testing";
      ${declared}
      export async function works(): Promise<void> {
        await using test = await TestSystem.start();
        await ${call};
      //^^^^^^${"^".repeat(call.length)} ${SLEEP}
        await test.settle();
      }
    `,
      ["real-time-wait-in-test"],
    );
  });

test("a sleep in a helper of another file is told where the test waits for it", () => {
  checkRule(
    `
    import { TestSystem } from "airssys-rt/testing";
    import { pause } from "./pause.ts";
    export async function works(): Promise<void> {
      await using test = await TestSystem.start();
      await pause();
    //^^^^^^^^^^^^^ ${SLEEP}
      await test.settle();
    }
//- /pause.ts
    import { setTimeout } from "node:timers/promises";
    export const pause = (): Promise<void> => setTimeout(10);
  `,
    ["real-time-wait-in-test"],
  );
});

test("what is no sleep, or not of the test in virtual time, is left alone", () => {
  checkClean(
    `
    import { setTimeout as delay } from "node:timers/promises";
    import { ActorSystem } from "airssys-rt";
    import { TestSystem } from "airssys-rt/testing";
    function once(): Promise<number> { return new Promise((done) => { console.log("begun"); setTimeout(done, 5); }); }
    function limit(work: Promise<number>): Promise<number> { return new Promise((done) => { setTimeout(() => done(0), 5); void work.then(done); }); }
    export async function works(): Promise<void> {
      await using test = await TestSystem.start();
      await delay(0);
      await once();
      await limit(once());
      const later = async (): Promise<void> => { await delay(5); };
      console.log(later);
      await test.settle();
    }
    export async function either(isReal: boolean, given?: TestSystem): Promise<void> {
      const test = isReal ? undefined : await TestSystem.start();
      if (given !== undefined) await given.settle();
      await test?.advance(5);
      await delay(20);
      await test?.stop();
    }
    export async function real(): Promise<void> {
      const system = await ActorSystem.start({});
      await delay(20);
      await system.stop();
    }
  `,
    ["real-time-wait-in-test"],
  );
});

const NOT_STOPPED = ["test-system-not-stopped"];
const TOLD = "test-system-not-stopped: nobody stops this test system, and its invariants are checked when it stops";

test("a test system that is dropped, or of which only other members are used, is told", () => {
  checkRule(
    `
    import { TestSystem as Sim } from "airssys-rt/testing";
    export const works = async (): Promise<void> => {
      await Sim.start();
      //    ^^^^^^^^^ ${TOLD}
      let other = await Sim.start();
      //  ^^^^^ ${TOLD}
      console.log(other.system.whereis("a"));
      const third = await Sim.start();
      //    ^^^^^ ${TOLD}
      await third.advance(5);
      console.log({ third: 1 });
    };
  `,
    NOT_STOPPED,
  );
});

test("a test system that somebody may stop is left alone", () => {
  checkClean(
    `
    import { TestSystem } from "airssys-rt/testing";
    declare function after(action: () => unknown): void;
    declare function tidy(system: unknown): void;
    export async function works(): Promise<TestSystem> {
      const a = await TestSystem.start();
      after(() => a.stop());
      const b = await TestSystem.start();
      tidy(b.system);
      const c = await TestSystem.start();
      tidy({ c });
      const { stop } = await TestSystem.start();
      await using d = await TestSystem.start();
      const e = await TestSystem.start();
      await e.system.stop();
      await using held = e;
      const f = await TestSystem.start();
      console.log(stop, d, held);
      return f;
    }
    export const shared = await TestSystem.start();
  `,
    NOT_STOPPED,
  );
});

test("a test system is held by the fix", () => {
  checkFix(
    `
    import { TestSystem } from "airssys-rt/testing";
    export async function works(): Promise<void> {
      const test = await TestSystem.start();
      await test.settle();
    }
  `,
    `
    import { TestSystem } from "airssys-rt/testing";
    export async function works(): Promise<void> {
      await using test = await TestSystem.start();
      await test.settle();
    }
  `,
    { only: "test-system-not-stopped" },
  );
});
