// runtime/CONFORMANCE.md says of every case what the tests say, and of no other.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { conformancePage, PAGE, testFiles } from "../runtime/otp/conformance-table.ts";

/** The titles of the tests in a source file; those made in a loop from a list of modes included. */
function titlesIn(source: string): string[] {
  const words = ["never", "any", "all"];
  const titles = [...source.matchAll(/\btest(?:Once)?\(\s*(["`])(otp\/.*?)\1/g)].map((match) => match[2] as string);
  return titles.flatMap((title) => {
    if (!title.includes("${")) return [title];
    const pairs = words.flatMap((from) => words.filter((to) => to !== from).map((to) => [from, to] as const));
    return pairs.map(([from, to]) => title.replace(/\$\{words\[from\]\}/, from).replace(/\$\{words\[to\]\}/, to));
  });
}

test("the conformance table lists the cases that are tested, all of them and as passing", async () => {
  const sources = await Promise.all(testFiles().map((file) => readFile(file, "utf8")));
  const titles = sources.flatMap(titlesIn);

  const expected = conformancePage(new Map(titles.map((title) => [title, true])));

  assert.equal(await readFile(PAGE, "utf8"), expected, "run node test/runtime/otp/conformance-table.ts");
});
