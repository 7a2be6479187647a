/** Starts that give every incarnation the same object: an actor made once, or a first state that is changed in place. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { Callback } from "./actor-code.ts";
import { actorClassOf } from "./definitions.ts";
import { propertyName } from "./evaluate.ts";
import { type StatePath, stateChange } from "./read-leaked-state.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, isPlainFunction, type PlainFunction, skipOuter, spanOf, symbolOf } from "./symbols.ts";

/** Names of what one begins with. */
const BEGINNING =
  /^(?:initial|default|empty|none|no|blank)(?:[A-Z_]|s?$)|^(?:INITIAL|DEFAULT|EMPTY|NONE|NO|BLANK)(?:_|S?$)/;

/** `init: () => initial`, `init: () => ({ ...initial })`, where handlers change what is in it. */
export function sharedState(unit: SourceUnit, callback: Callback, code: readonly Callback[]): readonly Incident[] {
  const { kind, node, owner, actor } = callback;
  if (kind !== "init" || ts.isClassLike(owner)) return [];
  const handler = code.find((one) => one.actor === actor && one.kind === "message");
  if (handler === undefined) return [];
  const value = givenBy(node);
  const incident = (given: ts.Identifier, path: StatePath): readonly Incident[] => {
    const change = stateChange(unit, handler, code, path);
    return change === undefined ? [] : [sharedBy(given, change, actor)];
  };
  if (value !== undefined && ts.isIdentifier(value)) return isMadeOutside(unit, value, node) ? incident(value, []) : [];
  return value !== undefined && ts.isObjectLiteralExpression(value)
    ? partsOutside(unit, value, node)
        .flatMap(({ given, path }) => incident(given, path))
        .slice(0, 1)
    : [];
}

/** `#rows = NONE` in a class that changes its rows in place, where the name says that it is what one begins with. */
export function sharedField(
  unit: SourceUnit,
  owner: Callback["owner"],
  code: readonly Callback[],
): readonly Incident[] {
  const handler = code.find((one) => one.owner === owner && one.kind === "message");
  if (!ts.isClassLike(owner) || handler === undefined) return [];
  return owner.members.flatMap((member): readonly Incident[] => {
    const isStatic =
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    if (!ts.isPropertyDeclaration(member) || isStatic || member.initializer === undefined) return [];
    const given = skipOuter(member.initializer);
    if (!ts.isIdentifier(given) || !BEGINNING.test(given.text) || !isMadeOutside(unit, given, owner)) return [];
    const change = stateChange(unit, handler, code, [member.name.getText()]);
    return change === undefined ? [] : [sharedBy(given, change, handler.actor)];
  });
}

function sharedBy(given: ts.Identifier, change: ts.Node, actor: string): Incident {
  const other = { path: change.getSourceFile().fileName, span: spanOf(change) };
  return { kind: "shared-state", span: spanOf(given), subject: given.text, other, actor };
}

interface OutsidePart {
  readonly given: ts.Identifier;
  readonly path: StatePath;
}

/** The lists, maps and objects in a new object that are made outside: `{ ...initial }` copies the first level only. */
function partsOutside(unit: SourceUnit, literal: ts.ObjectLiteralExpression, code: ts.Node): readonly OutsidePart[] {
  return literal.properties.flatMap((property, index): readonly OutsidePart[] => {
    const value = ts.isSpreadAssignment(property)
      ? skipOuter(property.expression)
      : ts.isPropertyAssignment(property)
        ? skipOuter(property.initializer)
        : undefined;
    if (value === undefined || !ts.isIdentifier(value) || !isMadeOutside(unit, value, code)) return [];
    const name = property.name === undefined ? undefined : propertyName(property.name);
    if (name !== undefined) return [{ given: value, path: [name] }];
    const later = literal.properties.slice(index + 1).map((one) => one.name?.getText());
    return madeWithin(unit, value)
      .filter((part) => !later.includes(part))
      .map((part) => ({ given: value, path: [part] }));
  });
}

/** Names of the properties of an object that hold objects of their own. */
function madeWithin(unit: SourceUnit, name: ts.Identifier): readonly string[] {
  const declaration = symbolOf(unit, name)?.valueDeclaration as ts.VariableDeclaration;
  const literal = declaration.initializer === undefined ? undefined : skipOuter(declaration.initializer);
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return [];
  return literal.properties.flatMap((one) => {
    const part =
      ts.isPropertyAssignment(one) && isMade(skipOuter(one.initializer)) ? propertyName(one.name) : undefined;
    return part === undefined ? [] : [part];
  });
}

/** `start: () => cart`, where the actor is made once. */
export function sharedActor(unit: SourceUnit, node: ts.PropertyAssignment): readonly Incident[] {
  const start = startOf(unit, node);
  const given = start === undefined ? undefined : givenBy(start);
  if (start === undefined || given === undefined || !ts.isIdentifier(given) || !isMadeOutside(unit, given, start))
    return [];
  const actor = actorClassOf(unit, unit.checker.getTypeAtLocation(given));
  if (actor === undefined) return [];
  return [{ kind: "shared-actor", span: spanOf(given), subject: given.text, actor: declarationId(actor) }];
}

/** The function that a child spec is given to start with; what is started once, a `temporary` child, may be made before. */
function startOf(unit: SourceUnit, node: ts.PropertyAssignment): PlainFunction | undefined {
  if (propertyName(node.name) !== "start") return undefined;
  const isOnce = node.parent.properties.some(
    (one) => one.name?.getText() === "restart" && /"temporary"/.test(one.getText()),
  );
  if (isOnce) return undefined;
  const code = skipOuter(node.initializer);
  const declaration = ts.isIdentifier(code) ? symbolOf(unit, code)?.valueDeclaration : code;
  const made =
    declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
  // What a function of another file gives is told there, if anywhere.
  return made !== undefined && isPlainFunction(made) && made.getSourceFile() === unit.file ? made : undefined;
}

/** What a function gives back that does nothing else. */
function givenBy({ body }: ts.FunctionLikeDeclaration): ts.Expression | undefined {
  if (body === undefined) return undefined;
  const [only, ...others] = ts.isBlock(body) ? body.statements : [];
  const value = ts.isBlock(body)
    ? only !== undefined && others.length === 0 && ts.isReturnStatement(only)
      ? only.expression
      : undefined
    : (body as ts.Expression);
  return value === undefined ? undefined : skipOuter(value);
}

/** Whether a variable is a constant that stands outside of a function, and holds an object made there. */
function isMadeOutside(unit: SourceUnit, name: ts.Identifier, code: ts.Node): boolean {
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  const isInside =
    code.pos <= declaration.pos && declaration.end <= code.end && code.getSourceFile() === declaration.getSourceFile();
  if (!isConstant || isInside || declaration.initializer === undefined) return false;
  return isMade(skipOuter(declaration.initializer));
}

function isMade(made: ts.Expression): boolean {
  return ts.isNewExpression(made) || ts.isObjectLiteralExpression(made) || ts.isArrayLiteralExpression(made);
}
