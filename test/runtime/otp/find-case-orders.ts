#!/usr/bin/env node
// `npm run orders`, first part: tries every case in every order of messages, and writes case-orders.json and runtime/CONFORMANCE.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ORDERS_FILE, type Orders } from "./case-orders.ts";
import { filesBySuite } from "./case-suites.ts";
import { conformancePage, PAGE, titlesOfCases } from "./conformance-table.ts";

/** @throws {Error} when a case fails in some order. */
function ordersOf(suite: string, files: readonly string[]): Orders {
  const folder = mkdtempSync(path.join(os.tmpdir(), "airssys-orders-"));
  const found = path.join(folder, "found.jsonl");
  try {
    const env = { ...process.env, AIRSSYS_ORDERS_FILE: found, AIRSSYS_SEEDS: "0" };
    const { status, stdout } = spawnSync(process.execPath, ["--test", ...files], {
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    if (status !== 0) throw new Error(`${suite}: some case fails\n${stdout.slice(-8_000)}`);
    const rows = readFileSync(found, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, number | string]);
    return Object.fromEntries(rows.sort(([one], [other]) => (one < other ? -1 : 1)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const suites: Record<string, Orders> = {};
for (const [suite, files] of filesBySuite()) {
  suites[suite] = ordersOf(suite, files);
  const runs = Object.values(suites[suite]);
  console.log(`${suite}: ${runs.length} cases, ${runs.filter((one) => typeof one === "number").length} in every order`);
}
writeFileSync(ORDERS_FILE, `${JSON.stringify(suites, undefined, 2)}\n`);
writeFileSync(PAGE, conformancePage(new Map(titlesOfCases().map((title) => [title, true])), suites));
