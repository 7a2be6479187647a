// Writing a message to an actor: what it begins as, what is wrong with it, and what became of it.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ActorMessages, FieldShape, MessageForm, TypeShape } from "airssys-language-server/protocol";
import { Ajv } from "ajv";
import { bareText, firstGap, formOf, readDraft, tagIn, withSchema } from "../../extension/src/send/draft.ts";
import { schemaOf } from "../../extension/src/send/message-schema.ts";
import { faultIn, fieldsOf, impossibleIn, jsonOf, skeletonOf, tagOf } from "../../extension/src/send/message-shape.ts";
import { hasCrashed, type Outcome, outcomeLine, outcomeTitle } from "../../extension/src/send/outcome.ts";
import { SentMessages } from "../../extension/src/send/sent-messages.ts";

const STRING: TypeShape = { kind: "string" };
const NUMBER: TypeShape = { kind: "number" };
const literal = (value: string | number | boolean | null): TypeShape => ({ kind: "literal", value });
const field = (name: string, shape: TypeShape): FieldShape => ({ name, shape });
const optional = (name: string, shape: TypeShape): FieldShape => ({ name, shape, isOptional: true });
const object = (...fields: FieldShape[]): TypeShape => ({ kind: "object", fields });
const form = (text: string, shape: TypeShape, reply?: string): MessageForm => ({
  text,
  shape,
  ...(reply && { reply }),
});

const CHARGE = form(
  '"charge"',
  object(
    field("type", literal("charge")),
    field("orderId", NUMBER),
    field("account", STRING),
    field("lines", { kind: "list", of: object(field("sku", STRING), field("count", NUMBER)) }),
    field("how", { kind: "union", of: [literal("card"), literal("cash")] }),
    optional("note", STRING),
  ),
  "Result<string>",
);
const WATCH = form(
  '"watch"',
  object(field("type", literal("watch")), field("to", { kind: "impossible", what: "an ActorRef" })),
);
const KNOWN: ActorMessages = { name: "CardMessage", discriminant: "type", messages: [CHARGE, WATCH] };

suite("a message that is written", () => {
  test("begins with every field it needs: empty text, zero, the first literal, and without optional ones", () => {
    assert.equal(
      jsonOf(skeletonOf(CHARGE.shape)),
      '{ "type": "charge", "orderId": 0, "account": "", "lines": [], "how": "card" }',
    );
    assert.equal(jsonOf(skeletonOf({ kind: "tuple", of: [STRING, NUMBER], required: 1 })), '[""]');
    assert.equal(
      jsonOf(skeletonOf(object(field("deep", object(field("flag", { kind: "boolean" })))))),
      '{ "deep": { "flag": false } }',
    );
    assert.equal(jsonOf(skeletonOf({ kind: "any" })), "null");
  });

  test("has a name and fields in words, and says what nobody can type", () => {
    assert.equal(tagOf(CHARGE, "type"), "charge");
    assert.equal(tagOf(form("Kind.Gold", object(field("kind", literal("gold")))), "kind"), "gold");
    assert.equal(tagOf(form('"ring"', literal("ring")), undefined), "ring");
    assert.equal(
      fieldsOf(CHARGE, "type"),
      '{ orderId: number, account: string, lines: { sku: string, count: number }[], how: "card" | "cash", note?: string }',
    );
    assert.equal(fieldsOf(form('"stop"', object(field("type", literal("stop")))), "type"), "");
    assert.deepEqual(impossibleIn(WATCH.shape), { at: "to", what: "an ActorRef" });
    assert.equal(impossibleIn(CHARGE.shape), undefined);
    assert.equal(impossibleIn(object(optional("to", { kind: "impossible", what: "an ActorRef" }))), undefined);
  });

  test("is sent only when it is JSON of the right type; otherwise the place is named", () => {
    const fault = (text: string, of: MessageForm | undefined = CHARGE) => readDraft({ text, form: of }).fault;
    const good = { type: "charge", orderId: 17, account: "4111", lines: [{ sku: "a", count: 2 }], how: "cash" };
    const bad = (change: object) => fault(JSON.stringify({ ...good, ...change }));
    assert.equal(bad({}), undefined);
    assert.deepEqual(readDraft({ text: JSON.stringify(good), form: CHARGE }).message, good);
    assert.match(fault('{ "type": "charge", ') ?? "", /^Not JSON yet: /);
    assert.equal(bad({ orderId: "17" }), 'orderId must be a number, not "17".');
    assert.equal(bad({ account: undefined }), "account is missing: a string.");
    assert.equal(
      bad({
        lines: [
          { sku: "a", count: 1 },
          { sku: "b", count: null },
        ],
      }),
      "lines[1].count must be a number, not null.",
    );
    assert.equal(bad({ how: "chips" }), 'how must be "card" or "cash", not "chips".');
    assert.equal(bad({ typo: 1 }), "typo is no field of this message.");
    assert.equal(bad({ type: "refund" }), 'type must be "charge", not "refund".');
    assert.equal(bad({ note: 1 }), "note must be a string, not 1.");
    assert.equal(fault("[]"), "the message must be an object ".concat(`${fieldsOf(CHARGE, "")}, not [].`));
    assert.equal(fault('{ "type": "watch", "to": null }', WATCH), "to is an ActorRef: JSON cannot say it.");
    assert.equal(fault('{ "type": "watch" }', WATCH), "to is an ActorRef: JSON cannot say it.");
  });

  test("without a known type is an object with a type, of whatever else", () => {
    const fault = (text: string) => readDraft({ text, form: undefined }).fault;
    assert.equal(fault('{ "type": "add", "amount": 1 }'), undefined);
    for (const text of ["null", "[]", "1"]) assert.match(fault(text) ?? "", /is an object/);
    for (const text of ["{}", '{ "type": "" }', '{ "type": 1 }']) assert.match(fault(text) ?? "", /has a "type"/);
  });

  test("of several kinds of objects means the one with the same literals", () => {
    const either: TypeShape = {
      kind: "union",
      of: [
        object(field("by", literal("id")), field("id", NUMBER)),
        object(field("by", literal("name")), field("name", STRING)),
      ],
    };
    assert.equal(faultIn({ by: "name", name: "x" }, either), undefined);
    assert.equal(faultIn({ by: "name", name: 1 }, either, "who"), "who.name must be a string, not 1.");
    assert.match(faultIn({ by: "age" }, either, "who") ?? "", /^who must be an object .* or an object /);
    assert.equal(
      faultIn({ a: 1, b: "x" }, { kind: "object", fields: [], rest: NUMBER }),
      'b must be a number, not "x".',
    );
    assert.equal(faultIn({ "odd name": 1 }, object()), '"odd name" is no field of this message.');
  });

  test("finds its form again, and the first gap to fill in", () => {
    const text = '{ "type": "charge", "orderId": 1 }';
    assert.equal(formOf(text, KNOWN), CHARGE);
    assert.equal(formOf('{ "type": "gone" }', KNOWN), undefined);
    assert.equal(formOf(text, undefined), undefined);
    assert.deepEqual([tagIn(text), tagIn('"ring"'), tagIn("{"), tagIn("{}")], ["charge", "ring", undefined, undefined]);
    const cut = (json: string) => json.slice(...firstGap(json));
    assert.equal(cut('{ "type": "charge", "orderId": 0, "account": "" }'), "0");
    assert.deepEqual(firstGap('{ "type": "" }'), [11, 11]);
    assert.deepEqual(firstGap('{ "type": "stop" }'), [18, 18]);
  });
});

suite("what became of a message", () => {
  const crash: Outcome = {
    outcome: "failed",
    ms: 3,
    code: "ERR_ACTOR_STOPPED",
    text: "ActorStoppedError: shop/cards has ended (crashed in receive: RangeError: no issuer (of 9))",
  };

  test("is said in a title and a line, the cause first", () => {
    const told = (outcome: Outcome) => {
      const { label, description } = outcomeLine(outcome, "charge");
      return [outcomeTitle(outcome, "cards", "charge"), label, description];
    };
    assert.deepEqual(told({ outcome: "replied", ms: 12, payload: { ok: true, value: "7F" } }), [
      "cards replied after 12 ms",
      '{ "ok": true, "value": "7F" }',
      "reply to charge, after 12 ms",
    ]);
    assert.deepEqual(told({ outcome: "handled", ms: 1 }), [
      "cards handled charge after 1 ms",
      "handled",
      "charge, after 1 ms",
    ]);
    assert.deepEqual(told(crash), ["cards crashed on charge", "RangeError: no issuer (of 9)", "on charge, after 3 ms"]);
    assert.deepEqual(told({ outcome: "timedOut", ms: 30_000 })[0], "charge is sent, cards has not replied for 30 s");
    assert.deepEqual(told({ outcome: "failed", ms: 0, text: "MailboxFullError: full" }), [
      "cards has not handled charge",
      "MailboxFullError: full",
      "on charge, after 0 ms",
    ]);
    assert.equal(told({ outcome: "refused", ms: 0 })[1], "refused: the mailbox is full");
  });

  test("is a crash only when the actor ended by one", () => {
    assert.equal(hasCrashed(crash), true);
    assert.equal(hasCrashed({ ...crash, text: "ActorStoppedError: shop/cards has ended (killed)" } as Outcome), false);
    assert.equal(hasCrashed({ outcome: "failed", ms: 0, text: "(crashed in receive: x)" }), false);
  });

  test("of a long reply is shown as far as there is room, and that there is more", () => {
    const { label, detail } = outcomeLine(
      { outcome: "replied", ms: 1, payload: "x".repeat(1_000), isCut: true },
      "get",
    );
    assert.ok(label.length <= 48 && detail.length < 400);
    assert.match(detail, /There is more of it than is shown\.$/);
  });

  test("is kept with the message, the last first, each text once, ten of an actor", () => {
    const sent = new SentMessages();
    const done = sent.add("a", "one", 1);
    sent.add("a", "two", 2);
    done({ outcome: "handled", ms: 5 });
    assert.deepEqual(sent.of("a"), [
      { text: "two", at: 2, outcome: undefined },
      { text: "one", at: 1, outcome: { outcome: "handled", ms: 5 } },
    ]);
    sent.add("a", "one", 3);
    done({ outcome: "timedOut", ms: 9 });
    assert.deepEqual(
      sent.of("a").map(({ text, at, outcome }) => [text, at, outcome]),
      [
        ["one", 3, undefined],
        ["two", 2, undefined],
      ],
      "what came of the one before is not what comes of this one",
    );
    for (let n = 0; n < 20; n++) sent.add("a", `text ${n}`, n);
    assert.equal(sent.of("a").length, 10);
    for (let n = 0; n < 200; n++) sent.add(`actor ${n}`, "x", n);
    assert.deepEqual(sent.of("a"), []);
  });
});

suite("a message that is written as a file", () => {
  const line = { sku: "a", count: 1 };
  const whole = { type: "charge", orderId: 1, account: "a", lines: [line], how: "cash" };

  test("has a schema that takes what can be sent, and nothing else", () => {
    const tuple = object(field("pair", { kind: "tuple", of: [STRING, NUMBER], required: 1 }));
    const open: TypeShape = { kind: "object", fields: [field("type", literal("x"))], rest: NUMBER };
    const cases: readonly (readonly [MessageForm, readonly unknown[]])[] = [
      [
        CHARGE,
        [
          whole,
          { ...whole, note: "n" },
          { ...whole, note: 7 },
          { ...whole, orderId: "1" },
          { ...whole, lines: [{ sku: "a" }] },
          { ...whole, how: "credit" },
          { ...whole, cent: 1 },
          { type: "charge" },
          [],
          null,
        ],
      ],
      [WATCH, [{ type: "watch" }, { type: "watch", to: {} }]],
      [form("pair", tuple), [{ pair: [] }, { pair: ["a"] }, { pair: ["a", 1] }, { pair: ["a", 1, 2] }, { pair: [1] }]],
      [form("x", open), [{ type: "x", more: 1 }, { type: "x", more: "1" }, {}]],
      [form("any", { kind: "any" }), [null, 1, {}]],
      [form("ring", literal("ring")), ["ring", "rang"]],
    ];
    for (const [one, values] of cases) {
      const isValid = new Ajv({ strict: false }).compile(schemaOf(one));
      for (const value of values)
        assert.equal(isValid(value), faultIn(value, one.shape) === undefined, `${one.text} ${JSON.stringify(value)}`);
    }
  });

  test("names its schema, which is no part of what is sent", () => {
    const text = withSchema(JSON.stringify(whole), "airssys-message:/1/cards.json");
    assert.match(text, /^\{\n {2}"\$schema": "airssys-message:\/1\/cards\.json",\n {2}"type": "charge",\n/);
    assert.ok(new Ajv({ strict: false }).compile(schemaOf(CHARGE))(JSON.parse(text)));
    assert.deepEqual(JSON.parse(bareText(text, "airssys-message:")), whole);
    assert.equal(readDraft({ text: bareText(text, "airssys-message:"), form: CHARGE }).fault, undefined);
    const own = '{ "$schema": "https://example.org/s.json", "type": "charge" }';
    assert.equal(bareText(own, "airssys-message:"), own, "a field of the message stays");
  });

  test("is kept as it was typed while it is no JSON yet", () => {
    assert.equal(withSchema('{ "type": ', "s:/1"), '{ "$schema":"s:/1", "type": ');
    assert.equal(bareText('{ "type": ', "s:"), '{ "type": ');
    for (const text of ['"ring"', "[1]", "null"]) {
      assert.equal(withSchema(text, "s:/1"), text);
      assert.equal(bareText(text, "s:"), text);
    }
  });
});
