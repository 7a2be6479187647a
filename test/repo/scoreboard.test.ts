// test/scoreboard/README.md is of the cases and programs that there are, and says of ours that each holds and is found.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const folder = path.resolve(import.meta.dirname, "../scoreboard");
const { cases, racyPrograms } = (await import(path.join(folder, "cases.mjs"))) as Record<
  "cases" | "racyPrograms",
  Readonly<Record<string, string>>
>;

/** By the first cell of a row, the third: what is said of ours. */
const ours = new Map(
  readFileSync(path.join(folder, "README.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", , result = ""]) => [name, result] as const),
);

test("the scoreboard has a row for each case and program, and ours holds in every one", () => {
  for (const name of Object.keys(cases)) assert.equal(ours.get(name), "holds", `${name}: npm run scoreboard`);
  for (const name of Object.keys(racyPrograms))
    assert.match(ours.get(name) ?? "", /^run \d+; .*all orders: \d+ runs$/, name);
});
