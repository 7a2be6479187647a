// What is on the screen can be said in another language: all of it goes through one function, and is in the bundle of translators.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import type { StaticNode } from "airssys-language-server/protocol";
import type { ActorRow, EndInfo } from "airssys-rt/inspect";
import { BUNDLE, bundleText, read, sources } from "../../extension/l10n.ts";
import { noWay } from "../../extension/src/debug/launch-error.ts";
import { findNode } from "../../extension/src/debug/node.ts";
import type { NeedKind } from "../../extension/src/debug/way.ts";
import { readFrame } from "../../extension/src/inspect/frame.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram, Node, Silence } from "../../extension/src/programs/node.ts";
import { readDraft } from "../../extension/src/send/draft.ts";
import { counted, ENGLISH, number, say, speak } from "../../extension/src/sentence.ts";
import { type Action, consequenceOf } from "../../extension/src/tree/consequence.ts";
import { Outline } from "../../extension/src/tree/outline.ts";
import { present } from "../../extension/src/tree/presentation.ts";
import { summarize } from "../../extension/src/tree/summary.ts";
import { tooltip } from "../../extension/src/tree/words.ts";
import { actor, snapshot, supervisor, surroundings, system } from "./rows.ts";

const LETTERS = /\p{Script=Latin}/u;

suite("the sentences of the source", () => {
  test("are in the bundle, all of them and no others", () => {
    assert.equal(readFileSync(BUNDLE, "utf8"), bundleText(), "npm run l10n");
  });

  test("are all that a person reads: no words go past", () => {
    assert.deepEqual(
      sources().flatMap((each) => read(each).faults),
      [],
    );
  });

  test("a sentence that is no literal, and one that goes past, are found", () => {
    const faultsOf = (text: string) => read({ name: "x.ts", text }).faults.map((fault) => fault.replace(/^.*?: /, ""));
    assert.deepEqual(faultsOf("say(text)"), ["the sentence is no literal"]);
    assert.deepEqual(faultsOf('counted(1, "{0} row", rows)'), ["the sentence is no literal"]);
    assert.deepEqual(faultsOf('showErrorMessage("Nothing runs.")'), ["goes past say: Nothing runs."]);
    assert.deepEqual(faultsOf("item.text = `$".concat("{n} are down`")), ["goes past say: § are down"]);
    assert.deepEqual(faultsOf('show("Stop")'), ["goes past say: Stop"]);
    assert.deepEqual(faultsOf('log.info("the server runs"); say("Stop")'), []);
  });
});

suite("without a translation", () => {
  test("facts stand in their places, and a number chooses its sentence", () => {
    assert.equal(say("{1} of {0}", "b", "a"), "a of b");
    assert.equal(say("{0} and {1}", "{1}", 2), "{1} and 2");
    assert.equal(counted(1, "{0} row of {1}", "{0} rows of {1}", "x"), "1 row of x");
    assert.equal(counted(1_000, "{0} row of {1}", "{0} rows of {1}", "x"), "1,000 rows of x");
  });
});

/** Everything a program says here is in Greek letters: what is left of the Latin ones was not translated. */
const END: EndInfo = { at: 0, incarnation: 1, kind: "crashed", text: "crashed in μ: λάθος" };
const FULL = "απόρριψη";
const LOOSE: Partial<ActorRow> = {
  ...{ definition: "τύπος", name: "όνομα", restart: "μόνιμο", restarts: 12, refused: 2, setAside: 1, owes: 2 },
  ...{ deadLetters: 3, handled: 4_000, rate: 120, lastEnd: END, births: 900, leftChildren: 9 },
  mailbox: { depth: 5, capacity: 5, overflow: FULL, oldestMs: 3_000 },
  handling: { messageType: "χ", seq: 1, sinceMs: 2_000 },
  lastCrash: { at: 0, incarnation: 1, where: "ω", text: "λάθος", messageType: "χ" },
};
const WAITS = [{ key: "σ/α", path: "σ/α", messageType: "χ", sinceMs: 150_000 }];
const FLAGS = {
  ...{ strategy: "στρατηγική", maxRestarts: 3, maxRestartPeriodMs: 5_000 },
  ...{ restartsInWindow: 3, autoShutdown: "ποτέ" },
};
const ROWS: readonly Partial<ActorRow>[] = [
  {},
  ...(
    ["starting", "idle", "ready", "busy", "waiting", "suspended", "restarting", "stopping", "stopped"] as const
  ).flatMap((state) => [{ state }, { ...LOOSE, state }, { ...LOOSE, state, waitsFor: WAITS }]),
  ...(["normal", "shutdown", "killed", "noproc", "crashed", "gaveUp"] as const).flatMap((kind) => [
    { state: "stopped" as const, restart: "temporary", lastEnd: { ...END, kind, text: "λάθος" } },
    { left: true as const, lastEnd: { ...END, kind, text: "λάθος" } },
  ]),
];
const PATHS = ["σ", "σ/π", "σ/π/α", "σ/π/β"] as const;
const RUNNER = { key: "σ/π/α", path: "σ/π/α" };

/** The words of a spec stay as they are written in the source: here those, too, are Greek. */
function inGreek(row: ActorRow): ActorRow {
  const { restart, mailbox, supervisor: flags } = row;
  return {
    ...{ ...row, definition: "τύπος", mailbox: { ...mailbox, overflow: FULL } },
    ...(restart !== "temporary" && { restart: "μόνιμο" }),
    ...(flags && { supervisor: { ...flags, strategy: FLAGS.strategy } }),
  };
}

/** One program in many conditions. */
function* programs(): Iterable<LiveProgram> {
  for (const change of ROWS) {
    const tree = new ProgramTree(() => 0);
    const { births: _, ...calm } = change;
    const rows = [
      supervisor("σ", 0, { supervisor: FLAGS }),
      supervisor("σ/π", 0, { ...change, supervisor: FLAGS }),
      actor("σ/π/α", 0, calm),
      actor("σ/π/β", 1, { ...calm, mailbox: { depth: 4, capacity: null, overflow: FULL, oldestMs: 2_000 } }),
    ].map(inGreek);
    tree.apply({ ...snapshot(rows), systems: [{ ...system("σ"), health: { ...system("σ").health, deadLetters: 2 } }] });
    const base: LiveProgram = {
      ...{ id: "1", title: "κύριο", detail: "", tree },
      ...{ can: () => true, request: () => Promise.resolve() },
    };
    yield base;
    const silence: Silence = { ms: 6_000, runner: undefined };
    yield { ...base, silence };
    yield { ...base, silence: { ...silence, isHalted: true } };
    yield { ...base, silence, pause: () => Promise.resolve() };
    yield { ...base, silence: { ms: 6_000, runner: RUNNER } };
    yield { ...base, isPaused: true };
    yield { ...base, isPaused: true, runner: { ...RUNNER, messageType: "χ", sender: "σ/π/β" } };
    yield { ...base, isPaused: true, runner: RUNNER };
    yield { ...base, endedAt: 1 };
  }
  for (const kind of ["killed", "crashed", "gaveUp"] as const) {
    const tree = new ProgramTree(() => 0);
    tree.apply({
      ...snapshot([supervisor("σ", 0), actor("σ/α", 0)].map(inGreek)),
      systems: [{ ...system("σ"), end: { ...END, kind, cause: "σ/α" } }],
    });
    yield {
      ...{ id: "1", title: "κύριο", detail: "", tree, endedAt: 1 },
      ...{ can: () => true, request: () => Promise.resolve() },
    };
  }
  const empty = new ProgramTree(() => 0);
  yield {
    ...{ id: "1", title: "κύριο", detail: "", tree: empty },
    ...{ can: () => true, request: () => Promise.resolve() },
  };
}

function* textsOf(program: LiveProgram): Iterable<string> {
  for (const view of [surroundings, { ...surroundings, lacksBadges: true, isFolded: () => true }]) {
    for (const node of nodesOf(program)) {
      const { label, description, spoken } = present(node, view);
      yield* [label, description, spoken];
    }
  }
  for (const key of PATHS) {
    const row = program.tree.row(key);
    if (row) yield tooltip(row, program.tree.troubleBelow(key), 1_000);
    for (const action of ["kill", "restart", "stop", "suspend", "resume"] satisfies Action[])
      yield consequenceOf(action, program.tree, key);
  }
  const { message, text, status } = summarize([program], { hasSource: true, refusals: ["λάθος"], now: 0 });
  yield* [message, text, status.text];
}

function nodesOf(program: LiveProgram): Node[] {
  const outline = new Outline();
  outline.show([program], []);
  const open = (node?: Node): Node[] => outline.children(node).flatMap((child) => [child, ...open(child)]);
  const group = { ...{ id: "r", parent: undefined, program, key: "σ/π", from: 0, to: 2 }, kind: "range" as const };
  const gone = { ...{ id: "g", parent: undefined, program, key: "-" }, kind: "actor" as const };
  return [
    ...open(),
    { kind: "program", id: "p", parent: undefined, program },
    ...[true, false].map((isRest) => ({ ...group, isRest })),
    gone,
  ];
}

suite("with a translation", () => {
  const bundle = new Set(Object.keys(JSON.parse(readFileSync(BUNDLE, "utf8")) as Record<string, string>));
  const missing = new Set<string>();
  before(() =>
    speak({
      translate: (sentence, facts) => {
        if (!bundle.has(sentence)) missing.add(sentence);
        return ENGLISH.translate(sentence.replace(/\p{Script=Latin}/gu, "ж"), facts);
      },
      locale: "de-DE",
    }),
  );
  after(() => speak(ENGLISH));

  test("no word of rows, tooltips, dialogs, the line above and the status bar stays as it was", () => {
    let count = 0;
    for (const program of programs())
      for (const text of textsOf(program)) {
        count++;
        assert.doesNotMatch(text.replaceAll(/crashed in μ\\?: |(?<=: )temporary$/gm, ""), LETTERS);
      }
    assert.ok(count > 5_000);
    assert.deepEqual([...missing], []);
  });

  test("a tree of the source, too", () => {
    const kinds: readonly StaticNode["kind"][] = [
      ...(["actor", "supervisor", "process", "files", "processManager", "unknown"] as const),
    ];
    for (const kind of kinds) {
      const source = { kind, children: [] } as unknown as StaticNode;
      const { label, description, spoken } = present(
        { kind: "source", id: "s", parent: undefined, source },
        surroundings,
      );
      for (const text of [label, description, spoken]) assert.doesNotMatch(text, LETTERS);
    }
    const { message } = summarize([], { hasSource: true, refusals: [], now: 0 });
    assert.doesNotMatch(message, LETTERS);
    assert.notEqual(message, "");
  });

  test("what cannot run says so in it; only names stay", async () => {
    const kinds: readonly NeedKind[] = [
      ...(["js-specifier", "no-extension", "path-alias", "type-import", "enum", "namespace"] as const),
      ...(["parameter-property", "decorator", "decorator-metadata", "accessor", "import-equals"] as const),
      ...(["jsx", "using", "package"] as const),
    ];
    for (const kind of kinds)
      for (const [staleBuild, onlyBun] of [
        [true, false],
        [false, true],
        [false, false],
      ] as const) {
        const need = { kind, what: "τι", file: "/α", line: 1 };
        const { message } = noWay("/κύριο", "22", { by: "nothing", need, staleBuild, onlyBun }, "/");
        assert.doesNotMatch(message.replace(/tsx|@swc-node\/register/g, ""), LETTERS);
      }
    await assert.rejects(findNode("", "/", ""), (error: Error) => {
      assert.doesNotMatch(error.message.replace(/npm install --save-dev node@24|airssys\.nodePath/g, ""), LETTERS);
      return true;
    });
    assert.doesNotMatch(readDraft({ text: "[]", form: undefined }).fault?.replace('"type"', "") ?? "", LETTERS);
  });

  test("a program that cannot be shown says why in it", () => {
    for (const frame of ["[", "{}", '{"type":"hello","protocol":0}', '{"type":"delta"}'])
      assert.throws(
        () => readFrame(frame),
        ({ message }: Error) => /ж/.test(message) && !LETTERS.test(message.replace("delta", "").replace("seq", "")),
      );
  });

  test("numbers are written as in its country", () => {
    assert.equal(number(1_234_567), "1.234.567");
  });
});
