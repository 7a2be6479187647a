// Explorations: every order that matters is tried, what decides is named, and what was found is found again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { Session } from "node:inspector";
import { test } from "node:test";
import { type ActorRef, type Ask, supervisor } from "airssys-rt";
import {
  ExplorationError,
  type ExplorationReport,
  type ExploreOptions,
  explore,
  ScheduleError,
  TestSystem,
  UnsettledError,
} from "airssys-rt/testing";
import fc from "fast-check";
import { type Action, KINDS, programOf, scripts, WornOut } from "./generated-programs.ts";
import { OrdersOf } from "./orders.ts";
import {
  askEachOther,
  expiredLease,
  GO,
  type Go,
  jobBeforeConfig,
  lostUpdate,
  manySenders,
  noisyJobBeforeConfig,
  noisyStaleCache,
  type Program,
  Scripted,
  spawn,
  staleCache,
} from "./racy-programs.ts";

async function failureOf(options: ExploreOptions, program: Program): Promise<ExplorationError> {
  const failure: unknown = await explore(options, program).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(failure instanceof ExplorationError, String(failure));
  return failure;
}

/** The same program, whatever it comes to. */
function quiet(program: Program): Program {
  return async (world) => {
    await program(world).catch(() => {});
  };
}

const runOf = ({ message }: ExplorationError): number => Number(/in run (\d+) of/.exec(message)?.[1]);

// The most that a prototype needed: until the first failure, and to try everything; and how many orders there are at least, of our
// versions of its programs.
const PROGRAMS: readonly (readonly [name: string, Program, first: number, complete: number, distinct: number])[] = [
  ["lost update", lostUpdate, 2, 11, 6],
  ["job before config", jobBeforeConfig, 2, 2, 2],
  ["stale cache fill", staleCache, 4, 5, 4],
  ["two asks deadlock", askEachOther, 2, 2, 2],
  ["lease expires, file opened twice", expiredLease, 10, 126, 28],
  ["job before config, 4 noisy actors", noisyJobBeforeConfig, 2, 2, 2],
  ["stale cache fill, 4 noisy actors", noisyStaleCache, 4, 5, 4],
];

for (const [name, program, first, complete, distinct] of PROGRAMS) {
  test(`${name}: fails in run ${first} at the latest, and every order is tried in ${complete} runs`, async () => {
    assert.ok(runOf(await failureOf({ strategy: "systematic" }, program)) <= first);

    const report = await explore({ strategy: "systematic" }, quiet(program));

    assert.ok(report.isComplete, report.obstacles.join());
    assert.ok(report.runs <= complete, `${report.runs} runs`);
    assert.ok(report.distinct >= distinct, `${report.distinct} orders`);
    assert.ok(report.coverage.lastNewRun <= report.runs);
  });

  test(`${name}: 500 random runs see no order that trying every order missed`, async () => {
    const orders = new OrdersOf(quiet(program));
    const { signatures } = await orders.systematically(200);

    for (const seen of (await orders.atRandom(500)).signatures) assert.ok(signatures.has(seen));
  });
}

test("a failure names the races that decide, in the words of the program", async () => {
  const { races, message } = await failureOf({}, jobBeforeConfig);
  assert.deepEqual(
    races.map(({ text }) => text),
    ["`relay2`'s `job` reaches `worker` before `configurer`'s `config`"],
  );
  assert.deepEqual(races[0]?.first, { actor: "relay2", type: "job" });
  assert.match(message, /It fails when `relay2`'s `job` reaches `worker` before `configurer`'s `config`\./);

  const lease = await failureOf({ strategy: "systematic" }, expiredLease);
  assert.ok(
    lease.races.some(({ on, isSend }) => on === "lock" && isSend),
    lease.message,
  );
});

test("a failure is told by one actor that is slow, or by no more turns out of turn than the races it names and one", async () => {
  for (const program of [jobBeforeConfig, staleCache, expiredLease, noisyJobBeforeConfig, noisyStaleCache]) {
    const { schedule, races, slowest, message } = await failureOf({ strategy: "systematic" }, program);
    const outOfTurn = await new OrdersOf(program).outOfTurn(schedule);

    assert.ok(races.length > 0);
    assert.ok(slowest.length > 0 || outOfTurn <= races.length + 1, `${outOfTurn} out of turn, ${races.length} races`);
    for (const actor of slowest) assert.match(message, new RegExp(`whenever .*\`${actor}\`.* held back`));
  }
});

test("a random failure is made short, and its races and the actors that are slow in it are named", async () => {
  const failure = await failureOf({ strategy: "random", runs: 500 }, noisyStaleCache);

  assert.deepEqual([...new Set(failure.races.map(({ on }) => on))], ["cache"]);
  assert.deepEqual(failure.slowest, ["db"]);
});

const GENERATED = 25;
const MOST_ORDERS = 600;

for (const [what, kinds] of KINDS) {
  test(`${what}: on ${GENERATED} generated programs the orders found are those of a search that leaves nothing out`, async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(scripts(kinds, 3), async (generated) => {
        const orders = new OrdersOf(programOf(generated));
        const every = await orders.withoutException(MOST_ORDERS).catch((error: unknown) => {
          if (error instanceof WornOut) return undefined;
          throw error;
        });
        if (every?.isWhole !== true) return;
        const found = await orders.systematically(MOST_ORDERS);
        compared++;

        assert.ok(found.isWhole);
        assert.deepEqual([...found.signatures].sort(), [...every.signatures].sort());
      }),
      { numRuns: GENERATED, seed: 1_973 },
    );
    assert.ok(compared > GENERATED / 2, `${compared} could be compared`);
  });
}

const tell = (to: number): Action => ({ do: "tell", to });
const plain = { capacity: undefined, traps: false, name: false };

test("programs with more orders than can all be compared: random runs see none that was missed", async () => {
  const racing = [
    { ...plain, reactions: [[tell(3)], [tell(3)]] },
    { ...plain, reactions: [[tell(3)], [{ do: "kill", to: 3 } as const]] },
    { ...plain, traps: true, reactions: [[{ do: "link", to: 3 } as const, tell(3)]] },
    { ...plain, capacity: 1, name: true, reactions: [[tell(0)], [{ do: "stash" } as const, tell(1)]] },
  ];
  const orders = new OrdersOf(programOf(racing));
  const { signatures, isWhole } = await orders.systematically(20_000);

  assert.ok(isWhole);
  for (const seen of (await orders.atRandom(400)).signatures) assert.ok(signatures.has(seen));
});

test("the schedule of a failure replays it, and says the same", async () => {
  for (const strategy of ["systematic", "random"] as const) {
    const failure = await failureOf({ strategy, runs: 500 }, expiredLease);

    const again = await failureOf({ schedule: failure.schedule }, expiredLease);

    assert.deepEqual(again.lastTurns, failure.lastTurns);
    assert.equal(again.schedule, failure.schedule);
  }
});

test("a failure says with which line a terminal replays it, and the environment's schedule is the only run", async () => {
  const failure = await failureOf({}, jobBeforeConfig);
  const [, line] = /^Replay it: (.*)$/m.exec(failure.message) ?? [];
  assert.match(line ?? "", /^AIRSSYS_SCHEDULE=v1:[\w-]+@[\w.]+:\d+(#\d+)? node( --test)? .*explore\.test\.ts$/);
  assert.match(failure.message, /^On Windows: \$env:AIRSSYS_SCHEDULE="v1:[\w-]+@[\w.]+:\d+(#\d+)?"; node/m);

  process.env["AIRSSYS_SCHEDULE"] = failure.schedule;
  try {
    let runs = 0;
    const again = await failureOf({ runs: 50 }, (world) => {
      runs++;
      return jobBeforeConfig(world);
    });
    assert.equal(runs, 1);
    assert.equal(again.schedule, failure.schedule);
  } finally {
    delete process.env["AIRSSYS_SCHEDULE"];
  }
});

test("a schedule of another program says from which turn on it does not fit", async () => {
  const { schedule } = await failureOf({}, noisyJobBeforeConfig);

  await assert.rejects(explore({ schedule }, quiet(jobBeforeConfig)), (error: unknown) => {
    assert.ok(error instanceof ScheduleError);
    assert.equal(error.code, "ERR_SCHEDULE");
    assert.match(
      error.message,
      /does not fit this program from turn 1 on: it chooses among \d+ actors, and \d+ are ready/,
    );
    return true;
  });
});

test("a program that does not do the same again is told, with the first turn that differs, and never called complete", async () => {
  let count = 0;
  const report = await explore({ runs: 20 }, async (world) => {
    const run = await world.start();
    const sink = spawn<{ readonly type: string }>(run, "sink", () => {});
    spawn<Go>(run, "source", () => void sink.tell({ type: `message ${count++}` })).tell(GO);
    await run.settle();
  });

  assert.equal(report.isComplete, false);
  assert.equal(report.runs, 20);
  assert.match(
    report.obstacles.join(),
    /does not do the same again: turn 3 was "sink took message 0 from source", then "sink took message 1 from source"/,
  );
});

test("a program that waits for real input, output or time is told, and never called complete", async () => {
  const report = await explore({ runs: 4 }, async (world) => {
    const run = await world.start();
    const sink = spawn<Go>(run, "sink", () => {});
    await new Promise((resolve) => setTimeout(resolve, 30));
    sink.tell(GO);
    await run.settle();
  });

  assert.equal(report.isComplete, false);
  assert.match(report.obstacles.join(), /real input, output or time \(Timeout\)/);
});

test("where globals are real, a handler that reads the machine's clock or chance, or sets a timer, is told; the test itself may", async () => {
  const { now } = Date;
  const reading =
    (read: () => unknown): Program =>
    async (world) => {
      const run = await world.start({ globals: "real" });
      read();
      spawn<Go>(run, "reader", () => void read()).tell(GO);
      await run.settle();
    };
  const readings: readonly (readonly [name: string, () => unknown])[] = [
    ["Date.now", () => Date.now()],
    ["new Date", () => new Date()],
    ["performance.now", () => performance.now()],
    ["Math.random", () => Math.random()],
    ["crypto.randomUUID", () => crypto.randomUUID()],
  ];
  for (const [name, read] of readings) {
    const { isComplete, obstacles } = await explore({ strategy: "systematic" }, reading(read));
    assert.equal(isComplete, false);
    assert.deepEqual(obstacles, [`the machine's own clock or chance (${name})`]);
  }
  assert.ok(
    (
      await explore(
        {},
        reading(() => new Date(0)),
      )
    ).isComplete,
  );
  assert.equal(Date.now, now);

  const { obstacles } = await explore({ strategy: "systematic" }, async (world) => {
    const run = await world.start({ globals: "real" });
    spawn<Go>(run, "sleeper", () => new Promise((resolve) => setTimeout(resolve, 300))).tell(GO);
    await run.settle();
  });
  assert.deepEqual(obstacles, ["real input, output or time (Timeout)"]);
});

test("more than one system, messages that are shared, and crashes by chance are named as what was not ordered", async () => {
  const obstaclesOf = async (program: Program, options: ExploreOptions = {}): Promise<readonly string[]> => {
    const report: ExplorationReport = await explore({ runs: 2, ...options }, program);
    assert.equal(report.isComplete, false);
    return report.obstacles;
  };

  const two = await obstaclesOf(async (world) => {
    await world.start({ name: "one" });
    await world.start({ name: "two" });
  });
  const shared = await obstaclesOf(async (world) => void (await world.start({ freezeMessages: false })));
  const chance = await obstaclesOf(async (world) => void (await world.start()), { crashes: [{ chance: 0.001 }] });

  assert.match(two.join(), /more than one system/);
  assert.match(shared.join(), /messages that are not frozen, and no shared object is declared/);
  assert.match(chance.join(), /crashes that chance/);
});

test("a system that is started once the one before has ended is explored as that was", async () => {
  const { runs, isComplete, obstacles } = await explore({ strategy: "systematic" }, async (world) => {
    for (const name of ["one", "two"]) {
      const run = await world.start({ name });
      const sink = spawn<Go>(run, "sink", () => {});
      for (const id of ["left", "right"]) spawn<Go>(run, id, () => void sink.tell(GO)).tell(GO);
      await run.settle();
      await run.stop();
    }
  });

  assert.deepEqual([isComplete, obstacles], [true, []]);
  // Two orders of each.
  assert.equal(runs, 4);
});

test("what actors share besides messages is tried in every order once it is declared", async () => {
  const program =
    (isDeclared: boolean): Program =>
    async (world) => {
      const run = await world.start({ root: supervisor({ children: [] as never[] }) });
      const last: string[] = [];
      const shared = isDeclared ? world.shared("last") : undefined;
      for (const id of ["left", "right"])
        spawn<Go>(run, id, () => {
          shared?.write();
          last.push(id);
        }).tell(GO);
      await run.settle();
      assert.deepEqual(last, ["left", "right"]);
    };

  const { isComplete } = await explore({}, program(false));
  const failure = await failureOf({}, program(true));

  assert.ok(isComplete);
  assert.match(
    failure.message,
    /It fails when `right`'s turn on `go` comes before `left`'s turn on `go`: both concern `the shared last`/,
  );
});

test("the environment says how many runs are made, and how; nonsense in it is refused", async () => {
  process.env["AIRSSYS_EXPLORE"] = "runs=7;strategy=random";
  try {
    const { runs, isComplete } = await explore({ runs: 3, strategy: "systematic" }, quiet(expiredLease));
    assert.deepEqual({ runs, isComplete }, { runs: 7, isComplete: false });

    process.env["AIRSSYS_EXPLORE"] = "runs=many;stratgy=random";
    await assert.rejects(explore({}, quiet(expiredLease)), (error: { readonly faults?: readonly string[] }) => {
      assert.equal(error.faults?.length, 2);
      return true;
    });
  } finally {
    delete process.env["AIRSSYS_EXPLORE"];
  }
});

test("a debugger stops in the handler of the turn that AIRSSYS_STOP_AT names, and in no other", async () => {
  const session = new Session();
  session.connect();
  let stops = 0;
  let stoodIn = "";
  session.on("Debugger.paused", ({ params }) => {
    stops++;
    stoodIn = params.callFrames[0]?.functionName ?? "";
  });
  session.post("Debugger.enable");
  process.env["AIRSSYS_STOP_AT"] = "3";
  try {
    const { schedule } = await failureOf({}, lostUpdate);
    stops = 0;
    await failureOf({ schedule }, lostUpdate);
    assert.equal(stops, 1);
    assert.equal(stoodIn, "handleMessage");

    process.env["AIRSSYS_STOP_AT"] = "none";
    await assert.rejects(explore({ schedule }, lostUpdate), { code: "ERR_INVALID_ARGUMENT" });
  } finally {
    delete process.env["AIRSSYS_STOP_AT"];
    session.disconnect();
  }
});

test("half of the runs are systematic, and the rest is random, unless everything was tried before", async () => {
  const seeds: number[] = [];

  const report = await explore({ runs: 40, firstSeed: 5 }, (world) => {
    seeds.push(world.seed);
    return manySenders(world);
  });

  assert.equal(report.runs, 40);
  assert.equal(report.isComplete, false);
  // The first run is made twice.
  assert.deepEqual(
    seeds.slice(0, 21),
    Array.from({ length: 21 }, () => 5),
  );
  assert.deepEqual(
    seeds.slice(21),
    Array.from({ length: 20 }, (_, n) => 5 + n),
  );

  const whole = await explore({ strategy: "systematic", runs: 2_000 }, manySenders);
  assert.deepEqual([whole.runs, whole.distinct, whole.isComplete], [720, 720, true]);
});

test("the pairs of messages that were seen one after the other are told", async () => {
  const { coverage } = await explore({}, quiet(jobBeforeConfig));

  assert.deepEqual(
    coverage.pairs.map(({ recipient, first, second }) => `${recipient}: ${second} after ${first}`),
    ["worker: job after config", "worker: config after job"],
  );
});

test("a question that nobody answers does not hang: who waits for whom is said", async () => {
  const { cause, message } = await failureOf({}, async (world) => {
    const run = await world.start();
    const bank = spawn<Go>(run, "bank", () => new Promise(() => {}));
    const shop = spawn<Ask<Go, string>>(run, "shop", async () => {
      await (bank as never as { ask(message: Go): Promise<unknown> }).ask(GO);
    });
    bank.tell(GO);
    await shop.ask(GO);
  });

  assert.ok(cause instanceof UnsettledError);
  assert.deepEqual(cause.waits, [
    "the test waits, for 5000 ms at most, until shop answers go",
    "bank handles go and waits for a promise that has not settled and has go in its queue",
    "shop handles go and waits, for 5000 ms at most, until bank answers go",
  ]);
  assert.match(message, /virtual time passes only when the test lets it: the test waits/);
});

test("a promise that nobody settles does not hang either", async () => {
  const { cause } = await failureOf({}, () => new Promise(() => {}));

  assert.ok(cause instanceof UnsettledError);
  assert.deepEqual(cause.waits, []);
});

test("a program that never rests is given up although nobody waits for its rest, with what it is busy with", async () => {
  const { cause } = await failureOf({ runs: 2 }, async (world) => {
    const run = await world.start({ turnLimit: 300 });
    const mute = spawn<Ask<Go, string>>(run, "mute", () => new Promise(() => {}));
    spawn<Go>(run, "dizzy", (_message, { self }) => void self.tell(GO)).tell(GO);
    await mute.ask(GO);
  });

  assert.ok(cause instanceof UnsettledError);
  assert.deepEqual(cause.actors, ["test/dizzy"]);
  assert.ok(cause.waits.includes("mute handles go and waits for a promise that has not settled"), cause.waits.join());
});

test("until lets virtual time pass until a promise settles, and no longer", async () => {
  await using run = await TestSystem.start();
  const after = (ms: number, value: string): Promise<string> =>
    new Promise((resolve) => void run.clock.setTimer(() => resolve(value), ms));

  assert.equal(await run.until(after(90_000, "late")), "late");
  assert.equal(run.clock.monotonicMs(), 90_000);
  await assert.rejects(run.until(Promise.reject(new Error("no"))), /^Error: no$/);
  await assert.rejects(run.until(after(20_000, "too late"), 10_000), { code: "ERR_UNSETTLED" });
  assert.equal(run.clock.monotonicMs(), 90_000);
  await assert.rejects(run.until(new Promise(() => {})), { code: "ERR_UNSETTLED" });
  await assert.rejects(run.until("now" as never, -1), { code: "ERR_INVALID_ARGUMENT" });
});

test("until says who waits for what", async () => {
  await using run = await TestSystem.start();
  const mute = spawn<Ask<Go, string>>(run, "mute", () => new Promise(() => {}));
  spawn<Go>(run, "patient", async () => {
    await mute.ask(GO, { timeoutMs: 50_000 });
  }).tell(GO);

  await assert.rejects(run.until(new Promise(() => {}), 1_000), {
    waits: [
      "mute handles go and waits for a promise that has not settled",
      "patient handles go and waits, for 50000 ms at most, until mute answers go",
    ],
  });
});

test("a failure tells what was taken last, with senders, and where a run that passed goes another way", async () => {
  const { report, message } = await failureOf({}, jobBeforeConfig);

  assert.match(
    report,
    /^What was taken last: configurer took go \(the test\); relay1 took go \(the test\); relay2 took go \(relay1\); worker took job \(relay2\), config \(configurer\)\.|worker took job \(relay2\)/,
  );
  assert.match(report, /A run that passed is the same up to turn \d+; then ".*", and here ".*"\./);
  assert.ok(message.includes(report));
});

test("a failure tells crashes, restarts, messages that reached nobody, late answers and queues", async () => {
  const { report } = await failureOf({}, async (world) => {
    const run = await world.start({
      root: supervisor({
        children: [
          {
            id: "rates",
            restart: "temporary",
            start: () => new Scripted<Go>(() => Promise.reject(new RangeError("0"))),
          },
        ],
      }),
    });
    const rates = run.system.whereis<Go>("rates") as ActorRef<Go>;
    rates.tell(GO);
    await run.settle();
    rates.tell(GO);
    const ports: unknown[] = [];
    const mute = spawn<Ask<Go, string>>(run, "mute", (_message, context) => void ports.push(context.deferReply()));
    const asking = mute.ask(GO, { timeoutMs: 20 }).catch(() => {});
    await run.advance(20);
    await asking;
    const slow = spawn<Go>(run, "slow", () => new Promise(() => {}));
    for (let n = 0; n < 8; n++) slow.tell(GO);
    spawn<Go>(run, "later", (_message, context) => context.stash()).tell(GO);
    await run.settle();
    assert.fail("at last");
  });

  assert.match(report, /rates crashed on go: RangeError: 0; it is temporary and not restarted\./);
  assert.match(report, /go of the test did not reach rates: it had ended\./);
  assert.match(report, /the test asked mute go and gave up after 20 ms: mute took it, and never used its reply port\./);
  assert.match(
    report,
    /slow handles go and waits for a promise that has not settled and has go, go, go, go, go and 2 more in its queue/,
  );
  assert.match(report, /Left behind: later has still set aside go/);
});

test("where the first run fails, one that passes is looked for, and the races between the two are named", async () => {
  const raced = await failureOf({}, lostUpdate);
  assert.equal(runOf(raced), 1);
  assert.deepEqual(
    raced.races.map(({ on }) => on),
    ["store"],
  );
  assert.match(raced.report, /A run that passed is the same up to turn \d+/);

  const always = await failureOf({}, async (world) => {
    await expiredLease(world).catch(() => {});
    assert.fail("whatever happens");
  });
  assert.deepEqual(always.races, []);
  assert.match(always.message, /It fails in each of the 11 orders that were tried\./);
});

test("a name that was looked for too early is told", async () => {
  const { report } = await failureOf({}, async (world) => {
    const run = await world.start();
    spawn<Go>(run, "early", (_message, context) => void context.whereis("audit")).tell(GO);
    await run.settle();
    run.system.spawn(() => new Scripted<Go>(() => {}), { name: "audit" });
    assert.fail("at last");
  });

  assert.match(report, /early looked for audit before it was there, and found nobody\./);
});

test("what a program leaves behind is a warning, unless the test looks at dead letters itself", async () => {
  const leaves =
    (looks: boolean): Program =>
    async (world) => {
      const run = await world.start();
      const gone = spawn<Go>(run, "gone", (_message, context) => context.stop());
      gone.tell(GO);
      await run.settle();
      gone.tell(GO);
      const owing = spawn<Ask<Go, string>>(run, "owing", (_message, context) => void context.deferReply());
      owing.ask(GO).catch(() => {});
      spawn<Go>(run, "keeper", (_message, context) => context.stash()).tell(GO);
      await run.settle();
      if (looks) assert.equal(run.eventsOf("deadLetter").length, 1);
    };

  assert.deepEqual((await explore({}, leaves(false))).warnings, [
    "keeper has still set aside go",
    "owing owes the test an answer to go",
    "go of the test did not reach gone: it had ended",
  ]);
  assert.deepEqual((await explore({}, leaves(true))).warnings, [
    "keeper has still set aside go",
    "owing owes the test an answer to go",
  ]);
});

test("a run that is too large to be searched is told, and random runs follow", async () => {
  const report = await explore({ runs: 3 }, async (world) => {
    const run = await world.start();
    let left = 10_500;
    for (const id of ["left", "right"])
      spawn<Go>(run, id, (_message, { self }) => void (left-- > 0 && self.tell(GO))).tell(GO);
    await run.settle();
    left = 10_500;
    run.system.whereis<Go>("left")?.tell(GO);
    await run.settle();
  });

  assert.equal(report.runs, 3);
  assert.equal(report.isComplete, false);
  assert.match(report.obstacles.join(), /runs that are too large, as of more than 20000 turns/);
});

test("what is drawn by chance is tried with other seeds too, and never called complete", async () => {
  const report = await explore({ runs: 10 }, async (world) => {
    await world.start();
    assert.ok(world.random.next() < 1);
  });

  assert.equal(report.runs, 10);
  assert.equal(report.isComplete, false);
  assert.match(report.obstacles.join(), /drawn by chance/);
});

test("a program that is not asynchronous is explored all the same", async () => {
  assert.equal((await explore({}, (() => {}) as never)).isComplete, true);
});

test("two processes take the same schedule, turn by turn", async () => {
  const program = new URL("racy-programs.ts", import.meta.url).href;
  const code = `
    const { explore } = await import("airssys-rt/testing");
    const { expiredLease } = await import(${JSON.stringify(program)});
    for (const strategy of ["systematic", "random"])
      await explore({ strategy, runs: 500 }, expiredLease).catch((error) =>
        console.log(error.schedule, error.report, error.lastTurns.join(), error.races.map(({ text }) => text).join()));`;
  const outputs = [1, 2].map(() => {
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
      encoding: "utf8",
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_NO_WARNINGS: "1" },
    });
    assert.equal(stderr, "");
    return stdout;
  });

  assert.match(String(outputs[0]), /^v1:/);
  assert.equal(outputs[1], outputs[0]);
});

test("each version of Node takes the same schedules, turn by turn: what they come to was written down on one of them", async () => {
  const found: string[][] = [];
  for (const strategy of ["systematic", "random"] as const)
    for (const program of [expiredLease, noisyStaleCache]) {
      const { schedule, report, lastTurns } = await failureOf({ strategy, runs: 500 }, program);
      const log = createHash("sha256").update(`${report}\n${lastTurns.join()}`).digest("hex");
      found.push([schedule, log.slice(0, 16)]);
    }

  assert.deepEqual(found, [
    ["v1:AgEQFAoECAIAAgYEAgYECAIAAj7Z", "8174249da6c30e12"],
    [
      "v1:AgE_YGJkZlpGOQAyJh4gIiQmICIkJh8AICIkJhweFBYYGhIKDA4QCgwOEAoMDhAKDA4QCgwOEAoMDhAKDA4QCgQASb0",
      "a3d162273fbbcced",
    ],
    ["v1:FAEQGBAGCgYBAAIGBAkAAAIAAmFx", "6e223ef438b2a518"],
    [
      "v1:AgE-YFpOVDpAREI8Ni8ANB8AJCYgIhweGBoUFhIOEAoMDhAKDA4QCgwOEAoMDhAKDA4QCgwOEAoMDhAKDAYIBACtPg",
      "65cd3024163d2b6e",
    ],
  ]);
});
