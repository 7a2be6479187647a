// runtime/CONFORMANCE.md says of every case what the tests say, and of no other.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { knownOrders } from "../runtime/otp/case-orders.ts";
import { conformancePage, PAGE, titlesOfCases } from "../runtime/otp/conformance-table.ts";

test("the conformance table lists the cases that are tested, all of them and as passing", async () => {
  const expected = conformancePage(new Map(titlesOfCases().map((title) => [title, true])));

  assert.equal(await readFile(PAGE, "utf8"), expected, "run node test/runtime/otp/conformance-table.ts");
});

test("what is known of the orders of cases is known of those that there are", async () => {
  const { otp = {}, guarantees = {} } = knownOrders();
  const tested = titlesOfCases().filter((title) => title.startsWith("otp/"));
  const page = await readFile(path.join(path.dirname(PAGE), "GUARANTEES.md"), "utf8");
  const strays = Object.keys(guarantees).filter((title) => !page.includes(`- ${title}\n`));

  assert.deepEqual(Object.keys(otp).sort(), tested.sort(), "run npm run orders");
  assert.deepEqual(strays, [], "run npm run orders");
});
