/** Reads what the messages of an actor look like: the types of their fields, as far as JSON can say their values. */
import { ts } from "ts-morph";
import type { ActorMessages, FieldShape, TypeShape } from "../protocol.ts";
import { isOfEveryProgram } from "./cloned-type.ts";
import { typedMessageOf } from "./read-actors.ts";
import { tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";

/** Deeper than that, everything is taken: types may have themselves in them. */
const MAX_DEPTH = 5;
/** Members of a union that are told: one of more takes everything. */
const MAX_MEMBERS = 50;

const IS_SYMBOL = /^__[@#]/;

/** @returns `undefined` when there is no such actor in the file, or its messages are not all known. */
export function readMessageForms(unit: SourceUnit, actor: string): ActorMessages | undefined {
  const typed = typedMessageOf(unit, actor);
  if (typed === undefined) return undefined;
  const { name, discriminant } = typed.message;
  return {
    name,
    ...(discriminant === undefined ? {} : { discriminant }),
    messages: typed.variants.map(({ tag, reply, type }) => ({
      text: tag.text,
      ...(reply === undefined ? {} : { reply }),
      shape: variantShape(unit, type, tag.key, discriminant),
    })),
  };
}

/** A member of the union that has several tags is a message for each. */
function variantShape(unit: SourceUnit, type: ts.Type, key: string, discriminant: string | undefined): TypeShape {
  const shape = shapeOf(unit, type, 0);
  if (shape.kind !== "object" || discriminant === undefined) return shape;
  const tag = unit.checker.getTypeOfSymbol(type.getProperty(discriminant) as ts.Symbol);
  const own = (tag.isUnion() ? tag.types : [tag]).find((one) => tagOfType(unit, one)?.key === key);
  const first = { name: discriminant, shape: own === undefined ? ANYTHING : shapeOf(unit, own, 1) };
  return { ...shape, fields: [first, ...shape.fields.filter((field) => field.name !== discriminant)] };
}

const ANYTHING: TypeShape = { kind: "any" };
const { TypeFlags } = ts;

function shapeOf(unit: SourceUnit, type: ts.Type, depth: number): TypeShape {
  const { flags } = type;
  if (flags & TypeFlags.Boolean) return { kind: "boolean" };
  if (type.isUnion()) return unionShape(unit, type, depth);
  if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: "literal", value: type.value };
  if (flags & TypeFlags.BooleanLiteral) return { kind: "literal", value: unit.checker.typeToString(type) === "true" };
  if (flags & TypeFlags.Null) return { kind: "literal", value: null };
  if (flags & TypeFlags.StringLike) return { kind: "string" };
  if (flags & TypeFlags.NumberLike) return { kind: "number" };
  if (flags & TypeFlags.BigIntLike) return impossible("a bigint");
  if (flags & TypeFlags.ESSymbolLike) return impossible("a symbol");
  if (flags & (TypeFlags.Undefined | TypeFlags.Void)) return impossible("undefined");
  if (flags & TypeFlags.Never) return impossible("never");
  if (type.isTypeParameter()) {
    const bound = type.getConstraint();
    return bound === undefined || depth >= MAX_DEPTH ? ANYTHING : shapeOf(unit, bound, depth + 1);
  }
  return flags & (TypeFlags.Object | TypeFlags.Intersection) ? objectShape(unit, type, depth) : ANYTHING;
}

function impossible(what: string): TypeShape {
  return { kind: "impossible", what };
}

/** What JSON cannot say is left out, unless nothing else is there. */
function unionShape(unit: SourceUnit, type: ts.UnionType, depth: number): TypeShape {
  if (type.types.length > MAX_MEMBERS) return ANYTHING;
  const isBoolean = (one: ts.Type): boolean => (one.flags & TypeFlags.BooleanLiteral) !== 0;
  const hasBoth = type.types.filter(isBoolean).length === 2;
  const others = type.types.filter((one) => !(hasBoth && isBoolean(one)));
  const shapes: TypeShape[] = [
    ...(hasBoth ? [{ kind: "boolean" } as const] : []),
    ...others.map((one) => shapeOf(unit, one, depth)),
  ];
  const possible = shapes.filter(({ kind }) => kind !== "impossible");
  const [first, ...more] = possible;
  if (first === undefined) return shapes.find((one) => !isUndefined(one)) ?? shapes[0] ?? ANYTHING;
  return more.length === 0 ? first : { kind: "union", of: possible };
}

function isUndefined(shape: TypeShape): boolean {
  return shape.kind === "impossible" && shape.what === "undefined";
}

function objectShape(unit: SourceUnit, type: ts.Type, depth: number): TypeShape {
  const { checker } = unit;
  if (depth >= MAX_DEPTH) return ANYTHING;
  if (checker.isTupleType(type)) return tupleShape(unit, type as ts.TupleTypeReference, depth);
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    return { kind: "list", of: item === undefined ? ANYTHING : shapeOf(unit, item, depth + 1) };
  }
  const what = unwritable(unit, type);
  if (what !== undefined) return impossible(what);
  const rest = type.getStringIndexType();
  return {
    kind: "object",
    fields: type.getProperties().flatMap((property) => fieldShape(unit, property, depth) ?? []),
    ...(rest === undefined ? {} : { rest: shapeOf(unit, rest, depth + 1) }),
  };
}

function tupleShape(unit: SourceUnit, type: ts.TupleTypeReference, depth: number): TypeShape {
  const { elementFlags, minLength } = type.target;
  const items = unit.checker.getTypeArguments(type).map((item) => shapeOf(unit, item, depth + 1));
  const isOpen = elementFlags.some((flag) => (flag & (ts.ElementFlags.Rest | ts.ElementFlags.Variadic)) !== 0);
  if (!isOpen) return { kind: "tuple", of: items, required: minLength };
  return { kind: "list", of: items.length === 1 ? (items[0] ?? ANYTHING) : { kind: "union", of: items } };
}

/** What is no plain object: a function, or an instance of a class, of the runtime, the language or the program. */
function unwritable(unit: SourceUnit, type: ts.Type): string | undefined {
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return "a function";
  for (const one of type.isIntersection() ? type.types : [type]) {
    const { symbol } = one;
    if (symbol === undefined) continue;
    const name = unit.runtime.nameOf(symbol);
    if (name === "ActorRef" || name === "AnyActorRef") return "an ActorRef";
    const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
    const isNamed = !symbol.name.startsWith("__");
    if (isClass || (name !== undefined && isNamed) || isOfLanguage(one)) return withArticle(symbol.name);
  }
  return undefined;
}

/** Interfaces that the language declares, or the platform, and that have methods: `Map`, `Date`, `Uint8Array`. */
function isOfLanguage(type: ts.Type): boolean {
  const { declarations } = type.symbol;
  if (declarations?.some(ts.isInterfaceDeclaration) !== true || !declarations.every(isOfEveryProgram)) return false;
  return type.getProperties().some((property) => (property.flags & ts.SymbolFlags.Method) !== 0);
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/i.test(name) ? "an" : "a"} ${name}`;
}

/** The mark that says how a message is answered is no field, and neither is a method. */
function fieldShape(unit: SourceUnit, property: ts.Symbol, depth: number): FieldShape | undefined {
  if (IS_SYMBOL.test(String(property.escapedName)) || property.flags & ts.SymbolFlags.Method) return undefined;
  const type = unit.checker.getTypeOfSymbol(property);
  const isOptional =
    (property.flags & ts.SymbolFlags.Optional) !== 0 ||
    (type.isUnion() ? type.types : [type]).some((one) => (one.flags & TypeFlags.Undefined) !== 0);
  const shape = shapeOf(unit, type, depth + 1);
  return { name: property.name, shape, ...(isOptional ? { isOptional } : {}) };
}
