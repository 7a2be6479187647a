/** Actors and supervisors by name: what a class, a `defineActor` or a `supervisor` is called, and what a start starts. */
import { ts } from "ts-morph";
import type { Startable } from "../facts/static-value.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, runtimeCallee, skipOuter, symbolOf } from "./symbols.ts";

/** Id of the definition a `defineActor` or `supervisor` call makes: the variable's when it has one. */
export function definitionId(call: ts.CallExpression): string {
  const variable = namedBy(call);
  return variable === undefined ? `${call.getSourceFile().fileName}#@${call.getStart()}` : declarationId(variable);
}

/** The variable or property that holds the value of an expression. */
export function namedBy(expression: ts.Expression): ts.VariableDeclaration | undefined {
  let node: ts.Node = expression;
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isAsExpression(node.parent) ||
    ts.isSatisfiesExpression(node.parent)
  )
    node = node.parent;
  return ts.isVariableDeclaration(node.parent) && node.parent.initializer === node ? node.parent : undefined;
}

/** What a start starts: a definition, a function that makes one actor class, or some function. */
export function startableOf(unit: SourceUnit, node: ts.Expression | ts.MethodDeclaration): Startable {
  const expression = ts.isMethodDeclaration(node) ? node : skipOuter(node);
  if (ts.isCallExpression(expression)) {
    const callee = runtimeCallee(unit, expression, "supervisor", "defineActor");
    if (callee === "supervisor") return { kind: "supervisor", id: definitionId(expression), isDefinition: true };
    if (callee === "defineActor") return { kind: "actor", id: definitionId(expression), isDefinition: true };
  }
  const returned = unit.checker.getTypeAtLocation(expression).getCallSignatures()[0]?.getReturnType();
  const actor = returned === undefined ? undefined : actorClassOf(unit, returned);
  return actor === undefined ? { kind: "function" } : { kind: "actor", id: declarationId(actor) };
}

/** The one actor class that values of a type are made of; promises and `IGNORE` are looked through. */
export function actorClassOf(unit: SourceUnit, type: ts.Type): ts.ClassLikeDeclaration | undefined {
  const members = (type.isUnion() ? type.types : [type]).map((member) => promised(unit, member));
  const classes = new Set<ts.ClassLikeDeclaration>();
  for (const member of members.flatMap((one) => (one.isUnion() ? one.types : [one]))) {
    if (member.flags & ts.TypeFlags.UniqueESSymbol) continue;
    const declaration = member.symbol?.declarations?.find(ts.isClassLike);
    if (declaration === undefined || !isActorClass(unit, declaration)) return undefined;
    classes.add(declaration);
  }
  const [only] = classes;
  return classes.size === 1 ? only : undefined;
}

function promised(unit: SourceUnit, type: ts.Type): ts.Type {
  return type.symbol?.name === "Promise" ? (unit.checker.getTypeArguments(type as ts.TypeReference)[0] ?? type) : type;
}

/** Whether a class extends the runtime's `Actor`, directly or through others. The runtime's own classes do not count. */
export function isActorClass(unit: SourceUnit, node: ts.ClassLikeDeclaration): boolean {
  for (let at: ts.ClassLikeDeclaration | undefined = node, depth = 0; at !== undefined && depth < 16; depth++) {
    const base: ts.Expression | undefined = at.heritageClauses?.find(
      (clause) => clause.token === ts.SyntaxKind.ExtendsKeyword,
    )?.types[0]?.expression;
    if (base === undefined) return false;
    const symbol: ts.Symbol | undefined = symbolOf(unit, base);
    if (symbol !== undefined && unit.runtime.nameOf(symbol) === "Actor") return true;
    const next: ts.ClassLikeDeclaration | undefined = symbol?.declarations?.find(ts.isClassLike);
    if (next === undefined) return isActorType(unit, unit.checker.getTypeAtLocation(at));
    at = next;
  }
  return false;
}

/** What a base that is an expression makes: `extends Logged(Actor<M>)`, `extends baseOf<M>()`, a constant. */
function isActorType(unit: SourceUnit, type: ts.Type, depth = 0): boolean {
  // The runtime's own class is a base, and no actor itself.
  if (unit.runtime.nameOf(type.symbol) === "Actor") return depth > 0;
  if (depth > 8) return false;
  const bases = type.isIntersection()
    ? type.types
    : type.isClassOrInterface()
      ? unit.checker.getBaseTypes(type)
      : (type as ts.TypeReference).target?.isClassOrInterface()
        ? unit.checker.getBaseTypes((type as ts.TypeReference).target as ts.InterfaceType)
        : [];
  return bases.some((base) => isActorType(unit, base, depth + 1));
}
