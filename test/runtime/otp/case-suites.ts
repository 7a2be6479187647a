/** The test files that run under seeds and in every order: whatever takes place on the stage of the conformance cases. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const runtime = path.resolve(import.meta.dirname, "..");

export type Suite = "otp" | "guarantees" | "others";

/** By suite, the files whose cases have a stage. */
export function filesBySuite(): ReadonlyMap<Suite, readonly string[]> {
  const suites = new Map<Suite, string[]>([
    ["otp", []],
    ["guarantees", []],
    ["others", []],
  ]);
  for (const name of namesOf(/from "[./]+(otp\/)?fixtures\.ts"/)) {
    const folder = name.split(path.sep)[0] as Suite;
    (suites.get(folder) ?? suites.get("others"))?.push(path.join(runtime, name));
  }
  return suites;
}

/** All of them, and those that make programs of their own. */
export function suiteFiles(): readonly string[] {
  return namesOf(/from "[./]+(otp\/)?(fixtures|schedules)\.ts"/).map((name) => path.join(runtime, name));
}

function namesOf(imports: RegExp): readonly string[] {
  return readdirSync(runtime, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && imports.test(readFileSync(path.join(runtime, name), "utf8")))
    .sort();
}
