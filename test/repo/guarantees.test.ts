// runtime/GUARANTEES.md: every sentence of its lists is the title of a test, and every such test is a sentence of the page.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");
const folder = path.join(root, "test/runtime/guarantees");

/** The sentences of the page's lists. */
function sentences(): string[] {
  const page = readFileSync(path.join(root, "runtime/GUARANTEES.md"), "utf8");
  return [...page.matchAll(/^- (.+)$/gm)].map((match) => match[1] as string);
}

/** The titles of the tests, each a plain string. */
function titles(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
  return files.flatMap((name) => {
    const source = readFileSync(path.join(folder, name), "utf8");
    return [...source.matchAll(/\btest(?:Once)?\(\s*"([^"]*)"/g)].map((match) => match[1] as string);
  });
}

test("every sentence of the guarantees is the title of a test, and every title a sentence", () => {
  const [promised, tested] = [sentences(), titles()];

  assert.deepEqual(promised.toSorted(), tested.toSorted());
  assert.equal(new Set(promised).size, promised.length);
  assert.ok(promised.every((sentence) => sentence.endsWith(".")));
});
