/** The rules over the typings that projects have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RULES } from "../../server/src/rules/index.ts";
import { checkClean, checkRule, filesOf } from "./fixture.ts";
import { failures, findInProject } from "./real-project.ts";
import { examples, pageOf } from "./rule-page.ts";

for (const { name } of RULES) {
  test(`over the typings of Node, what the page of ${name} says is reported is, and what is not is not`, () => {
    for (const example of examples(pageOf(name), "Reported")) checkRule(example, [name], findInProject);
    for (const example of examples(pageOf(name), "Not reported")) checkClean(example, [name], findInProject);
  });
}

test("broken code in a project at the root of the disk is read like any other", () => {
  const [example = ""] = examples(pageOf("duplicate-registered-name"), "Reported");
  const text = filesOf(example).get("/main.ts") ?? "";
  const lines = text.split("\n");

  findInProject(new Map(lines.map((_, gap) => [`/gap-${gap}.ts`, lines.toSpliced(gap, 1).join("\n")])));

  assert.deepEqual(failures, []);
});

const ticker = (imports: string, call: string): string => `
import { Actor } from "airssys-rt";
${imports}
export class Ticker extends Actor<{ type: "tick" }> {
  #ticks = 0;
  override preStart(): void {
    ${call}(() => { this.#ticks++; }, 1_000);
  }
  override handleMessage(): void {}
}`;

for (const [imports, call, is] of [
  ["", "setTimeout", "reported"],
  ["", "globalThis.setInterval", "reported"],
  ['import { setTimeout } from "node:timers";', "setTimeout", "reported"],
  ['import { setInterval as every } from "timers";', "every", "reported"],
  ['import * as timers from "node:timers";', "timers.setTimeout", "reported"],
  ["const setTimeout = (f: () => void, ms: number): void => { f(); console.log(ms); };", "setTimeout", "left alone"],
] as const)
  test(`over the typings of Node, ${call} ${imports === "" ? "" : `with ${imports.slice(0, 46)} `}is ${is}`, () => {
    const [result] = findInProject(new Map([["/main.ts", ticker(imports, call)]]), ["global-timer-in-actor"]);

    assert.equal(result?.diagnostics.length, is === "reported" ? 1 : 0);
  });
