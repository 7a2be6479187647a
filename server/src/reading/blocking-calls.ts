/** Calls that hold the whole thread: the synchronous functions of Node, called directly or through functions of the project. */
import { ts } from "ts-morph";
import type { FileSpan } from "../source/span.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, isPlainFunction, spanOf, symbolOf } from "./symbols.ts";

const MODULES = new Set(["fs", "child_process", "crypto", "zlib"]);
/** Fast enough to be called anywhere. */
const QUICK = new Set(["existsSync", "generateKeySync"]);
const MAX_DEPTH = 4;

export interface BlockingCall {
  readonly name: string;
  /** Where it is called, when that is in a function further down. */
  readonly place?: FileSpan;
}

const known = new WeakMap<ts.Node, BlockingCall | "none">();

export function blockingCallee(unit: SourceUnit, call: ts.CallExpression, depth = 0): BlockingCall | undefined {
  const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  if (!ts.isMemberName(callee)) return undefined;
  const symbol = symbolOf(unit, callee);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  // Under whichever name it is imported.
  if (isBlockingDeclaration(symbol.name, declaration)) return { name: symbol.name };
  const body = declaration.getSourceFile().isDeclarationFile ? undefined : plainFunction(declaration)?.body;
  return body === undefined || depth >= MAX_DEPTH ? undefined : blockingBelow(unit, body, depth + 1);
}

/** Functions and methods of the project: what they do before their first `await`, their caller waits for. */
function plainFunction(declaration: ts.Declaration): ts.FunctionLikeDeclaration | undefined {
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  return value !== undefined && isPlainFunction(value) && value.asteriskToken === undefined ? value : undefined;
}

function blockingBelow(unit: SourceUnit, body: ts.ConciseBody, depth: number): BlockingCall | undefined {
  const file = body.getSourceFile();
  if (file !== unit.file) unit.reads.add(file.fileName);
  const found = known.get(body);
  if (found !== undefined) return found === "none" ? undefined : found;
  // A function that calls itself is looked at once.
  known.set(body, "none");
  let blocking: BlockingCall | undefined;
  visitUnconditional(body, (node) => {
    if (blocking !== undefined || !ts.isCallExpression(node)) return;
    const below = blockingCallee(unit, node, depth);
    if (below !== undefined)
      blocking = { name: below.name, place: below.place ?? { path: file.fileName, span: spanOf(node.expression) } };
  });
  known.set(body, blocking ?? "none");
  return blocking;
}

/** Without the functions inside, and without what runs under a condition: a cache filled once does not block every turn. */
function visitUnconditional(root: ts.Node, visit: (node: ts.Node) => void): void {
  forEachNode(root, (node) => {
    for (let at: ts.Node = node; at !== root; at = at.parent) {
      const { parent } = at;
      const isConditional =
        (ts.isIfStatement(parent) && at !== parent.expression) ||
        (ts.isConditionalExpression(parent) && at !== parent.condition) ||
        (ts.isBinaryExpression(parent) && at === parent.right) ||
        ts.isCaseOrDefaultClause(at) ||
        ts.isFunctionLike(at) ||
        ts.isClassLike(at);
      if (isConditional) return;
    }
    visit(node);
  });
}

function isBlockingDeclaration(name: string, declaration: ts.Declaration): boolean {
  if (!declaration.getSourceFile().isDeclarationFile) return false;
  if (name === "wait" && ts.isInterfaceDeclaration(declaration.parent))
    return declaration.parent.name.text === "Atomics";
  if (!name.endsWith("Sync") || QUICK.has(name)) return false;
  for (let at: ts.Node = declaration; at !== undefined; at = at.parent) {
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return MODULES.has(at.name.text.replace(/^node:/, ""));
    if (ts.isSourceFile(at)) return /\/@types\/node\/(?:fs|child_process|crypto|zlib)\.d\.ts$/.test(at.fileName);
  }
  return false;
}
