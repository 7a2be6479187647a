// The depth of a tree is its user's choice: whatever is done to a chain of a hundred thousand levels is a loop.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runningSystems } from "../../runtime/src/health/systems.ts";
import {
  Actor,
  type ActorContext,
  type ActorRef,
  ActorSystem,
  type AnyActorRef,
  type ExitReason,
  type RuntimeEvent,
  StartError,
  SupervisorGaveUpError,
  startChild,
  supervisor,
} from "../../runtime/src/index.ts";
import { cellsOf } from "../../runtime/src/inspect/keys.ts";
import { ActorRecord } from "../../runtime/src/inspect/record.ts";
import { rowOf } from "../../runtime/src/inspect/rows.ts";
import { TestSystem } from "../../runtime/src/testing/index.ts";

const LEVELS = 100_000;

type Link = "grow" | "boom" | "leave";
interface Told {
  readonly type: Link;
}

/** What the links of a chain have in common. */
interface Chain {
  /** The ref of each level, the top first. */
  readonly refs: ActorRef<Told>[];
  /** Levels whose `postStop` ran, in order. */
  readonly parted: number[];
  readonly levels: number;
  readonly postStop?: (level: number) => void | Promise<void>;
}

/** Spawns the next level below itself, until there are enough. */
class LinkOfChain extends Actor<Told> {
  readonly #chain: Chain;
  readonly #level: number;
  constructor(chain: Chain, level: number) {
    super();
    this.#chain = chain;
    this.#level = level;
  }
  override preStart(context: ActorContext<Told>): void {
    const { refs, levels } = this.#chain;
    refs[this.#level] = context.self;
    const below = this.#level + 1;
    if (below < levels) context.spawn<Told>(() => new LinkOfChain(this.#chain, below), { id: "c" });
  }
  override handleMessage({ type }: Told, context: ActorContext<Told>): void {
    if (type === "boom") throw new Error("boom");
    context.stop();
  }
  override postStop(_: ActorContext<Told>, __: ExitReason): void | Promise<void> {
    this.#chain.parted.push(this.#level);
    return this.#chain.postStop?.(this.#level);
  }
}

function chainOf(levels: number, postStop?: Chain["postStop"]): Chain {
  return { refs: [], parted: [], levels, ...(postStop && { postStop }) };
}

const loop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000_000 && !isSo(); turn++) await loop();
  assert.ok(isSo());
}

async function grown(system: ActorSystem, chain: Chain): Promise<ActorRef<Told>> {
  const top = system.spawn<Told>(() => new LinkOfChain(chain, 0), { id: "chain" });
  await until(() => chain.refs.length === chain.levels);
  return top;
}

const deepestFirst = Array.from({ length: LEVELS }, (_, at) => LEVELS - 1 - at);

async function start(): Promise<ActorSystem> {
  return ActorSystem.start({ name: "deep", logger: false });
}

test("a system with a chain of 100,000 levels stops, the deepest first", async () => {
  const system = await start();
  const chain = chainOf(LEVELS);
  await grown(system, chain);

  assert.equal((await system.stop()).kind, "shutdown");

  assert.deepEqual(chain.parted, deepestFirst);
  assert.equal(chain.refs.filter((ref) => ref.isAlive).length, 0);
  assert.equal(system.health.check().actors, 0);
});

test("a chain of 100,000 levels whose postStop takes time ends all the same, the deepest first", async () => {
  const system = await start();
  const chain = chainOf(LEVELS, () => Promise.resolve());
  const top = await grown(system, chain);
  top.tell({ type: "leave" });
  await until(() => !top.isAlive);

  assert.deepEqual(chain.parted, deepestFirst);
  await system.stop();
});

test("a chain of 100,000 levels is killed, and no callback runs", async () => {
  const system = await start();
  const chain = chainOf(LEVELS);
  const top = await grown(system, chain);
  const ended: AnyActorRef[] = [];
  system.subscribe((event) => event.type === "ended" && ended.push(event.actor));
  system.kill(top);
  await until(() => !top.isAlive);

  assert.deepEqual(chain.parted, []);
  assert.ok(ended.length === LEVELS && ended.every((ref, at) => ref === chain.refs[LEVELS - 1 - at]));
  assert.equal(system.health.check().actors, 1);
  await system.stop();
});

test("a supervised actor above 100,000 levels that crashes is restarted, with none of them left", async () => {
  const system = await start();
  let chain = chainOf(LEVELS);
  const top = await startChild<Told>(system.root, {
    id: "top",
    start: () => {
      chain = chainOf(LEVELS);
      return new LinkOfChain(chain, 0);
    },
  });
  await until(() => chain.refs.length === LEVELS);
  const before = chain;
  top?.tell({ type: "boom" });
  await until(() => chain !== before && chain.refs.length === LEVELS);

  assert.deepEqual(before.parted, deepestFirst);
  assert.equal(top?.incarnation, 2);
  assert.equal(system.health.check().actors, LEVELS + 1);
  await system.stop();
});

test("the deepest of 100,000 levels has an id, is found by it and has a row, as all above it have", async () => {
  const system = await start();
  const chain = chainOf(LEVELS);
  await grown(system, chain);
  const deepest = chain.refs.at(-1) as ActorRef<Told>;

  assert.equal(deepest.id.split("/").length, LEVELS + 1);
  assert.equal(system.whereis(deepest.id.slice("deep/".length)), deepest);
  const [inspected] = runningSystems().filter(({ root }) => (root as unknown) === system.root);
  assert.ok(inspected);
  const extras = { record: new ActorRecord(0, 0), nowMs: 0, waitsFor: undefined, owes: undefined };
  const rows = Array.from(cellsOf(inspected.root), (cell) => rowOf(inspected, cell, extras));
  assert.equal(rows.length, LEVELS + 1);
  const places = new Map(rows.map(({ key }, at) => [key, at]));
  assert.ok(rows.every(({ parent }, at) => parent === undefined || (places.get(parent) as number) < at));
  assert.ok(rows.every(({ path }) => path.length <= 2_000));
  assert.match(rows.at(-1)?.path ?? "", /^…\/?c(\/c)+$/);
  assert.equal(rows[2]?.path, "deep/chain/c");
  await system.stop();
});

test("a crash at the end of 100,000 links ends all of them", async () => {
  const system = await start();
  const refs: ActorRef<Told>[] = [];
  class Linked extends Actor<Told> {
    override preStart(context: ActorContext<Told>): void {
      const before = refs.at(-1);
      if (before !== undefined) context.link(before);
      refs.push(context.self);
    }
    override handleMessage(): void {
      throw new Error("boom");
    }
  }
  for (let i = 0; i < LEVELS; i++) system.spawn<Told>(() => new Linked());
  await until(() => refs.length === LEVELS);
  refs[0]?.tell({ type: "boom" });
  await until(() => refs.every((ref) => !ref.isAlive));

  assert.equal(system.health.check().actors, 1);
  await system.stop();
});

test("100,000 supervisors below one another are looked at, end in order and are discarded", async () => {
  const system = await start();
  let above: AnyActorRef = system.root;
  const refs: AnyActorRef[] = [];
  for (let level = 0; level < LEVELS; level++) {
    const below: AnyActorRef | undefined = await startChild(above, {
      id: "s",
      start: supervisor({ children: [] }),
    } as never);
    assert.ok(below);
    refs.push(below);
    above = below;
  }
  const { status, supervisors } = system.health.check();
  assert.deepEqual([status, supervisors.length], ["up", LEVELS + 1]);
  assert.equal(supervisors.at(-1)?.path, above.id);
  const ended: AnyActorRef[] = [];
  system.subscribe((event) => event.type === "ended" && ended.push(event.actor));

  assert.equal((await system.stop()).kind, "shutdown");

  assert.deepEqual(ended.length, LEVELS + 1);
  assert.ok(refs.every((ref, at) => ended[LEVELS - 1 - at] === ref));
  assert.equal(system.health.check().actors, 0);
});

test("the testkit watches a chain of 100,000 levels, and its invariants hold", async () => {
  const chain = chainOf(LEVELS);
  const kit = await TestSystem.start({ name: "deep", turnLimit: 10 * LEVELS });
  const top = kit.system.spawn<Told>(() => new LinkOfChain(chain, 0));
  await kit.settle();
  top.tell({ type: "boom" });
  await kit.settle();

  assert.equal(chain.parted.length, LEVELS);
  await kit.stop();
});

/** Nested specs of supervisors, the innermost with these children. */
function nested(levels: number, children: readonly object[]): ReturnType<typeof supervisor> {
  let inner = supervisor({ maxRestarts: 0, children: children as never });
  for (let level = 1; level < levels; level++)
    inner = supervisor({ maxRestarts: 0, children: [{ id: "s", start: inner }] });
  return inner;
}

test("a spec of 100,000 supervisors in one another starts, and gives up from the bottom to the top with the first cause", async () => {
  let bottom: ActorRef<Told> | undefined;
  class Bottom extends Actor<Told> {
    override preStart(context: ActorContext<Told>): void {
      bottom = context.self;
    }
    override handleMessage(): void {
      throw new Error("the first cause");
    }
  }
  const root = nested(LEVELS, [{ id: "bottom", start: () => new Bottom() }]);
  const ends: RuntimeEvent[] = [];
  const onEvent = (event: RuntimeEvent): void => void (event.type === "systemStopped" && ends.push(event));
  const system = await ActorSystem.start({ name: "deep", logger: false, root, onEvent });
  assert.equal(system.health.check().supervisors.length, LEVELS);
  bottom?.tell({ type: "boom" });
  await system.whenStopped;

  const [end] = ends;
  assert.ok(end?.type === "systemStopped" && end.reason.kind === "crashed");
  let levels = 0;
  let cause = end.reason.cause;
  for (; cause instanceof SupervisorGaveUpError; cause = cause.cause) levels++;
  assert.deepEqual([levels, (cause as Error).message], [LEVELS, "the first cause"]);
});

test("a spec of 10,000 supervisors in one another whose innermost child does not start is refused with the first cause", async () => {
  const start = (): never => {
    throw new Error("the first cause");
  };
  const root = nested(10_000, [{ id: "bottom", start }]);

  const error: unknown = await ActorSystem.start({ name: "deep", logger: false, root }).catch(
    (cause: unknown) => cause,
  );

  let cause = error;
  let levels = 0;
  for (; cause instanceof StartError; cause = cause.cause) levels++;
  assert.deepEqual([levels, (cause as Error).message], [10_001, "the first cause"]);
});
