/** Makes `extension/l10n/bundle.l10n.json`, every sentence of the source for its translators; finds what is no sentence and is shown all the same. */
import fs from "node:fs";
import path from "node:path";
import ts from "typescript";

const source: string = path.join(import.meta.dirname, "src");

/** The bundle: what translations are made from. */
export const BUNDLE: string = path.join(import.meta.dirname, "l10n", "bundle.l10n.json");

/** Which arguments of these functions are sentences. */
const SAYS: ReadonlyMap<string, readonly number[]> = new Map([
  ["say", [0]],
  ["counted", [1, 2]],
]);

/**
 * Files whose words are not the editor's: a project that is written for the user, in the language of code; what is evaluated in a program, or by
 * the machine, or by a test runner; names of colours and keys, strokes of signs, HTML, and what a recorded payload says as a program would have. */
const NOT_SHOWN =
  /^(sentence|project\/template|inspect\/watch-script|watch\/node-processes|testing\/reporters\/.*|messages\/(page-text|page\/(colors|dom|keys))|recordings\/recorded-payload)\.ts$/;

/** Texts of more than one word that nobody reads, or that are code, and the name that stays the same in every language. */
const NO_SENTENCE: RegExp = new RegExp(
  `^(${[
    "Airssys(: §)?",
    "ts-node module",
    "program (canPause|watched)",
    "source §",
    "\\n//# sourceMappingURL=",
    '\\{ "type": "" \\}',
    "§ \\{message\\.\\}",
    "message ",
    "  participant § as §",
    "  Note over §: [✕↻] §",
    "§\\?\\.isInActor === true",
    "[A-Z]\\w+\\.\\w+",
    "\\$env:§=§; §§",
    "\\(\\(\\) => .*",
  ].join("|")})$`,
  "s",
);

interface Source {
  /** Relative to `extension/src`. */
  readonly name: string;
  readonly text: string;
}

/** What a file says. */
interface Said {
  readonly sentences: readonly string[];
  /** Calls whose sentence is no literal, and literals that look like words for people and go past `say`: with file and line. */
  readonly faults: readonly string[];
}

/** The sentences of one file, and what of it no translator would find. */
export function read({ name, text }: Source): Said {
  const sentences: string[] = [];
  const faults: string[] = [];
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const complain = (node: ts.Node, what: string): void => {
    faults.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);
  };
  const visit = (node: ts.Node): void => {
    for (const said of saidIn(node)) {
      if (said && ts.isStringLiteralLike(said)) sentences.push(said.text);
      else complain(node, "the sentence is no literal");
    }
    const words = wordsOf(node);
    if (words !== undefined && isForPeople(words) && !isExempt(node)) complain(node, `goes past say: ${words}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { sentences, faults };
}

/** The files that may say something. */
export function sources(): readonly Source[] {
  return fs
    .readdirSync(source, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => name.endsWith(".ts") && !NOT_SHOWN.test(name))
    .sort()
    .map((name) => ({ name, text: fs.readFileSync(path.join(source, name), "utf8") }));
}

/** The text of the bundle as the source wants it. */
export function bundleText(): string {
  const sentences = [...new Set(sources().flatMap((each) => read(each).sentences))].sort();
  return `${JSON.stringify(Object.fromEntries(sentences.map((each) => [each, each])), null, 2)}\n`;
}

/** What each translation does not say yet, by its file. */
function untranslated(): ReadonlyMap<string, readonly string[]> {
  const keysOf = (file: string): string[] => Object.keys(JSON.parse(fs.readFileSync(file, "utf8")) as object);
  const folder = path.dirname(BUNDLE);
  const translations = fs.readdirSync(folder).filter((name) => /^bundle\.l10n\..+\.json$/.test(name));
  return new Map(
    translations
      .map((name) => path.join(folder, name))
      .filter((file) => file !== BUNDLE)
      .map((file): [string, string[]] => {
        const known = new Set(keysOf(file));
        return [file, keysOf(BUNDLE).filter((sentence) => !known.has(sentence))];
      })
      .filter(([, missing]) => missing.length > 0),
  );
}

function saidIn(node: ts.Node): readonly (ts.Expression | undefined)[] {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return [];
  return (SAYS.get(node.expression.text) ?? []).map((index) => node.arguments[index]);
}

/** A text as it is written, with `§` for what is filled in. */
function wordsOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("§");
}

/** Words with a space between, or one that begins like a sentence. */
function isForPeople(words: string): boolean {
  return (/[A-Za-z]{2}/.test(words) && / /.test(words)) || /^[A-Z][a-z]/.test(words) ? !NO_SENTENCE.test(words) : false;
}

/** Said already, written to the log, a name of a class, or a matter of types. */
function isExempt(node: ts.Node): boolean {
  for (let at: ts.Node = node; at.parent !== undefined && !ts.isStatement(at); at = at.parent) {
    if (ts.isTypeNode(at)) return true;
    if (ts.isPropertyDeclaration(at)) return at.name.getText() === "name";
    if (ts.isCallExpression(at) && isUnseen(at)) return true;
    if (isClassName(at)) return true;
    if (ts.isNewExpression(at) && at.expression.getText() === "CdpError") return true;
  }
  return node.parent !== undefined && (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent));
}

/** What elements of a page are called for its style: an argument of `make`, or what `className` is set to. */
function isClassName(node: ts.Node): boolean {
  const { parent } = node;
  if (parent === undefined) return false;
  if (ts.isCallExpression(parent)) return parent.expression.getText() === "make" && parent.arguments[1] === node;
  return ts.isBinaryExpression(parent) && parent.left.getText().endsWith(".className") && parent.right === node;
}

function isUnseen(call: ts.CallExpression): boolean {
  const callee = call.expression.getText();
  if (SAYS.has(callee) || /(^|[.#])log(\.|\[)/.test(callee) || callee.endsWith(".noted")) return true;
  return callee.endsWith(".emit") && call.arguments[0]?.getText() === '"noted"';
}

if (import.meta.main) {
  fs.mkdirSync(path.dirname(BUNDLE), { recursive: true });
  fs.writeFileSync(BUNDLE, bundleText());
  for (const [file, missing] of untranslated()) console.log(`${path.basename(file)} lacks:\n${missing.join("\n")}`);
}
