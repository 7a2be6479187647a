/** Text is made of any value without running into what the value does when it is touched. */
import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import {
  classOf,
  clip,
  describeValue,
  errorParts,
  messageOf,
  safeText,
  text,
} from "../../runtime/src/values/safe-text.ts";

const boom = (): never => {
  throw new Error("boom");
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function errorWith(key: string, descriptor: PropertyDescriptor): Error {
  return Object.defineProperty(new Error("said"), key, descriptor);
}

function withName(name: PropertyDescriptor): new () => object {
  return Object.defineProperty(class {}, "name", name);
}

const TEXTS: readonly [what: string, value: unknown, text: string][] = [
  ["text", "as it is", "as it is"],
  ["nothing", undefined, "undefined"],
  ["null", null, "null"],
  ["a bigint", 12n, "12n"],
  ["an endless bigint", 10n ** 5_000n, "(a bigint of more than 100 digits)"],
  ["a symbol", Symbol("s"), "Symbol(s)"],
  ["an object whose toString is a number", { toString: 1, valueOf: 1 }, '{"toString":1,"valueOf":1}'],
  ["an object without a prototype", Object.create(null), "{}"],
  ["a revoked proxy", revoked(), "(a value that cannot be printed)"],
  [
    "a getter that throws",
    {
      a: 1,
      get b() {
        return boom();
      },
    },
    '{"a":1,"b":(a value that cannot be printed)}',
  ],
  [
    "a proxy whose every trap throws",
    new Proxy({}, { get: boom, getPrototypeOf: boom, ownKeys: boom }),
    "(a value that cannot be printed)",
  ],
  ["a toJSON that throws", { toJSON: boom }, "(a value that cannot be printed)"],
  ["a date", { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ["no date at all", new Date(Number.NaN), "null"],
  ["bytes", Buffer.alloc(12), "Buffer(12)"],
  ["many numbers", Array.from({ length: 1_000 }, () => 1), `[${"1,".repeat(20)}… 980 more]`],
  ["something deep", { a: { b: { c: { d: 1 } } } }, '{"a":{"b":{"c":…}}}'],
  ["an error", new RangeError("too far"), "RangeError: too far"],
  ["an error of another realm", vm.runInNewContext("new TypeError('there')"), "TypeError: there"],
  ["an error in an object", { cause: new Error("in") }, '{"cause":"Error: in"}'],
  ["an error whose message throws", errorWith("message", { get: boom }), "Error: (a message that cannot be read)"],
  ["an error whose message is an object", errorWith("message", { value: { toString: 1 } }), 'Error: {"toString":1}'],
  ["an error whose name is a symbol", errorWith("name", { value: Symbol("n") }), "Symbol(n): said"],
  ["a class with a throwing static name", withName({ get: boom }), "function without a name"],
]; // prettier-ignore

for (const [what, value, text] of TEXTS) {
  test(`${what} becomes text`, () => assert.equal(safeText(value), text));
}

test("a circle ends", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  assert.equal(safeText(circle), '{"self":{"self":{"self":…}}}');
});

test("a long text is clipped, says how long it was, and no character is cut in two", () => {
  assert.equal(safeText("x".repeat(3_000)), `${"x".repeat(2_000)}… (3000 characters)`);
  assert.equal(clip(`ab${"😀".repeat(3)}`, 3), "ab… (8 characters)");
  assert.ok(safeText(new Error("y".repeat(100_000_000))).length < 2_100);
  assert.ok(safeText({ a: "y".repeat(100_000_000) }).length < 300);
});

test("a template neither clips nor copies the text in it, and leaves out what is too long for any", () => {
  const path = "s/".repeat(100_000);
  assert.equal(text`${path} ended, ${5}`, `${path} ended, 5`);
  assert.equal(text`<${"x".repeat(300_000_000)}>`, "<(a text of 300000000 characters)>");
});

test("each part of an error is read on its own", () => {
  assert.equal(errorParts("no error"), undefined);
  assert.equal(errorParts(revoked()), undefined);
  assert.match(errorParts(new Error("m"))?.stack ?? "", /^Error: m\n {4}at /);
  assert.deepEqual(errorParts(errorWith("stack", { get: boom })), { name: "Error", message: "said", stack: undefined });
  assert.equal(messageOf(errorWith("name", { get: boom })), "said");
  assert.equal(messageOf(Object.create(null)), "{}");
});

test("a throwing Error.prepareStackTrace costs the stack only", (t) => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  t.after(() =>
    before === undefined
      ? Reflect.deleteProperty(Error, "prepareStackTrace")
      : Object.defineProperty(Error, "prepareStackTrace", before),
  );
  Error.prepareStackTrace = () => {
    throw "the formatter failed";
  };
  assert.deepEqual(errorParts(new Error("m")), { name: "Error", message: "m", stack: undefined });
  assert.equal(safeText(new Error("m")), "Error: m");
});

test("a value is described by its class, if that can be known", () => {
  const [Throwing, Numbered] = [withName({ get: boom }), withName({ value: 5 })];
  assert.equal(describeValue(new Map()), "an object of class Map");
  for (const value of [new Throwing(), new Numbered(), Object.create(null), revoked(), { constructor: 5 }])
    assert.equal(describeValue(value), "an object of class unknown");
  assert.equal(describeValue(Symbol("s")), "a symbol");
  assert.equal(classOf(undefined), undefined);
});
