/** Calls of `node:child_process`, by whatever name, also through `promisify`. */
import { ts } from "ts-morph";
import { constantValue } from "./actor-code.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, symbolOf } from "./symbols.ts";

const FUNCTIONS = new Set(["exec", "execFile", "spawn", "fork", "execSync", "execFileSync", "spawnSync"]);

/** The function of the module that a call calls; `undefined` for any other. */
export function childProcessCallee(unit: SourceUnit, call: ts.CallExpression): string | undefined {
  const callee = skipOuter(call.expression);
  return functionOf(unit, callee) ?? promisified(unit, callee);
}

function functionOf(unit: SourceUnit, expression: ts.Expression): string | undefined {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = symbolOf(unit, name);
  const declaration = symbol?.declarations?.[0];
  if (symbol === undefined || declaration === undefined || !FUNCTIONS.has(symbol.name)) return undefined;
  return isOfModule(declaration) ? symbol.name : undefined;
}

/** `const run = promisify(exec)`, and `promisify(exec)(…)`. */
function promisified(unit: SourceUnit, callee: ts.Expression): string | undefined {
  const value = constantValue(unit, callee);
  const [inner] = ts.isCallExpression(value) ? value.arguments : [];
  if (!ts.isCallExpression(value) || inner === undefined || value.arguments.length !== 1) return undefined;
  const maker = skipOuter(value.expression);
  const name = ts.isPropertyAccessExpression(maker) ? maker.name.text : ts.isIdentifier(maker) ? maker.text : "";
  return name === "promisify" ? functionOf(unit, skipOuter(inner)) : undefined;
}

function isOfModule(declaration: ts.Declaration): boolean {
  if (!declaration.getSourceFile().isDeclarationFile) return false;
  for (let at: ts.Node = declaration; at !== undefined; at = at.parent) {
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return /^(?:node:)?child_process$/.test(at.name.text);
    if (ts.isSourceFile(at)) return /\/@types\/node\/child_process\.d\.ts$/.test(at.fileName);
  }
  return false;
}
