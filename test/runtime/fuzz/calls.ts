/** How each entry point is called soundly: the fuzz puts something else in the place of one argument, or of one field of it. */
import * as main from "airssys-rt";
import { pathMatcher } from "airssys-rt/inspect";
import * as os from "airssys-rt/os";
import {
  lineText,
  RECORDING_FORMAT,
  type RecordingHead,
  type RecordingLine,
  readRecording,
} from "airssys-rt/recording";
import * as spec from "airssys-rt/spec";
import * as testing from "airssys-rt/testing";
import type { Call } from "./call.ts";
import { OS_CALLS } from "./os-calls.ts";
import type { Stage } from "./stage.ts";

type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => unknown;

const call = (f: unknown, ...args: unknown[]): Call => ({
  args: () => args,
  make: (given) => Reflect.apply(f as AnyFunction, undefined, given),
});

const create = (type: AnyClass, ...args: unknown[]): Call => ({
  args: () => args,
  make: (given) => Reflect.construct(type as never, given),
});

/** A method of what `on` makes or finds. */
const method = (
  on: (stage: Stage) => unknown,
  name: PropertyKey,
  args: (stage: Stage) => readonly unknown[] = () => [],
): Call => ({
  args,
  make: (given, stage) => {
    const act = (target: unknown): unknown =>
      ((target as Record<PropertyKey, AnyFunction>)[name] as AnyFunction).apply(target, given as never[]);
    const target = on(stage);
    return target instanceof Promise ? target.then(act) : act(target);
  },
});

/** A method of the context, within a turn that was asked. */
const inTurn = (
  name: string,
  args: (stage: Stage) => readonly unknown[] = () => [],
  of: (context: object) => object = (it) => it,
): Call => ({
  args,
  make: (given, stage) =>
    stage.inTurn((context) => {
      const target = of(context) as Record<string, AnyFunction>;
      return (target[name] as AnyFunction).apply(target, given as never[]);
    }),
});

const timersOf = (context: object): object => (context as main.ActorContext).timers;
const portOf = (context: object): object => (context as main.ActorContext).deferReply();

const start = (): object => ({ handleMessage: () => {} });

const HEAD: RecordingHead = {
  ...{ format: RECORDING_FORMAT, runtime: "0.1.0", program: "main.ts", node: "v24.0.0", startedAt: 1 },
  ...{ systems: ["s"], redacted: [], payloads: "values" },
};
const LINES: readonly RecordingLine[] = [
  { e: { kind: "started", at: 0, path: "s/a", incarnation: 1 } as never },
  { a: [0, "s#1", "s/a", "A"] },
  { t: [0, "x"] },
  { m: [[1, -1, -1, 0, 0, 1, 1, 1, 0]] },
  { p: [1, { type: "x" }] },
];
/** A life that has handled one message. */
const RECORDING = await readRecording([new TextEncoder().encode([HEAD, ...LINES].map(lineText).join("\n"))]);
const behavior = (): object => ({ handleMessage: () => {} });
const childSpec = (id: string): object => ({
  id,
  start,
  restart: "transient",
  shutdown: 10,
  significant: false,
  type: "worker",
  name: `name of ${id}`,
  backoff: { minMs: 1, maxMs: 10, factor: 2, jitter: 0, resetAfterMs: 10 },
  startTimeoutMs: 10,
  mailbox: { capacity: 10, overflow: "reject" },
});
const supervisorSpec = (): object => ({
  name: "s",
  strategy: "one_for_one",
  maxRestarts: 1,
  maxRestartPeriodMs: 1_000,
  autoShutdown: "never",
  children: [childSpec("c")],
});
const realClock = main.realClock;
const clocked = (stage: Stage): object => ({ clock: stage.clock });
const exit = { kind: "normal" };
const backoff = { minMs: 1, maxMs: 10, factor: 2, jitter: 0.1, resetAfterMs: 10 };
const worker = (stage: Stage): unknown => stage.worker;
const kitOf = (): unknown => testing.BehaviorKit.start(start as never);
const testSystem = (): Promise<testing.TestSystem> => testing.TestSystem.start();
const probe = async (): Promise<testing.Probe> => (await testSystem()).probe();
const ends: Pick<Call, "isFatal"> = { isFatal: true };

async function probeAsked(): Promise<testing.Probe> {
  const test = await testSystem();
  const asked = test.probe<main.Ask<{ readonly type: "q" }, number>>();
  asked.ref.ask({ type: "q" } as never).catch(() => {});
  await asked.expectMessage("q" as never);
  return asked as testing.Probe;
}

/** Does it in a world, which only `explore` makes. */
const explored = async (act: (world: testing.World) => unknown): Promise<void> =>
  void (await testing.explore({ runs: 1 }, async (world) => void (await act(world))));

const policy = (make: (stage: Stage) => main.Policy): Call =>
  method(make, "execute", () => [() => 1, new AbortController().signal]);

export const CALLS: Readonly<Record<string, Call>> = {
  // Inspection
  pathMatcher: {
    args: () => ["bank/*"],
    make: ([pattern]) => pathMatcher(pattern as string)("bank/tom"),
  },
  // The system
  "ActorSystem.start": {
    args: (stage) => [
      {
        name: "other",
        root: main.supervisor({ children: [] }),
        logger: false,
        clock: stage.clock,
        random: () => 0.5,
        onEvent: () => {},
        instrument: () => {},
        watchdog: { blockedMs: 10_000 },
        freezeMessages: true,
      },
    ],
    make: async (given) => {
      const system = await main.ActorSystem.start(...(given as [never]));
      const ref = system.spawn(start as never);
      ref.tell({ type: "x" } as never);
      system.kill(system.root);
      return system.whenStopped;
    },
  },
  "ActorSystem#exit": {
    ...method(
      (s) => s.system,
      "exit",
      (s) => [s.worker, exit],
    ),
    ...ends,
  },
  "ActorSystem#kill": {
    ...method(
      (s) => s.system,
      "kill",
      (s) => [s.worker],
    ),
    ...ends,
  },
  "ActorSystem#spawn": method(
    (s) => s.system,
    "spawn",
    () => [start, { id: undefined, name: undefined, mailbox: { capacity: 10, overflow: "reject" } }],
  ),
  "ActorSystem#subscribe": {
    args: () => [() => {}],
    make: ([listener], stage) => {
      const end = stage.system.subscribe(listener as never);
      stage.system.spawn(start as never).tell({ type: "x" } as never);
      end();
    },
  },
  "ActorSystem#whereis": method(
    (s) => s.system,
    "whereis",
    () => ["sup"],
  ),
  "ActorSystemHealth#check": method((s) => s.system.health, "check"),
  "ActorSystemHealth#peek": method((s) => s.system.health, "peek"),
  "ActorSystemHealth#toJSON": method((s) => s.system.health, "toJSON"),
  // Refs
  "ActorRef#tell": method(worker, "tell", () => [{ type: "x" }]),
  "ActorRef#tellAsync": method(worker, "tellAsync", () => [
    { type: "x" },
    { timeoutMs: 10, signal: new AbortController().signal },
  ]),
  "ActorRef#ask": method(worker, "ask", () => [
    { type: "ping" },
    { timeoutMs: 10, signal: new AbortController().signal },
  ]),
  "AnyActorRef#toJSON": method(worker, "toJSON"),
  "AnyActorRef#toString": method(worker, "toString"),
  // The context
  "ActorContext#deferReply": inTurn("deferReply"),
  "AnyActorContext#demonitor": inTurn("demonitor", (s) => [{ monitorId: 1, ref: s.worker }]),
  "AnyActorContext#exit": { ...inTurn("exit", (s) => [s.sup, exit]), ...ends },
  "AnyActorContext#kill": { ...inTurn("kill", (s) => [s.worker]), ...ends },
  "AnyActorContext#link": { ...inTurn("link", (s) => [s.sup]), ...ends },
  "AnyActorContext#monitor": inTurn("monitor", (s) => [s.sup]),
  "ActorContext#pipeToSelf": { ...inTurn("pipeToSelf", () => [Promise.resolve(1), () => ({ type: "ping" })]), ...ends },
  "ActorContext#reply": inTurn("reply", () => [1]),
  "AnyActorContext#now": inTurn("now"),
  "AnyActorContext#spawn": {
    ...inTurn("spawn", () => [start, { id: "c", name: "n", mailbox: { capacity: 10 } }]),
    ...ends,
  },
  "AnyActorContext#stash": inTurn("stash"),
  "AnyActorContext#stop": { ...inTurn("stop"), ...ends },
  "AnyActorContext#trapExit": { ...inTurn("trapExit", () => [true]), ...ends },
  "AnyActorContext#unlink": inTurn("unlink", (s) => [s.sup]),
  "AnyActorContext#unstashAll": inTurn("unstashAll"),
  "AnyActorContext#whereis": inTurn("whereis", () => ["sup"]),
  "ActorTimers#startOnce": inTurn("startOnce", () => ["k", { type: "ping" }, 10], timersOf),
  "ActorTimers#startPeriodic": { ...inTurn("startPeriodic", () => ["k", { type: "ping" }, 10], timersOf), ...ends },
  "ActorTimers#cancel": inTurn("cancel", () => ["k"], timersOf),
  "ActorTimers#isActive": inTurn("isActive", () => ["k"], timersOf),
  "ReplyPort#reply": inTurn("reply", () => [1], portOf),
  "ReplyPort#fail": inTurn("fail", () => [new Error("no")], portOf),
  // Supervision
  supervisor: {
    args: () => [supervisorSpec()],
    make: (given, stage) => {
      const definition = main.supervisor(...(given as [never]));
      stage.system.spawn(definition as never);
    },
    ...ends,
  },
  startChild: {
    args: (s) => [s.sup, childSpec("new")],
    make: async (given, stage) => {
      await main.startChild(...(given as [never, never]));
      await main.terminateChild(stage.sup, "new");
      await main.deleteChild(stage.sup, "new");
    },
  },
  startInstance: { args: (s) => [s.many, 1, 2], make: (given) => main.startInstance(...(given as [never])), ...ends },
  terminateChild: {
    args: (s) => [s.sup, "w"],
    make: (given) => main.terminateChild(...(given as [never, never])),
    ...ends,
  },
  restartChild: {
    args: (s) => [s.sup, "w"],
    make: async (given, s) => {
      await main.terminateChild(s.sup, "w");
      return main.restartChild(...(given as [never, never]));
    },
    ...ends,
  },
  deleteChild: {
    args: (s) => [s.sup, "w"],
    make: async (given, s) => {
      await main.terminateChild(s.sup, "w");
      return main.deleteChild(...(given as [never, never]));
    },
    ...ends,
  },
  getChildSpec: { args: (s) => [s.sup, "w"], make: (given) => main.getChildSpec(...(given as [never, never])) },
  updateSpec: {
    args: (s) => [s.sup, supervisorSpec()],
    make: (given) => main.updateSpec(...(given as [never, never])),
    ...ends,
  },
  whichChildren: { args: (s) => [s.sup], make: (given) => main.whichChildren(...(given as [never])) },
  countChildren: { args: (s) => [s.sup], make: (given) => main.countChildren(...(given as [never])) },
  // Definitions
  defineActor: {
    args: () => [{ name: "n", init: () => 0, handlers: { x: () => 1 }, onSignal: () => 1, postStop: () => {} }],
    make: (given, stage) => {
      const ref = stage.system.spawn(main.defineActor(...(given as [never])) as never);
      ref.tell({ type: "x" } as never);
    },
  },
  become: {
    args: () => [{ x: () => 1 }, 1],
    make: (given, stage) => {
      const next = main.become(...(given as [never]));
      const ref = stage.system.spawn(main.defineActor({ init: () => 0, handlers: { x: () => next } } as never));
      ref.tell({ type: "x" } as never);
      ref.tell({ type: "x" } as never);
    },
  },
  Become: create(main.Become, { x: () => 1 }, 1),
  surround: call(main.surround, behavior(), "handleMessage", () => () => {}),
  // Ends
  crashed: call(main.crashed, new Error("e"), "receive"),
  describeExit: call(main.describeExit, { kind: "crashed", cause: new Error("e"), where: "receive", detail: 1 }),
  isOrderly: call(main.isOrderly, { kind: "normal" }),
  shutdown: call((detail: unknown) => main.describeExit(main.shutdown(detail)), 1),
  // Groups
  ProcessGroups: create(main.ProcessGroups),
  "ProcessGroups#join": method(
    (s) => s.system.groups,
    "join",
    (s) => ["g", s.worker],
  ),
  "ProcessGroups#leave": method(
    (s) => s.system.groups,
    "leave",
    (s) => ["g", s.worker],
  ),
  "ProcessGroups#members": method(
    (s) => s.system.groups,
    "members",
    () => ["g"],
  ),
  "ProcessGroups#groups": method((s) => s.system.groups, "groups"),
  "ProcessGroups#monitor": method(
    (s) => s.system.groups,
    "monitor",
    (s) => ["g", s.worker],
  ),
  "GroupMonitor#end": method((s) => s.system.groups.monitor("g", s.worker as never), "end"),
  topic: call(main.topic, "t"),
  "Topics#subscribe": method(
    (s) => s.system.topics,
    "subscribe",
    (s) => [main.topic("t"), s.worker],
  ),
  "Topics#unsubscribe": method(
    (s) => s.system.topics,
    "unsubscribe",
    (s) => [main.topic("t"), s.worker],
  ),
  "Topics#publish": method(
    (s) => s.system.topics,
    "publish",
    () => [main.topic("t"), { type: "x" }],
  ),
  "Topics#subscribers": method(
    (s) => s.system.topics,
    "subscribers",
    () => [main.topic("t")],
  ),
  "Topics#names": method((s) => s.system.topics, "names"),
  "MessageRouter#direct": method(
    (s) => s.system.router,
    "direct",
    () => ["sup/w", { type: "x" }],
  ),
  "MessageRouter#broadcast": method(
    (s) => s.system.router,
    "broadcast",
    () => ["g", { type: "x" }],
  ),
  "MessageRouter#publish": method(
    (s) => s.system.router,
    "publish",
    () => [main.topic("t"), { type: "x" }],
  ),
  ActorPool: {
    args: () => [
      {
        start,
        size: 2,
        routing: "sticky",
        key: () => "k",
        restart: "permanent",
        shutdown: 10,
        mailbox: { capacity: 10, overflow: "reject" },
        backoff,
        maxRestarts: 1,
        maxRestartPeriodMs: 1_000,
        drainTimeoutMs: 10,
      },
    ],
    make: async (given, stage) => {
      const pool = new main.ActorPool(...(given as [never]));
      await main.startChild(stage.system.root, { id: "p", start: pool.definition });
      pool.tell({ type: "x" } as never);
      await main.terminateChild(stage.system.root, "p");
    },
    ...ends,
  },
  "ActorPool.start": {
    args: (s) => [s.sup, { id: "p", start, size: 1 }],
    make: (given) => main.ActorPool.start(...(given as [never, never])),
    ...ends,
  },
  "ActorPool#tell": method(
    (s) => s.pool,
    "tell",
    () => [{ type: "x" }],
  ),
  "ActorPool#ask": method(
    (s) => s.pool,
    "ask",
    () => [{ type: "ping" }, { timeoutMs: 10 }],
  ),
  "ActorPool#resize": {
    ...method(
      (s) => s.pool,
      "resize",
      () => [2],
    ),
    ...ends,
  },
  "ActorPool#drain": { ...method((s) => s.pool, "drain"), ...ends },
  "ActorPool#reopen": method((s) => s.pool, "reopen"),
  // Guards
  Bulkhead: create(main.Bulkhead, { name: "b", limit: 1, maxQueued: 1 }),
  "Bulkhead#execute": policy(() => new main.Bulkhead({ limit: 1 })),
  CircuitBreaker: {
    args: (stage) => [
      {
        name: "c",
        breaker: new main.ConsecutiveBreaker({ failures: 1 }),
        openMs: { ...backoff },
        trialCalls: 1,
        isFailure: () => true,
        random: () => 0.5,
        ...clocked(stage),
      },
    ],
    make: async (given) => {
      const circuit = new main.CircuitBreaker(...(given as [never]));
      const failing = circuit.execute(() => Promise.reject(new main.SelfAskError("wanted")));
      await failing.catch(() => {});
      await circuit.execute(() => 1).catch(coded);
    },
  },
  "CircuitBreaker#execute": policy(() => new main.CircuitBreaker()),
  "CircuitBreaker#subscribe": method(
    () => new main.CircuitBreaker(),
    "subscribe",
    () => [() => {}],
  ),
  ConsecutiveBreaker: create(main.ConsecutiveBreaker, { failures: 1 }),
  "ConsecutiveBreaker#record": method(
    () => new main.ConsecutiveBreaker(),
    "record",
    () => ["success", 1],
  ),
  "ConsecutiveBreaker#reset": method(() => new main.ConsecutiveBreaker(), "reset"),
  CountBreaker: create(main.CountBreaker, { failureRatio: 0.5, calls: 10, minimumCalls: 2 }),
  "CountBreaker#record": method(
    () => new main.CountBreaker({ failureRatio: 0.5, calls: 2 }),
    "record",
    () => ["success", 1],
  ),
  "CountBreaker#reset": method(() => new main.CountBreaker({ failureRatio: 0.5, calls: 2 }), "reset"),
  SamplingBreaker: create(main.SamplingBreaker, { failureRatio: 0.5, periodMs: 10, minimumCalls: 2 }),
  "SamplingBreaker#record": method(
    () => new main.SamplingBreaker({ failureRatio: 0.5, periodMs: 10 }),
    "record",
    () => ["success", 1],
  ),
  "SamplingBreaker#reset": method(() => new main.SamplingBreaker({ failureRatio: 0.5, periodMs: 10 }), "reset"),
  RateLimit: create(main.RateLimit, { name: "r", limit: 1, periodMs: 10, burst: 1, maxQueued: 1, clock: realClock }),
  "RateLimit#execute": policy(() => new main.RateLimit({ limit: 1 })),
  "RateLimit#tryTake": method(() => new main.RateLimit({ limit: 1 }), "tryTake"),
  Retry: {
    args: (stage) => [
      {
        maxAttempts: 2,
        backoff: { ...backoff },
        retryIf: () => true,
        onRetry: () => {},
        random: () => 0.5,
        ...clocked(stage),
      },
    ],
    make: (given, stage) => {
      const retry = new main.Retry(...(given as [never]));
      let attempts = 0;
      const done = retry.execute(() => (++attempts === 1 ? Promise.reject(new main.SelfAskError("wanted")) : 1));
      void stage.clock.advance(100);
      return done;
    },
  },
  "Retry#execute": policy((s) => new main.Retry({ maxAttempts: 1, clock: s.clock })),
  // Buffers and clocks
  "OwnedBuffer.take": {
    args: () => [new ArrayBuffer(8)],
    make: (given) => main.OwnedBuffer.take(...(given as [never])),
  },
  "OwnedBuffer#claim": method(() => main.OwnedBuffer.take(new ArrayBuffer(8)), "claim"),
  "OwnedBuffer#toJSON": method(() => main.OwnedBuffer.take(new ArrayBuffer(8)), "toJSON"),
  "Clock#now": method(() => realClock, "now"),
  "Clock#monotonicMs": method(() => realClock, "monotonicMs"),
  "Clock#setTimer": {
    args: () => [() => {}, 1_000],
    make: (given) => realClock.clearTimer(realClock.setTimer(...(given as [never, never]))),
  },
  "Clock#clearTimer": method(
    () => realClock,
    "clearTimer",
    () => [realClock.setTimer(() => {}, 0)],
  ),
  "Clock#keepAlive": method(
    () => realClock,
    "keepAlive",
    () => [realClock.setTimer(() => {}, 0), false],
  ),
  // The door ./spec
  afterExit: call(spec.afterExit, "permanent", exit),
  checkBackoff: call(spec.checkBackoff, backoff, ["a"]),
  checkChildSpec: call(spec.checkChildSpec, childSpec("c"), "never", "one_for_one"),
  checkMailbox: call(spec.checkMailbox, { capacity: 1, overflow: "reject" }, ["a"]),
  checkSupervisorSpec: call(spec.checkSupervisorSpec, supervisorSpec()),
  endsBySignificance: call(spec.endsBySignificance, "never", true, false),
  restartPlan: call(spec.restartPlan, "one_for_all", [{ id: "a", restart: "permanent", running: true }], "a"),
  RestartIntensity: create(spec.RestartIntensity, 1, 5_000),
  "RestartIntensity#add": method(
    () => new spec.RestartIntensity(1, 1),
    "add",
    () => [1],
  ),
  "RestartIntensity#limit": method(
    () => new spec.RestartIntensity(1, 1),
    "limit",
    () => [1, 1],
  ),
  "RestartIntensity#purge": method(
    () => new spec.RestartIntensity(1, 1),
    "purge",
    () => [1],
  ),
  "RestartIntensity#within": method(
    () => new spec.RestartIntensity(1, 1),
    "within",
    () => [1],
  ),
  // The door ./testing
  replayActor: {
    args: () => [{ recording: RECORDING, actor: "s/a", incarnation: 1, start, withinMs: 100 }],
    make: (given) => testing.replayActor(...(given as [never])),
  },
  "BehaviorKit.start": {
    args: () => [start, { id: "a", names: { other: 1 }, clock: new testing.VirtualClock(), random: () => 0.5 }],
    make: (given) => testing.BehaviorKit.start(...(given as [never, never])),
  },
  "BehaviorKit.startAsync": {
    args: () => [start, { id: "a", names: { other: 1 }, clock: new testing.VirtualClock(), random: () => 0.5 }],
    make: (given) => testing.BehaviorKit.startAsync(...(given as [never, never])),
  },
  "BehaviorKit#ref": method(kitOf, "ref", () => ["r"]),
  "BehaviorKit#run": method(kitOf, "run", (s) => [{ type: "x" }, s.worker]),
  "BehaviorKit#runAsync": method(kitOf, "runAsync", (s) => [{ type: "x" }, s.worker]),
  "BehaviorKit#signal": method(kitOf, "signal", (s) => [
    { type: "exit", from: s.worker, incarnation: 1, reason: exit },
  ]),
  "BehaviorKit#fire": method(
    () =>
      testing.BehaviorKit.start((() => ({
        preStart: (context: main.ActorContext) => context.timers.startOnce("k", { type: "x" }, 1),
        handleMessage: () => {},
      })) as never),
    "fire",
    () => ["k"],
  ),
  "BehaviorKit#stop": method(kitOf, "stop", () => [exit]),
  EffectRef: create(testing.EffectRef, "id", () => {}),
  "EffectRef#ask": {
    args: () => [{ type: "x" }],
    // Nobody answers it: a test looks at the effect.
    make: (given) =>
      void (kitOf() as testing.BehaviorKit<unknown>)
        .ref("r")
        .ask(...(given as [never]))
        .catch(() => {}),
  },
  "EffectRef#tell": method(
    () => new testing.EffectRef("r", () => {}),
    "tell",
    () => [{ type: "x" }],
  ),
  "EffectRef#tellAsync": method(
    () => new testing.EffectRef("r", () => {}),
    "tellAsync",
    () => [{ type: "x" }],
  ),
  "EffectRef#toJSON": method(() => new testing.EffectRef("r", () => {}), "toJSON"),
  "EffectRef#toString": method(() => new testing.EffectRef("r", () => {}), "toString"),
  "Invariants#check": method(() => new testing.Invariants(), "check"),
  "Invariants#gone": method(
    () => new testing.Invariants(),
    "gone",
    (s) => [s.worker],
  ),
  "Invariants#touch": method(
    () => new testing.Invariants(),
    "touch",
    (s) => [s.worker],
  ),
  "Invariants#onEvent": method(
    () => new testing.Invariants(),
    "onEvent",
    (s) => [{ type: "ended", actor: s.worker, incarnation: 1, reason: exit }],
  ),
  "Invariants#instrument": {
    ...method(
      () => new testing.Invariants(),
      "instrument",
      (s) => [behavior(), s.worker],
    ),
    ...ends,
  },
  Probe: {
    args: (s) => [s.system, s.clock, "probe"],
    make: (given) => new testing.Probe(...(given as [never, never])),
    ...ends,
  },
  "Probe#expectMessage": {
    args: () => ["q", 10],
    make: async (given) => {
      const it = await probe();
      it.ref.tell({ type: "q" });
      return it.expectMessage(...(given as [never, never])).catch(coded);
    },
  },
  "Probe#fishForMessage": {
    args: () => ["q", 10],
    make: async (given) => {
      const it = await probe();
      it.ref.tell({ type: "q" });
      return it.fishForMessage(...(given as [never, never])).catch(coded);
    },
  },
  "Probe#expectNoMessage": method(probe, "expectNoMessage", () => [10]),
  "Probe#expectTerminated": {
    args: () => [undefined, 10],
    make: async ([actor, withinMs]) => {
      const test = await testSystem();
      const victim = actor ?? test.system.spawn(start as never);
      if (actor === undefined) test.system.kill(victim as never);
      return test.probe().expectTerminated(victim as never, withinMs as never);
    },
  },
  "Probe#watch": method(probe, "watch", (s) => [s.worker]),
  "Probe#reply": method(probeAsked, "reply", () => [1]),
  SeededRandom: create(testing.SeededRandom, 1),
  "SeededRandom#below": method(
    () => new testing.SeededRandom(1),
    "below",
    () => [5],
  ),
  "SeededRandom#isHit": method(
    () => new testing.SeededRandom(1),
    "isHit",
    () => [0.5],
  ),
  "SeededRandom#pick": {
    args: () => [[1, 2]],
    make: (given) => void new testing.SeededRandom(1).pick(...(given as [never])),
  },
  "SeededRandom#fork": method(() => new testing.SeededRandom(1), "fork"),
  SeededScheduler: {
    args: (stage) => [
      { random: new testing.SeededRandom(1), turnLimit: 100, beforeTurn: () => undefined, ...clocked(stage) },
    ],
    make: (given) => new testing.SeededScheduler(...(given as [never])).settle(),
  },
  "TestScheduler#settle": method(
    (s) => new testing.SeededScheduler({ clock: s.clock, random: new testing.SeededRandom(1) }),
    "settle",
  ),
  "TestSystem.start": {
    args: () => [
      {
        name: "t",
        seed: 1,
        startMs: 0,
        globals: "virtual",
        turnLimit: 100_000,
        crashes: [{ actor: "a", at: "message", nth: 1, chance: 1, limit: 1 }],
        onEvent: () => {},
        instrument: () => {},
        freezeMessages: false,
      },
    ],
    make: async (given) => (await testing.TestSystem.start(...(given as [never]))).stop(),
  },
  "TestSystem#advance": method(testSystem, "advance", () => [1]),
  "TestSystem#eventsOf": method(testSystem, "eventsOf", () => ["started"]),
  "TestSystem#probe": method(testSystem, "probe", () => ["p"]),
  "TestSystem#stopCrashes": method(testSystem, "stopCrashes"),
  "TestSystem#settle": method(testSystem, "settle"),
  "TestSystem#stop": method(testSystem, "stop"),
  "TestSystem#until": method(testSystem, "until", () => [Promise.resolve(1), 10]),
  VirtualClock: {
    args: () => [{ startMs: 0, settle: () => Promise.resolve() }],
    make: (given) => new testing.VirtualClock(...(given as [never])).advance(1),
  },
  "VirtualClock#advance": method(
    () => new testing.VirtualClock(),
    "advance",
    () => [1],
  ),
  "VirtualClock#advanceToNextTimer": method(() => new testing.VirtualClock(), "advanceToNextTimer"),
  "VirtualClock#clearTimer": method(
    () => new testing.VirtualClock(),
    "clearTimer",
    () => [{}],
  ),
  "VirtualClock#keepAlive": method(
    () => new testing.VirtualClock(),
    "keepAlive",
    () => [{}, true],
  ),
  "VirtualClock#monotonicMs": method(() => new testing.VirtualClock(), "monotonicMs"),
  "VirtualClock#now": method(() => new testing.VirtualClock(), "now"),
  "VirtualClock#pendingTimers": method(() => new testing.VirtualClock(), "pendingTimers"),
  "VirtualClock#setTimer": {
    args: () => [() => {}, 1],
    make: ([callback, delayMs]) => {
      const clock = new testing.VirtualClock();
      clock.setTimer(callback as never, delayMs as never);
      return clock.advance(2);
    },
  },
  "VirtualClock#settle": method(() => new testing.VirtualClock(), "settle"),
  explore: {
    args: () => [{ seeds: 1, firstSeed: 1, crashes: [{ at: "message", nth: 1, chance: 1, limit: 1 }] }, async () => {}],
    make: (given) => testing.explore(...(given as [never, never])),
  },
  "World#start": {
    args: () => [{ name: "t", turnLimit: 100, crashes: [{ nth: 1 }] }],
    make: (given) => explored((world) => world.start(...(given as [never]))),
  },
  "World#shared": {
    args: () => ["ledger"],
    make: (given) => explored((world) => world.shared(...(given as [never]))),
  },
  "World#always": {
    args: () => ["a", () => true, { reads: [] }],
    make: (given) => explored((world) => world.always(...(given as [never, never]))),
  },
  "World#sometimes": {
    args: () => ["a", () => true, { reads: [] }],
    make: (given) => explored((world) => world.sometimes(...(given as [never, never]))),
  },
  "World#finally": {
    args: () => ["a", () => true],
    make: (given) => explored((world) => world.finally(...(given as [never, never]))),
  },
  "World#recovers": {
    args: () => ["a", () => true, 10],
    make: (given) => explored((world) => world.recovers(...(given as [never, never]))),
  },
  "World#linearizable": {
    args: () => [undefined, { value: 0, read: () => 0 }],
    make: ([actor, model]) =>
      explored(async (world) => {
        const { system } = await world.start();
        world.linearizable((actor ?? system.spawn(start as never)) as never, model as never);
      }),
  },
  "World#conclude": { args: () => [], make: () => explored((world) => world.conclude()) },
  "World#end": { args: () => [], make: () => explored((world) => world.end()) },
  ...errors(main),
  ...errors(testing),
  ...errors(spec),
  ...OS_CALLS,
  ...errors(os),
};

/** Every class of error: whatever it is made of, it is an error with a name, a message and a code. */
function errors(door: object): Record<string, Call> {
  const classes = Object.entries(door).filter(([name]) => name.endsWith("Error") || name === "InjectedCrash");
  return Object.fromEntries(
    classes
      .filter(([name]) => name !== "AirssysError")
      .map(([name, type]: [string, AnyClass]) => [
        name,
        {
          args: () => ["a", "b", "c", "d"],
          make: (given) => {
            const error = Reflect.construct(type as never, given) as main.AirssysError;
            return `${error.name}: ${error.message} ${error.code}`;
          },
        } satisfies Call,
      ]),
  );
}

/** For what a sound call may end with too. */
function coded(error: unknown): void {
  try {
    if (error instanceof main.AirssysError) return;
  } catch {
    // It cannot be asked: the user's.
  }
  throw error;
}

/** What is not called here, and why. */
export const EXEMPT: Readonly<Record<string, string>> = {
  "Actor#": "the user writes it, the runtime calls it",
  "WatchdogOptions#": "the user writes it, the runtime calls it",
  "Breaker#": "the user writes it, the runtime calls it",
  "Definition#": "the runtime calls it",
  "FunctionalActor#": "the user writes it, the runtime calls it",
  "CircuitBreakerOptions#": "the user writes it, the runtime calls it",
  "PoolSpec#": "the user writes it, the runtime calls it",
  "RetryOptions#": "the user writes it, the runtime calls it",
  "SeededSchedulerOptions#": "the user writes it, the runtime calls it",
  "VirtualClockOptions#": "the user writes it, the runtime calls it",
  "Policy#": "a contract; each policy is called",
  "Topic#": "for the compiler only",
  "Undated#": "the runtime writes it, a clock calls it",
  "Runnable#": "the runtime writes it, a scheduler calls it",
  "Turns#": "what a scheduler and the runtime share, between messages: unchecked for speed",
  "Scheduler#": "what the runtime calls between messages: unchecked for speed",
  "TestScheduler#date": "called by the runtime, between messages",
  "TestScheduler#hold": "called by the runtime",
  "TestScheduler#release": "called by the runtime",
  "TestScheduler#schedule": "called by the runtime, between messages",
  "TestScheduler#tick": "called by the runtime, between messages",
  "TestScheduler#yieldTurn": "called by the runtime, between messages",
  "InspectionHook#": "what viewers send is fuzzed as frames",
  "ActorSystem#[Symbol.asyncDispose]": "takes nothing; does what stop does",
  "ActorSystem#stop": "takes nothing; ends every stage",
  "TestSystem#[Symbol.asyncDispose]": "takes nothing; does what stop does",
  "DeadLetters#add": "called by the runtime",
  below: "pure, over grants that a context has checked",
  fitArguments: "pure, over grants that a context has checked",
  pathParts: "pure, over grants that a context has checked",
  widenedFields: "pure, over grants that a context has checked",
  "SecurityContext.createWith": "called by create",
  "SecurityContext#find": "called by the runtime",
  "SecurityContext#allows": "called by the runtime",
  "SecurityContext#close": "takes nothing",
  "SecurityContext#[Symbol.dispose]": "takes nothing; does what close does",
  Turns: "made by a scheduler",
  ActorSystemHealth: "a system makes it",
  MessageRouter: "a system makes it",
  World: "explore makes it",
  TestScheduler: "abstract",
  "TestScheduler#next": "called by itself",
  "TestScheduler#goesOn": "called by itself",
  "TestScheduler#heard": "called by itself",
  "TestScheduler#rested": "called by itself",
  "TestScheduler#unsettled": "takes nothing that comes from outside",
  "SeededScheduler#goesOn": "called by itself",
  "SeededScheduler#next": "called by itself",
  "SharedObject#": "takes nothing",
  SequenceDiagram: "pure, over rows that were checked when they were read",
  "SequenceDiagram#": "pure, over rows that were checked when they were read",
};

export function exemptionOf(entry: string): string | undefined {
  const owner = entry.includes("#") ? entry.slice(0, entry.indexOf("#") + 1) : entry;
  return EXEMPT[entry] ?? EXEMPT[owner];
}
