// The Actor view: which rows it has of an actor, what it says first, and when it asks the program.
import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import type { ActorRow, Details } from "airssys-rt/inspect";
import { CloseUp, type Look } from "../../extension/src/actor/close-up.ts";
import type { Entry } from "../../extension/src/actor/entry.ts";
import { sectionsOf, sentenceOf } from "../../extension/src/actor/sections.ts";
import { partEntries } from "../../extension/src/actor/state-entries.ts";
import type { Request } from "../../extension/src/inspect/session.ts";
import { RequestError } from "../../extension/src/inspect/session.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram } from "../../extension/src/programs/node.ts";
import { actor, snapshot, supervisor } from "./rows.ts";

const PATH = "desk/orders";

function programWith(row: Partial<ActorRow>, change: Partial<LiveProgram> = {}): LiveProgram {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot([supervisor("desk"), actor(PATH, 0, row), actor("desk/ledger", 1)]));
  return {
    id: "main",
    title: "main.ts",
    detail: "",
    tree,
    can: () => true,
    request: () => Promise.resolve(),
    ...change,
  };
}

interface Scene {
  readonly row?: Partial<ActorRow>;
  readonly details?: Partial<Details> | undefined;
  readonly program?: Partial<LiveProgram>;
  readonly look?: Partial<Look>;
  readonly now?: number;
}

function lookAt({ row = {}, details = {}, program = {}, look = {} }: Scene): Look {
  const live = programWith(row, program);
  return {
    ...{ program: live, key: PATH, row: live.tree.row(PATH), at: 0, isWaiting: false, refusal: undefined },
    details: { incarnation: 1, tookMs: 1, ...details },
    ...look,
  };
}

const rows = (entries: readonly Entry[]): string[] =>
  entries.map(({ label, description }) => `${label} ${description}`.trim());
const sections = (scene: Scene): readonly Entry[] => sectionsOf(lookAt(scene), scene.now ?? 0);
const says = (scene: Scene): string => sentenceOf(lookAt(scene), scene.now ?? 0);
function below(scene: Scene, label: string): readonly Entry[] {
  return sections(scene).find((entry) => entry.label === label)?.children ?? [];
}

const letter = (n: number) => ({ messageType: "place", sender: "desk/gateway", ageMs: 1_800, text: `{n: ${n}}` });

suite("the sections of the Actor view", () => {
  test("are those that hold something, trouble in colour", () => {
    const entries = sections({
      row: {
        mailbox: { depth: 180, capacity: 1_000, overflow: "reject", oldestMs: 1_800 },
        waitsFor: [{ key: "desk/ledger", path: "desk/ledger", messageType: "append", sinceMs: 2_300 }],
      },
      details: {
        incarnation: 3,
        state: { total: 1, from: 0, items: [{ name: "#records", text: "Map(42)", isOpen: true }] },
        mailbox: { total: 180, items: Array.from({ length: 100 }, (_, n) => letter(n)) },
        setAside: { total: 3, items: [letter(1), letter(2), letter(3)] },
        ties: {
          total: 2,
          items: [
            { kind: "link", key: "k", path: "desk/inventory" },
            { kind: "watchedBy", key: "k", path: "desk/dispatch" },
          ],
        },
        timers: { total: 1, items: [{ name: "flush", messageType: "flush", dueMs: 800, periodMs: 1_000 }] },
        lives: { livesMs: 41_000, ends: [] },
        recent: [],
        settings: [{ name: "restart", text: "permanent", origin: "default" }],
      },
    });

    assert.deepEqual(rows(entries), [
      "State Worker",
      "Waits for 1, longest 2.3 s",
      "Mailbox 180 of 1,000 · lag 1.8 s",
      "Set aside 3",
      "Links 1 · 1 monitor",
      "Timers 1 · next in 800 ms",
      "Lives this is the 3rd",
      "Latency counted while this is open",
      "Settings as by default",
    ]);
    assert.deepEqual(
      entries.filter(({ tone }) => tone === "warning").map(({ label }) => label),
      ["Waits for"],
    );
    assert.deepEqual(
      entries.filter(({ expands }) => expands === "open").map(({ label }) => label),
      ["State", "Waits for", "Mailbox", "Links", "Lives", "Latency"],
    );
    assert.equal(entries[2]?.spoken, "Mailbox, 180 messages wait, the oldest for 1.8 s");
  });

  test("are few while nothing is the matter", () => {
    const details = {
      state: { total: 0, from: 0, items: [] },
      mailbox: { total: 0, items: [] },
      setAside: { total: 0, items: [] },
      ties: { total: 0, items: [] },
      timers: { total: 0, items: [] },
      lives: { livesMs: 5, ends: [] },
      recent: [],
      settings: [],
    };
    assert.deepEqual(rows(sections({ details })), ["State Worker", "Latency counted while this is open"]);
  });

  test("show three messages at first, and the others one step away, as many as the program tells", () => {
    const items = Array.from({ length: 100 }, (_, n) => letter(n));
    const letters = below({ details: { mailbox: { total: 180, items } } }, "Mailbox");
    const more = letters[3]?.children ?? [];

    assert.deepEqual(rows(letters), [
      "place gateway · 1.8 s",
      "place gateway · 1.8 s",
      "place gateway · 1.8 s",
      "177 more",
    ]);
    assert.deepEqual([more.length, more.at(-1)?.label], [98, "80 more"]);
    assert.equal(letters[0]?.tooltip, "from desk/gateway\n{n: 0}");
  });

  test("tell who waits for room in the mailbox, with what and since when, and lead to who that is", () => {
    const waits = [
      { messageType: "place", sender: "desk/gateway", senderKey: "desk/gateway", ageMs: 2_300, text: "{n: 1}" },
      { messageType: "place", ageMs: 1_000, text: "{n: 2}" },
      ...Array.from({ length: 3 }, () => ({ messageType: "\u202Epack\n", ageMs: 10, text: "" })),
    ];
    const scene: Scene = {
      row: { mailbox: { depth: 2, capacity: 2, overflow: "block" } },
      details: {
        mailbox: { total: 2, items: [letter(1), letter(2)] },
        roomWaits: { total: 1_250, items: waits },
      },
    };
    const [mailbox] = sections(scene).filter(({ label }) => label === "Mailbox");
    assert.equal(mailbox?.description, "2 of 2 · 1,250 wait for room");
    assert.equal(mailbox?.spoken, "Mailbox, 2 messages wait, 1,250 more wait for room");
    assert.equal(mailbox?.tone, "warning");
    const room = mailbox?.children?.at(-1);
    assert.deepEqual(
      [room?.label, room?.description, room?.expands, room?.spoken],
      ["Wait for room", "1,250, longest 2.3 s", "open", "1,250 messages wait for room, longest 2.3 s"],
    );
    assert.deepEqual(rows(room?.children ?? []), [
      "gateway place · 2.3 s",
      "outside place · 1 s",
      "outside pack · 10 ms",
      "1,247 more",
    ]);
    const [gateway, outside] = room?.children ?? [];
    assert.deepEqual([gateway?.action, outside?.action], [{ kind: "showActor", key: "desk/gateway" }, undefined]);
    assert.deepEqual(
      [gateway?.spoken, gateway?.tooltip],
      ["gateway waits 2.3 s for room for place", "from desk/gateway\n{n: 1}"],
    );
    assert.deepEqual(
      room?.children?.[3]?.children?.map(({ label }) => label),
      ["outside", "outside", "1,245 more"],
    );
  });

  test("tell what it waits for: a reply, or room in a mailbox", () => {
    const waitsFor = [
      { key: "desk/ledger", path: "desk/ledger", kind: "room", messageType: "append", sinceMs: 2_300 },
      { key: "desk/ledger", path: "desk/ledger", kind: "ask", messageType: "get", sinceMs: 20 },
    ] as const;
    const [waits] = sections({ row: { waitsFor } }).filter(({ label }) => label === "Waits for");
    assert.equal(waits?.spoken, "Waits for 2, longest 2.3 s");
    assert.deepEqual(rows(waits?.children ?? []), [
      "ledger 2.3 s · room in its mailbox · append",
      "ledger 20 ms · get",
    ]);
    assert.equal(waits?.children?.[0]?.spoken, "waits 2.3 s for room in the mailbox of ledger for append");
  });

  test("tell each life by its end, and lead from the last crash to its line", () => {
    const crash = { at: 0, incarnation: 2, where: "receive", text: "crashed in receive: Error: no such order" };
    const ends = [
      { incarnation: 2, at: 0, kind: "crashed" as const, text: crash.text, livedMs: 9_000 },
      { incarnation: 1, at: 0, kind: "shutdown" as const, text: "shutdown" },
    ];
    const lives = below(
      { row: { lastCrash: crash }, details: { incarnation: 3, lives: { livesMs: 41_000, ends } } },
      "Lives",
    );

    assert.deepEqual(rows(lives), ["3rd for 41 s", "2nd for 9 s · Error: no such order", "1st shutdown"]);
    assert.deepEqual(
      lives.map(({ tone }) => tone),
      [undefined, "error", undefined],
    );
    assert.deepEqual(lives[1]?.action, { kind: "openCrash" });
  });

  test("tell of lives nobody has seen the end of how many they were", () => {
    const lives = below({ details: { incarnation: 21, lives: { livesMs: 1_000, ends: [] } } }, "Lives");
    assert.deepEqual(rows(lives), ["21st for 1 s", "20 before nobody was looking, or too long ago"]);
  });

  test("tell of each setting who said so", () => {
    const settings = [
      { name: "restart", text: "transient", origin: "spec" as const },
      { name: "shutdown", text: "5000 ms", origin: "default" as const },
      { name: "mailbox", text: "7", origin: "template" as const },
      { name: "overflow", text: "block", origin: "spawn" as const },
    ];
    assert.deepEqual(rows(below({ details: { settings } }, "Settings")), [
      "restart transient · from its spec",
      "shutdown 5000 ms · default",
      "mailbox 7 · from the template",
      "overflow block · from spawn",
    ]);
  });

  test("tell of an OS process what it takes, what it said last, and what was denied", () => {
    const process = {
      ...{ pid: 4_711, command: "/usr/bin/ffmpeg", args: "-i", state: "ready" as const, startedAt: 0 },
      ...{ usage: { cpuPercent: 180, memoryBytes: 96 * 1_048_576 }, stderr: "one\ntwo\n" },
    };
    const denials = { count: 2, at: 0, operation: "read", target: "/etc", reason: "outside", hint: "grant it" };
    const scene = { row: { process, denials }, now: 41_000 };

    assert.deepEqual(rows(sections(scene)), [
      "Latency counted while this is open",
      "CPU, memory 180 % CPU · 96 MB",
      "Last lines of stderr 2",
      "Denied 2 · outside · /etc",
    ]);
    assert.equal(says(scene), "ffmpeg, pid 4711, runs for 41 s.");
  });

  test("are grey when the program has not answered for a while, and when it has ended", () => {
    const details = { mailbox: { total: 1, items: [letter(1)] } };
    const silence = { ms: 6_000, runner: undefined };
    const old = sections({ details, program: { silence }, now: 6_000 });
    assert.deepEqual([old[0]?.tone, old[0]?.children?.[0]?.tone], ["stale", "stale"]);
    assert.equal(
      says({ details, program: { silence }, look: { at: 1 }, now: 6_001 }),
      "main.ts does not answer for 6 s. This is 6 s old.",
    );
    assert.equal(sections({ details, program: { endedAt: 5 } })[0]?.tone, "stale");
    assert.equal(
      sections({ details, program: { silence }, look: { at: 5_900 }, now: 6_000 })[0]?.tone,
      undefined,
      "a debugger asks from within",
    );
  });

  test("say that the program is asked, that it cannot tell, or that it refuses", () => {
    const before = { details: undefined };
    assert.deepEqual(rows(sections({ look: before })), []);
    assert.deepEqual(rows(sections({ look: { ...before, isWaiting: true } })), ["State asking the program…"]);
    assert.deepEqual(rows(sections({ look: { ...before, refusal: "ERR_NOT_SUPPORTED" } })), [
      "This version of airssys-rt does not tell more.",
    ]);
    assert.deepEqual(rows(sections({ look: { ...before, refusal: "ERR_NO_REPLY" } })), ["State not told"]);
  });
});

suite("the values of a state", () => {
  test("are one row each, open to their parts, with one for what is more", () => {
    const items = [
      { name: "#records", text: "Map(42)", isOpen: true as const },
      { name: "password", text: "hidden", isHidden: true as const },
      { name: "text", text: `a\nb\u202Ec ${"x".repeat(500)}` },
    ];
    const entries = partEntries({ total: 250, from: 100, items, note: "tooMany" }, [4]);

    assert.deepEqual(
      entries.map(({ label, expands, value }) => [label, expands, value]),
      [
        ["#records", "closed", { at: [4, 100], from: 0 }],
        ["password", "never", undefined],
        ["text", "never", undefined],
        ["147 more", "closed", { at: [4], from: 103 }],
        ["private fields are not looked for among so many", "never", undefined],
      ],
    );
    assert.equal(entries[2]?.description, `a bc ${"x".repeat(195)}…`);
    assert.match(entries[1]?.tooltip ?? "", /airssys\.redact/);
  });

  test("that hold nothing say so", () => {
    assert.deepEqual(rows(partEntries({ total: 0, from: 0, items: [] }, [])), ["nothing"]);
  });
});

suite("the sentence of the Actor view", () => {
  const waitsFor = [{ key: "desk/ledger", path: "desk/ledger", messageType: "append", sinceMs: 2_300 }];
  const mailbox = { depth: 180, capacity: 1_000, overflow: "reject" };

  test("tells the cause and its effect, and nothing while it is calm", () => {
    assert.equal(says({}), "");
    assert.equal(says({ row: { waitsFor, mailbox } }), "Waits for ledger 2.3 s, so 180 messages wait.");
    assert.equal(says({ row: { waitsFor } }), "Waits for ledger 2.3 s.");
    assert.equal(
      says({ row: { state: "suspended", mailbox: { ...mailbox, depth: 1 } } }),
      "Suspended, so 1 message waits.",
    );
    assert.equal(
      says({ row: { handling: { messageType: "checkout", seq: 1, sinceMs: 3_000 }, mailbox } }),
      "Handles checkout for 3 s, so 180 messages wait.",
    );
    assert.equal(
      sentenceOf(undefined, 0),
      "Select an actor in Supervision: its state, mailbox, timers and lives are shown here.",
    );
  });

  test("tells where it is paused, and who keeps the loop", () => {
    const runner = { key: PATH, path: PATH, messageType: "charge" };
    assert.equal(says({ program: { isPaused: true, runner } }), "The program is paused in it, on charge.");
    assert.equal(says({ program: { isPaused: true } }), "The program is paused: time stands still for all actors.");
    assert.equal(
      says({ program: { silence: { ms: 6_000, runner } }, look: { at: 5_900 }, now: 6_000 }),
      "It has not let go for 6 s: nobody else can run.",
    );
  });

  test("tells how it ended, and that it stays down", () => {
    const lastEnd = {
      at: new Date(2026, 0, 1, 14, 3, 21).getTime(),
      incarnation: 1,
      kind: "crashed" as const,
      text: "crashed in receive: Error: no ribbon left",
    };
    assert.equal(says({ row: { left: true, lastEnd } }), "Crashed 14:03:21: no ribbon left. It stays down.");
    assert.equal(
      says({ row: { left: true, lastEnd: { ...lastEnd, kind: "killed" } } }),
      "Killed 14:03:21. It stays down.",
    );
    assert.equal(says({ row: { state: "stopped", lastEnd: { ...lastEnd, kind: "shutdown" } } }), "Shut down 14:03:21.");
    const back = { ...lastEnd, at: 0 };
    assert.equal(
      says({ row: { restarts: 1, incarnation: 2, lastEnd: back }, now: 3_500 }),
      "Restarted 3 s ago: no ribbon left.",
    );
    assert.equal(says({ row: { restarts: 1, incarnation: 2, lastEnd: back }, now: 60_000 }), "");
  });
});

suite("looking at an actor", () => {
  const answer: Details = { incarnation: 1, tookMs: 1, state: { total: 0, from: 0, items: [] } };

  interface Desk {
    readonly closeUp: CloseUp;
    readonly program: LiveProgram;
    readonly asked: Request[];
    reply: (request: Request) => Promise<unknown>;
  }

  function desk(t: TestContext, change: Partial<LiveProgram> = {}): Desk {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const asked: Request[] = [];
    const made: Desk = {
      closeUp: new CloseUp(() => ["token"]),
      program: programWith(
        {},
        {
          request: (request) => {
            asked.push(request);
            return made.reply(request);
          },
          ...change,
        },
      ),
      asked,
      reply: () => Promise.resolve(answer),
    };
    t.after(() => made.closeUp.close());
    return made;
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test("asks for nothing before somebody looks, then at once, again when it changes, at most once a second", async (t) => {
    const { closeUp, program, asked } = desk(t);
    closeUp.show({ program, key: PATH });
    t.mock.timers.tick(10_000);
    assert.equal(asked.length, 0);

    closeUp.want(true);
    t.mock.timers.tick(0);
    await settle();
    assert.equal(asked.length, 1);
    assert.deepEqual((asked[0] as { redact?: unknown }).redact, ["token"]);
    assert.equal(closeUp.look?.details?.incarnation, 1);

    for (let times = 0; times < 9; times++) closeUp.noted(program, new Set([PATH]));
    t.mock.timers.tick(999);
    assert.equal(asked.length, 1);
    t.mock.timers.tick(1);
    await settle();
    assert.equal(asked.length, 2);
    closeUp.noted(program, new Set(["desk/ledger"]));
    t.mock.timers.tick(4_999);
    assert.equal(asked.length, 2, "of others nothing is asked");
    t.mock.timers.tick(1);
    assert.equal(asked.length, 3, "what is noted only while somebody asks goes on");
    closeUp.want(false);
    t.mock.timers.tick(60_000);
    assert.equal(asked.length, 3);
  });

  test("asks less often the more an answer costs the program", async (t) => {
    const made = desk(t);
    made.reply = () => Promise.resolve({ ...answer, tookMs: 500 });
    made.closeUp.want(true);
    made.closeUp.show({ program: made.program, key: PATH });
    t.mock.timers.tick(0);
    await settle();
    made.closeUp.noted(made.program, "all");
    t.mock.timers.tick(9_999);
    assert.equal(made.asked.length, 1);
    t.mock.timers.tick(1);
    assert.equal(made.asked.length, 2);
  });

  test("says that it waits after 200 ms, and no answer is taken for another actor's", async (t) => {
    const made = desk(t);
    let reply: (value: unknown) => void = () => {};
    made.reply = () =>
      new Promise((resolve) => {
        reply = resolve;
      });
    made.closeUp.want(true);
    made.closeUp.show({ program: made.program, key: PATH });
    t.mock.timers.tick(0);
    t.mock.timers.tick(199);
    await settle();
    assert.equal(made.closeUp.look?.isWaiting, false);
    t.mock.timers.tick(1);
    assert.equal(made.closeUp.look?.isWaiting, true);

    const late = reply;
    made.closeUp.show({ program: made.program, key: "desk/ledger" });
    late(answer);
    await settle();
    assert.equal(made.closeUp.look?.details, undefined);
  });

  test("keeps what was told when the actor or the program does not tell any more", async (t) => {
    const made = desk(t);
    made.closeUp.want(true);
    made.closeUp.show({ program: made.program, key: PATH });
    t.mock.timers.tick(0);
    await settle();
    assert.equal((await made.closeUp.open([0], 0))?.total, 0);

    made.reply = () => Promise.reject(new RequestError("ERR_UNKNOWN_ACTOR", "there is no actor"));
    t.mock.timers.tick(5_000);
    await settle();
    assert.equal(made.closeUp.look?.details?.incarnation, 1);
    assert.equal((await made.closeUp.open([0], 0))?.total, 0);
    assert.equal(await made.closeUp.open([1], 0), undefined);
  });

  test("takes nothing from a program that says something else", async (t) => {
    const made = desk(t);
    made.reply = () => Promise.resolve({ incarnation: "first", tookMs: [] });
    made.closeUp.want(true);
    made.closeUp.show({ program: made.program, key: PATH });
    t.mock.timers.tick(0);
    await settle();
    assert.equal(made.closeUp.look?.details, undefined);
  });

  test("goes on with the actor at the same place when the program is started again", async (t) => {
    const made = desk(t);
    made.closeUp.want(true);
    made.closeUp.show({ program: made.program, key: PATH });
    const ended = made.program as { endedAt?: number };
    ended.endedAt = 1;
    made.closeUp.noted(made.program, "all");
    const again = programWith({});
    made.closeUp.noted(again, "all");
    assert.equal(made.closeUp.look?.program, again);
  });
});
