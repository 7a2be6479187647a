import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { RULES } from "../../../server/src/rules/index.ts";
import { checkClean, checkRule } from "../fixture.ts";
import { examples, PAGES, pageOf } from "../rule-page.ts";

test("every rule has a page and every page a rule", () => {
  assert.deepEqual(readdirSync(PAGES).sort(), RULES.map((rule) => `${rule.name}.md`).sort());
});

test("names, numbers and files of rules are unique and agree", () => {
  assert.equal(new Set(RULES.map((rule) => rule.code)).size, RULES.length);
  assert.deepEqual(
    RULES.map((rule) => rule.code),
    RULES.map((rule) => rule.code).sort((a, b) => a - b),
  );
  for (const rule of RULES) assert.match(rule.name, /^[a-z]+(?:-[a-z]+)*$/);
});

for (const rule of RULES) {
  test(`the page of ${rule.name} tells its number, severity and preset`, () => {
    const [title, , facts] = pageOf(rule.name).split("\n");
    assert.equal(title, `# ${rule.name}`);
    assert.equal(facts, `Number ${rule.code}; ${rule.severity}, ${rule.preset}.`);
  });

  test(`the page of ${rule.name} tells its options, and no others`, () => {
    const [, told = ""] = pageOf(rule.name).split("## Options\n");
    const names = [...told.matchAll(/^`(\w+)`:/gm)].map(([, name]) => name);
    assert.deepEqual(names, Object.keys(rule.options ?? {}));
  });

  test(`what the page of ${rule.name} says is reported is reported`, () => {
    const found = examples(pageOf(rule.name), "Reported");
    assert.notEqual(found.length, 0);
    for (const example of found) {
      assert.match(example, /\^/, "the example shows where");
      checkRule(example, [rule.name]);
    }
  });

  test(`what the page of ${rule.name} says is not reported is not`, () => {
    const found = examples(pageOf(rule.name), "Not reported");
    assert.notEqual(found.length, 0);
    for (const example of found) checkClean(example, [rule.name]);
  });
}
