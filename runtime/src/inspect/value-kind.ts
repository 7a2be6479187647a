/** What a value is inside, asked in ways that no program can answer for it. Runs no getter and no proxy. */
import { types } from "node:util";
import { Cell } from "../actor/cell.ts";
import { clip } from "../values/safe-text.ts";
import { pathOf } from "./rows.ts";

/** Characters of a name, and of an error's message. */
const NAME = 60;
const MESSAGE = 200;
/** Deeper than any class. */
const PROTOTYPES = 50;

export interface Kind {
  /** Of its class; empty for a plain object. */
  readonly name: string;
  /** All that is said of it in a line, where its parts are not. */
  readonly brief?: string;
}

/**
 * | value | line |
 * |---|---|
 * | a proxy | `(a proxy)` |
 * | a map, a set, bytes | its class and how many: `Map(42)` |
 * | a date | its time |
 * | an error | `Name: message` |
 * | an actor | `ActorRef(bank/tom)` |
 * | a promise, a weak map, a buffer, an expression | its class |
 * | any other object | its parts are said |
 */
export function kindOf(value: object): Kind {
  if (types.isProxy(value)) return { name: "Proxy", brief: "(a proxy)" };
  const name = classNameOf(value);
  if (types.isMap(value)) return sized(name, sizeOfMap(value));
  if (types.isSet(value)) return sized(name, sizeOfSet(value));
  if (types.isTypedArray(value)) return sized(name, lengthOfBytes(value));
  if (types.isDate(value)) return { name, brief: dateText(value) };
  if (types.isNativeError(value)) return { name, brief: errorText(value, name) };
  if (isSealed(value)) return { name, brief: name };
  return isRef(value) ? { name, brief: `ActorRef(${pathOf(value)})` } : { name };
}

function sized(name: string, size: number): Kind {
  return { name, brief: `${name}(${size})` };
}

/** Nothing that it holds can be seen. */
export function isSealed(value: object): boolean {
  return (
    types.isAnyArrayBuffer(value) ||
    types.isDataView(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value)
  );
}

/** An actor: what is behind a ref. */
export function isRef(value: object): value is Cell {
  return prototypesOf(value).includes(Cell.prototype);
}

export const sizeOfMap: (map: object) => number = getterOf(Map.prototype, "size");
export const sizeOfSet: (set: object) => number = getterOf(Set.prototype, "size");
export const lengthOfBytes: (bytes: object) => number = getterOf(Object.getPrototypeOf(Uint8Array.prototype), "length");

/** The language's own, whatever a program has put in its place. */
function getterOf(prototype: object, name: string): (of: object) => number {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get as () => number;
  return (of) => Reflect.apply(get, of, []);
}

function dateText(date: Date): string {
  const time = Date.prototype.getTime.call(date);
  return Number.isNaN(time) ? "Invalid Date" : new Date(time).toISOString();
}

function errorText(error: Error, name: string): string {
  const message = dataOf(error, "message");
  return typeof message === "string" && message !== "" ? `${name}: ${clip(message, MESSAGE)}` : name;
}

/** What `constructor` says where it is no getter; empty for plain objects. */
function classNameOf(value: object): string {
  for (const prototype of prototypesOf(value)) {
    if (prototype === Object.prototype) return "";
    const made = dataOf(prototype, "constructor");
    if (typeof made === "function") return nameOf(made) || "(a class without a name)";
  }
  return "";
}

/** Names of the classes that an object is of, the nearest first. */
export function classNamesOf(object: object): readonly string[] {
  if (types.isProxy(object)) return [];
  return prototypesOf(object).flatMap((prototype) => {
    const made = dataOf(prototype, "constructor");
    return typeof made === "function" ? [nameOf(made)] : [];
  });
}

/** `type` of a message where it is a field of its own, else the name of its class. */
export function messageTypeOf(message: unknown): string {
  try {
    if (typeof message !== "object" || message === null || types.isProxy(message)) return `(${typeof message})`;
    const type = dataOf(message, "type");
    return typeof type === "string" ? type : classNameOf(message) || "(no type)";
  } catch {
    return "(cannot be read)";
  }
}

/** The name of a function or class, as long as it is text. */
export function nameOf(called: object): string {
  const name = types.isProxy(called) ? undefined : dataOf(called, "name");
  return typeof name === "string" ? clip(name, NAME) : "";
}

function dataOf(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

const STACK = Object.getOwnPropertyDescriptor(Reflect.construct(Error, []), "stack")?.get;

/**
 * Whether a debugger that looks at an object runs something of the program: it asks errors for their texts, and proxies that others
 * inherit from for their keys. It cannot be known of what is in private fields.
 */
export function isTrap(object: object): boolean {
  if (isHeirOfProxy(object)) return true;
  return Object.values(Object.getOwnPropertyDescriptors(object)).some(
    ({ value }) => types.isNativeError(value) && (isComputed(value, "message") || isComputed(value, "stack")),
  );
}

function isHeirOfProxy(object: object): boolean {
  const top = prototypesOf(object).at(-1) ?? object;
  return Object.getPrototypeOf(top) !== null;
}

function isComputed(error: Error, name: string): boolean {
  for (const holder of [error, ...prototypesOf(error)]) {
    const field = Object.getOwnPropertyDescriptor(holder, name);
    if (field !== undefined) return field.get !== undefined && field.get !== STACK;
  }
  return isHeirOfProxy(error);
}

/** From the nearest up, no further than a proxy. */
function prototypesOf(value: object): object[] {
  const found: object[] = [];
  let at: unknown = Object.getPrototypeOf(value);
  while (typeof at === "object" && at !== null && found.length < PROTOTYPES && !types.isProxy(at)) {
    found.push(at);
    at = Object.getPrototypeOf(at);
  }
  return found;
}
