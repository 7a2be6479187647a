/** Finds what nothing can be said of, because a module is not found: the runtime, or the types of an actor's messages. */
import { ts } from "ts-morph";
import type { Unread } from "../facts/unread.ts";
import { importsBeginning } from "../source/actor-scan.ts";
import { RUNTIME_PACKAGE } from "./runtime-package.ts";
import type { SourceUnit } from "./source-unit.ts";
import { someNode, spanOf } from "./symbols.ts";

/** The first import that leads nowhere of the runtime, or of what actors begin with: a package of somebody's may pass it on. */
export function readMissingRuntime(unit: SourceUnit): readonly Unread[] {
  const beginning = importsBeginning(unit.file.text);
  const missing = specifiersOf(unit.file).find(
    (specifier) => (isRuntime(specifier) || beginning.includes(specifier.text)) && !isFound(unit, specifier),
  );
  if (missing === undefined) return [];
  const text = `${unit.whyMissing(missing.text, unit.file.fileName)}: no actor here is known, so nothing is checked`;
  return [{ kind: "runtime", span: spanOf(missing), text }];
}

/** What the parser notes of a file; it has it without declaring it. */
interface Parsed {
  readonly parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
}

/** "File appears to be binary": such a character stands in the code, not in a text or comment, and what follows is left out. */
const BINARY = 1490;
const NO_CHARACTER = "\ufffd";

/** Where its code is broken: see {@link readUnreadText} and {@link readSyntaxErrors}. */
export function readBrokenCode(unit: SourceUnit): readonly Unread[] {
  const unread = readUnreadText(unit.file);
  return unread.length > 0 ? unread : readSyntaxErrors(unit);
}

/** The first place where bytes are that are no UTF-8, when they stand in the code. */
function readUnreadText(file: ts.SourceFile): readonly Unread[] {
  const start = file.text.indexOf(NO_CHARACTER);
  if (start < 0 || !(file as Parsed).parseDiagnostics?.some(({ code }) => code === BINARY)) return [];
  return [{ kind: "text", span: { start, end: start + 1 }, text: "this is no UTF-8: what the code says is not known" }];
}

/** The first syntax error of a file, and of each file of the project that it imports, also by way of one that passes it on. */
function readSyntaxErrors(unit: SourceUnit): readonly Unread[] {
  const seen = new Set([unit.file]);
  for (const file of seen)
    for (const specifier of specifiersOf(file)) {
      if (file !== unit.file && !ts.isExportDeclaration(specifier.parent)) continue;
      const module = unit.checker.getSymbolAtLocation(specifier)?.declarations?.[0];
      if (module === undefined || !ts.isSourceFile(module) || module.isDeclarationFile) continue;
      if (!module.fileName.includes("/node_modules/")) seen.add(unit.fileOf(module.fileName) ?? module);
    }
  return [...seen].flatMap((file) => {
    const [first] = (file as Parsed).parseDiagnostics ?? [];
    if (first === undefined) return [];
    const { start, length, messageText } = first;
    const isOther = file !== unit.file;
    if (isOther) unit.reads.add(file.fileName);
    const why = ts.flattenDiagnosticMessageText(messageText, " ").replace(/\.$/, "");
    const span = { start, end: start + length };
    const text = `a syntax error (${why}): what is left of the code may mean something else`;
    return [{ kind: "syntax", span, text, ...(isOther ? { path: file.fileName } : {}) }];
  });
}

function isRuntime({ text }: ts.StringLiteral): boolean {
  return text === RUNTIME_PACKAGE || text.startsWith(`${RUNTIME_PACKAGE}/`);
}

/**
 * @param type of the messages of an actor, as the compiler has it.
 * @param places where it is written.
 */
export function readUnreadMessages(
  unit: SourceUnit,
  name: ts.Node,
  type: ts.Type,
  places: readonly (ts.Node | undefined)[],
): readonly Unread[] {
  const members = type.isUnion() ? type.types : [type];
  const isLost =
    isError(type) ||
    members.some((member) => member.getProperties().some((one) => isError(unit.checker.getTypeOfSymbol(one))));
  if (!isLost) return [];
  const missing = missingModule(unit, namesIn(places));
  const why =
    missing === undefined
      ? "a type they are made of is not found"
      : unit.whyMissing(missing.text, missing.getSourceFile().fileName);
  return [{ kind: "messages", span: spanOf(name), text: `the messages of ${name.getText()} are not known: ${why}` }];
}

/** The type of a name that leads nowhere; `any` that somebody wrote is another. */
function isError(type: ts.Type): boolean {
  return (type as unknown as { intrinsicName?: string }).intrinsicName === "error";
}

/** The nearest import that leads nowhere: first those of the names, then all of the file, then of what it imports. */
function missingModule(unit: SourceUnit, names: ReadonlySet<string>): ts.StringLiteral | undefined {
  const own = specifiersOf(unit.file).filter((one) => !isFound(unit, one));
  const named = own.find(({ parent }) => someNode(parent, (node) => ts.isIdentifier(node) && names.has(node.text)));
  if (named !== undefined) return named;
  const seen = new Set([unit.file]);
  for (const file of seen) {
    for (const specifier of specifiersOf(file)) {
      const module = unit.checker.getSymbolAtLocation(specifier);
      if (module === undefined && !isAsset(specifier.text)) return specifier;
      for (const next of module?.declarations ?? [])
        if (ts.isSourceFile(next) && !next.fileName.includes("/node_modules/")) seen.add(next);
    }
  }
  return undefined;
}

function namesIn(places: readonly (ts.Node | undefined)[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const place of places) {
    if (place !== undefined) someNode(place, (node) => ts.isIdentifier(node) && names.add(node.text) === undefined);
  }
  return names;
}

/** What a file imports from, or passes on. */
function specifiersOf(file: ts.SourceFile): readonly ts.StringLiteral[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier] : [];
  });
}

function isFound(unit: SourceUnit, specifier: ts.StringLiteral): boolean {
  return unit.checker.getSymbolAtLocation(specifier) !== undefined;
}

/** What a bundler takes in, and no compiler has a type of. */
function isAsset(path: string): boolean {
  return /\.(?!(?:[cm]?[jt]sx?|json)$)\w+$/.test(path) && /^\.{0,2}\//.test(path);
}
