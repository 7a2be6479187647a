// What a test says that must hold: after each turn, at some time, at the end, after faults, and of what one actor answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Actor, type ActorContext, type ActorRef, type Ask, supervisor } from "airssys-rt";
import {
  ExplorationError,
  type ExploreOptions,
  explore,
  type TestSystem,
  ViolationError,
  type World,
} from "airssys-rt/testing";
import fc from "fast-check";
import { OrdersOf } from "./orders.ts";

type Program = (world: World) => Promise<void>;

interface Go {
  readonly type: "go";
}
const GO: Go = { type: "go" };

class Doing extends Actor<Go> {
  readonly #handle: (context: ActorContext<Go>) => void | Promise<void>;
  constructor(handle: (context: ActorContext<Go>) => void | Promise<void>) {
    super();
    this.#handle = handle;
  }
  override handleMessage(_: Go, context: ActorContext<Go>): void | Promise<void> {
    return this.#handle(context);
  }
}

function spawn(
  { system }: TestSystem,
  id: string,
  handle: (context: ActorContext<Go>) => void | Promise<void>,
): ActorRef<Go> {
  return system.spawn<Go>(() => new Doing(handle), { id });
}

async function failureOf(options: ExploreOptions, program: Program): Promise<ExplorationError> {
  let failure: unknown;
  await explore(options, program).catch((error: unknown) => {
    failure = error;
  });
  assert.ok(failure instanceof ExplorationError, String(failure));
  return failure;
}

function violationOf(failure: ExplorationError): ViolationError {
  assert.ok(failure.cause instanceof ViolationError, failure.message);
  return failure.cause;
}

/** Two actors that share nothing, each of which counts; what is seen of them depends on the order all the same. */
async function countTwo(world: World): Promise<{ left: number; right: number; refs: ActorRef<Go>[]; run: TestSystem }> {
  const run = await world.start();
  const counts = { left: 0, right: 0, refs: [] as ActorRef<Go>[], run };
  for (const id of ["left", "right"] as const) counts.refs.push(spawn(run, id, () => void counts[id]++));
  return counts;
}

test("what must always hold is looked at after each turn, also between turns that no message orders", async () => {
  const program =
    (claims: boolean): Program =>
    async (world) => {
      const counts = await countTwo(world);
      if (claims) world.always("right is never ahead", () => counts.right <= counts.left);
      for (const ref of counts.refs) ref.tell(GO);
      await counts.run.settle();
      assert.deepEqual([counts.left, counts.right], [1, 1]);
    };
  const without = await explore({ strategy: "systematic" }, program(false));
  assert.deepEqual([without.isComplete, without.runs], [true, 1]);

  const failure = await failureOf({ strategy: "systematic" }, program(true));
  const { claim, invariant, code, message } = violationOf(failure);
  assert.deepEqual([claim, invariant, code], ["always", "right is never ahead", "ERR_VIOLATION"]);
  assert.equal(message, 'always "right is never ahead" does not hold after right took go');
  assert.match(failure.message, /failed under seed 1, in run 2 of at most \d+: always "right is never ahead"/);
  assert.match(failure.message, /It fails when `right`'s turn on `go` comes before `left`'s turn on `go`/);
  assert.match(failure.report, /What was taken last: right took go \(the test\)\./);
  await assert.rejects(explore({ schedule: failure.schedule }, program(true)), (again: ExplorationError) => {
    assert.equal(violationOf(again).message, message);
    return true;
  });
});

test("a claim that holds in all orders is tried in all of them, and only in those that its check can tell apart", async () => {
  const states = new Set<string>();
  const program =
    (reads: "all" | "two" | "one"): Program =>
    async (world) => {
      const counts = await countTwo(world);
      const noise = spawn(counts.run, "noise", () => {});
      const options = reads === "all" ? {} : { reads: counts.refs.slice(0, reads === "two" ? 2 : 1) };
      world.always("counts", () => void states.add(`${counts.left}${counts.right}`), options);
      for (const ref of [...counts.refs, noise]) ref.tell(GO);
      await counts.run.settle();
    };
  const all = await explore({ strategy: "systematic" }, program("all"));
  assert.deepEqual([all.isComplete, all.runs], [true, 6]);
  assert.deepEqual([...states].sort(), ["00", "01", "10", "11"]);
  states.clear();
  const two = await explore({ strategy: "systematic" }, program("two"));
  assert.deepEqual([two.isComplete, two.runs], [true, 2]);
  assert.deepEqual([...states].sort(), ["00", "01", "10", "11"]);
  const one = await explore({ strategy: "systematic" }, program("one"));
  assert.deepEqual([one.isComplete, one.runs], [true, 1]);
});

test("a check that reads a shared object sees every order of its changes with turns of the actors that it reads", async () => {
  const states = new Set<string>();
  const { isComplete } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start();
    const ledger = world.shared("ledger");
    const state = { entries: 0, left: 0 };
    const left = spawn(run, "left", () => void state.left++);
    const writer = spawn(run, "writer", () => {
      ledger.write();
      state.entries++;
    });
    world.always("seen", () => void states.add(`${state.left}${state.entries}`), { reads: [left, ledger] });
    left.tell(GO);
    writer.tell(GO);
    await run.settle();
  });

  assert.ok(isComplete);
  assert.deepEqual([...states].sort(), ["00", "01", "10", "11"]);
});

test("the state of an actor after an await, after a crash and in its next life is seen as that after a turn is", async () => {
  const seen = new Set<string>();
  const { isComplete } = await explore({ strategy: "systematic" }, async (world) => {
    const lives = { current: 0, handled: 0, other: 0 };
    class Crashing extends Actor<Go> {
      override preStart(): void {
        lives.current++;
        lives.handled = 0;
      }
      override async handleMessage(): Promise<void> {
        await Promise.resolve();
        lives.handled++;
        if (lives.current === 1) throw new Error("crash");
      }
    }
    const root = supervisor({ maxRestarts: 3, children: [{ id: "crashing", start: () => new Crashing() }] });
    const run = await world.start({ root });
    const other = spawn(run, "other", () => void lives.other++);
    const crashing = run.system.whereis<Go>("crashing") as ActorRef<Go>;
    world.always("seen", () => void seen.add(`${lives.current}${lives.handled}${lives.other}`), {
      reads: [crashing, other],
    });
    crashing.tell(GO);
    other.tell(GO);
    await run.settle();
  });

  assert.ok(isComplete);
  for (const state of ["100", "110", "101", "111", "200", "201"])
    assert.ok(seen.has(state), `${state} in ${[...seen].join()}`);
});

/** Actors that send each other on, as they are told by a script. */
const scripts = fc.array(fc.array(fc.nat(3), { maxLength: 2 }), { minLength: 2, maxLength: 4 });

test("on generated programs a systematic exploration sees every state between turns that exists", {
  timeout: 300_000,
}, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(scripts, fc.boolean(), async (script, readsSome) => {
      const programSeeing =
        (states: Set<string>): Program =>
        async (world) => {
          const run = await world.start();
          const counts = script.map(() => 0);
          const refs: ActorRef<Go>[] = [];
          for (const [id, sends] of script.entries())
            refs.push(
              spawn(run, `p${id}`, async () => {
                if ((counts[id] as number)++ > 0) return;
                for (const to of sends) {
                  refs[to % refs.length]?.tell(GO);
                  await Promise.resolve();
                }
              }),
            );
          const read = readsSome ? [0, 1] : script.map((_, id) => id);
          world.always("seen", () => void states.add(read.map((id) => counts[id]).join()), {
            reads: read.map((id) => refs[id] as ActorRef<Go>),
          });
          for (const ref of refs.slice(0, 3)) ref.tell(GO);
          await run.settle();
        };
      const [found, all] = [new Set<string>(), new Set<string>()];
      const systematic = await new OrdersOf(programSeeing(found)).systematically(150);
      if (!systematic.isWhole) return;
      const exhaustive = await new OrdersOf(programSeeing(all)).withoutException(150);
      if (exhaustive.isWhole) compared++;
      assert.deepEqual(
        [...all].filter((state) => !found.has(state)),
        [],
      );
    }),
    { numRuns: 25, seed: 7 },
  );
  assert.ok(compared >= 5, `${compared} compared`);
});

test("a check that throws fails the run with what it threw; one that is asynchronous, and one that fails at once, are told", async () => {
  const failure = await failureOf({}, async (world) => {
    const counts = await countTwo(world);
    world.always("at most one", () => assert.equal(counts.left, 0));
    counts.refs[0]?.tell(GO);
    await counts.run.settle();
  });
  assert.match(violationOf(failure).message, /^always "at most one" does not hold after left took go: Expected values/);
  assert.ok(violationOf(failure).cause instanceof assert.AssertionError);

  const asynchronous = await failureOf({}, async (world) => world.always("later", async () => true));
  assert.match(asynchronous.message, /the check must be synchronous/);
  const atOnce = await failureOf({}, async (world) => world.always("never", () => false));
  assert.equal(violationOf(atOnce).message, 'always "never" does not hold when it was said');
});

test("after a violation nothing counts any more: what the program fails with then, and the turns of its end, are not told", async () => {
  const failure = await failureOf({ strategy: "random", runs: 3 }, async (world) => {
    const counts = await countTwo(world);
    world.always("left first", () => counts.left === 0);
    counts.refs[0]?.tell(GO);
    for (let n = 0; n < 20; n++) counts.refs[1]?.tell(GO);
    await counts.run.settle();
    throw new Error("something else");
  });

  assert.equal(violationOf(failure).invariant, "left first");
  assert.match(failure.report, /left took go \(the test\)\.$/m);
});

test("claims hold in the program, not while its systems stop", async () => {
  class Leaving extends Actor<Go> {
    readonly #leave: () => void;
    constructor(leave: () => void) {
      super();
      this.#leave = leave;
    }
    override handleMessage(): void {}
    override postStop(): void {
      this.#leave();
    }
  }
  const { isComplete } = await explore({}, async (world) => {
    const run = await world.start();
    let isThere = true;
    const leave = (): void => {
      isThere = false;
    };
    const one = run.system.spawn<Go>(() => new Leaving(leave), { id: "one" });
    world.always("it is there", () => isThere, { reads: [one] });
    one.tell(GO);
    await run.settle();
  });

  assert.ok(isComplete);
});

test("what must be seen at some time fails the exploration when no run saw it, and says whether every order was tried", async () => {
  const program =
    (seen: (left: number, right: number) => boolean): Program =>
    async (world) => {
      const counts = await countTwo(world);
      world.sometimes("seen", () => seen(counts.left, counts.right));
      for (const ref of counts.refs) ref.tell(GO);
      await counts.run.settle();
    };
  assert.ok(
    (
      await explore(
        {},
        program((left, right) => right > left),
      )
    ).isComplete,
  );
  assert.ok(
    (
      await explore(
        {},
        program((left) => left > 0),
      )
    ).isComplete,
  );
  await assert.rejects(
    explore(
      { strategy: "systematic" },
      program((left) => left > 1),
    ),
    (error: ViolationError) => {
      assert.equal(
        error.message,
        'sometimes "seen" does not hold after any turn of 2 runs, in which every order was tried',
      );
      assert.deepEqual([error.claim, error.invariant], ["sometimes", "seen"]);
      return true;
    },
  );
  await assert.rejects(
    explore(
      { strategy: "random", runs: 3 },
      program(() => false),
    ),
    /after any turn of 3 runs, in which not every order was tried/,
  );
});

test("a run of one schedule is not asked for what others may see", async () => {
  let schedule = "";
  const program: Program = async (world) => {
    const counts = await countTwo(world);
    world.sometimes("right first", () => counts.right > counts.left);
    for (const ref of counts.refs) ref.tell(GO);
    await counts.run.settle();
    await counts.run.stop();
    schedule ||= world.schedule;
  };
  await explore({}, program);

  await explore({ schedule }, program);
});

test("what must hold finally is looked at when nothing is left to happen, before the systems stop, and may ask", async () => {
  type Question = Ask<{ readonly type: "ask" }, number>;
  class Counting extends Actor<Go | Question> {
    #count = 0;
    override async handleMessage(message: Go | Question, context: ActorContext<Go | Question>): Promise<void> {
      if (message.type === "go") this.#count++;
      else {
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        context.reply(this.#count);
      }
    }
  }
  const program =
    (expected: number): Program =>
    async (world) => {
      const run = await world.start();
      const counting = run.system.spawn(() => new Counting());
      world.finally("all are counted", async () => (await counting.ask({ type: "ask" })) === expected);
      for (let n = 0; n < 3; n++) counting.tell(GO);
    };

  assert.ok((await explore({ strategy: "systematic" }, program(3))).runs >= 1);
  const failure = await failureOf({}, program(4));
  assert.equal(violationOf(failure).message, 'finally "all are counted" does not hold at the end');
});

test("a final check that waits for what nobody does is told with who waits for what", async () => {
  const failure = await failureOf({}, async (world) => {
    await world.start();
    world.finally("it comes", () => new Promise(() => {}));
  });
  assert.match(failure.message, /finally "it comes" does not hold at the end: it waits for what nobody will do/);
});

type Job = { readonly type: "job" } | Ask<{ readonly type: "done" }, number>;

/** Crashes by injection; whoever is asked again works on it in its next life, if `isRobust`. */
const recovering =
  (isRobust: boolean): Program =>
  async (world) => {
    class Worker extends Actor<Job> {
      #done = 0;
      override handleMessage(message: Job, context: ActorContext<Job>): void {
        if (message.type === "job") this.#done++;
        else context.reply(this.#done);
      }
    }
    const root = supervisor({
      maxRestarts: 1_000,
      children: [{ id: "worker", start: () => new Worker() }],
    });
    const run = await world.start({ root, crashes: [{ actor: "worker" }] });
    const worker = run.system.whereis<Job>("worker") as ActorRef<Job>;
    const send = (): void => {
      worker.tell({ type: "job" });
      if (isRobust) setTimeoutOf(run, send);
    };
    send();
    await run.advance(500);
    await world.recovers(
      "a job gets done",
      async () => (await worker.ask({ type: "done" }, { timeoutMs: 50 })) > 0,
      5_000,
    );
  };

/** A client that is no actor, in virtual time. */
function setTimeoutOf({ clock }: TestSystem, callback: () => void): void {
  clock.setTimer(callback, 100);
}

test("after faults have stopped a program must become well again within virtual time", async () => {
  await explore({ runs: 4 }, recovering(true));
  const failure = await failureOf({ runs: 4 }, recovering(false));

  const { claim, invariant, message } = violationOf(failure);
  assert.deepEqual([claim, invariant], ["recovers", "a job gets done"]);
  assert.match(message, /^recovers "a job gets done" does not hold within 5000 ms without faults/);
});

test("recovers stops the crashes of every system, also of those that start later, and says what its check threw last", async () => {
  await explore({ runs: 2, crashes: [{ at: "message" }] }, async (world) => {
    const [one, two] = [await world.start({ name: "one" }), await world.start({ name: "two" })];
    await world.recovers("at once", () => true);
    const three = await world.start({ name: "three" });
    let count = 0;
    for (const run of [one, two, three]) {
      spawn(run, "counting", () => void count++).tell(GO);
      await run.settle();
    }
    assert.equal(count, 3);
  });
  const failure = await failureOf({}, async (world) => {
    const run = await world.start();
    run.clock.setTimer(() => {}, 100);
    run.clock.setTimer(() => {}, 10_000);
    await world.recovers("never", () => assert.fail(`at ${run.clock.now()}`), 200);
  });
  assert.match(failure.message, /recovers "never" does not hold within 200 ms without faults: at 100/);
});

type RegisterMessage =
  | { readonly type: "write"; readonly to: number }
  | Ask<{ readonly type: "read" }, number>
  | Ask<{ readonly type: "swap"; readonly to: number }, number>;

interface RegisterClient {
  readonly type: "go";
}

/** A register whose `read` answers at once, or, when it is lazy, what it was before the last write. */
class Register extends Actor<RegisterMessage> {
  readonly #isLazy: boolean;
  #value = 0;
  #before = 0;
  constructor(isLazy: boolean) {
    super();
    this.#isLazy = isLazy;
  }
  override handleMessage(message: RegisterMessage, context: ActorContext<RegisterMessage>): void {
    if (message.type === "read") context.reply(this.#isLazy ? this.#before : this.#value);
    else {
      this.#before = this.#value;
      this.#value = message.to;
      if (message.type === "swap") context.reply(this.#before);
    }
  }
}

const MODEL = {
  value: 0,
  write({ to }: { readonly to: number }) {
    this.value = to;
  },
  read() {
    return this.value;
  },
  swap({ to }: { readonly to: number }) {
    const { value } = this;
    this.value = to;
    return value;
  },
};

const register =
  (isLazy: boolean, clients: readonly (readonly RegisterMessage[])[]): Program =>
  async (world) => {
    const run = await world.start();
    const one = run.system.spawn(() => new Register(isLazy), { id: "register" });
    world.linearizable(one, MODEL);
    for (const [id, messages] of clients.entries())
      run.system
        .spawn<RegisterClient>(
          () =>
            new Doing(async () => {
              for (const message of messages)
                if (message.type === "write") one.tell(message);
                else await one.ask(message as Ask<{ readonly type: "read" }, number>);
            }),
          { id: `client${id}` },
        )
        .tell(GO);
    await run.settle();
  };

const READ = { type: "read" } as const;
const swap = (to: number): RegisterMessage => ({ type: "swap", to });

test("an actor that answers as a plain object would is linearizable in every order", async () => {
  const { isComplete, runs } = await explore(
    { strategy: "systematic" },
    register(false, [[swap(1), READ], [swap(2), READ], [{ type: "write", to: 3 }]]),
  );
  assert.ok(isComplete);
  assert.ok(runs > 1);
});

test("an answer that no order explains is told with the operations that led to it", async () => {
  const failure = await failureOf({}, register(true, [[swap(1), READ]]));

  const { claim, invariant, message } = violationOf(failure);
  assert.deepEqual([claim, invariant], ["linearizable", "register"]);
  assert.match(
    message,
    /^linearizable "register" does not hold as no order of its operations explains client0's answer/,
  );
  assert.match(message, /1–2 client0: .*swap.* → 0; 3–4 client0: .*read.* → 0/);
});

test("whether an answer came before another question was asked is tried either way", async () => {
  // Who reads lazily is wrong only after the answer of another client.
  const failure = await failureOf({ strategy: "systematic" }, register(true, [[swap(1)], [READ]]));

  assert.match(violationOf(failure).message, /explains client1's answer/);
  assert.ok(failure.races.length > 0);
});

class Failing extends Actor<RegisterMessage> {
  #count = 0;
  override handleMessage(message: RegisterMessage, context: ActorContext<RegisterMessage>): void {
    this.#count++;
    if (message.type === "swap") context.deferReply().fail(new Error("refused"));
    else if (message.type === "read") context.reply(this.#count);
    else if (message.to === 9) throw new Error("crash");
    else context.self.tell({ type: "write", to: 9 });
  }
}

/** Asks in turn, whatever comes of it. */
async function askAll(run: TestSystem, actor: ActorRef<RegisterMessage>, messages: readonly object[]): Promise<void> {
  for (const message of messages) await run.until(actor.ask(message as typeof READ, { timeoutMs: 10 })).catch(() => {});
}

test("an answer that rejects stands for a method that throws, and what is not answered may have had its effect or not", async () => {
  const program =
    (model: object, messages: readonly object[]): Program =>
    async (world) => {
      const run = await world.start();
      const one = run.system.spawn(() => new Failing(), { id: "failing" });
      world.linearizable(one, model);
      await askAll(run, one, messages);
    };
  const counting = {
    count: 0,
    read(): number {
      this.count++;
      return this.count;
    },
    write(): void {
      this.count++;
    },
    swap(): void {
      this.count++;
      throw new Error("refused");
    },
  };
  await explore({ runs: 2 }, program(counting, [READ, swap(1), READ]));
  await explore({ runs: 2 }, program(counting, [READ, { type: "write", to: 1 }]));
  await failureOf({ runs: 2 }, program({ ...counting, swap: () => 1 }, [READ, swap(1)]));
  const noMethod = await failureOf({ runs: 2 }, program({ read: () => 1 }, [READ, swap(1)]));
  assert.match(noMethod.message, /linearizable: the model of failing has no method swap/);
});

test("models that are none, and a second one of an actor, are refused", async () => {
  const refusal = async (model: unknown): Promise<string> =>
    (
      await failureOf({ runs: 1 }, async (world) => {
        const run = await world.start();
        const one = run.system.spawn(() => new Register(false));
        world.linearizable(one, MODEL);
        world.linearizable(
          run.system.spawn(() => new Register(false)),
          model as typeof MODEL,
        );
        world.linearizable(one, MODEL);
      })
    ).message;

  assert.match(await refusal(5), /the model must be an object, got a number/);
  assert.match(await refusal({ value: 0 }), /must have a method for each type of message/);
  assert.match(await refusal({ state: { f: () => 1 }, read: () => 1 }), /the fields of the model cannot be copied/);
  assert.match(await refusal(MODEL), /has a model already/);
});

test("claims with faulty names, checks or options are refused with every fault", async () => {
  const refused = async (claim: (world: World) => unknown, fault: RegExp): Promise<void> => {
    assert.match((await failureOf({ runs: 1 }, async (world) => void (await claim(world)))).message, fault);
  };
  await refused(
    (world) => world.always("", 5 as never, { reads: 3 as never }),
    /name must be text, got ""; check must be a function, got 5; reads must be a list, got 3/,
  );
  await refused(
    (world) => world.sometimes("a", () => true, { reads: [{} as never] }),
    /reads must have refs and shared objects/,
  );
  await refused((world) => world.finally("a", undefined as never), /finally: check must be a function/);
  await refused((world) => world.recovers("a", () => true, -1), /recovers: withinMs must be/);
  await refused((world) => {
    world.always("a", () => true);
    world.sometimes("a", () => true);
  }, /there is another "a"/);
});
