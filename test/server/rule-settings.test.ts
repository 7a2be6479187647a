/** Settings of rules: what the server takes is what the editor's schema allows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import Ajv from "ajv";
import { parseRuleChanges } from "../../server/src/engine/rule-settings.ts";
import { RULES } from "../../server/src/rules/index.ts";

const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../extension/package.json"), "utf8")) as {
  contributes: { configuration: { properties: Record<string, object> }[] };
};
const schema =
  manifest.contributes.configuration.flatMap(({ properties }) => properties["airssys.rules"] ?? [])[0] ?? {};
const allows = new Ajv.default({ strict: false }).compile(schema);

for (const value of [
  "off",
  "warning",
  ["error"],
  ["warning", { allow: ["readFileSync"] }],
  ["off", {}],
  "loud",
  3,
  null,
  [],
  ["loud"],
  ["warning", "allow"],
  ["warning", { allow: "readFileSync" }],
  ["warning", { allow: [1] }],
  ["warning", { allow: [] }, "more"],
])
  test(`of ${JSON.stringify(value)} for a rule the server and the schema of the editor think alike`, () => {
    const rules = { "blocking-call-in-handler": value };

    assert.equal(allows(rules), parseRuleChanges({ rules }, RULES).problems.length === 0);
  });
