// A run of tests from the plan to the results, by the runners themselves: Node's own, and Mocha.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestReport, TestRunner } from "airssys-language-server/protocol";
import { EventFile } from "../../extension/src/testing/event-file.ts";
import { planOf } from "../../extension/src/testing/run-plan.ts";
import { readTestEvent } from "../../extension/src/testing/test-event.ts";
import { runsOf, testNodes } from "../../extension/src/testing/test-node.ts";
import { TestProcess } from "../../extension/src/testing/test-process.ts";
import { type Change, TestResults } from "../../extension/src/testing/test-results.ts";

const root = path.join(import.meta.dirname, "../..");
const reporters = path.join(root, "extension/dist/reporters");
const QUOTED = `it's "1 + 1" (a|b) $HOME`;

const BODY = `
import assert from "node:assert/strict";
import { explore } from "airssys-rt/testing";
describe("desk", () => {
  it(${JSON.stringify(QUOTED)}, async () => {
    await explore({ runs: 20 }, async (world) => void (await world.start()));
  });
  it("fails", async () => {
    await explore({}, async (world) => {
      const run = await world.start();
      assert.equal(run.seed, 2, "another seed");
    });
  });
  it("is nobody's", () => assert.fail("it was not chosen"));
});
`;

const item = (title: string, line: number): TestReport => ({
  title,
  range: { start: { line, character: 0 }, end: { line: line + 2, character: 0 } },
  isSuite: false,
  explores: true,
  children: [],
});

/** Runs the two first tests of a file with that text. */
async function changesOf(runner: TestRunner, imports: string, env: Readonly<Record<string, string>> = {}) {
  // Below the repository, where its packages are found.
  const folder = fs.mkdtempSync(path.join(root, "test/extension/.run-"));
  const file = path.join(folder, "a b.test.mjs");
  fs.writeFileSync(file, `${imports}${BODY}`);
  const { href } = new URL(`file://${file.replaceAll(" ", "%20")}`);
  const events = new EventFile();
  try {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const first = 5;
    const children = [item(QUOTED, first), item("fails", first + 3), item("is nobody's", first + 9)];
    const desk: TestReport = { title: "desk", range, isSuite: true, explores: true, children };
    const files = testNodes(
      { complete: true, files: [{ uri: href, runner, items: [desk], hasComputed: false }] },
      () => true,
    );
    const wanted = files[0]?.children[0]?.children.slice(0, 2).map(({ id }) => id);
    const [run] = runsOf(files, wanted, []);
    assert.ok(run);
    const plan = await planOf({
      run,
      commands: {},
      nodePath: process.execPath,
      reporters,
      env: { ...env, AIRSSYS_TEST_EVENTS: events.path },
      isDebugged: false,
      reportOf: async () => undefined,
    });
    let output = "";
    const { code } = await new TestProcess(plan.command, (text) => {
      output += text;
    }).exited;
    const results = new TestResults(run);
    const changes = events
      .take()
      .map((line) => readTestEvent(line))
      .flatMap((event) => (event === undefined ? [] : results.take(event)));
    return { changes, code, output, missing: results.missing };
  } finally {
    events.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const shown = (changes: readonly Change[]): readonly string[] =>
  changes.filter(({ kind }) => kind !== "exploring").map(({ kind, node }) => `${kind} ${node.titles.at(-1)}`);

suite("a run of tests", () => {
  for (const [runner, imports] of [
    ["node", 'import { describe, it } from "node:test";'],
    ["mocha", ""],
    ["global", ""],
  ] as const)
    test(`by ${runner} tells what became of the chosen tests, and of their explorations`, async () => {
      const { changes, code, output, missing } = await changesOf(runner, imports);
      assert.deepEqual(
        shown(changes),
        [`running ${QUOTED}`, `explored ${QUOTED}`, `passed ${QUOTED}`, "running fails", "failed fails"],
        output,
      );
      assert.notEqual(code, 0);
      assert.deepEqual(missing, []);
      const failed = changes.at(-1);
      assert.ok(failed?.kind === "failed" && failed.exploration !== undefined);
      assert.match(failed.exploration.error.message, /another seed/);
      assert.match(failed.exploration.schedule, /^v1:/);
      assert.match(failed.exploration.place?.name ?? "", /^a_20b\.test\.mjs:\d+$/);
    });

  test("by a schedule makes that run alone", async () => {
    const first = await changesOf("node", 'import { describe, it } from "node:test";');
    const failed = first.changes.at(-1);
    assert.ok(failed?.kind === "failed" && failed.exploration !== undefined);
    const { schedule, place } = failed.exploration;
    const again = await changesOf("node", 'import { describe, it } from "node:test";', {
      AIRSSYS_SCHEDULE: `${schedule}@${place?.name}`,
    });
    const last = again.changes.at(-1);
    assert.ok(last?.kind === "failed" && last.exploration?.isReplay);
    const passed = again.changes.find(({ kind }) => kind === "explored");
    assert.ok(passed?.kind === "explored" && !passed.passed[0]?.isReplay, "the other one is explored as ever");
  });

  test("of a file that cannot be read gives no result, and its output says why", async () => {
    const { changes, code, output, missing } = await changesOf("node", "import { nothing } from './none.mjs';");
    assert.deepEqual(changes, []);
    assert.notEqual(code, 0);
    assert.equal(missing.length, 2);
    assert.match(output, /ERR_MODULE_NOT_FOUND/);
  });
});
