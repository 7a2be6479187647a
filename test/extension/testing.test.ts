// What the Testing view decides: which tests are run and how, what is told of them, and the words for it.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import type { TestList, TestReport } from "airssys-language-server/protocol";
import * as testkit from "airssys-rt/testing";
import * as environment from "../../extension/src/testing/environment.ts";
import { EventFile } from "../../extension/src/testing/event-file.ts";
import { LONGEST_PATTERN, namePattern } from "../../extension/src/testing/name-pattern.ts";
import {
  coverageSentences,
  coverageWords,
  failureWords,
  findingSentence,
  progressWords,
  raceSentence,
  turnSentence,
} from "../../extension/src/testing/outcome-words.ts";
import { posixWord, powershellWord, replayLine, shellOf } from "../../extension/src/testing/replay-line.ts";
import { findRunner, plainCommand, RunnerMissingError, runnerArguments } from "../../extension/src/testing/runner.ts";
import {
  type ExplorationFailed,
  type ExplorationPassed,
  readTestEvent,
  type TestEvent,
} from "../../extension/src/testing/test-event.ts";
import { isSameFile, runsOf, testAt, testNodes, withBelow } from "../../extension/src/testing/test-node.ts";
import { TestProcess, treeKill } from "../../extension/src/testing/test-process.ts";
import { TestResults } from "../../extension/src/testing/test-results.ts";
import { escapeInLine } from "../../extension/src/text.ts";

const URI = "file:///w/relay.test.ts";

function report(
  title: string,
  line: number,
  children: readonly TestReport[] = [],
  isSuite = children.length > 0,
): TestReport {
  const range = { start: { line, character: 0 }, end: { line: line + 2 + children.length * 3, character: 2 } };
  return { title, range, isSuite, explores: true, children };
}

const LIST: TestList = {
  complete: true,
  files: [
    {
      uri: URI,
      runner: "node",
      hasComputed: true,
      items: [report("desk", 2, [report("one", 3), report("it's (two)", 6)]), report("alone", 20)],
    },
    { uri: "file:///elsewhere/a.test.ts", runner: "node", hasComputed: false, items: [report("far", 1)] },
  ],
};
const FILES = testNodes(LIST, (uri) => uri.startsWith("file:///w/"));
const [FILE] = FILES;
assert.ok(FILE);
const node = (...titles: string[]) => {
  const found = withBelow(FILE).find((one) => one.titles.join() === titles.join() && one.kind !== "file");
  assert.ok(found, titles.join());
  return found;
};

suite("the list of tests", () => {
  test("has what lies in the workspace, and a row for those whose titles a run tells", () => {
    assert.deepEqual(
      FILES.flatMap(withBelow).map(({ kind, titles }) => `${kind} ${titles.join("/")}`),
      ["file ", "suite desk", "test desk/one", "test desk/it's (two)", "test alone", "computed "],
    );
    assert.equal(new Set(FILES.flatMap(withBelow).map(({ id }) => id)).size, 6);
  });

  test("knows the test that a line stands in", () => {
    assert.equal(testAt(FILE, 4)?.titles.at(-1), "one");
    assert.equal(testAt(FILE, 21)?.titles.at(-1), "alone");
    assert.equal(testAt(FILE, 0), undefined);
  });

  for (const [one, other, isSame] of [
    ["file:///w/a.ts", "/w/a.ts", true],
    ["file:///w/a%20b.ts", "/w/a b.ts", true],
    ["file:///w/a.ts", "file:///w/a.ts?v=1", true],
    ["file:///w/a.ts", "/w/b.ts", false],
    ["C:\\w\\a.ts", "c:/w/a.ts", true],
    ["C:\\w\\a.ts", "C:\\w\\b.ts", false],
  ] as const)
    test(`${one} and ${other} are ${isSame ? "one file" : "two files"}`, () =>
      assert.equal(isSameFile(one, other), isSame));
});

suite("what is run", () => {
  const chosenOf = (included: readonly string[] | undefined, excluded: readonly string[] = []) =>
    runsOf(FILES, included, excluded).map(({ chosen, awaited }) => ({
      chosen: chosen.map(({ titles }) => titles.join("/")),
      awaited: awaited.filter(({ kind }) => kind !== "suite" && kind !== "file").map(({ titles }) => titles.join("/")),
    }));

  for (const [title, included, excluded, chosen, awaited] of [
    ["everything, whole files", undefined, [], [], ["desk/one", "desk/it's (two)", "alone", ""]],
    ["a file, the whole file", [URI], [], [], ["desk/one", "desk/it's (two)", "alone", ""]],
    ["a suite, that suite", [node("desk").id], [], ["desk"], ["desk/one", "desk/it's (two)"]],
    [
      "a suite without a test, the others",
      [node("desk").id],
      [node("desk", "one").id],
      ["desk/it's (two)"],
      ["desk/it's (two)"],
    ],
    ["two tests, those", [node("desk", "one").id, node("alone").id], [], ["desk/one", "alone"], ["desk/one", "alone"]],
  ] as const)
    test(`of ${title}`, () => assert.deepEqual(chosenOf(included, excluded), [{ chosen, awaited }]));

  test("tests with computed titles need the whole file, and only they are awaited", () => {
    assert.deepEqual(chosenOf([`${URI}#computed`]), [{ chosen: [], awaited: [""] }]);
  });

  test("nothing, of what is not there", () => assert.deepEqual(chosenOf(["file:///gone.ts"]), []));
});

suite("the pattern of names", () => {
  for (const [chosen, pattern] of [
    [[], undefined],
    [[node("alone")], "^alone$"],
    [[node("desk", "it's (two)")], "^desk it's \\(two\\)$"],
    [[node("desk")], "^desk .*$"],
    [[node("desk", "one"), node("alone")], "^(?:desk one|alone)$"],
  ] as const)
    test(String(pattern), () => assert.equal(namePattern(chosen), pattern));

  test("means each title as it is written, whatever signs are in it", () => {
    for (const title of ["a (b|c) [d]", "1 + 1 = 2?", "^$.*", "a\\d{2}", "/x/", "a-b", 'it\'s "q"', "${x}", "ä→ñ"]) {
      const one = { ...node("alone"), titles: ["s (1)", title] };
      const pattern = new RegExp(namePattern([one]) ?? "");
      assert.ok(pattern.test(`s (1) ${title}`), title);
      assert.ok(!pattern.test(`s (1) ${title}x`) && !pattern.test(`xs (1) ${title}`), title);
    }
  });

  test("is left out where it would not fit into a command line", () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({ ...node("alone"), titles: [`test number ${at}`] }));
    assert.equal(namePattern(many), undefined);
    assert.ok(LONGEST_PATTERN < 32_000);
  });
});

suite("the runner", () => {
  const project = (installed: readonly string[], packages: readonly string[] = []) => ({
    packages,
    installed: (inside: string) =>
      installed.some((one) => inside.startsWith(`${one}/`)) ? `/w/node_modules/${inside}` : undefined,
  });

  for (const [title, wanted, installed, packages, expected] of [
    ["Node runs its own tests", "node", [], [], { name: "node" }],
    [
      "Vitest is the project's own",
      "vitest",
      ["vitest"],
      [],
      { name: "vitest", script: "/w/node_modules/vitest/vitest.mjs" },
    ],
    [
      "Mocha is the project's own",
      "mocha",
      ["mocha"],
      [],
      { name: "mocha", script: "/w/node_modules/mocha/bin/mocha.js" },
    ],
    [
      "of two, the one that the manifest lists",
      "global",
      ["vitest", "mocha"],
      ["mocha"],
      { name: "mocha", script: "/w/node_modules/mocha/bin/mocha.js" },
    ],
    [
      "of two, the one that is installed",
      "global",
      ["mocha"],
      [],
      { name: "mocha", script: "/w/node_modules/mocha/bin/mocha.js" },
    ],
  ] as const)
    test(title, () => assert.deepEqual(findRunner(wanted, project(installed, packages), {}), expected));

  test("the setting's command comes before what is installed", () => {
    const own = ["pnpm", "vitest"];
    assert.deepEqual(findRunner("vitest", project(["vitest"]), { vitest: own }), { name: "vitest", own });
  });

  test("one that is missing is told, with what to do", () => {
    assert.throws(
      () => findRunner("vitest", project([]), {}),
      (error: Error) => {
        assert.ok(error instanceof RunnerMissingError);
        assert.equal(
          error.message,
          'Vitest is not installed where these tests are: install it with "npm install --save-dev vitest", or name a command in the setting "airssys.tests.command".',
        );
        return true;
      },
    );
    assert.throws(() => findRunner("global", project([]), {}), /neither Vitest nor Mocha is installed/);
  });

  test("is told the tests and our reporter, and where somebody debugs, that time stands", () => {
    const call = { file: "/w/a.test.ts", pattern: "^a$", reporter: "/x/r.mjs", isDebugged: true };
    assert.deepEqual(runnerArguments({ name: "node" }, call), [
      "--test-name-pattern=^a$",
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      "--test-reporter=file:///x/r.mjs",
      "--test-reporter-destination=stderr",
    ]);
    assert.deepEqual(runnerArguments({ name: "vitest" }, call).slice(0, 6), [
      "run",
      "/w/a.test.ts",
      "-t",
      "^a$",
      "--reporter=default",
      "--reporter=/x/r.mjs",
    ]);
    assert.deepEqual(runnerArguments({ name: "mocha" }, { ...call, isDebugged: false }), [
      "--grep",
      "^a$",
      "--reporter",
      "/x/r.mjs",
      "/w/a.test.ts",
    ]);
    assert.ok(runnerArguments({ name: "mocha" }, call).includes("--no-timeouts"));
    assert.deepEqual(plainCommand({ name: "node" }, "a.test.ts", "^a$"), [
      "node",
      "--test",
      "--test-name-pattern=^a$",
      "a.test.ts",
    ]);
    assert.deepEqual(plainCommand({ name: "vitest", own: ["pnpm", "vitest"] }, "a.test.ts", undefined), [
      "pnpm",
      "vitest",
      "a.test.ts",
    ]);
  });
});

suite("the line for a terminal", () => {
  const replayed = {
    schedule: "v1:AgEBAA@a.test.ts:3",
    command: ["node", "--test", "--test-name-pattern=^it's a \\(b\\)$", "my tests/a.test.ts"],
  };

  test("is quoted for POSIX shells and for PowerShell", () => {
    assert.equal(
      replayLine(replayed, "posix"),
      "AIRSSYS_SCHEDULE=v1:AgEBAA@a.test.ts:3 node --test '--test-name-pattern=^it'\\''s a \\(b\\)$' 'my tests/a.test.ts'",
    );
    assert.equal(
      replayLine(replayed, "powershell"),
      "$env:AIRSSYS_SCHEDULE='v1:AgEBAA@a.test.ts:3'; node '--test' '--test-name-pattern=^it''s a \\(b\\)$' 'my tests/a.test.ts'",
    );
    assert.equal(
      replayLine({ schedule: "v1:A", command: ["C:\\my node.exe", "a.ts"] }, "powershell"),
      "$env:AIRSSYS_SCHEDULE='v1:A'; & 'C:\\my node.exe' a.ts",
    );
    assert.deepEqual([shellOf("win32"), shellOf("linux"), shellOf("darwin")], ["powershell", "posix", "posix"]);
  });

  test("means to a shell what it is, whatever is in it", { skip: process.platform === "win32" }, () => {
    for (const word of [
      "a b",
      "it's",
      '"$HOME"',
      "`id`",
      "$(id)",
      "a\\b",
      "*",
      "~",
      "a\nb",
      "!x",
      "ä",
      "",
      "-n",
      "a;b",
    ]) {
      const { stdout } = spawnSync("/bin/sh", ["-c", `printf %s ${posixWord(word)}`], { encoding: "utf8" });
      assert.equal(stdout, word);
    }
  });

  test("has no sign that means something to PowerShell", () => {
    assert.equal(powershellWord("C:\\w\\a.ts"), "C:\\w\\a.ts");
    assert.equal(powershellWord("$(x)"), "'$(x)'");
    assert.equal(powershellWord("it\u2019s"), "'it\u2019\u2019s'");
  });
});

const PASSED: ExplorationPassed = {
  event: "explored",
  place: { name: "relay.test.ts:4", file: URI, line: 4 },
  runs: 11,
  distinct: 5,
  isComplete: true,
  isReplay: false,
  obstacles: [],
  warnings: [],
};
const FAILED: ExplorationFailed = {
  event: "failed",
  place: { name: "relay.test.ts:4", file: "/w/relay.test.ts", line: 4 },
  run: 2,
  hasTriedAll: true,
  isReplay: false,
  schedule: "v1:AgEBAA",
  error: { name: "Error", message: "job before config", stack: "" },
  races: [
    {
      text: "`relay2`'s `job` reaches `worker` before `configurer`'s `config`",
      on: "worker",
      isSend: true,
      first: { actor: "relay2", type: "job", at: undefined },
      second: { actor: "configurer", type: "config", at: undefined },
      handler: undefined,
    },
  ],
  last: undefined,
  turns: 6,
  report: "",
};

suite("the words", () => {
  test("say how many orders there were, and whether that was all", () => {
    assert.equal(coverageWords([{ ...PASSED, distinct: 30 }]), "30 orders, complete");
    assert.equal(coverageWords([{ ...PASSED, distinct: 1 }]), "1 order, complete");
    assert.equal(coverageWords([PASSED, { ...PASSED, distinct: 207, isComplete: false }]), "212 orders, not complete");
    assert.equal(progressWords(118), "118 orders…");
    assert.equal(coverageSentences(PASSED), "All 5 orders tried, none fails.");
    assert.equal(
      coverageSentences({
        ...PASSED,
        runs: 500,
        distinct: 212,
        isComplete: false,
        obstacles: ["real time"],
        warnings: ["a owes b"],
      }),
      "500 runs, 212 orders, none fails. Not every order was tried. Not under control: real time. Left behind: a owes b.",
    );
  });

  test("say which race decides, and how it was found", () => {
    assert.equal(failureWords(FAILED), "fails in schedule 2 of 2");
    assert.equal(failureWords({ ...FAILED, hasTriedAll: false }), "fails in schedule 2");
    assert.equal(raceSentence(FAILED), "Fails when relay2's job reaches worker before configurer's config.");
    assert.equal(
      escapeInLine(
        "Fails when order_desk's a-b reaches x before y's z. See http://h/, www.h, me@h, [a](b) *c* _d_ `e` <f> &amp;",
      ),
      "Fails when order_desk's a-b reaches x before y's z. See http\\://h/, www\\.h, me\\@h, \\[a\\](b) \\*c\\* \\_d\\_ \\`e\\` \\<f\\> \\&amp;",
    );
    assert.equal(findingSentence(FAILED), "Found by schedule 2 of 2, all orders tried. 1 race decides.");
    assert.equal(findingSentence({ ...FAILED, hasTriedAll: false, races: [] }), "Found by schedule 2.");
    const [race] = FAILED.races;
    assert.ok(race);
    const other = {
      ...race,
      isSend: false,
      text: "`a`'s turn on `go` comes before `b`: both concern `the shared x`, which both use",
    };
    assert.equal(
      raceSentence({ ...FAILED, races: [other] }),
      "Fails when a's turn on go comes before b: both concern the shared x, which both use.",
    );
    assert.equal(raceSentence({ ...FAILED, races: [], hasTriedAll: false, run: 4 }), "Fails in schedule 4.");
    const last = { actor: "worker", definition: "Worker", type: "job", turn: 5, at: undefined };
    assert.equal(turnSentence(5, { ...FAILED, last }), "Turn 5 of 6 of schedule v1:AgEBAA.");
    assert.equal(turnSentence(4, { ...FAILED, last }), "Turn 4 of 6. Next: worker handles job.");
    assert.equal(turnSentence(4, { ...FAILED, turns: 0 }), "Turn 4 of schedule v1:AgEBAA.");
  });
});

suite("what tests tell", () => {
  test("is read as the runtime writes it", () => {
    const line = JSON.stringify({ v: 1, pid: 1, ...FAILED, seed: 1, slowest: [] });
    assert.deepEqual(readTestEvent(line), FAILED);
    assert.deepEqual(readTestEvent(JSON.stringify({ v: 1, pid: 1, ...PASSED })), PASSED);
  });

  for (const line of [
    "",
    "{",
    "null",
    "[]",
    '"x"',
    "{}",
    '{"v":2,"event":"test","state":"passed"}',
    '{"v":1,"event":"later"}',
    '{"v":1,"event":"test","state":"perhaps","titles":[]}',
    '{"v":1,"event":"failed","schedule":"v1:A; rm -rf /"}',
  ])
    test(`is nothing: ${line}`, () => assert.equal(readTestEvent(line), undefined));

  test("may be anything: each field that is not as it must be is nothing", () => {
    const hostile = {
      v: 1,
      event: "failed",
      schedule: "v1:A",
      place: { name: "$(x):1" },
      races: [null, 1, { first: [] }],
      error: 5,
      last: "x",
      run: -3,
    };
    const read = readTestEvent(JSON.stringify(hostile)) as ExplorationFailed;
    assert.equal(read.place, undefined);
    assert.equal(read.run, 0);
    assert.deepEqual(read.races, [
      { text: "", on: "", isSend: false, first: EMPTY_SIDE, second: EMPTY_SIDE, handler: undefined },
    ]);
  });

  test("is taken in whole lines, while it is written", () => {
    const file = new EventFile();
    try {
      if (process.platform !== "win32") assert.equal(fs.statSync(file.path).mode & 0o777, 0o600);
      assert.deepEqual(file.take(), []);
      fs.appendFileSync(file.path, "one\ntw");
      assert.deepEqual(file.take(), ["one"]);
      const euro = Buffer.from("€");
      fs.appendFileSync(file.path, Buffer.concat([Buffer.from("o "), euro.subarray(0, 1)]));
      assert.deepEqual(file.take(), []);
      fs.appendFileSync(file.path, Buffer.concat([euro.subarray(1), Buffer.from("\n\nthree\n")]));
      assert.deepEqual(file.take(), ["two €", "three"]);
    } finally {
      file.remove();
    }
    assert.equal(fs.existsSync(path.dirname(file.path)), false);
  });
});

const EMPTY_SIDE = { actor: "", type: "", at: undefined };

suite("the results of a file", () => {
  const told = (state: "running" | "passed" | "failed" | "skipped", ...titles: string[]): TestEvent => ({
    event: "test",
    file: "/w/relay.test.ts",
    titles,
    state,
    isSuite: false,
    ms: 1,
    error: state === "failed" ? { message: "no", stack: "" } : undefined,
  });
  const begin = (included?: readonly string[]) => {
    const [run] = runsOf(FILES, included, []);
    assert.ok(run);
    return new TestResults(run);
  };
  const kinds = (results: TestResults, event: TestEvent) =>
    results.take(event).map((change) => `${change.kind} ${change.node.titles.join("/") || change.node.kind}`);

  test("are those of its tests, and of the row for computed titles", () => {
    const results = begin();
    assert.deepEqual(kinds(results, told("running", "desk")), []);
    assert.deepEqual(kinds(results, told("running", "desk", "one")), ["running desk/one"]);
    assert.deepEqual(kinds(results, told("passed", "desk", "one")), ["passed desk/one"]);
    assert.deepEqual(kinds(results, told("passed", "made up 1")), ["passed computed"]);
    assert.deepEqual(kinds(results, told("failed", "made up 2")), ["failed computed"]);
    assert.deepEqual(kinds(results, told("passed", "made up 3")), []);
    assert.deepEqual(
      results.missing.map(({ titles }) => titles.join("/")),
      ["desk/it's (two)", "alone"],
    );
  });

  test("are nobody's where nobody awaits them", () => {
    const results = begin([node("alone").id]);
    assert.deepEqual(kinds(results, told("skipped", "desk", "one")), []);
    assert.deepEqual(kinds(results, told("passed", "made up")), []);
  });

  test("a hook that fails is the failure of each test of its suite", () => {
    assert.deepEqual(kinds(begin(), told("failed", "desk")), ["failed desk/one", "failed desk/it's (two)"]);
  });

  test("an exploration is of the test that it stands in, else of the one that runs", () => {
    const results = begin();
    const place = { name: "relay.test.ts:5", file: "/w/relay.test.ts", line: 5 };
    assert.deepEqual(kinds(results, { event: "exploring", place, runs: 3 }), ["exploring desk/one"]);
    results.take(told("running", "alone"));
    const elsewhere = { name: "support.ts:1", file: "/w/support.ts", line: 1 };
    assert.deepEqual(kinds(results, { ...PASSED, place: elsewhere }), ["explored alone"]);
    results.take({ ...FAILED, place: elsewhere });
    const [change] = results.take(told("failed", "alone"));
    assert.equal(change?.kind === "failed" && change.exploration?.schedule, "v1:AgEBAA");
  });
});

suite("the process of a run", () => {
  test("is ended with all that it has started, and nothing else", { skip: process.platform === "win32" }, async () => {
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    const child = "setInterval(() => {}, 1000)";
    const parent = `const { spawn } = require("node:child_process"); const c = spawn(process.execPath, ["-e", ${JSON.stringify(child)}]); console.log(c.pid); process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1000)`;
    let output = "";
    let heard: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const run = new TestProcess(
      {
        command: process.execPath,
        args: ["-e", parent],
        cwd: os.tmpdir(),
        env: environment.environmentOf(process.env, {}),
      },
      (text) => {
        output += text;
        if (output.includes("\n")) heard?.();
      },
    );
    await begun;
    run.end();
    run.end();
    await run.exited;
    const isAlone = bystander.exitCode === null && bystander.signalCode === null;
    bystander.kill("SIGKILL");
    // What has ended is there until its new parent has taken note of that.
    const grandchild = `/proc/${Number(output.trim())}/stat`;
    const state = fs.existsSync(grandchild) ? fs.readFileSync(grandchild, "utf8").replace(/^.*\) /, "")[0] : "Z";
    if (process.platform === "linux") assert.equal(state, "Z");
    assert.ok(isAlone);
  });

  test("that cannot begin says so", async () => {
    const run = new TestProcess({ command: "/no/such/program", args: [], cwd: os.tmpdir(), env: {} }, () => {});
    assert.match((await run.exited).error ?? "", /ENOENT/);
  });

  test("is a tree on Windows", () => assert.deepEqual(treeKill(7), ["taskkill", "/pid", "7", "/T", "/F"]));

  test("has the environment of the editor, without what would change it", () => {
    const env = {
      PATH: "/bin",
      ELECTRON_RUN_AS_NODE: "1",
      VSCODE_PID: "1",
      NODE_TEST_CONTEXT: "child",
      AIRSSYS_SEED: "4",
      HOME: undefined,
    };
    assert.deepEqual(environment.environmentOf(env, { AIRSSYS_STOP_AT: "2" }), { PATH: "/bin", AIRSSYS_STOP_AT: "2" });
  });

  test("knows the variables by the names that the testkit has for them", () => {
    const { ENV_SCHEDULE, ENV_SEED, ENV_EXPLORE, ENV_STOP_AT, ENV_TEST_EVENTS } = testkit;
    assert.deepEqual(
      [ENV_SCHEDULE, ENV_SEED, ENV_EXPLORE, ENV_STOP_AT, ENV_TEST_EVENTS],
      [
        environment.ENV_SCHEDULE,
        environment.ENV_SEED,
        environment.ENV_EXPLORE,
        environment.ENV_STOP_AT,
        environment.ENV_TEST_EVENTS,
      ],
    );
  });
});
