/**
 * Declaration files whose interfaces are read when somebody asks for their members: of a library, a program has words for few.
 *
 * A body is replaced by spaces, so that all else is parsed and bound at the places it has. Where the members of its node and of its symbol
 * are asked for, the declaration is parsed and bound by itself, and what is in it moves to where it belongs. Nobody can tell such a file
 * from one that was read whole but by its counts of nodes and symbols, the words that the parser has collected, and the time it took.
 *
 * | an interface                                                              | is read                  |
 * | ------------------------------------------------------------------------- | ------------------------ |
 * | that has some length, its end found by its indentation or its braces      | when it is asked for     |
 * | … and the name of a class of the file, or of an interface of another form | with the file            |
 * | … and imports a type: the program has to know that file                   | with the file            |
 * | … in a file where what seemed to be one is none, or with an error outside  | with the file            |
 */
import { ts } from "ts-morph";

/** Makes symbols; the compiler exports it without declaring it. */
export const bindSourceFile: (file: ts.SourceFile, options: ts.CompilerOptions) => void = (
  ts as unknown as { readonly bindSourceFile: (file: ts.SourceFile, options: ts.CompilerOptions) => void }
).bindSourceFile;

/** What the compiler writes to, or has without declaring it. */
type Made<T> = { -readonly [K in keyof T]: T[K] };
type Placed = { pos: number; end: number };
type MadeSymbol = ts.Symbol & { parent?: ts.Symbol };
interface Bound {
  readonly symbol?: ts.Symbol;
  readonly jsDoc?: readonly ts.Node[];
}

/** How a text becomes a file. */
export interface Reading {
  readonly text: string;
  readonly options: ts.CompilerOptions;
  parse(text: string): ts.SourceFile;
}

/** What is between two braces. */
interface Body {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Shorter ones cost no less when they are read by themselves. */
const SHORTEST = 40;

/** The compiler looks at the head of an interface for it, to know whether it has to be made anew for each that extends it. */
const { ContainsThis: CONTAINS_THIS } = ts.NodeFlags as unknown as { readonly ContainsThis: number };

const HEAD = /\binterface\s+([\w$]+)[^{}:;*/`]*\{/g;
const NAMED = /\b(?:class|interface)\s+([\w$]+)/g;
const ASIDE = /\/\*[\s\S]*?\*\/|\/\/.*|"[^"\n]*"|'[^'\n]*'/g;
/** The type, not the parameter of a function. */
const THIS_TYPE = /\bthis\b(?!\s*\??:)/;

/** Parses and binds a declaration file. */
export function readLate(reading: Reading): ts.SourceFile {
  const { text, options, parse } = reading;
  const bodies = bodiesIn(text);
  if (bodies.length === 0) return parse(text);
  const file = parse(withoutBodies(text, bodies));
  const nodes = interfacesIn(file.statements, new Set(bodies.map((body) => body.from)));
  if (nodes.length !== bodies.length || hasErrors(file)) return parse(text);
  (file as Made<ts.SourceFile>).text = text;
  bindSourceFile(file, options);
  const bySymbol = new Map<ts.Symbol, ts.InterfaceDeclaration[]>();
  for (const node of nodes) {
    const { symbol } = node as Bound;
    if (symbol !== undefined) bySymbol.set(symbol, [...(bySymbol.get(symbol) ?? []), node]);
  }
  for (const [symbol, declarations] of bySymbol) delay(symbol, declarations, reading);
  return file;
}

function hasErrors(file: ts.SourceFile): boolean {
  const { parseDiagnostics = [] } = file as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
  return parseDiagnostics.length > 0;
}

/** The first question for what is in the declarations of a symbol puts all of it in place. */
function delay(symbol: ts.Symbol, nodes: readonly ts.InterfaceDeclaration[], reading: Reading): void {
  const owners: readonly { members?: unknown }[] = [symbol, ...nodes];
  const empty = owners.map((owner) => owner.members);
  const read = (): void => {
    owners.forEach((owner, at) => {
      Object.defineProperty(owner, "members", { ...PLAIN, value: empty[at] });
    });
    fill(symbol, nodes, reading);
  };
  for (const node of nodes)
    if (speaksOfThis(reading.text.slice(node.members.pos, node.end))) (node as Made<ts.Node>).flags |= CONTAINS_THIS;
  for (const owner of owners)
    Object.defineProperty(owner, "members", {
      configurable: true,
      enumerable: true,
      get() {
        read();
        return owner.members;
      },
      set(value: unknown) {
        read();
        owner.members = value;
      },
    });
}

const PLAIN: PropertyDescriptor = { configurable: true, enumerable: true, writable: true };

function speaksOfThis(body: string): boolean {
  return body.includes("this") && THIS_TYPE.test(body.replace(ASIDE, ""));
}

/** Parses the declarations by themselves, and moves what is in them. */
function fill(symbol: ts.Symbol, nodes: readonly ts.InterfaceDeclaration[], reading: Reading): void {
  const starts = nodes.map((node) => node.name.pos - "interface".length);
  const texts = nodes.map((node, at) => reading.text.slice(starts[at], node.end));
  const file = reading.parse(texts.join("\n"));
  bindSourceFile(file, reading.options);
  let before = 0;
  nodes.forEach((node, at) => {
    const { members } = file.statements[at] as ts.InterfaceDeclaration;
    moveAll(members, (starts[at] ?? 0) - before);
    before += (texts[at] ?? "").length + 1;
    (node as Made<ts.InterfaceDeclaration>).members = members;
    for (const member of members) (member as Made<ts.TypeElement>).parent = node;
  });
  for (const [name, member] of (file.statements[0] as Bound | undefined)?.symbol?.members ?? []) {
    // Those of the head are there.
    if ((member.flags & ts.SymbolFlags.TypeParameter) !== 0) addTo(symbol.members?.get(name), member);
    else {
      (member as MadeSymbol).parent = symbol;
      symbol.members?.set(name, member);
    }
  }
}

/** What is declared in the body by the name of a type parameter. */
function addTo(parameter: Made<ts.Symbol> | undefined, member: ts.Symbol): void {
  if (parameter === undefined) return;
  for (const declaration of member.declarations ?? []) {
    if (ts.isTypeParameterDeclaration(declaration)) continue;
    (declaration as Made<Bound>).symbol = parameter as ts.Symbol;
    parameter.declarations?.push(declaration);
    parameter.valueDeclaration ??= declaration;
  }
  parameter.flags |= member.flags;
}

function moveAll(nodes: ts.NodeArray<ts.Node>, by: number): void {
  move(nodes, by);
  for (const node of nodes) moveNode(node, by);
}

function moveNode(node: ts.Node, by: number): void {
  move(node, by);
  for (const doc of (node as Bound).jsDoc ?? []) moveNode(doc, by);
  ts.forEachChild(
    node,
    (child) => moveNode(child, by),
    (children) => moveAll(children, by),
  );
}

function move(placed: Placed, by: number): void {
  placed.pos += by;
  placed.end += by;
}

/** Those whose bodies begin at given places. */
function interfacesIn(
  statements: readonly ts.Statement[],
  places: ReadonlySet<number>,
): readonly ts.InterfaceDeclaration[] {
  return statements.flatMap((statement) => {
    if (ts.isInterfaceDeclaration(statement)) return places.has(statement.members.pos) ? [statement] : [];
    const block = ts.isModuleDeclaration(statement) ? blockOf(statement) : undefined;
    return block === undefined ? [] : interfacesIn(block.statements, places);
  });
}

/** Of `namespace a.b { … }` the block of `b`. */
function blockOf(module: ts.ModuleDeclaration): ts.ModuleBlock | undefined {
  let { body } = module;
  while (body !== undefined && ts.isModuleDeclaration(body)) body = body.body;
  return body !== undefined && ts.isModuleBlock(body) ? body : undefined;
}

/** In the order of the text. */
function bodiesIn(text: string): readonly Body[] {
  const found: Body[] = [];
  let end = 0;
  for (const head of text.matchAll(HEAD)) {
    if (head.index < end) continue;
    const from = head.index + head[0].length;
    const to = isLineEnd(text, from) ? endByIndentation(text, head.index, from) : endByBraces(text, from);
    if (to === undefined) continue;
    end = to;
    if (to - from >= SHORTEST) found.push({ from, to, name: head[1] ?? "" });
  }
  const others = new Map<string, number>();
  for (const [, name = ""] of text.matchAll(NAMED)) others.set(name, (others.get(name) ?? 0) + 1);
  for (const { name } of found) others.set(name, (others.get(name) ?? 0) - 1);
  return found.filter(({ from, to, name }) => others.get(name) === 0 && !text.slice(from, to).includes("import("));
}

function isLineEnd(text: string, at: number): boolean {
  return text.startsWith("\n", at) || text.startsWith("\r\n", at);
}

/** Where a closing brace begins a line, as far to the right as the line of the head. */
function endByIndentation(text: string, head: number, from: number): number | undefined {
  const line = text.lastIndexOf("\n", head) + 1;
  const [indentation = ""] = /^[ \t]*/.exec(text.slice(line, head)) ?? [];
  const before = text.indexOf(`\n${indentation}}`, from);
  return before === -1 ? undefined : before + 1 + indentation.length;
}

/** Of a text without lines. With a comment or a template in it, it is not told. */
function endByBraces(text: string, from: number): number | undefined {
  const tokens = /[{}`]|"[^"\n]*"|'[^'\n]*'|\/[*/]/g;
  tokens.lastIndex = from;
  for (let depth = 1; ; ) {
    const token = tokens.exec(text);
    if (token === null || token[0] === "`" || token[0].startsWith("/")) return undefined;
    if (token[0] === "{") depth++;
    else if (token[0] === "}" && --depth === 0) return token.index;
  }
}

function withoutBodies(text: string, bodies: readonly Body[]): string {
  let at = 0;
  const parts = bodies.flatMap(({ from, to }) => {
    const before = text.slice(at, from);
    at = to;
    return [before, " ".repeat(to - from)];
  });
  return parts.join("") + text.slice(at);
}
