// Values as recordings hold them: what comes back is what was there, or says what is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type RecordedValue, recordValue, reviveValue, VALUE_LIMITS } from "airssys-rt/recording";
import fc from "fast-check";
import { Redaction } from "../../../runtime/src/inspect/redaction.ts";

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  maxDepth: 4,
});

function throughText(recorded: RecordedValue): RecordedValue {
  return JSON.parse(JSON.stringify(recorded));
}

/** Node 22 takes no invalid date for equal to another: where there is one, what is printed is compared. */
function assertSame(actual: unknown, expected: unknown): void {
  const text = inspect(expected, { depth: 20 });
  if (text.includes("Invalid Date")) assert.equal(inspect(actual, { depth: 20 }), text);
  else assert.deepStrictEqual(actual, expected);
}

test("a value that is not said to have lost anything is the one that was recorded", () => {
  let whole = 0;
  fc.assert(
    fc.property(anything, (value) => {
      const revived = reviveValue(throughText(recordValue(value)));
      if (revived.losses.length > 0) return;
      whole++;
      assertSame(revived.value, value);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(whole > 2_000, `${whole} of 5,000 were whole`);
});

const VALUES: Readonly<Record<string, unknown>> = {
  "text and numbers": { text: "a\n\u2028😀", number: 1.5, none: null, yes: true },
  "numbers that JSON has not": [Number.NaN, -0, Number.NEGATIVE_INFINITY, 12n, -(10n ** 50n), undefined],
  "a field called $": { $: "map", entries: 5 },
  "a field called __proto__": JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}'),
  collections: new Map<unknown, unknown>([[new Set([1, { deep: new Map([["k", "v"]]) }]), "a"]]),
  "dates, URLs and expressions": [new Date(5), new Date(Number.NaN), new URL("https://a.example/?b=c"), /a\/b[/]/giu],
  buffers: [Buffer.from("abc"), new Uint16Array([1, 2]), new ArrayBuffer(3), new DataView(new ArrayBuffer(2))],
  holes: Object.assign(new Array<unknown>(5), { 1: 1, 3: undefined }),
  "what inherits nothing": Object.assign(Object.create(null), { a: 1 }),
  "an error with a code": Object.assign(new Error("no room"), { code: "ENOSPC" }),
};

for (const [name, value] of Object.entries(VALUES))
  test(`these come back as they were: ${name}`, () => {
    const revived = reviveValue(throughText(recordValue(value)));
    assert.deepEqual(revived.losses, []);
    assertSame(revived.value, value);
  });

class Order {
  lines = 1;
}
const again: Record<string, unknown> = {};
again["self"] = again;
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const LOST: Readonly<Record<string, readonly [unknown, string]>> = {
  "a function": [() => 1, "a function"],
  "a symbol": [Symbol("x"), "a symbol"],
  "an object of a class": [new Order(), "an object of class Order"],
  "an error of a class": [new TypeError("no"), "an error of class TypeError"],
  "what is in itself": [again, "an object that is in itself"],
  "what is too deep": [nested(VALUE_LIMITS.depth + 1), "what was deeper"],
  "a long text": ["x".repeat(10_000), "a text that was cut"],
  "many items": [Array.from({ length: 10_000 }, () => 1), "a part that was left out"],
  "many fields": [
    Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, at])),
    "a part that was left out",
  ],
  "many bytes": [new Uint8Array(10_000_000), "bytes that were cut"],
  "a getter": [
    {
      get a() {
        throw new Error("must not run");
      },
    },
    "a getter",
  ],
  "a promise": [Promise.resolve(), "an object of class Promise"],
  "a huge bigint": [10n ** 5_000n, "a value that could not be read"],
  "what throws when it is asked": [
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
        getPrototypeOf: () => null,
      },
    ),
    "a value that could not be read",
  ],
};

for (const [name, [value, loss]] of Object.entries(LOST))
  test(`what cannot be made again says so: ${name}`, () => {
    const recorded = recordValue(value);
    assert.ok(JSON.stringify(recorded).length < 3 * VALUE_LIMITS.characters);
    assert.deepEqual(reviveValue(throughText(recorded)).losses, [loss]);
  });

test("a text is cut between characters", () => {
  const recorded = recordValue("😀".repeat(2_000)) as { readonly starts: string; readonly length: number };
  assert.equal(recorded.length, 4_000);
  assert.equal(Buffer.from(recorded.starts).toString(), recorded.starts);
});

test("a value takes no more room than it may, whatever it is", () => {
  fc.assert(
    fc.property(
      fc.anything({ withMap: true, withSet: true, withTypedArray: true, maxKeys: 200, size: "large" }),
      (value) => {
        assert.ok(JSON.stringify(recordValue(value)).length < 6 * VALUE_LIMITS.characters);
      },
    ),
    { numRuns: 300 },
  );
});

test("fields that keep secrets are hidden, wherever they are and however they are written", () => {
  const value = {
    user: { name: "tom", PassWord: "pw-1", accessToken: "pw-2" },
    headers: new Map([["Authorization", "pw-3"]]),
    list: [{ client_secret: { deep: "pw-4" } }],
    error: Object.assign(new Error("refused"), { cookies: "pw-5" }),
  };
  const text = JSON.stringify(recordValue(value));
  assert.doesNotMatch(text, /pw-/);
  assert.equal(text.match(/"hidden"/g)?.length, 5);
  assert.match(text, /tom/);
  assert.match(JSON.stringify(recordValue(value, { redaction: new Redaction(["name"]) })), /pw-1/);
});

test("refs are recorded as who they stand for, and are made again by who knows", () => {
  const ref = { id: "shop/packer" };
  const refOf = (value: object) => (value === ref ? { actor: "shop/packer", incarnation: 3 } : undefined);
  const recorded = throughText(recordValue({ to: ref }, { refOf }));
  const revived = reviveValue(recorded, (actor, incarnation) => `${actor} ${incarnation}`);
  assert.deepEqual(revived, { value: { to: "shop/packer 3" }, losses: [] });
});

test("what somebody else has written is revived as far as it makes sense, and never throws", () => {
  const tag = fc.constantFrom("undefined", "number", "bigint", "date", "url", "regexp", "list", "set", "map", "object");
  const tags = fc.oneof(tag, fc.constantFrom("error", "bytes", "ref", "text", "hole", "symbol", "new"));
  fc.assert(
    fc.property(
      fc.jsonValue(),
      tags,
      fc.dictionary(
        fc.constantFrom("is", "items", "fields", "entries", "base64", "class", "source", "flags", "length"),
        fc.jsonValue(),
      ),
      (json, $, fields) => {
        reviveValue(json);
        reviveValue({ ...fields, $ });
      },
    ),
    { numRuns: 5_000 },
  );
  const deep = JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
  assert.deepEqual(reviveValue(deep).losses, ["something deeper"]);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test("nothing of the program runs while its values are written down: no trap of a proxy, wherever it stands", () => {
  const called: string[] = [];
  const handler = Object.fromEntries(
    (Object.getOwnPropertyNames(Reflect) as (keyof ProxyHandler<object>)[]).map((name) => [
      name,
      (...args: unknown[]) => {
        called.push(name);
        return Reflect.apply(Reflect[name] as (...args: unknown[]) => unknown, undefined, args);
      },
    ]),
  ) as ProxyHandler<object>;
  const proxy = new Proxy({ type: "order", password: "hunter2" }, handler);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile = [
    proxy,
    revoked.proxy,
    Object.create(proxy),
    Object.create(Object.create(proxy)),
    new Proxy([1], handler),
    new Proxy(new Map(), handler),
    new Proxy(new Error("no"), handler),
    Object.setPrototypeOf(new Error("no"), proxy),
    Object.setPrototypeOf([1], proxy),
  ] as const;
  const unreadable = { $: "unreadable" };

  assert.deepEqual(
    recordValue([...hostile]),
    hostile.map(() => unreadable),
  );
  assert.deepEqual(recordValue({ proxy, map: new Map([["key", proxy]]), set: new Set([proxy]) }), {
    proxy: unreadable,
    map: { $: "map", entries: [["key", unreadable]] },
    set: { $: "set", items: [unreadable] },
  });
  assert.deepEqual(recordValue(new Proxy(() => {}, handler)), { $: "function", name: "" });
  assert.deepEqual(called, []);
});
