/** Reads the variants of a message type: unions of object literals, interfaces, classes, enums and literals. */
import { ts } from "ts-morph";
import type { MessageType, Tag, Variant } from "../facts/message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

/** A variant together with its type, while the file is being read. */
export interface TypedVariant extends Variant {
  readonly type: ts.Type;
}

export interface TypedMessage {
  readonly message: MessageType;
  readonly variants: readonly TypedVariant[];
}

const NOT_CLOSED =
  ts.TypeFlags.Any |
  ts.TypeFlags.Unknown |
  ts.TypeFlags.Never |
  ts.TypeFlags.TypeParameter |
  ts.TypeFlags.Void |
  ts.TypeFlags.Undefined;

/** A protocol of more variants is a table that somebody generated: each arm would be compared with each of them. */
const MAX_VARIANTS = 1_000;

/** By type, which belongs to one checker: a file speaks of the same few protocols at every send. */
const known = new WeakMap<ts.Type, TypedMessage | "open">();

/** @returns `undefined` when not all messages are known: the type is open, generic, or has no discriminant. */
export function readMessageType(unit: SourceUnit, type: ts.Type): TypedMessage | undefined {
  if (type.flags & NOT_CLOSED) return undefined;
  const typed = known.get(type) ?? readVariants(unit, type) ?? "open";
  known.set(type, typed);
  return typed === "open" ? undefined : typed;
}

function readVariants(unit: SourceUnit, type: ts.Type): TypedMessage | undefined {
  const members = membersOf(type);
  if (members.length > MAX_VARIANTS) return undefined;
  const found = literalVariants(unit, members) ?? discriminatedVariants(unit, members) ?? classVariants(members);
  if (found === undefined) return undefined;
  const variants = found.variants.toSorted((a, b) => Number(a.tag.key > b.tag.key) - Number(a.tag.key < b.tag.key));
  return {
    variants,
    message: {
      name: nameOfType(unit, type),
      ...(found.discriminant === undefined ? {} : { discriminant: found.discriminant }),
      variants: variants.map(({ type: _, ...variant }) => variant),
    },
  };
}

/** The tag of a literal value type; `undefined` for anything that is not one value. */
export function tagOfType(unit: SourceUnit, type: ts.Type): Tag | undefined {
  const isEnum = (type.flags & ts.TypeFlags.EnumLiteral) !== 0 && !type.isUnion();
  if (type.isStringLiteral())
    return { key: `s:${type.value}`, text: isEnum ? unit.checker.typeToString(type) : JSON.stringify(type.value) };
  if (type.isNumberLiteral())
    return { key: `n:${type.value}`, text: isEnum ? unit.checker.typeToString(type) : String(type.value) };
  if (type.flags & ts.TypeFlags.BooleanLiteral) {
    const text = unit.checker.typeToString(type);
    return { key: `b:${text}`, text };
  }
  if (type.flags & ts.TypeFlags.UniqueESSymbol && type.symbol !== undefined) {
    return { key: `y:${type.symbol.name}`, text: type.symbol.name };
  }
  return undefined;
}

interface Found {
  readonly discriminant?: string;
  readonly variants: readonly TypedVariant[];
}

function literalVariants(unit: SourceUnit, members: readonly ts.Type[]): Found | undefined {
  const variants: TypedVariant[] = [];
  for (const type of members) {
    const tag = tagOfType(unit, type);
    if (tag === undefined) return undefined;
    const home = (type.aliasSymbol ?? type.symbol)?.declarations?.[0];
    variants.push({ tag, id: `${home === undefined ? "" : declarationId(home)}:${tag.key}`, type });
  }
  return { variants };
}

function discriminatedVariants(unit: SourceUnit, members: readonly ts.Type[]): Found | undefined {
  if (!members.every((member) => member.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return undefined;
  for (const discriminant of discriminantCandidates(members)) {
    const variants = members.map((member) => variantsBy(unit, member, discriminant));
    if (variants.every((one) => one !== undefined) && (discriminant === "type" || tellApart(variants)))
      return { discriminant, variants: variants.flat() };
  }
  return undefined;
}

/** Whether the members of a union differ in their tags: a `boolean` that all of them have tells nothing. */
function tellApart([first, ...others]: readonly (readonly TypedVariant[])[]): boolean {
  const keys = (variants: readonly TypedVariant[] = []): string => String(variants.map(({ tag }) => tag.key));
  return others.length === 0 || others.some((one) => keys(one) !== keys(first));
}

/** `type` when all have it, and nothing else then; otherwise every property all have. */
function discriminantCandidates(members: readonly ts.Type[]): readonly string[] {
  const [first, ...others] = members;
  const names = first?.getProperties().map((property) => property.name) ?? [];
  const common = names.filter((name) => others.every((other) => other.getProperty(name) !== undefined));
  return common.includes("type") ? ["type"] : common;
}

function variantsBy(unit: SourceUnit, member: ts.Type, discriminant: string): readonly TypedVariant[] | undefined {
  const property = member.getProperty(discriminant);
  if (property === undefined || property.flags & ts.SymbolFlags.Optional) return undefined;
  const variants: TypedVariant[] = [];
  for (const type of membersOf(unit.checker.getTypeOfSymbol(property))) {
    const tag = tagOfType(unit, type);
    if (tag === undefined) return undefined;
    const home = property.declarations?.[0];
    const id = `${home === undefined ? "" : declarationId(home)}:${tag.key}`;
    variants.push({ tag, id, type: member, ...replyOf(unit, member) });
  }
  return variants;
}

/** The reply type that `Ask` puts on a message, as `{ reply: R }`. */
function replyOf(unit: SourceUnit, member: ts.Type): { reply?: string } {
  const mark = member.getProperties().find((property) => property.escapedName.toString().startsWith("__@REPLY@"));
  if (mark === undefined || unit.runtime.nameOf(mark) === undefined) return {};
  const type = unit.checker.getNonNullableType(unit.checker.getTypeOfSymbol(mark));
  const reply = type.getProperty("reply");
  return reply === undefined ? {} : { reply: unit.checker.typeToString(unit.checker.getTypeOfSymbol(reply)) };
}

function classVariants(members: readonly ts.Type[]): Found | undefined {
  const variants: TypedVariant[] = [];
  for (const type of members) {
    const home = type.symbol?.declarations?.find(ts.isClassDeclaration);
    if (home === undefined) return undefined;
    const id = declarationId(home);
    variants.push({ tag: { key: `c:${id}`, text: type.symbol.name }, id, type });
  }
  return { variants };
}

function nameOfType(unit: SourceUnit, type: ts.Type): string {
  const symbol = type.aliasSymbol ?? type.symbol;
  if (symbol !== undefined && symbol.name !== "__type") return symbol.name;
  return unit.checker.typeToString(type);
}
