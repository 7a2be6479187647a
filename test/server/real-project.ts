/** One project with the typings that projects have, for tests of rules: the runtime package, Node and the library as they are installed. */
import assert from "node:assert/strict";
import { after } from "node:test";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import type { Diagnose } from "./fixture.ts";
import { installed } from "./installed-typings.ts";

const files = installed();
/** What went wrong in a reader or a rule: nothing may. */
export const failures: string[] = [];
/** One for all examples, which come and go in it as in an editor: a program for each would read the typings anew. */
const analysis = new Analysis(new Workspace(files), (text) => failures.push(text));
analysis.configure({ preset: "strict", rules: {} });
analysis.addFolder("/");
after(() => assert.deepEqual(failures, []));

/** As {@link Diagnose}, over the real typings. */
export const findInProject: Diagnose = (project, only = []) => {
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
