// How rows look and sound: calm says nothing, trouble has a shape, a colour and words with the cause first.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow, Capability, EndInfo } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Presentation } from "../../extension/src/programs/node.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present } from "../../extension/src/tree/presentation.ts";
import { actor, shop, snapshot, supervisor, surroundings } from "./rows.ts";

const PATH = "shop/payments/card";

interface Scene {
  readonly rows?: readonly ActorRow[];
  readonly path?: string;
  readonly program?: Partial<LiveProgram>;
  readonly view?: Partial<typeof surroundings>;
}

function show({ rows = shop(), path = PATH, program = {}, view = {} }: Scene): Presentation {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot(rows));
  const live: LiveProgram = {
    ...{ id: "main", title: "main.ts", detail: "pid 1", tree },
    ...{ can: () => true, request: () => Promise.resolve() },
    ...program,
  };
  const outline = new Outline();
  outline.show([live], []);
  const node = outline.find(live, path);
  assert.ok(node);
  return present(node, { ...surroundings, ...view });
}

/** The shop, with its card actor in that condition. */
function card(change: Partial<ActorRow>, scene: Scene = {}): Presentation {
  return show({ rows: [...shop().slice(0, 2), actor(PATH, 0, change), actor("shop/ledger", 1)], ...scene });
}

const looks = ({ description, icon, tone, badge }: Presentation) => [icon.id, icon.color, tone, badge, description];
const end = (change: Partial<EndInfo> = {}): EndInfo => ({
  ...{ at: 0, incarnation: 1, kind: "crashed", text: "crashed in receive: RangeError: no issuer" },
  ...change,
});
const flags = {
  ...{ strategy: "one_for_one", maxRestarts: 5, maxRestartPeriodMs: 10_000 },
  ...{ restartsInWindow: 0, autoShutdown: "never" },
};

const RED = "problemsErrorIcon.foreground";
const YELLOW = "problemsWarningIcon.foreground";

suite("a calm row", () => {
  for (const state of ["idle", "ready", "busy", "waiting"] as const) {
    test(`says its name and nothing else while it is ${state}`, () => {
      assert.deepEqual(looks(card({ state })), ["circle-small-filled", "charts.green", undefined, undefined, ""]);
    });
  }

  test("says how fast it is from one message a second on, and what it set aside", () => {
    assert.equal(card({ rate: 0.9 }).description, "");
    assert.equal(card({ rate: 212, setAside: 3 }).description, "set aside 3 · 210 msg/s");
  });

  test("does not speak of a queue that moves", () => {
    assert.equal(card({ mailbox: { depth: 12, capacity: 100, overflow: "reject", oldestMs: 300 } }).description, "");
  });

  test("is green again a minute after a failure; the number at the right edge stays", () => {
    const failed = { incarnation: 10, restarts: 9, lastEnd: end({ incarnation: 9 }) };
    const soon = card(failed, { view: { now: 59_000 } });
    assert.deepEqual(looks(soon), ["debug-restart", YELLOW, "warning", "9×", "RangeError: no issuer"]);
    const later = card(failed, { view: { now: 61_000 } });
    assert.deepEqual(looks(later), ["circle-small-filled", "charts.green", undefined, "9×", ""]);
    assert.equal(card({ ...failed, restarts: 10 }).badge, "9+");
    const without = card(failed, { view: { now: 61_000, lacksBadges: true } });
    assert.equal(without.description, "restarted 9×");
  });
});

suite("a row in trouble", () => {
  const trouble: readonly [string, Partial<ActorRow>, (string | undefined)[]][] = [
    [
      "that waits for a reply",
      {
        state: "waiting",
        waitsFor: [{ path: "shop/ledger", messageType: "book", sinceMs: 2_340 }],
        mailbox: { depth: 180, capacity: 1_000, overflow: "reject", oldestMs: 1_810 },
      },
      ["watch", YELLOW, "warning", undefined, "waits for ledger 2.3 s · 180 queued, lag 1.8 s"],
    ],
    [
      "whose mailbox is full",
      { mailbox: { depth: 5, capacity: 5, overflow: "reject" }, refused: 12 },
      ["warning", YELLOW, "warning", undefined, "full 5/5 · 12 refused"],
    ],
    [
      "that is suspended",
      { state: "suspended", mailbox: { depth: 7, capacity: 100, overflow: "reject", oldestMs: 10 } },
      ["debug-pause", YELLOW, "warning", undefined, "suspended · 7 queued"],
    ],
    [
      "that has crashed for good",
      {
        state: "stopped",
        restart: "temporary",
        left: true,
        lastEnd: end({ text: "crashed in receive: Error: no ribbon left" }),
      },
      ["error", RED, "error", undefined, "crashed: no ribbon left · temporary"],
    ],
    [
      "that was killed",
      { state: "stopped", left: true, lastEnd: end({ kind: "killed", text: "killed" }) },
      ["error", RED, "error", undefined, "killed"],
    ],
    [
      "that waits for its next start",
      { state: "restarting", lastEnd: end() },
      ["debug-restart", RED, "error", undefined, "restarting · RangeError: no issuer"],
    ],
    [
      "that ended in order",
      { state: "stopped", left: true, lastEnd: end({ kind: "shutdown", text: "shutdown" }) },
      ["circle-slash", "disabledForeground", "stale", undefined, "shut down"],
    ],
    [
      "whose earlier crash is not what it ended with last",
      {
        incarnation: 3,
        restarts: 2,
        lastEnd: end({ kind: "normal", text: "normal", incarnation: 2 }),
        lastCrash: { at: 0, incarnation: 1, where: "receive", text: "old" },
      },
      ["circle-small-filled", "charts.green", undefined, "2×", ""],
    ],
  ];
  for (const [title, change, expected] of trouble) test(title, () => assert.deepEqual(looks(card(change)), expected));

  test("no icon of trouble has a colour that is empty in high contrast", () => {
    for (const [, change] of trouble) assert.doesNotMatch(String(card(change).icon.color), /^list\./);
  });

  test("time goes on while nothing comes: a wait grows", () => {
    const waits = { state: "waiting", waitsFor: [{ path: "shop/ledger", messageType: "book", sinceMs: 500 }] } as const;
    assert.equal(card(waits).description, "");
    assert.equal(card(waits, { view: { now: 3_000 } }).description, "waits for ledger 3.5 s");
    const handles = { state: "waiting", handling: { messageType: "checkout", seq: 1, sinceMs: 500 } } as const;
    assert.equal(card(handles, { view: { now: 2_500 } }).description, "handles checkout for 3 s");
  });

  test("two that wait for each other are shown as that, and who waits behind them is not", () => {
    const waiting = (path: string, on: string, order: number) =>
      actor(path, order, {
        state: "waiting",
        waitsFor: [{ key: on, path: on, messageType: "reserve", sinceMs: 4_000 }],
      });
    const rows = [
      supervisor("shop"),
      waiting("shop/a", "shop/b", 0),
      waiting("shop/b", "shop/a", 1),
      waiting("shop/c", "shop/a", 2),
    ];
    const at = (path: string) => looks(show({ rows, path }));
    assert.deepEqual(at("shop/a"), ["sync-ignored", RED, "error", undefined, "waits for b 4 s · reserve"]);
    assert.deepEqual(at("shop/c"), ["watch", YELLOW, "warning", undefined, "waits for a 4 s"]);
  });
});

suite("a supervisor's row", () => {
  const staff = (change: Partial<ActorRow>, children: readonly ActorRow[] = []) => [
    supervisor("shop"),
    supervisor("shop/payments", 0, { supervisor: flags, ...change }),
    ...children,
  ];

  test("says its strategy; its own trouble colours its name, that below only its icon", () => {
    const calm = show({ rows: staff({}), path: "shop/payments" });
    assert.deepEqual(looks(calm), ["type-hierarchy", undefined, undefined, undefined, "one_for_one"]);
    const used = show({ rows: staff({ supervisor: { ...flags, restartsInWindow: 4 } }), path: "shop/payments" });
    assert.deepEqual(looks(used), ["warning", YELLOW, "warning", undefined, "4/5 restarts in 10 s · one_for_one"]);
    const below = show({ rows: staff({}, [actor(PATH, 0, { state: "restarting" })]), path: "shop/payments" });
    assert.deepEqual(looks(below), ["warning", YELLOW, undefined, undefined, "1 down below · one_for_one"]);
  });

  test("counts its children while they are not shown", () => {
    const children = Array.from({ length: 2_000 }, (_, n) => actor(`shop/payments/${n}`, n));
    const closed = show({ rows: staff({}, children), path: "shop/payments" });
    assert.deepEqual([closed.expands, closed.description], ["closed", "2,000 children · one_for_one"]);
    const few = staff({}, children.slice(0, 2));
    assert.equal(show({ rows: few, path: "shop/payments" }).description, "one_for_one");
    const folded = { isFolded: () => true };
    assert.equal(show({ rows: few, path: "shop/payments", view: folded }).description, "2 children · one_for_one");
  });

  test("says how many children failed for good beyond those in sight", () => {
    assert.equal(
      show({ rows: staff({ leftChildren: 8 }), path: "shop/payments" }).description,
      "3 more ended · one_for_one",
    );
  });

  test("that gave up says why", () => {
    const gaveUp = {
      left: true,
      state: "stopped",
      lastEnd: end({ kind: "gaveUp", text: "gave up: 6 restarts, 5 allowed" }),
    } as const;
    assert.deepEqual(looks(show({ rows: staff(gaveUp), path: "shop/payments" })), [
      "error",
      RED,
      "error",
      undefined,
      "gave up: 6 restarts, 5 allowed",
    ]);
  });
});

suite("the rows of a program that cannot move", () => {
  const runner = { key: PATH, path: PATH, messageType: "charge", sender: "shop/orders" };

  test("are grey while it does not answer, except the one that keeps it", () => {
    const silent = { silence: { ms: 6_200, runner }, pause: () => Promise.resolve() };
    const keeps = card({ state: "busy" }, { program: silent });
    assert.deepEqual(looks(keeps), ["flame", RED, "error", undefined, "runs charge for 6 s"]);
    assert.match(keeps.context, /\bcanPause\b/);
    assert.deepEqual(looks(card({}, { program: silent, path: "shop/ledger" })).slice(0, 3), [
      "circle-small-filled",
      "disabledForeground",
      "stale",
    ]);
    assert.doesNotMatch(keeps.context, /\bcanKill\b/, "nothing it is told would be heard");
  });

  test("say where it is paused", () => {
    const paused = card({ state: "busy" }, { program: { isPaused: true, runner } });
    assert.deepEqual(looks(paused), [
      "debug-stackframe",
      YELLOW,
      undefined,
      undefined,
      "paused here · charge from orders",
    ]);
  });
});

suite("what is spoken", () => {
  test("is all that is seen, in full words, the number at the right edge included", () => {
    assert.equal(card({}).spoken, "card, actor, running");
    const failed = card({ incarnation: 3, restarts: 2, lastEnd: end({ incarnation: 2 }) }, { view: { now: 10 } });
    assert.equal(failed.spoken, "card, actor, running, restarted 2 times, last: RangeError: no issuer");
    const waits = card({
      state: "waiting",
      waitsFor: [{ path: "shop/ledger", messageType: "append", sinceMs: 2_300 }],
    });
    assert.equal(waits.spoken, "card, actor, running, waiting 2 seconds for ledger append");
  });
});

suite("what a row offers", () => {
  const context = (
    change: Partial<ActorRow> = {},
    can: (capability: Capability) => boolean = () => true,
    path = PATH,
  ) => card(change, { program: { can }, path }).context;

  test("is only what the program can do", () => {
    assert.equal(context(), "actor live canKill canRestart canStop canSuspend canSend");
    assert.equal(
      context({}, (capability) => capability === "kill"),
      "actor live canKill",
    );
    assert.equal(
      context({}, () => true, "shop"),
      "system live canStop",
    );
    assert.match(context({ state: "suspended" }), /canResume/);
    assert.doesNotMatch(context({ state: "suspended" }), /canSuspend/);
  });

  test("is nothing for one that has left the tree", () => {
    assert.equal(context({ left: true, state: "stopped" }), "actor");
  });
});

suite("a row of the source", () => {
  const at = { uri: "file:///a.ts", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
  const row = (source: Partial<StaticNode>): Presentation =>
    present(
      { kind: "source", id: "s", parent: undefined, source: { kind: "actor", spec: at, children: [], ...source } },
      surroundings,
    );

  test("says what is not usual: the limit of restarts, another restart type", () => {
    const shows = (source: Partial<StaticNode>): string => row({ id: "x", definition: "X", ...source }).description;
    assert.equal(shows({ restart: "permanent" }), "X");
    assert.equal(shows({ restart: "temporary" }), "X · temporary");
    const limit = { kind: "supervisor", strategy: "one_for_one", maxRestarts: 5, maxRestartPeriodMs: 10_000 } as const;
    assert.equal(shows({ ...limit, restart: "permanent" }), "X · one_for_one · 5 in 10 s");
    assert.equal(shows({ strategy: "one_for_all", maxRestarts: 5 }), "X · one_for_all");
  });

  test("says of what the system runs what it is: a process by its program, files, a process manager", () => {
    const rows: readonly (readonly [Partial<StaticNode>, string, string, string, string])[] = [
      [{ id: "desk", kind: "actor", definition: "Desk" }, "desk", "Desk", "circle-small", "desk actor, not running"],
      [
        { id: "encoder", kind: "process", definition: "ffmpeg", restart: "transient" },
        ...(["encoder", "process ffmpeg · transient", "terminal", "encoder process ffmpeg, not running"] as const),
      ],
      [{ id: "some", kind: "process" }, "some", "process", "terminal", "some process, not running"],
      [{ kind: "process", definition: "ffmpeg" }, "process ffmpeg", "", "terminal", "process ffmpeg, not running"],
      [{ id: "files", kind: "files" }, "files", "", "circle-small", "files, not running"],
      [{ id: "store", kind: "files" }, "store", "files", "circle-small", "store files, not running"],
      [
        { id: "processes", kind: "processManager" },
        ...(["processes", "process manager", "circle-small", "processes process manager, not running"] as const),
      ],
    ];
    for (const [source, label, description, icon, spoken] of rows) {
      const shown = row(source);
      assert.deepEqual(
        [shown.label, shown.description, shown.icon.id, shown.spoken],
        [label, description, icon, spoken],
      );
    }
  });

  test("opens its source like any actor's, though nothing runs that could be acted upon", () => {
    for (const kind of ["process", "files", "processManager"] as const)
      assert.equal(row({ kind }).context, "source actor");
  });
});
