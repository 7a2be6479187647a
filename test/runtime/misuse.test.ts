/** Every misuse gets its documented error, with code and facts, at the earliest moment, and leaves the system whole. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  Actor,
  type ActorContext,
  ActorPool,
  type ActorRef,
  ActorSystem,
  type AirssysError,
  AlreadyRepliedError,
  type AnyActorRef,
  type Ask,
  Bulkhead,
  become,
  CircuitBreaker,
  ConsecutiveBreaker,
  CountBreaker,
  countChildren,
  defineActor,
  deleteChild,
  getChildSpec,
  InvalidArgumentError,
  InvalidSpecError,
  NameTakenError,
  NoReplyExpectedError,
  RateLimit,
  Retry,
  restartChild,
  SamplingBreaker,
  SelfAskError,
  type SpecFaultCode,
  StartError,
  startChild,
  startInstance,
  supervisor,
  terminateChild,
  UnhandledMessageError,
  updateSpec,
  whichChildren,
} from "airssys-rt";
import { actor, type Word, word } from "./guarantees/actors.ts";
import { type Case, refuses, rejection, Stage, settle, stageWith, test } from "./otp/fixtures.ts";

const quiet = actor<Word>(() => undefined);
const child = (id: string, more: object = {}): never => ({ id, start: quiet, ...more }) as never;

/** What is thrown at once. */
function thrown(act: () => unknown): AirssysError {
  try {
    act();
  } catch (error) {
    return error as AirssysError;
  }
  return assert.fail("nothing was thrown");
}

/** The system still does what it should. */
async function isWhole(stage: Stage): Promise<void> {
  type Question = Ask<{ readonly type: "question" }, number>;
  const ref = stage.system.spawn(actor<Question>((_, context) => context.reply(42)));
  assert.equal(await ref.ask({ type: "question" }), 42);
  assert.equal(stage.system.health.isLive, true);
  assert.equal(Array.isArray(await whichChildren(stage.system.root)), true);
}

async function whole(t: Case): Promise<Stage> {
  const stage = await stageWith(t, { maxRestarts: 10, children: [child("child")] });
  t.after(() => isWhole(stage));
  return stage;
}

const SPECS: readonly [what: string, spec: object, code: SpecFaultCode, path: readonly (string | number)[]][] = [
  ["an unknown strategy", { strategy: "one_for_none", children: [] }, "invalid_strategy", ["strategy"]],
  ["a period of 0", { maxRestartPeriodMs: 0, children: [] }, "invalid_max_restart_period", ["maxRestartPeriodMs"]],
  ["a negative intensity", { maxRestarts: -1, children: [] }, "invalid_max_restarts", ["maxRestarts"]],
  ["duplicate ids", { children: [child("a"), child("a")] }, "duplicate_id", ["children", 1, "id"]],
  [
    "a significant permanent child",
    { autoShutdown: "any_significant", children: [child("a", { significant: true })] },
    "significant_permanent",
    ["children", 0, "significant"],
  ],
  [
    "a mailbox of 0",
    { children: [child("a", { mailbox: { capacity: 0 } })] },
    "invalid_mailbox",
    ["children", 0, "mailbox", "capacity"],
  ],
  [
    "an unknown overflow policy",
    { children: [child("a", { mailbox: { overflow: "x" } })] },
    "invalid_mailbox",
    ["children", 0, "mailbox", "overflow"],
  ],
  [
    "a negative shutdown",
    { children: [child("a", { shutdown: -1 })] },
    "invalid_shutdown",
    ["children", 0, "shutdown"],
  ],
  ["a start that is none", { children: [{ id: "a", start: 7 }] }, "invalid_start", ["children", 0, "start"]],
  [
    "a start limit of 0",
    { children: [child("a", { startTimeoutMs: 0 })] },
    "invalid_start_timeout",
    ["children", 0, "startTimeoutMs"],
  ],
  [
    "a back-off without a maximum",
    { children: [child("a", { backoff: { minMs: 1 } })] },
    "invalid_backoff",
    ["children", 0, "backoff", "maxMs"],
  ],
  ["a misspelt key", { children: [child("a", { restrat: "permanent" })] }, "unknown_key", ["children", 0, "restrat"]],
];

for (const [what, spec, code, path] of SPECS) {
  test(`${what} is refused by supervisor()`, () => {
    const error = thrown(() => supervisor(spec as never));

    assert.ok(error instanceof InvalidSpecError);
    assert.equal(error.code, "ERR_INVALID_SPEC");
    assert.deepEqual(
      error.faults.map((fault) => [fault.code, fault.path]),
      [[code, path]],
    );
  });
}

test("a spec with many faults is refused with all of them at once", () => {
  const error = thrown(() => supervisor({ strategy: "x", maxRestarts: -1, children: [{ id: "" }] } as never));

  assert.ok(error instanceof InvalidSpecError);
  assert.deepEqual(
    error.faults.map(({ code }) => code),
    ["invalid_strategy", "invalid_max_restarts", "invalid_id", "missing_start"],
  );
});

test("a system without sound options is refused, with every fault at once", () => {
  const ports = { clock: 1, random: 2, scheduler: 3, logger: "loud", onEvent: 4, instrument: 5 };
  const root = defineActor({ init: () => 0, handlers: {} });
  const options = { name: "a/b", root, ...ports, watchdog: { blockedMs: 0 } };

  const error = thrown(() => ActorSystem.start(options as never));

  assert.ok(error instanceof InvalidArgumentError);
  assert.equal(error.code, "ERR_INVALID_ARGUMENT");
  assert.equal(error.faults.length, 9, error.message);
  const others = { name: "a", rooot: 1, watchdog: null, freezeMessages: "yes" };
  assert.deepEqual((thrown(() => ActorSystem.start(others as never)) as InvalidArgumentError).faults, [
    'unknown option "rooot"',
    "watchdog must be an object",
    "freezeMessages must be true or false",
  ]);
  for (const nonsense of [undefined, { name: 7n }])
    assert.ok(thrown(() => ActorSystem.start(nonsense as never)) instanceof InvalidArgumentError);
});

/** What takes options, with options that are sound. */
const OPTIONS: Readonly<Record<string, [make: (options: never) => unknown, sound: object]>> = {
  Bulkhead: [(options) => new Bulkhead(options), { limit: 1 }],
  RateLimit: [(options) => new RateLimit(options), { limit: 1 }],
  Retry: [(options) => new Retry(options), {}],
  CircuitBreaker: [(options) => new CircuitBreaker(options), {}],
  ConsecutiveBreaker: [(options) => new ConsecutiveBreaker(options), {}],
  CountBreaker: [(options) => new CountBreaker(options), { failureRatio: 1, calls: 1 }],
  SamplingBreaker: [(options) => new SamplingBreaker(options), { failureRatio: 1, periodMs: 1 }],
  ActorPool: [(options) => new ActorPool(options), { size: 1, start: quiet }],
  defineActor: [defineActor, { init: () => 0, handlers: {} }],
};

for (const [name, [make, sound]] of Object.entries(OPTIONS)) {
  test(`${name} refuses an option that does not exist, and what is no options at all`, () => {
    make(sound as never);
    const error = thrown(() => make({ ...sound, nmae: "misspelt" } as never));
    assert.ok(error instanceof InvalidArgumentError);
    assert.deepEqual(error.faults, ['unknown option "nmae"']);
    assert.ok(thrown(() => make(null as never)) instanceof InvalidArgumentError);
  });
}

test("a clock and a randomness that are none are refused when a policy is made", () => {
  for (const make of [
    (options: object) => new Retry(options as never),
    (options: object) => new CircuitBreaker(options as never),
    (options: object) => new RateLimit({ limit: 1, ...options } as never),
  ])
    assert.ok(thrown(() => make({ clock: 5 })) instanceof InvalidArgumentError);
  assert.ok(thrown(() => new Retry({ random: 5 } as never)) instanceof InvalidArgumentError);
});

test("a fault is told once: what follows from it is not told too", () => {
  const faultsOf = (make: () => unknown): readonly string[] => (thrown(make) as InvalidArgumentError).faults;

  assert.deepEqual(
    faultsOf(() => new CountBreaker({ failureRatio: 0.5, calls: -1 })),
    ["calls must be a whole number >= 1 and <= 1000000, got -1"],
  );
  assert.deepEqual(
    faultsOf(() => new RateLimit({} as never)),
    ["limit must be a number > 0, got undefined"],
  );
});

test("a running system refuses what is no reason, no actor, no name and no listener", async (t) => {
  const { system } = await whole(t);
  const ref = system.spawn(quiet);

  for (const act of [
    () => system.exit(ref, "died" as never),
    () => system.exit({} as never, { kind: "shutdown" }),
    () => system.kill(undefined as never),
    () => system.whereis(undefined as never),
    () => system.subscribe(undefined as never),
  ])
    assert.ok(thrown(act) instanceof InvalidArgumentError, String(act));
  assert.equal(ref.isAlive, true);
});

test("a time-out that is not a positive number, and a signal that is none, are refused by ask itself", async (t) => {
  const stage = await whole(t);
  type Question = Ask<{ readonly type: "question" }, number>;
  const ref = stage.system.spawn(actor<Question>((_, context) => context.reply(1)));

  for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "soon" as never]) {
    const error = thrown(() => ref.ask({ type: "question" }, { timeoutMs }));
    assert.ok(error instanceof InvalidArgumentError, String(timeoutMs));
  }
  const both = thrown(() => ref.ask({ type: "question" }, { timeoutMs: "5", signal: new AbortController() } as never));
  assert.equal((both as InvalidArgumentError).faults.length, 2, both.message);
  assert.ok(thrown(() => ref.ask({ type: "question" }, 500 as never)) instanceof InvalidArgumentError);
});

test("spawn refuses what can never work, at once", async (t) => {
  const stage = await whole(t);
  const spawn = stage.system.spawn.bind(stage.system) as (start: unknown, options?: unknown) => unknown;
  const bad: [start: unknown, options?: unknown][] = [
    [undefined],
    [null],
    [7],
    [{}],
    [quiet, { id: "" }],
    [quiet, { id: "a/b" }],
    [quiet, { id: 7 }],
    [quiet, { id: 7n }],
    [quiet, { name: "" }],
    [quiet, { mailbox: { capacity: 0 } }],
    [quiet, { mailbox: { capacity: 1.5 } }],
    [quiet, { nmae: "misspelt" }],
    [quiet, null],
  ];

  for (const [start, options] of bad) {
    const error = thrown(() => spawn(start, options));
    assert.ok(error instanceof InvalidArgumentError, inspect([start, options]));
  }
});

test("a taken id and a taken name are refused by spawn itself", async (t) => {
  const stage = await whole(t);
  const holder = stage.system.spawn(quiet, { id: "taken", name: "the name" });
  assert.equal(stage.system.whereis("the name"), holder);

  const byId = thrown(() => stage.system.spawn(quiet, { id: "taken" }));
  const byName = thrown(() => stage.system.spawn(quiet, { id: "other", name: "the name" }));

  for (const [error, name] of [
    [byId, "taken"],
    [byName, "the name"],
  ] as const) {
    assert.ok(error instanceof NameTakenError);
    assert.deepEqual([error.code, error.takenName, error.holder], ["ERR_NAME_TAKEN", name, holder.id]);
  }
  assert.equal(stage.system.whereis("other"), undefined);
});

test("the id of an actor that was spawned is refused to a child, and an update with it changes nothing", async (t) => {
  const stage = await Stage.open(t);
  const { root } = stage.system;
  stage.system.spawn(quiet, { id: "taken" });
  const before = stage.system.health.check().supervisors;

  for (const refused of [
    startChild(root, child("taken")),
    updateSpec(root, { maxRestarts: 7, children: [child("new"), child("taken")] }),
  ]) {
    const error = await rejection(refused);
    assert.ok(error instanceof NameTakenError);
    assert.deepEqual([error.takenName, error.holder], ["taken", "test/taken"]);
  }
  assert.deepEqual(stage.system.health.check().supervisors, before);
});

test("an actor that asks itself is refused at once", async (t) => {
  const stage = await whole(t);
  type Question = Ask<{ readonly type: "question" }, string>;
  const ref = stage.system.spawn(
    actor<Question>(async (_, context) => {
      const error = await rejection((context.self as ActorRef<Question>).ask({ type: "question" }));
      context.reply(error instanceof SelfAskError ? `${error.code} ${error.actor}` : String(error));
    }),
  );

  assert.equal(await ref.ask({ type: "question" }), `ERR_SELF_ASK ${ref.id}`);
});

test("a reply twice and a reply to nobody throw in the handler", async (t) => {
  const stage = await whole(t);
  type Message = Ask<{ readonly type: "question" }, number> | Word;
  const errors: unknown[] = [];
  const ref = stage.system.spawn(
    actor<Message>(({ type }, context) => {
      const reply = context.reply as (value: number) => void;
      const attempts = type === "question" ? 2 : 1;
      for (let i = 0; i < attempts; i++) {
        try {
          reply.call(context, i);
        } catch (error) {
          errors.push(error);
        }
      }
      try {
        context.deferReply();
      } catch (error) {
        errors.push(error);
      }
    }),
  );

  assert.equal(await (ref as ActorRef<Ask<{ readonly type: "question" }, number>>).ask({ type: "question" }), 0);
  ref.tell(word("told"));
  await settle();

  assert.deepEqual(
    errors.map((error) => (error as Error).constructor),
    [AlreadyRepliedError, AlreadyRepliedError, NoReplyExpectedError, NoReplyExpectedError],
  );
});

test("a message to a supervisor that cannot even be looked at is reported, and the one who asks is told", async (t) => {
  const stage = await whole(t);
  const sup = stage.system.whereis<never>("sup") as ActorRef<unknown>;
  const hostile = {
    get type(): never {
      throw new Error("no type");
    },
  };

  sup.tell(hostile);
  const error = (await rejection(
    (sup as unknown as ActorRef<Ask<never, number>>).ask(hostile as never),
  )) as AirssysError;
  await settle();

  assert.equal(error.code, "ERR_UNEXPECTED_MESSAGE");
  assert.equal(stage.eventsOf("unexpectedMessage").length, 2);
  assert.deepEqual([await stage.children(), stage.sup.incarnation], [["child:running"], 1]);
});

test("a thenable that a handler returns is waited for once, however often it settles", async (t) => {
  const seen: string[] = [];
  const stage = await Stage.open(t);
  const { clock } = stage;
  const ref = stage.system.spawn(
    actor<Word>(({ type }) => {
      seen.push(`${type} begins`);
      // biome-ignore lint/suspicious/noThenProperty: it is the point
      if (type === "twice") return { then: (settled: () => void) => [settled(), clock.setTimer(settled, 10)] };
      return new Promise<void>((resolve) => {
        clock.setTimer(() => {
          seen.push(`${type} ends`);
          resolve();
        }, 20);
      });
    }),
  );

  for (const type of ["twice", "second", "third"]) ref.tell(word(type));
  await clock.advance(100);

  assert.deepEqual(seen, ["twice begins", "second begins", "second ends", "third begins", "third ends"]);
});

test("a thenable whose then throws is a handler that throws", async (t) => {
  const stage = await stageWith(t, {
    children: [
      {
        id: "child",
        start: actor<Word>(() => ({
          // biome-ignore lint/suspicious/noThenProperty: it is the point
          then() {
            throw new Error("bad then");
          },
        })),
      },
    ],
  });

  stage.child("child").tell(word("go") as never);
  await settle();

  assert.deepEqual(
    stage.eventsOf("crashed").map(({ reason }) => [reason.where, String(reason.cause)]),
    [["receive", "Error: bad then"]],
  );
  assert.equal(stage.child("child").incarnation, 2);
});

test("a message to a supervisor is reported and changes nothing, also one that looks like a request", async (t) => {
  const stage = await whole(t);
  const sup = stage.system.whereis<never>("sup") as ActorRef<unknown>;
  const messages = [undefined, null, 7, "hello", {}, { type: "hello" }, { type: "startChild" }, { type: "updateSpec" }];

  for (const message of messages) assert.equal(sup.tell(message), true);
  sup.tell({ type: "retry", childId: 1 });
  const asked = (sup as unknown as ActorRef<Ask<Word, number>>).ask(word("hello"));
  const error = (await rejection(asked)) as AirssysError;
  await settle();

  assert.equal(error.code, "ERR_UNEXPECTED_MESSAGE");
  assert.equal(stage.eventsOf("unexpectedMessage").length, messages.length + 1);
  assert.deepEqual([await stage.children(), stage.sup.incarnation], [["child:running"], 1]);
});

test("requests about children with nonsense are refused, and change nothing", async (t) => {
  const stage = await whole(t);
  const other = stage.system.spawn(quiet);
  const requests: Promise<unknown>[] = [
    startChild({} as never, child("a")),
    startChild(undefined as never, child("a")),
    startChild(other, child("a")),
    terminateChild(stage.sup, undefined as never),
    terminateChild(stage.sup, null as never),
    terminateChild(stage.sup, {} as never),
    restartChild(stage.sup, 7 as never),
    deleteChild(stage.sup, undefined as never),
  ];
  for (const request of requests) {
    const error = await rejection(request);
    assert.ok(error instanceof InvalidArgumentError, String(error));
  }
  for (const nonsense of [undefined, null, 7, {}, { id: "a" }, child("a", { restart: "x" })]) {
    assert.ok((await rejection(startChild(stage.sup, nonsense as never))) instanceof InvalidSpecError);
  }
  assert.ok((await rejection(updateSpec(stage.sup, null as never))) instanceof InvalidSpecError);
  const refused = (await rejection(startInstance(stage.sup))) as AirssysError;
  assert.equal(refused.code, "ERR_SUPERVISOR_REQUEST");
  assert.deepEqual(await stage.children(), ["child:running"]);
});

test("a start function that throws, returns nonsense or never returns fails the start with the cause", async (t) => {
  const stage = await whole(t);
  const cause = new Error("no disk");
  const starts: [start: () => unknown, what: RegExp, cause: unknown][] = [
    [
      () => {
        throw cause;
      },
      /no disk/,
      cause,
    ],
    [() => Promise.reject(cause), /no disk/, cause],
    [() => 7, /returned a number, not an actor/, undefined],
    [() => Promise.resolve(null), /returned null, not an actor/, undefined],
    [() => new Promise(() => {}), /took more than 100 ms/, undefined],
  ];

  for (const [start, what, expected] of starts) {
    const starting = rejection(startChild(stage.sup, { id: "bad", start, startTimeoutMs: 100 } as never));
    await stage.clock.advance(100);
    const error = await starting;
    assert.ok(error instanceof StartError);
    assert.match(error.message, what);
    assert.deepEqual([error.code, error.actor, error.cause], ["ERR_START_FAILED", "test/sup/bad", expected]);
    assert.deepEqual(await stage.children(), ["child:running"]);
  }
});

test("an exit reason that is none throws in the handler", async (t) => {
  const stage = await whole(t);
  const errors: unknown[] = [];
  const ref = stage.system.spawn(
    actor<Word>((_, context: ActorContext<Word>) => {
      for (const act of [
        () => context.exit("died" as never),
        () => context.exit(undefined as never),
        () => context.exit(context.self, { kind: "died" } as never),
        () => context.link({} as never),
        () => context.monitor(undefined as never),
        () => context.kill("name" as never),
        () => context.timers.startOnce("key", word("x"), -1),
        () => context.timers.startPeriodic("key", word("x"), 0),
      ])
        errors.push(thrown(act));
    }),
  );

  ref.tell(word("go"));
  await settle();

  assert.equal(errors.length, 8);
  for (const error of errors) assert.ok(error instanceof InvalidArgumentError, String(error));
  assert.equal(ref.isAlive, true);
});

test("defineActor refuses a definition without init or handlers, and a message without a handler ends its actor", async (t) => {
  const stage = await whole(t);
  for (const nonsense of [
    undefined,
    {},
    { init: 1 },
    { init: () => 0 },
    { init: () => 0, handlers: {}, onSignal: 1 },
    { init: () => 0, handlers: { word: 1 } },
    { init: () => 0, handlers: {}, name: 1 },
  ]) {
    assert.ok(thrown(() => defineActor(nonsense as never)) instanceof InvalidArgumentError);
  }
  for (const nonsense of [undefined, null, "handlers"])
    assert.ok(thrown(() => become(nonsense as never)) instanceof InvalidArgumentError);
  const ref = stage.system.spawn(defineActor<Word, number>({ init: () => 0, handlers: {} as never }));

  for (const message of [word("unknown"), word("toString"), word("constructor"), null, 7]) {
    const other = stage.system.spawn(defineActor<Word, number>({ init: () => 0, handlers: {} as never }));
    other.tell(message as Word);
  }
  ref.tell(word("unknown"));
  await settle();

  const causes = stage.eventsOf("crashed").map(({ reason }) => reason.cause);
  assert.equal(causes.length, 6);
  assert.ok(causes.at(-1) instanceof UnhandledMessageError);
  assert.deepEqual(
    causes.map((cause) => (cause as AirssysError).code),
    new Array(6).fill("ERR_UNHANDLED_MESSAGE"),
  );
});

test("a message whose type cannot be printed harms the actor that crashes on it, and nobody else", async (t) => {
  const stage = await whole(t);
  const outside: unknown = JSON.parse('{ "type": { "toString": 1 } }');
  const hostile = {
    get type(): string {
      throw new Error("a getter");
    },
  };
  const fail = actor<Word>(() => {
    throw new Error("crash");
  });

  for (const message of [outside, hostile]) stage.system.spawn(fail).tell(message as Word);
  stage.system.spawn(defineActor<Word, number>({ init: () => 0, handlers: {} as never })).tell(outside as Word);
  (stage.system.root as ActorRef<unknown>).tell(outside);
  await settle();

  assert.equal(stage.eventsOf("crashed").length, 3);
  assert.equal(stage.eventsOf("unexpectedMessage").length, 1);
});

/** What can go on while an actor ends, with the actor that is then killed once more. */
const LAST_ACTS: readonly (readonly [what: string, begin: (stage: Stage) => AnyActorRef])[] = [
  [
    "its postStop",
    ({ system }) => {
      const ref = system.spawn(
        actor<Word>((_, context) => context.stop(), { postStop: (context) => context.kill(context.self) }),
        { id: "victim" },
      );
      ref.tell(word("stop"));
      return ref;
    },
  ],
  [
    "a listener that hears of its crash in postStop",
    (stage) => {
      const fail = (): never => {
        throw new Error("in postStop");
      };
      const ref = stage.system.spawn(
        actor<Word>((_, context) => context.stop(), { postStop: fail }),
        { id: "victim" },
      );
      stage.system.subscribe(({ type }) => type === "crashed" && stage.system.kill(ref));
      ref.tell(word("stop"));
      return ref;
    },
  ],
  [
    "a listener that hears of its last message",
    (stage) => {
      const ref = stage.system.spawn(
        actor<Word>(() => {
          throw new Error("crash");
        }),
        { id: "victim" },
      );
      stage.system.subscribe(({ type }) => type === "deadLetter" && stage.system.kill(ref));
      ref.tell(word("crash"));
      return ref;
    },
  ],
  [
    "a listener of its signal",
    (stage) => {
      const ref = stage.system.spawn(
        actor<Word>((_, context) => {
          context.signal.addEventListener("abort", () => stage.system.kill(ref));
          context.stop();
        }),
        { id: "victim" },
      );
      ref.tell(word("stop"));
      return ref;
    },
  ],
  [
    "a listener that hears of the end of its child",
    (stage) => {
      const ref = stage.system.spawn(
        actor<Word>((_, context) => {
          context.spawn(quiet, { id: "child" });
          context.stop();
        }),
        { id: "victim" },
      );
      stage.system.subscribe(
        (event) => event.type === "ended" && event.actor.id.endsWith("/child") && stage.system.kill(ref),
      );
      ref.tell(word("stop"));
      return ref;
    },
  ],
];

for (const [what, begin] of LAST_ACTS) {
  test(`an actor that is killed by ${what}, while it ends, ends once`, async (t) => {
    const stage = await whole(t);
    const before = stage.system.health.check().actors;

    const ref = begin(stage);
    await settle();

    assert.equal(ref.isAlive, false);
    assert.equal(stage.eventsOf("ended").filter(({ actor: each }) => each === ref).length, 1);
    assert.equal(stage.system.health.check().actors, before);
  });
}

test("the error of a refused request names the child it was about, if it was about one", async (t) => {
  const stage = await stageWith(t, { children: [] });
  const ended = stage.sup;
  await stage.kill(ended);
  const of = async (request: Promise<unknown>): Promise<unknown> => {
    const error = await refuses(request, "noproc");
    assert.ok(
      !/whichChildren|countChildren|startChild|startInstance|updateSpec|undefined/.test(error.message),
      error.message,
    );
    return error.child;
  };
  const start = actor<Word>(() => undefined);
  const unreadable = Object.defineProperty({ start }, "id", {
    get() {
      throw new Error("no id");
    },
  });

  assert.deepEqual(
    [
      await of(whichChildren(ended)),
      await of(countChildren(ended)),
      await of(updateSpec(ended, { children: [] })),
      await of(startInstance(ended)),
      await of(startChild(ended, { id: "till", start })),
      await of(startChild(ended, unreadable as never)),
      await of(startChild(ended, { id: Symbol("s"), start } as never)),
      await of(terminateChild(ended, "till")),
      await of(getChildSpec(ended, "till")),
    ],
    [undefined, undefined, undefined, undefined, "till", undefined, undefined, "till", "till"],
  );
});

test("one start that fails deep in the tree is reported once with its stack, and the end in one line", async () => {
  const reports: { readonly line: string; readonly lines: number }[] = [];
  class Ledger extends Actor<Word> {
    override preStart(): void {
      throw new Error("no database");
    }
    override handleMessage(): void {}
  }
  let root = supervisor({ children: [{ id: "ledger", start: () => new Ledger() }] });
  for (const id of ["desk", "branch", "region"]) root = supervisor({ children: [{ id, start: root }] });
  const logger = (line: string, error?: unknown): void =>
    void reports.push({ line, lines: 1 + (error === undefined ? 0 : inspect(error).split("\n").length) });

  const error = await rejection(ActorSystem.start({ name: "bank", root, logger }));

  const path = "bank/region/branch/desk/ledger";
  assert.equal(reports.length, 2);
  assert.equal(reports[0]?.line, `${path} crashed in init: Error: no database`);
  assert.equal(reports[1]?.line.endsWith(`: ${path} did not start: no database`), true);
  assert.ok(reports.reduce((sum, { lines }) => sum + lines, 0) <= 13);
  assert.match(
    error.message,
    /^bank did not start: its child "region" .*: bank\/region\/branch\/desk\/ledger did not start: no database$/,
  );
  assert.ok(inspect(error, { depth: 10 }).split("\n").length <= 40);
});
