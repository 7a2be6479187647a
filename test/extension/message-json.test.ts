import assert from "node:assert/strict";
import { test } from "node:test";
import { messageFault } from "../../extension/src/tree/message-json.ts";

test("a message a person types is an object with a type", () => {
  assert.equal(messageFault('{ "type": "add", "amount": 1 }'), undefined);
  assert.match(messageFault("{") ?? "", /^Not JSON yet/);
  for (const text of ["null", "[]", "1"]) assert.match(messageFault(text) ?? "", /is an object/);
  for (const text of ["{}", '{ "type": "" }', '{ "type": 1 }']) assert.match(messageFault(text) ?? "", /has a "type"/);
});
