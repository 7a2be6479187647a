/** What holds for every rule, tried on the examples of its page: ways to write the same program that must not change what is found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { AnalysisService } from "../../../server/src/analysis/analysis-service.ts";
import { DEFAULT_RULE_SETTINGS, type RuleSettings } from "../../../server/src/engine/rule-settings.ts";
import type { Diagnostic } from "../../../server/src/rules/diagnostic.ts";
import { RULES } from "../../../server/src/rules/index.ts";
import { LineMap } from "../../../server/src/source/line-map.ts";
import { analysisOf, applyEdits, diagnose, filesOf, IMPORTS, memory } from "../fixture.ts";
import { examples, pageOf } from "../rule-page.ts";

type Files = ReadonlyMap<string, string>;
interface Found extends Diagnostic {
  readonly text: string;
}

const MAIN = "/main.ts";
/** More rounds than that mean that two fixes quarrel. */
const MAX_ROUNDS = 8;
const RUNTIME_NAMES =
  /(?<!["'.#\w])(Actor|ActorSystem|become|defineActor|supervisor|ActorContext|ActorRef|Ask|ChildSpec|Definition|Signal)(?=[<(.[\]|;,)\s]|\[\])/g;

function find(files: Files, rule: string): readonly Found[] {
  return diagnose(files, [rule]).flatMap(({ path, diagnostics }) =>
    diagnostics.map((one) => ({ ...one, text: (files.get(path) ?? "").slice(one.span.start, one.span.end) })),
  );
}

/** Rules that look at the whole workspace for whoever has a name: there must be only one. */
const ALONE: ReadonlySet<string> = new Set(["lost-registration"]);
const SHARED = /^\/(?:rt|protocol)\.ts$|^\/node_modules\//;

/** What is found in each of the files by itself, with what they share. */
function findApart(files: Files, rule: string): readonly Found[] {
  const shared = [...files].filter(([path]) => SHARED.test(path));
  return [...files].filter(([path]) => !SHARED.test(path)).flatMap((file) => find(new Map([...shared, file]), rule));
}

/** What is found, without the place: the text may move, and does so in these tests. */
const gist = (found: readonly Found[]): readonly string[] => found.map(({ message }) => message).sort();
const words = (found: readonly Found[]): readonly string[] =>
  found.map(({ message, text }) => `${text.replaceAll("\r\n", "\n")}: ${message}`).sort();

const single = (text: string): Files => new Map([[MAIN, text]]);
const withCrlf = (text: string): string => `\ufeff${text.replaceAll("\n", "\r\n")}`;

/** The runtime under other names. */
function renamed(text: string): string {
  return text.replace(IMPORTS, "").replace(RUNTIME_NAMES, "$1Of");
}
const RENAMING_IMPORTS = IMPORTS.replace(/(?<=[{,] )(type )?(\w+)(?=,| \})/g, "$1$2 as $2Of");

/** Type aliases of the top level in a file of their own. */
function withTypesElsewhere(text: string): readonly (readonly [string, string])[] | undefined {
  const types = [...text.matchAll(/^type (\w+) = .*;$/gm)];
  if (types.length === 0) return undefined;
  const names = types.map(([, name]) => name).join(", ");
  const rest = text.replaceAll(/^type \w+ = .*;$/gm, "");
  return [
    ["/protocol.ts", `${IMPORTS}\n${types.map(([line]) => `export ${line}`).join("\n")}\n`],
    ["/typed.ts", rest.replace(IMPORTS, `${IMPORTS}\nimport type { ${names} } from "./protocol.ts";`)],
  ];
}

/** A comment with a reason before each line in which something is found. */
function silenced(text: string, rule: string, found: readonly Found[]): string {
  const map = new LineMap(text);
  const lines = new Set(found.map(({ span }) => map.position(span.start).line));
  return text
    .split("\n")
    .flatMap((line, index) => (lines.has(index) ? [`// airssys-ignore-next-line ${rule}: known here`, line] : [line]))
    .join("\n");
}

/** The files are broken: whatever is found, nothing fails and no place lies outside. */
function expectWithin(files: Files, rule: string): void {
  for (const { path, diagnostics } of diagnose(files, [rule])) {
    for (const { span } of diagnostics)
      assert.ok(0 <= span.start && span.start <= span.end && span.end <= (files.get(path) ?? "").length);
  }
}

function syntaxErrors(text: string): number {
  const file = ts.createSourceFile(MAIN, text, ts.ScriptTarget.ES2023) as ts.SourceFile & {
    readonly parseDiagnostics: readonly unknown[];
  };
  return file.parseDiagnostics.length;
}

for (const rule of RULES) {
  const { name } = rule;
  const [example = ""] = examples(pageOf(name), "Reported");
  const text = filesOf(example).get(MAIN) ?? "";
  const [sound = ""] = examples(pageOf(name), "Not reported");
  const soundText = filesOf(sound).get(MAIN) ?? "";
  /** What else an example needs: packages of its own. */
  const besides = [...filesOf(example), ...filesOf(sound)].filter(([path]) => path.startsWith("/node_modules/"));
  const elsewhere = withTypesElsewhere(text);
  // All ways to write it in one workspace, whose files do not know each other: a program for each would cost seconds.
  const all = (ALONE.has(name) ? findApart : find)(
    new Map([
      [MAIN, text],
      ["/rt.ts", 'export * from "airssys-rt";\n'],
      ["/crlf.ts", withCrlf(text)],
      ["/through.ts", text.replace('"airssys-rt"', '"./rt.ts"')],
      ["/renamed.ts", `${RENAMING_IMPORTS}${renamed(text)}`],
      ...(elsewhere ?? []),
      ["/sound.ts", soundText],
      ["/sound-renamed.ts", `${RENAMING_IMPORTS}${renamed(soundText)}`],
      ["/sound-crlf.ts", withCrlf(soundText)],
      ["/sound-through.ts", soundText.replace('"airssys-rt"', '"./rt.ts"')],
      ...besides,
    ]),
    name,
  );
  const foundIn = (...paths: string[]): readonly Found[] => all.filter((one) => paths.includes(one.path));
  const expected = foundIn(MAIN);

  test(`${name} finds the same in text with CRLF and a byte order mark`, () => {
    assert.deepEqual(words(foundIn("/crlf.ts")), words(expected));
  });

  test(`${name} finds the same when the runtime comes through a re-export`, () => {
    assert.deepEqual(words(foundIn("/through.ts")), words(expected));
  });

  test(`${name} finds the same when the runtime has other names`, () => {
    assert.deepEqual(gist(foundIn("/renamed.ts")), gist(expected));
  });

  test(`${name} finds nothing in its sound example under other names, in CRLF and through a re-export`, () => {
    assert.deepEqual(words(foundIn("/sound.ts", "/sound-renamed.ts", "/sound-crlf.ts", "/sound-through.ts")), []);
  });

  if (elsewhere !== undefined) {
    test(`${name} finds the same when the message types are imported`, () => {
      // What is wrong with a type is said where the type is used, when it stands in another file.
      assert.deepEqual(gist(foundIn("/typed.ts")), gist(expected));
    });
  }

  test(`${name} never fails on a text that is cut off, and stays within it`, () => {
    const lines = text.split("\n");
    const cuts = lines
      .slice(1)
      .map((line, index) => [...lines.slice(0, index + 1), line.slice(0, Math.ceil(line.length / 2))].join("\n"));

    expectWithin(new Map(cuts.map((cut, index) => [`/cut-${index}.ts`, cut])), name);
  });

  test(`${name} never fails on a text with a line missing`, () => {
    const lines = text.split("\n");
    const gaps = lines.slice(1).map((_, index) => lines.toSpliced(index + 1, 1).join("\n"));

    expectWithin(new Map(gaps.map((gap, index) => [`/gap-${index}.ts`, gap])), name);
  });

  test(`${name} can be switched off, and is as loud as it is told to be`, () => {
    const analysis = analysisOf(new Map([...besides, [MAIN, text]]));
    const foundWith = (settings: RuleSettings): readonly Diagnostic[] => {
      analysis.configure(settings);
      analysis.workThrough();
      return analysis.diagnosticsOf(MAIN).filter((one) => one.rule === name);
    };

    assert.deepEqual(foundWith({ preset: "strict", rules: { [name]: "off" } }), []);
    assert.deepEqual(foundWith({ preset: "none", rules: {} }), []);
    const hints = foundWith({ preset: "none", rules: { [name]: "hint" } });
    assert.equal(hints.length, expected.length);
    assert.ok(hints.every(({ severity }) => severity === "hint"));
    assert.equal(foundWith(DEFAULT_RULE_SETTINGS).length > 0, rule.preset === "recommended");
  });

  if (name !== "unused-suppression") {
    test(`${name} is silenced by a comment with a reason, and only by that`, () => {
      const quiet = silenced(text, name, expected);
      const unreasoned = quiet.replaceAll(": known here", "");
      const files = new Map([
        ["/line.ts", quiet],
        ["/file.ts", `// airssys-ignore-file ${name}: an example\n${text}`],
        ["/unreasoned.ts", unreasoned],
        ...besides,
      ]);

      const look = ALONE.has(name) ? findApart : find;
      const found = look(files, name);

      assert.deepEqual(new Set(found.map((one) => one.path)), new Set(["/unreasoned.ts"]));
      assert.deepEqual(gist(found), gist(expected));
      const useless = look(files, "unused-suppression").filter((one) => one.path !== "/unreasoned.ts");
      assert.deepEqual(words(useless), []);
    });

    test(`a comment that silences ${name} where nothing is wrong is reported`, () => {
      const useless = `// airssys-ignore-file ${name}: an example\n${soundText}`;

      assert.equal(find(single(useless), "unused-suppression").length, 1);
    });
  }

  if (expected.some(({ fixes }) => (fixes?.length ?? 0) > 0)) {
    test(`each fix of ${name} takes its finding away and leaves text that parses`, () => {
      for (const finding of expected) {
        for (const fix of finding.fixes ?? []) {
          const fixed = applyEdits(single(text), fix.edits);
          assert.equal(find(fixed, name).length, expected.length - 1, fix.title);
          assert.equal(syntaxErrors(fixed.get(MAIN) ?? ""), syntaxErrors(text), fix.title);
        }
      }
    });

    test(`the fixes of ${name} come to an end, after which there is nothing to fix`, () => {
      let files = single(text);
      let rounds = 0;
      for (; rounds < MAX_ROUNDS; rounds++) {
        const fix = find(files, name).find(({ fixes }) => (fixes?.length ?? 0) > 0)?.fixes?.[0];
        if (fix === undefined) break;
        files = applyEdits(files, fix.edits);
      }
      assert.notEqual(rounds, 0);
      assert.ok(rounds < MAX_ROUNDS, "fixes quarrel");
    });

    test(`the fixes of ${name} reach the editor with the line ends of the file`, async () => {
      const crlf = text.replaceAll("\n", "\r\n");
      const service = new AnalysisService(memory(single(crlf)), () => {});
      service.notices.configure({ settings: { preset: "strict" } });
      service.notices.folders({ added: ["/"], removed: [] });

      const actions = await service.requests.actions({
        path: MAIN,
        range: new LineMap(crlf).range({ start: 0, end: crlf.length }),
      });

      const edits = actions.filter(({ fixes }) => fixes?.rule === name).flatMap((action) => action.edits);
      assert.notEqual(edits.length, 0);
      for (const { newText } of edits) assert.equal(newText.replaceAll("\r\n", "").includes("\n"), false, newText);
    });
  }
}
