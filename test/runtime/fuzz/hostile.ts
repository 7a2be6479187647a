/** Values that nobody should hand in, and that somebody will: each made anew for each call. */
import vm from "node:vm";

/** What hostile code throws: a call may pass on what its own callback threw, and nothing else. */
export class HostileError extends Error {}

const boom = (): never => {
  throw new HostileError("hostile");
};

/** A function that answers every call with `act`, and a proxy whose every trap does. */
const traps = (act: () => never): ProxyHandler<object> =>
  Object.fromEntries(
    ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor", "set", "defineProperty", "apply"].map(
      (trap) => [trap, act],
    ),
  );

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function rejected(): Promise<never> {
  const promise = Promise.reject(new HostileError("rejected"));
  promise.catch(() => {});
  return promise;
}

function errorWith(key: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error("said"), key, { configurable: true, ...descriptor });
}

function circle(): object {
  const it: Record<string, unknown> = { type: "x" };
  it["self"] = it;
  return it;
}

function deep(): object {
  let it: object = {};
  for (let i = 0; i < 20_000; i++) it = { it };
  return it;
}

function named(descriptor: PropertyDescriptor): new () => object {
  return Object.defineProperty(class {}, "name", descriptor);
}

/** Not by its name: elsewhere, a thenable is a slip. */
const THEN: string = "then";

function thenable(then: (yes: () => void, no: () => void) => unknown): object {
  return Object.fromEntries([[THEN, then]]);
}

const handles = { handleMessage: () => {} };

/** By what people would call them. */
export const HOSTILE: readonly (readonly [name: string, make: () => unknown])[] = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["true", () => true],
  ["false", () => false],
  ["0", () => 0],
  ["-0", () => -0],
  ["1", () => 1],
  ["-1", () => -1],
  ["0.5", () => 0.5],
  ["NaN", () => Number.NaN],
  ["Infinity", () => Number.POSITIVE_INFINITY],
  ["-Infinity", () => Number.NEGATIVE_INFINITY],
  ["2 ** 31", () => 2 ** 31],
  ["2 ** 53", () => 2 ** 53],
  ["1e308", () => 1e308],
  ["the least number", () => Number.MIN_VALUE],
  ["0n", () => 0n],
  ["a bigint of 100,000 digits", () => 1n << 300_000n],
  ["empty text", () => ""],
  ["a letter", () => "a"],
  ["a path", () => "a/b/../c"],
  ["__proto__", () => "__proto__"],
  ["constructor", () => "constructor"],
  ["toString", () => "toString"],
  ["half a character", () => "\ud800"],
  ["a NUL", () => "a\0b"],
  ["a number in text", () => "12"],
  ["a megabyte of text", () => "x".repeat(1_000_000)],
  ["a symbol", () => Symbol("s")],
  ["Symbol.iterator", () => Symbol.iterator],
  ["an object", () => ({})],
  ["an object without a prototype", () => Object.create(null) as object],
  ["a frozen object", () => Object.freeze({ type: "x" })],
  ["a message", () => ({ type: "x" })],
  ["a message whose type is a symbol", () => ({ type: Symbol("t") })],
  ["a message whose type is an object", () => ({ type: Object.create(null) as object })],
  ["toString and valueOf are numbers", () => ({ toString: 1, valueOf: 1 })],
  ["toString throws", () => ({ toString: boom, valueOf: boom, [Symbol.toPrimitive]: boom })],
  ["toJSON throws", () => ({ toJSON: boom })],
  ["every field throws", () => throwingFields()],
  ["a then that throws", () => Object.defineProperty({}, THEN, { get: boom, enumerable: true })],
  ["a thenable that calls both", () => thenable((yes, no) => [yes(), no()])],
  ["a thenable that throws", () => thenable(boom)],
  ["a thenable that never settles", () => thenable(() => {})],
  ["a promise", () => Promise.resolve(1)],
  ["a promise that never settles", () => new Promise(() => {})],
  ["a rejected promise", rejected],
  ["a circle", circle],
  ["20,000 levels", deep],
  ["a list", () => []],
  ["a list with holes", () => Array.from({ length: 3 }).concat(new Array(3))],
  ["a list of nulls", () => [null, undefined]],
  ["the longest list", () => new Array(2 ** 32 - 1)],
  [
    "an endless iterable",
    () => ({
      *[Symbol.iterator]() {
        for (;;) yield 1;
      },
    }),
  ],
  ["bytes", () => new Uint8Array(8)],
  [
    "a detached buffer",
    () => {
      const it = new ArrayBuffer(8);
      structuredClone(it, { transfer: [it] });
      return it;
    },
  ],
  ["shared memory", () => new SharedArrayBuffer(8)],
  ["a map", () => new Map([["id", 1]])],
  ["a set", () => new Set([1])],
  ["a weak map", () => new WeakMap()],
  ["a date that is none", () => new Date(Number.NaN)],
  ["a regular expression", () => /x/g],
  ["an error", () => new Error("e")],
  ["an error whose stack throws", () => errorWith("stack", { get: boom })],
  ["an error whose message throws", () => errorWith("message", { get: boom })],
  ["an error whose name is a symbol", () => errorWith("name", { value: Symbol("n") })],
  ["an error of another realm", () => vm.runInNewContext("new TypeError('there')") as object],
  ["an object of another realm", () => vm.runInNewContext("({ type: 'x' })") as object],
  ["a revoked proxy", () => revoked({})],
  ["a revoked list", () => revoked([])],
  ["a revoked function", () => revoked(() => {})],
  ["a proxy that throws", () => new Proxy({}, traps(boom))],
  ["a list that throws", () => new Proxy([], traps(boom))],
  ["a function that throws when touched", () => new Proxy(() => {}, traps(boom))],
  ["a proxy of a message", () => new Proxy({ type: "x" }, {})],
  ["a function", () => () => undefined],
  ["a function that throws", () => boom],
  [
    "a function that throws nothing",
    () => () => {
      throw undefined;
    },
  ],
  [
    "a function that throws a revoked proxy",
    () => () => {
      throw revoked({});
    },
  ],
  [
    "a function that throws what cannot be read",
    () => () => {
      throw errorWith("message", { get: boom });
    },
  ],
  [
    "a function that returns itself",
    () => {
      const it = (): unknown => it;
      return it;
    },
  ],
  ["a function that returns a symbol", () => () => Symbol("r")],
  ["a function that returns a revoked proxy", () => () => revoked({})],
  ["an async function that rejects", () => async () => boom()],
  ["an async function that never settles", () => () => new Promise(() => {})],
  [
    "a generator",
    () =>
      function* () {
        yield 1;
      },
  ],
  ["an actor", () => ({ ...handles })],
  ["a start function", () => () => ({ ...handles })],
  ["a start function of a proxy", () => () => new Proxy({ ...handles }, {})],
  [
    "a start function of what throws when touched",
    () => () =>
      new Proxy({ ...handles }, { get: (it, key) => (key === "handleMessage" ? Reflect.get(it, key) : boom()) }),
  ],
  [
    "a start function of an actor that cannot end",
    () => () => Object.defineProperty({ ...handles }, "postStop", { get: boom }),
  ],
  [
    "a start function of an actor without a prototype",
    () => () => Object.assign(Object.create(null) as object, handles),
  ],
  ["a start function of a frozen actor", () => () => Object.freeze({ ...handles })],
  ["a class", () => class Some {}],
  ["a class whose name throws", () => named({ get: boom })],
  ["an object whose class has a symbol for a name", () => new (named({ value: Symbol("n") }))()],
  ["something like a ref", () => ({ id: "x", incarnation: 1, tell: () => true })],
  ["something like a signal", () => ({ aborted: false, addEventListener: 1 })],
  [
    "something like a signal that throws",
    () => ({ aborted: false, addEventListener: boom, removeEventListener: boom }),
  ],
  ["the prototype of signals", () => Object.create(AbortSignal.prototype) as object],
  ["a fired signal", () => AbortSignal.abort(new HostileError("aborted"))],
  ["globalThis", () => globalThis],
];

/** Whatever is read of it throws; it has the fields that options have. */
function throwingFields(): object {
  const it = {};
  for (const key of [
    "id",
    "type",
    "kind",
    "name",
    "start",
    "create",
    "children",
    "limit",
    "minMs",
    "aborted",
    "length",
  ])
    Object.defineProperty(it, key, { get: boom, enumerable: true });
  return it;
}
