// Where a live tree differs from the source.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow } from "airssys-rt/inspect";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram } from "../../extension/src/programs/node.ts";
import { Comparison, differencesOf, differenceWords } from "../../extension/src/tree/compare.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { actor, snapshot, supervisor } from "./rows.ts";

const nowhere = { uri: "file:///desk.ts", range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };

function source(id: string | undefined, change: Partial<StaticNode> = {}): StaticNode {
  return {
    ...(id !== undefined && { id }),
    kind: "actor",
    restart: "permanent",
    spec: nowhere,
    children: [],
    ...change,
  };
}

const root = (children: readonly StaticNode[], change: Partial<StaticNode> = {}): StaticNode => ({
  kind: "supervisor",
  definition: "desk",
  strategy: "one_for_one",
  maxRestarts: 3,
  maxRestartPeriodMs: 5_000,
  spec: nowhere,
  children,
  ...change,
});

function live(...rows: ActorRow[]): ProgramTree {
  const tree = new ProgramTree(() => 0);
  tree.apply(snapshot([supervisor("desk", 0, { definition: "desk" }), ...rows]));
  return tree;
}

/** Differences as `id: kind words`; what has no row with `+`. */
function differ(tree: ProgramTree, ...roots: StaticNode[]): readonly string[] {
  const { rows, missing, unknown } = differencesOf(tree, roots);
  return [
    ...[...rows].map(([key, { kind, words }]) => `${tree.row(key)?.id}: ${kind} ${words}`),
    ...[...missing].flatMap(([key, all]) => all.map(({ source: { id }, why }) => `${tree.row(key)?.id}+${id}: ${why}`)),
    ...unknown.map((id) => `unknown ${id}`),
  ];
}

const ended = (kind: "normal" | "shutdown" | "crashed" | "killed", text: string = kind) =>
  ({ state: "stopped", lastEnd: { at: 0, incarnation: 1, kind, text } }) as const;

suite("a live tree against the source", () => {
  test("is the same where nothing differs, whatever the source does not say", () => {
    const tree = live(actor("desk/a", 0), actor("desk/b", 1, { restart: "transient" }));
    assert.deepEqual(differ(tree, root([source("a"), { ...source("b"), restart: undefined as never }])), []);
    assert.equal(
      differenceWords([differencesOf(tree, [root([source("a")])])]),
      "Compared with the source: 1 not in the source",
    );
    assert.equal(
      differenceWords([differencesOf(tree, [root([source("a"), source("b", { restart: "transient" })])])]),
      "Runs as the source says.",
    );
  });

  test("says what does not run, and why", () => {
    const tree = live(
      actor("desk/ignored", 0, ended("normal")),
      actor("desk/done", 1, { ...ended("normal"), restart: "transient" }),
      actor("desk/stopped", 2, ended("shutdown")),
      actor("desk/crashed", 3, { ...ended("crashed", "crashed in receive: boom"), left: true, restart: "temporary" }),
      actor("desk/unborn", 4, { state: "stopped" }),
    );
    const ids = ["ignored", "done", "stopped", "crashed", "unborn", "unknown"].map((id) => source(id));
    assert.deepEqual(differ(tree, root([...ids, source("guest", { restart: "temporary" })])), [
      "ignored: removed not running: ended by IGNORE",
      "done: removed not running: ended normally",
      "stopped: removed not running: it was stopped",
      "crashed: removed not running: crashed in receive: boom · temporary",
      "unborn: removed not running: not started",
      "desk+unknown: not running: this program was started without it",
      "desk+guest: not running: temporary, and has ended",
    ]);
  });

  test("says what is not in the source, but not of what was started at run time, or where the source does not say all", () => {
    const rows = [
      actor("desk/a", 0),
      actor("desk/extra", 1),
      actor("desk/added", 2, { dynamic: true }),
      actor("desk/a/spawned", 0, { restart: undefined as never }),
    ];
    assert.deepEqual(differ(live(...rows), root([source("a")])), ["extra: added not in the source"]);
    assert.deepEqual(differ(live(...rows), root([source("a"), source(undefined, { kind: "unknown" })])), []);
    const pool = live(
      supervisor("desk/pool", 0, { supervisor: { ...flags, strategy: "simple_one_for_one" } }),
      actor("desk/pool/1", 0),
    );
    const template = root([source("worker")], { id: "pool", strategy: "simple_one_for_one", restart: "permanent" });
    assert.deepEqual(differ(pool, root([template])), []);
  });

  test("says of each whose spec is another what it is and what the source has", () => {
    const tree = live(actor("desk/b", 0, { restart: "transient", shutdown: "brutal_kill" }), actor("desk/a", 1));
    assert.deepEqual(
      differ(
        tree,
        root([source("a", { shutdown: 5_000 }), source("b", { shutdown: 2_000 })], {
          strategy: "one_for_all",
          maxRestarts: 5,
        }),
      ),
      [
        "desk: modified one_for_one, source: one_for_all · 3 restarts in 5 s, source: 5 restarts in 5 s · b, a, source: a, b",
        "b: modified transient, source: permanent · shutdown brutal_kill, source: shutdown 2 s",
      ],
    );
  });

  test("takes the tree of the source that fits, and none when several do or none does", () => {
    const tree = live(actor("desk/a", 0));
    const other = root([source("x")], { definition: "other" });
    assert.deepEqual(differ(tree, other, root([source("a")])), []);
    assert.deepEqual(differ(tree, other), ["unknown desk"]);
    assert.deepEqual(differ(tree, root([source("a")]), root([source("a")])), ["unknown desk"]);
    assert.equal(
      differenceWords([differencesOf(tree, [])]),
      "Compared with the source: no tree in the source for desk",
    );
  });

  test("shows what is missing below its supervisor, and a click on what has ended leads to its spec", () => {
    const tree = live(actor("desk/a", 0, ended("normal")));
    const program = { id: "p", tree, silence: undefined } as unknown as LiveProgram;
    const roots = [root([source("a"), source("b")])];
    const comparison = new Comparison(() => roots);
    const outline = new Outline(undefined, (each, key) => comparison.missingBelow(each, key));
    outline.show([program], []);
    const below = () =>
      outline.children(outline.children()[0]).map((node) => (node.kind === "source" ? node.missing : node.kind));
    assert.deepEqual(below(), ["actor"]);
    comparison.isOn = true;
    assert.deepEqual(below(), ["actor", "not running: this program was started without it"]);
    const node = outline.find(program, "desk/a");
    assert.equal(node && comparison.specOf(node)?.source.id, "a");
    assert.deepEqual(comparison.markOf(program, "desk/a"), {
      icon: "diff-removed",
      tone: "error",
      badge: "D",
      words: "not running: ended by IGNORE",
    });
  });
});

const flags = {
  strategy: "one_for_one",
  maxRestarts: 3,
  maxRestartPeriodMs: 5_000,
  restartsInWindow: 0,
  autoShutdown: "never",
};
