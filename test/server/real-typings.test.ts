/** A few tests over the runtime package as it is installed, with its eighty files of typings. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { RULES } from "../../server/src/rules/index.ts";
import { filesOf, memory } from "./fixture.ts";
import { examples, pageOf } from "./rule-page.ts";

const RUNTIME = path.join(import.meta.dirname, "../../runtime");
const PACKAGE: ReadonlyMap<string, string> = new Map(
  [
    "package.json",
    ...readdirSync(path.join(RUNTIME, "dist"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".d.ts"))
      .map((name) => `dist/${name.replaceAll(path.sep, "/")}`),
  ].map((name) => [name, readFileSync(path.join(RUNTIME, name), "utf8")]),
);

/** What is found, and what failed. */
function check(files: ReadonlyMap<string, string>): { found: readonly string[]; failures: readonly string[] } {
  const failures: string[] = [];
  const analysis = new Analysis(memory(files, PACKAGE), (text) => failures.push(text));
  analysis.configure({ preset: "strict", rules: {} });
  analysis.addFolder("/");
  analysis.workThrough();
  return { found: [...files.keys()].flatMap((file) => analysis.diagnosticsOf(file).map((one) => one.rule)), failures };
}

test("the example of every rule is found with the runtime as it is installed", () => {
  for (const { name } of RULES) {
    const [example = ""] = examples(pageOf(name), "Reported");
    const { found, failures } = check(filesOf(example));

    assert.deepEqual(failures, []);
    assert.ok(found.includes(name), name);
  }
});

test("broken code in a project at the root of the disk is read like any other", () => {
  const [example = ""] = examples(pageOf("duplicate-registered-name"), "Reported");
  const text = filesOf(example).get("/main.ts") ?? "";
  const lines = text.split("\n");

  const { failures } = check(new Map(lines.map((_, gap) => [`/gap-${gap}.ts`, lines.toSpliced(gap, 1).join("\n")])));

  assert.deepEqual(failures, []);
});
