/** Statements that spawn an actor, and the child each would be under a supervisor. */
import { ts } from "ts-morph";
import { startableOf } from "./definitions.ts";
import { evaluate, propertyName } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { runtimeCallee, skipOuter } from "./symbols.ts";

/** `const ref = system.spawn(start, options)`, or the call alone. */
export interface SpawnStatement {
  readonly statement: ts.Statement;
  readonly call: ts.CallExpression;
  readonly by: "system" | "context";
  /** The system or the context. */
  readonly receiver: ts.Expression;
  readonly start: ts.Expression;
  /** The name of the variable that holds the ref. */
  readonly variable: string | undefined;
}

export interface SpawnedChild {
  readonly spawn: SpawnStatement;
  readonly id: string;
  /** Its registered name. */
  readonly name: string | undefined;
  /** Options besides the id, as they are written. */
  readonly options: readonly ts.PropertyAssignment[];
}

const OPTIONS = new Set(["name", "mailbox"]);

/** @returns `undefined` for a spawn that is a part of something larger. */
export function spawnStatement(unit: SourceUnit, call: ts.CallExpression | undefined): SpawnStatement | undefined {
  if (call === undefined || !ts.isPropertyAccessExpression(call.expression)) return undefined;
  const callee = call.expression.name.text === "spawn" ? runtimeCallee(unit, call) : undefined;
  const [start] = call.arguments;
  const isSpawn = callee === "ActorSystem.spawn" || callee === "ActorContext.spawn";
  if (!isSpawn || start === undefined || !ts.isIdentifier(call.expression.expression)) return undefined;
  const by = callee === "ActorSystem.spawn" ? "system" : "context";
  const base = { call, by, receiver: call.expression.expression, start } as const;
  if (ts.isExpressionStatement(call.parent)) return { ...base, statement: call.parent, variable: undefined };
  const declaration = call.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const list = declaration.parent;
  const statement = list.parent;
  return ts.isVariableStatement(statement) && ts.isVariableDeclarationList(list) && list.declarations.length === 1
    ? { ...base, statement, variable: declaration.name.text }
    : undefined;
}

/** @returns `undefined` when one of them cannot be a child, has no name to be called by, or has that of another. */
export function spawnedChildren(
  unit: SourceUnit,
  spawns: readonly SpawnStatement[],
): readonly SpawnedChild[] | undefined {
  const children = spawns.map((spawn) => childOf(unit, spawn)).filter((one) => one !== undefined);
  const names = children.flatMap(({ id, name }) => (name === undefined || name === id ? [id] : [id, name]));
  return children.length === spawns.length && new Set(names).size === names.length ? children : undefined;
}

function childOf(unit: SourceUnit, spawn: SpawnStatement): SpawnedChild | undefined {
  const options = optionsOf(spawn.call.arguments[1]);
  if (options === undefined || mayStartNothing(unit, spawn.start)) return undefined;
  const written = options.find((one) => one.name.getText() === "id")?.initializer;
  const id = written === undefined ? idFrom(unit, spawn) : ts.isStringLiteralLike(written) ? written.text : undefined;
  const rest = options.filter((one) => OPTIONS.has(one.name.getText()));
  const named = rest.find((one) => one.name.getText() === "name");
  const name = named === undefined ? undefined : evaluate(unit, named.initializer).value;
  if (id === undefined || id === "" || (named !== undefined && typeof name !== "string")) return undefined;
  return { spawn, id, name: typeof name === "string" ? name : undefined, options: rest };
}

function optionsOf(argument: ts.Expression | undefined): readonly ts.PropertyAssignment[] | undefined {
  if (argument === undefined) return [];
  const literal = skipOuter(argument);
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  const plain = literal.properties.filter(
    (one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && propertyName(one.name) !== undefined,
  );
  return plain.length === literal.properties.length ? plain : undefined;
}

/** A start that gives back `IGNORE` leaves no child to be found. */
function mayStartNothing(unit: SourceUnit, start: ts.Expression): boolean {
  const { kind, id } = startableOf(unit, start);
  if (kind === "function" && id === undefined && unit.checker.getTypeAtLocation(start).getCallSignatures().length > 0)
    return true;
  const returned = unit.checker.getTypeAtLocation(start).getCallSignatures()[0]?.getReturnType();
  return returned?.isUnion() === true && returned.types.some((one) => one.flags & ts.TypeFlags.UniqueESSymbol);
}

/** From the variable that holds the ref, or else from what is started. */
function idFrom(unit: SourceUnit, { variable, start }: SpawnStatement): string | undefined {
  if (variable !== undefined) return kebab(variable);
  if (ts.isIdentifier(start)) return kebab(start.text);
  const { id } = startableOf(unit, start);
  const name = id
    ?.slice(id.lastIndexOf("#") + 1)
    .split(".")
    .at(-1);
  return name === undefined || name.startsWith("@") ? undefined : kebab(name);
}

function kebab(name: string): string {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1-$2")
    .replaceAll(/[_$]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}
