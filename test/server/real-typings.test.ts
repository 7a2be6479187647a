/** The rules over the typings that projects have: the runtime package, Node and the library as they are installed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import { RULES } from "../../server/src/rules/index.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { checkClean, checkRule, type Diagnose, filesOf } from "./fixture.ts";
import { installed } from "./installed-typings.ts";
import { examples, pageOf } from "./rule-page.ts";

const files = installed();
const failures: string[] = [];
/** One for all examples, which come and go in it as in an editor: a program for each would read the typings anew. */
const analysis = new Analysis(new Workspace(files), (text) => failures.push(text));
analysis.configure({ preset: "strict", rules: {} });
analysis.addFolder("/");
after(() => assert.deepEqual(failures, []));

const find: Diagnose = (project, only = []) => {
  for (const [file, text] of project) files.write(file, text);
  analysis.touch([...project.keys()]);
  analysis.workThrough();
  const found = [...project].map(([file, text]) => ({
    path: file,
    diagnostics: analysis.diagnosticsOf(file).filter((one) => only.length === 0 || only.includes(one.rule)),
    map: new LineMap(text),
  }));
  for (const file of project.keys()) files.remove(file);
  analysis.touch([...project.keys()]);
  return found;
};

for (const { name } of RULES) {
  test(`over the typings of Node, what the page of ${name} says is reported is, and what is not is not`, () => {
    for (const example of examples(pageOf(name), "Reported")) checkRule(example, [name], find);
    for (const example of examples(pageOf(name), "Not reported")) checkClean(example, [name], find);
  });
}

test("broken code in a project at the root of the disk is read like any other", () => {
  const [example = ""] = examples(pageOf("duplicate-registered-name"), "Reported");
  const text = filesOf(example).get("/main.ts") ?? "";
  const lines = text.split("\n");

  find(new Map(lines.map((_, gap) => [`/gap-${gap}.ts`, lines.toSpliced(gap, 1).join("\n")])));

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
    const [result] = find(new Map([["/main.ts", ticker(imports, call)]]), ["global-timer-in-actor"]);

    assert.equal(result?.diagnostics.length, is === "reported" ? 1 : 0);
  });
