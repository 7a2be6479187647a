// The invariants of the runtime, broken on purpose: each ends the actor that it concerns, is told, and harms nobody else.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cell } from "../../runtime/src/actor/cell.ts";
import { Deadlines } from "../../runtime/src/environment/deadlines.ts";
import type { Environment } from "../../runtime/src/environment/environment.ts";
import { Letter } from "../../runtime/src/environment/letter.ts";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type AnyActorRef,
  type Ask,
  type RuntimeEvent,
  RuntimeFaultError,
  supervisor,
} from "../../runtime/src/index.ts";
import { VirtualClock } from "../../runtime/src/testing/index.ts";

type Told = { readonly type: "hello" } | { readonly type: "spawn" } | Ask<{ readonly type: "lives" }, number>;

class Plain extends Actor<Told> {
  override handleMessage(told: Told, context: ActorContext<Told>): void {
    if (told.type === "lives") context.reply(context.incarnation);
    if (told.type === "spawn") context.spawn(() => new Plain());
  }
}

/** The inside of an actor, to be broken. */
interface Inside {
  readonly env: Environment;
  room: number;
  status: number;
  tail: Letter | undefined;
  accept(letter: Letter): boolean;
  putBack(letters: readonly Letter[]): void;
  enqueue(letter: Letter): void;
  youngestChild: { younger: unknown } | undefined;
  older: unknown;
}

const loop = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** A system with two children, a and b, and what was said about faults. */
async function stage(): Promise<{
  system: ActorSystem;
  a: ActorRef<Told>;
  inside: Inside;
  faults: string[];
  b: ActorRef<Told>;
}> {
  const faults: string[] = [];
  const onEvent = (event: RuntimeEvent): void => {
    const error =
      event.type === "crashed" ? event.reason.cause : event.type === "runtimeFault" ? event.error : undefined;
    if (error instanceof RuntimeFaultError) faults.push(/invariant "(\w+)"/.exec(error.message)?.[1] ?? error.message);
  };
  const start = (): Plain => new Plain();
  const root = supervisor({
    children: [
      { id: "a", start },
      { id: "b", start },
    ],
  });
  const system = await ActorSystem.start({ name: "broken", logger: false, root, onEvent });
  const a = system.whereis<Told>("a") as ActorRef<Told>;
  const b = system.whereis<Told>("b") as ActorRef<Told>;
  return { system, a, b, inside: a as unknown as Inside, faults };
}

function letterTo(ref: AnyActorRef, inside: Inside): Letter {
  return new Letter({ type: "hello" }, undefined, ref as unknown as Cell, 0, inside.env.nextSeq(), undefined);
}

/** Breaks one invariant of `a`. */
const BREAKS: readonly (readonly [
  invariant: string,
  where: string,
  (inside: Inside, a: AnyActorRef, b: AnyActorRef) => unknown,
])[] = [
  ["recipient", "when letters are put back", (inside, _, b) => inside.putBack([letterTo(b, inside)])],
  [
    "recipient",
    "when a letter is handled",
    (inside, a, b) => {
      inside.enqueue(letterTo(b, inside));
      (a as ActorRef<Told>).tell({ type: "hello" });
    },
  ],
  [
    "queue",
    "when letters are put back",
    (inside, a) => {
      const letter = letterTo(a, inside);
      letter.next = letterTo(a, inside);
      inside.putBack([letter]);
    },
  ],
  [
    "queue",
    "when a letter leaves it",
    (inside, a) => {
      inside.accept(letterTo(a, inside));
      inside.accept(letterTo(a, inside));
      (inside.tail as Letter).next = new Letter({ type: "hello" }, undefined, a as unknown as Cell, 0, 1, undefined);
    },
  ],
  [
    "room",
    "when a letter is refused",
    (inside, a) => {
      inside.room = 0;
      inside.accept(letterTo(a, inside));
    },
  ],
  [
    "status",
    "when it changes",
    (inside, a) => {
      inside.accept(letterTo(a, inside));
      // Handles a letter, as it would seem, while its turn is still to come.
      inside.status = (inside.status & ~15) | 5;
      (inside as unknown as { getReady(): void }).getReady();
    },
  ],
  [
    "status",
    "when a turn begins for a life that is over",
    (inside, a) => {
      (inside as unknown as { life: { hasEnded: boolean } | undefined }).life ??= (
        inside as unknown as { open(): { hasEnded: boolean } }
      ).open();
      (inside as unknown as { life: { hasEnded: boolean } }).life.hasEnded = true;
      inside.accept(letterTo(a, inside));
    },
  ],
];

for (const [invariant, where, breakIt] of BREAKS) {
  test(`${invariant}, broken ${where}: the actor ends with a report, is restarted, and nobody else notices`, async () => {
    const { system, a, b, inside, faults } = await stage();
    a.tell({ type: "hello" });
    await loop();

    breakIt(inside, a, b);
    await loop();

    assert.deepEqual([...new Set(faults)], [invariant]);
    assert.deepEqual([await a.ask({ type: "lives" }), await b.ask({ type: "lives" })], [2, 1]);
    assert.equal((await system.stop()).kind, "shutdown");
  });
}

test("siblings, broken when a child takes its place: the parent ends with a report and is restarted", async () => {
  const { system, a, b, inside, faults } = await stage();
  a.tell({ type: "spawn" });
  await loop();
  assert.ok(inside.youngestChild);
  inside.youngestChild.younger = {};
  a.tell({ type: "spawn" });
  await loop();

  assert.equal(faults[0], "siblings");
  assert.deepEqual([await a.ask({ type: "lives" }), await b.ask({ type: "lives" })], [2, 1]);
  await system.stop();
});

test("siblings, broken when a child leaves: that is told, and the rest goes on", async () => {
  const { system, b, faults } = await stage();
  const [one, two] = [system.spawn(() => new Plain()), system.spawn(() => new Plain())] as unknown as [Inside, Inside];
  await loop();
  two.older = undefined;
  system.kill(one as unknown as AnyActorRef);
  await loop();

  assert.deepEqual(faults, ["siblings"]);
  assert.equal(await b.ask({ type: "lives" }), 1);
  system.kill(system.root);
  await system.whenStopped;
});

test("deadlines, broken when one is cleared or falls due: that is told once, and those that come later fall due", async () => {
  const clock = new VirtualClock();
  const faults: string[] = [];
  const calendar = {
    date: (undated: { date(ms: number): void }): number => {
      undated.date(clock.monotonicMs());
      return 0;
    },
  };
  const deadlines = new Deadlines(clock, calendar, (fault) => faults.push(fault.message));
  const expired: number[] = [];
  const set = (n: number, delayMs: number): void => {
    const batch = deadlines.batchOf(delayMs);
    batch.add({
      batch,
      before: batch.newest,
      isPending: true,
      expire: () => {
        expired.push(n);
        if (n !== 1) batch.clear();
      },
    });
  };
  set(1, 10);
  await clock.advance(10);
  assert.deepEqual([expired, faults.length], [[1], 1]);

  set(2, 10);
  await clock.advance(10);
  assert.deepEqual([expired, faults.length], [[1, 2], 1]);

  const batch = deadlines.batchOf(20);
  batch.add({ batch, before: batch.newest, isPending: false, expire: () => {} });
  batch.clear();
  batch.clear();
  assert.equal(faults.length, 2);
  assert.ok(faults.every((text) => /invariant "deadlines".*open an issue/.test(text)));
});

test("slot, broken in the scheduler: that is told, and all others have their turns", async () => {
  const { system, a, b, faults } = await stage();
  const { scheduler } = (a as unknown as Inside).env;
  scheduler.yieldTurn(undefined as never);
  await loop();

  assert.deepEqual(faults, ["slot"]);
  assert.deepEqual([await a.ask({ type: "lives" }), await b.ask({ type: "lives" })], [1, 1]);
  await system.stop();
});

test("room, broken when a mailbox is emptied: that is told, and what waited becomes dead letters", async () => {
  const { system, b, faults } = await stage();
  const ref = system.spawn(() => new Plain());
  const inside = ref as unknown as Inside;
  inside.accept(letterTo(ref, inside));
  inside.accept(letterTo(ref, inside));
  inside.room -= 5;
  system.kill(ref);
  await loop();

  assert.deepEqual([faults, system.deadLetters.count], [["room"], 2]);
  assert.equal(await b.ask({ type: "lives" }), 1);
  await system.stop();
});
