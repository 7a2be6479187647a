/** What messages look like, by the shapes the language server tells: a beginning of one, its fields in words, and what is wrong with one. Pure. */
import type { FieldShape, MessageForm, TypeShape } from "airssys-language-server/protocol";
import { say } from "../sentence.ts";

/** Characters of a value that are shown where it is wrong. */
const SHOWN = 40;

/** The least that has every field there must be: `""`, `0`, `false`, the first literal; `null` for what JSON cannot say. */
export function skeletonOf(shape: TypeShape): unknown {
  switch (shape.kind) {
    case "string":
      return "";
    case "number":
      return 0;
    case "boolean":
      return false;
    case "literal":
      return shape.value;
    case "list":
      return [];
    case "tuple":
      return shape.of.slice(0, shape.required).map(skeletonOf);
    case "union":
      return shape.of[0] === undefined ? null : skeletonOf(shape.of[0]);
    case "object":
      return Object.fromEntries(
        shape.fields.filter((field) => field.isOptional !== true).map((field) => [field.name, skeletonOf(field.shape)]),
      );
    case "any":
    case "impossible":
      return null;
  }
}

/** A message in one line, as people write it: `{ "type": "order", "items": [] }`. */
export function jsonOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[${value.map(jsonOf).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${jsonOf(field)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** The value by which a message is told apart, as text; the message itself where it is a word. */
export function tagOf({ text, shape }: MessageForm, discriminant: string | undefined): string {
  const own =
    shape.kind === "object" ? shape.fields.find(({ name }) => name === discriminant)?.shape : (shape as TypeShape);
  return own?.kind === "literal" ? String(own.value) : text;
}

/** The fields besides the one that tells messages apart, in TypeScript's words; empty where there are none. */
export function fieldsOf({ shape }: MessageForm, discriminant: string | undefined): string {
  if (shape.kind !== "object") return shape.kind === "literal" ? "" : typeOf(shape);
  const fields = shape.fields.filter(({ name }) => name !== discriminant);
  return fields.length === 0 ? "" : typeOf({ ...shape, fields });
}

function typeOf(shape: TypeShape): string {
  switch (shape.kind) {
    case "literal":
      return JSON.stringify(shape.value);
    case "list":
      return shape.of.kind === "union" ? `(${typeOf(shape.of)})[]` : `${typeOf(shape.of)}[]`;
    case "tuple":
      return `[${shape.of.map((item, at) => `${typeOf(item)}${at < shape.required ? "" : "?"}`).join(", ")}]`;
    case "union":
      return shape.of.map(typeOf).join(" | ");
    case "object":
      return `{ ${[...shape.fields.map(fieldType), ...(shape.rest ? [`…: ${typeOf(shape.rest)}`] : [])].join(", ")} }`;
    case "impossible":
      return shape.what.replace(/^an? /, "");
    default:
      return shape.kind;
  }
}

function fieldType({ name, shape, isOptional }: FieldShape): string {
  return `${name}${isOptional === true ? "?" : ""}: ${typeOf(shape)}`;
}

/** The fields that must be there and that nobody can type: `to` with `an ActorRef`. */
export function impossibleIn(shape: TypeShape, at = ""): { readonly at: string; readonly what: string } | undefined {
  if (shape.kind === "impossible") return { at, what: shape.what };
  if (shape.kind === "tuple")
    return firstOf(shape.of.slice(0, shape.required), (item, n) => impossibleIn(item, `${at}[${n}]`));
  if (shape.kind !== "object") return undefined;
  return firstOf(shape.fields, (field) =>
    field.isOptional ? undefined : impossibleIn(field.shape, join(at, field.name)),
  );
}

/**
 * What is wrong with a message, in a sentence that names the place; `undefined` when nothing is.
 *
 * | place | says |
 * |---|---|
 * | of another type | `cents must be a number, not "12".` |
 * | that is not there | `cents is missing: a number.` |
 * | that has no name in the type | `cent is no field of this message.` |
 * | that JSON cannot say | `to is an ActorRef: JSON cannot say it.` |
 */
export function faultIn(value: unknown, shape: TypeShape, at = ""): string | undefined {
  switch (shape.kind) {
    case "any":
      return undefined;
    case "impossible":
      return say("{0} is {1}: JSON cannot say it.", nameOf(at), shape.what);
    case "list":
      if (!Array.isArray(value)) return wrong(value, shape, at);
      return firstOf(value as readonly unknown[], (item, n) => faultIn(item, shape.of, `${at}[${n}]`));
    case "tuple":
      if (!Array.isArray(value) || value.length < shape.required || value.length > shape.of.length)
        return wrong(value, shape, at);
      return firstOf(value as readonly unknown[], (item, n) => faultIn(item, shape.of[n] ?? ANY, `${at}[${n}]`));
    case "object":
      return faultInObject(value, shape, at);
    case "union":
      return faultInUnion(value, shape.of, at);
    case "literal":
      return value === shape.value ? undefined : wrong(value, shape, at);
    default:
      return typeof value === shape.kind ? undefined : wrong(value, shape, at);
  }
}

const ANY: TypeShape = { kind: "any" };

type ObjectShape = Extract<TypeShape, { kind: "object" }>;

function faultInObject(value: unknown, shape: ObjectShape, at: string): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong(value, shape, at);
  const fields = value as Readonly<Record<string, unknown>>;
  const known = firstOf(shape.fields, ({ name, shape: of, isOptional }) => {
    const place = join(at, name);
    if (Object.hasOwn(fields, name)) return faultIn(fields[name], of, place);
    if (isOptional === true) return undefined;
    return of.kind === "impossible" ? faultIn(undefined, of, place) : say("{0} is missing: {1}.", place, wanted(of));
  });
  if (known !== undefined) return known;
  const names = new Set(shape.fields.map(({ name }) => name));
  return firstOf(Object.keys(fields), (name) => {
    if (names.has(name)) return undefined;
    if (shape.rest !== undefined) return faultIn(fields[name], shape.rest, join(at, name));
    return say("{0} is no field of this message.", join(at, name));
  });
}

/** Of several kinds of objects the one is meant that has the same literals. */
function faultInUnion(value: unknown, members: readonly TypeShape[], at: string): string | undefined {
  if (members.some((member) => faultIn(value, member, at) === undefined)) return undefined;
  const meant = members.find(
    (member): member is ObjectShape => member.kind === "object" && sharesLiterals(value, member),
  );
  return meant ? faultInObject(value, meant, at) : wrong(value, { kind: "union", of: members }, at);
}

function sharesLiterals(value: unknown, { fields }: ObjectShape): boolean {
  if (typeof value !== "object" || value === null) return false;
  const literals = fields.filter(({ shape }) => shape.kind === "literal");
  const given = value as Readonly<Record<string, unknown>>;
  return literals.length > 0 && literals.every(({ name, shape }) => faultIn(given[name], shape) === undefined);
}

function wrong(value: unknown, shape: TypeShape, at: string): string {
  return say("{0} must be {1}, not {2}.", nameOf(at), wanted(shape), clipped(JSON.stringify(value) ?? "nothing"));
}

/** What is wanted, with its article. */
function wanted(shape: TypeShape): string {
  switch (shape.kind) {
    case "string":
      return say("a string");
    case "number":
      return say("a number");
    case "boolean":
      return say("true or false");
    case "literal":
      return JSON.stringify(shape.value);
    case "list":
    case "tuple":
      return say("a list {0}", typeOf(shape));
    case "object":
      return say("an object {0}", typeOf(shape));
    case "union":
      return shape.of.map(wanted).join(say(" or "));
    default:
      return typeOf(shape);
  }
}

function clipped(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function nameOf(at: string): string {
  return at === "" ? say("the message") : at;
}

function join(at: string, field: string): string {
  const name = /^[\w$]+$/.test(field) ? field : JSON.stringify(field);
  return at === "" ? name : `${at}.${name}`;
}

function firstOf<T, R>(items: readonly T[], find: (item: T, index: number) => R | undefined): R | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
