/** Checks of data from outside, field by field. Knows no protocol. */
import { say, number as written } from "../sentence.ts";

/** Data that is not what it should be; `at` names the place. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  constructor(at: string, expected: string) {
    super(say("{0} is not {1}", at || say("the frame"), expected));
  }
}

/** Gives back what it understood of `value`, found at `at`. @throws {ShapeError} */
export type Shape<T> = (value: unknown, at: string) => T;

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Read<F extends Fields> = { readonly [K in keyof F]: F[K] extends Shape<infer T> ? T : never };

/** An object with these fields; others are left out. Optional fields may be missing. */
export function object<R extends Fields, O extends Fields = Record<never, never>>(
  required: R,
  optional?: O,
): Shape<Read<R> & Partial<Read<O>>> {
  const must = Object.entries(required);
  const may = Object.entries(optional ?? {});
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ShapeError(at, say("an object"));
    const input = value as Record<string, unknown>;
    const output: Record<string, unknown> = {};
    for (const [name, shape] of must) output[name] = shape(input[name], join(at, name));
    for (const [name, shape] of may) {
      if (input[name] !== undefined) output[name] = shape(input[name], join(at, name));
    }
    return output as Read<R> & Partial<Read<O>>;
  };
}

/** A list of at most `max` items. */
export function list<T>(item: Shape<T>, max: number): Shape<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new ShapeError(at, say("a list"));
    if (value.length > max) throw new ShapeError(at, say("a list of at most {0}", written(max)));
    return value.map((each, index) => item(each, `${at}[${index}]`));
  };
}

/** Text for people: a longer one is cut. */
export function text(max: number): Shape<string> {
  return (value, at) => {
    if (typeof value !== "string") throw new ShapeError(at, say("text"));
    return value.length > max ? `${value.slice(0, max - 1)}…` : value;
  };
}

/** Text that identifies something: a longer one is refused. */
export function name(max: number): Shape<string> {
  return (value, at) => {
    if (typeof value !== "string" || value.length > max)
      throw new ShapeError(at, say("text of at most {0} characters", written(max)));
    return value;
  };
}

export const number: Shape<number> = (value, at) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new ShapeError(at, say("a number"));
  return value;
};

export const boolean: Shape<boolean> = (value, at) => {
  if (typeof value !== "boolean") throw new ShapeError(at, say("true or false"));
  return value;
};

/** Said only when it is so. */
export const yes: Shape<true> = (value, at) => {
  if (value !== true) throw new ShapeError(at, say("true"));
  return value;
};

export function oneOf<const T extends string>(words: readonly T[]): Shape<T> {
  return (value, at) => {
    if (!words.includes(value as T)) throw new ShapeError(at, say("one of {0}", words.join(", ")));
    return value as T;
  };
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value, at) => (value === null ? null : shape(value, at));
}

/** Anything: for values that are only handed on. */
export const anything: Shape<unknown> = (value) => value;

function join(at: string, field: string): string {
  return at === "" ? field : `${at}.${field}`;
}
