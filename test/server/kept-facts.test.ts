/** Facts that an editor keeps: what is said before anything is read, what takes its place, and where facts are kept. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { Events } from "../../server/src/analysis/analysis-calls.ts";
import { AnalysisService } from "../../server/src/analysis/analysis-service.ts";
import type { SavedProjects } from "../../server/src/compiler/saved-project.ts";
import { type FolderFacts, factsOnDisk } from "../../server/src/engine/folder-facts.ts";
import { FACTS_PLACE } from "../../server/src/source/facts-place.ts";
import type { FileSystem } from "../../server/src/source/file-system.ts";
import { DISK } from "../../server/src/source/file-system.ts";
import type { MemoryFiles } from "../../server/src/source/memory-files.ts";
import { pathOfNative } from "../../server/src/source/path-uri.ts";
import { makeWorkspace, startSession } from "./client.ts";
import { memory } from "./fixture.ts";
import { BAD, GOOD } from "./sample-actors.ts";

class FactsInMemory implements FolderFacts {
  readonly kept = new Map<string, SavedProjects>();
  writes = 0;

  read(folder: string): SavedProjects {
    return this.kept.get(folder) ?? new Map();
  }

  write(folder: string, projects: SavedProjects): void {
    this.writes++;
    this.kept.set(folder, structuredClone(projects));
  }
}

interface Opened {
  readonly service: AnalysisService;
  /** What was told, in order: `read` once, when the first file is read; else a file and how many findings it has. */
  readonly told: readonly string[];
  readonly logs: readonly string[];
  /** Lets everything happen that waits for no time. */
  settle(): Promise<void>;
}

/** An editor opens a folder. */
function open(files: FileSystem, facts: FolderFacts, folder: string, isAllowed = true): Opened {
  const told: string[] = [];
  const logs: string[] = [];
  const service = new AnalysisService(
    files,
    (name, params) => {
      if (name === "reading" && (params as Events["reading"]).path !== undefined && !told.includes("read"))
        told.push("read");
      if (name === "log") logs.push((params as Events["log"]).text);
      if (name !== "diagnostics") return;
      const { path: file, diagnostics } = params as Events["diagnostics"];
      told.push(`${path.basename(file)} ${diagnostics.length}`);
    },
    () => 0,
    facts,
  );
  service.notices.keepFacts({ isAllowed });
  service.notices.folders({ added: [folder], removed: [] });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { service, told, logs, settle };
}

const MINUTE_MS = 60_000;

/** Open until everything is read and kept. */
async function session(t: TestContext, files: FileSystem, facts: FolderFacts, folder: string, isAllowed = true) {
  const opened = open(files, facts, folder, isAllowed);
  await opened.service.requests.supervisionTree({});
  t.mock.timers.tick(MINUTE_MS);
  return opened;
}

function threeFiles(): MemoryFiles {
  const types = 'export type Message = { type: "a" } | { type: "b" };\n';
  const importing = BAD.replace(/^type Message = .*$/m, 'import type { Message } from "./types.ts";');
  return memory(
    new Map([
      ["/w/tsconfig.json", memory(new Map()).read("/tsconfig.json") ?? ""],
      ["/w/a.ts", BAD],
      ["/w/b.ts", BAD],
      ["/w/c.ts", importing],
      ["/w/types.ts", types],
    ]),
  );
}

test("a folder that is opened again has its diagnostics before anything is read, and nothing is said twice", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = threeFiles();

  assert.deepEqual((await session(t, files, facts, "/w")).told, ["read", "a.ts 1", "b.ts 1", "c.ts 1"]);
  assert.deepEqual((await session(t, files, facts, "/w")).told, ["a.ts 1", "b.ts 1", "c.ts 1", "read"]);
  assert.equal(facts.writes, 1, "what has not changed is not written again");
});

test("what changed while nobody looked is not said early, nor is what depends on it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = threeFiles();
  await session(t, files, facts, "/w");

  files.write("/w/a.ts", GOOD);
  assert.deepEqual((await session(t, files, facts, "/w")).told, ["b.ts 1", "c.ts 1", "read"]);
  files.write("/w/types.ts", 'export type Message = { type: "a" } | { type: "c" };\n');
  assert.deepEqual((await session(t, files, facts, "/w")).told, ["b.ts 1", "read", "c.ts 1"]);
  files.write("/w/globals.ts", "declare global { interface Array<T> { more: T } }\nexport {};\n// airssys-rt\n");
  assert.deepEqual((await session(t, files, facts, "/w")).told, ["read", "b.ts 1", "c.ts 1"]);
  assert.equal(facts.writes, 4);
});

test("what saved facts said is taken back when it is not so", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = memory(new Map([["/w/a.ts", BAD]]));
  await session(t, files, facts, "/w");
  const ofGood = new FactsInMemory();
  await session(t, memory(new Map([["/w/a.ts", GOOD]])), ofGood, "/w");
  // As if other code had made them: the facts of one text, and the answers of another.
  const mixed = [...facts.read("/w")].map(
    ([config, project]) => [config, { ...project, answers: ofGood.read("/w").get(config)?.answers ?? [] }] as const,
  );
  facts.kept.set("/w", new Map(mixed));
  files.write("/w/a.ts", GOOD);

  assert.deepEqual((await session(t, files, facts, "/w")).told, ["a.ts 1", "read", "a.ts 0"]);
});

test("a client that is told when there are others is answered with saved facts, others wait", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = threeFiles();
  await session(t, files, facts, "/w");

  const { service, told } = open(files, facts, "/w");
  for (const name of ["a", "b"]) service.notices.open({ path: `/w/${name}.ts`, text: BAD, version: 1 });
  const asked = { path: "/w/a.ts", isTold: false } as const;
  const late = service.requests.diagnostics(asked).then((found) => `${found.length}, read: ${told.includes("read")}`);
  const early = service.requests.diagnostics({ ...asked, path: "/w/b.ts", mayBeEarly: true });

  t.mock.timers.tick(60);
  const found = await early;
  assert.deepEqual([found.length, told.includes("read")], [1, false]);
  assert.equal(await late, "1, read: true");
});

test("a text that is not the saved one has no early diagnostics", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = threeFiles();
  await session(t, files, facts, "/w");

  const { service, told, settle } = open(files, facts, "/w");
  service.notices.open({ path: "/w/a.ts", text: GOOD, version: 1 });
  const found = service.requests.diagnostics({ path: "/w/a.ts", isTold: true, mayBeEarly: true });
  t.mock.timers.tick(MINUTE_MS);

  assert.deepEqual(await found, []);
  await settle();
  assert.deepEqual(told, ["b.ts 1", "c.ts 1", "read", "a.ts 0"]);
});

test("a folder that is not trusted is neither believed nor written to", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const facts = new FactsInMemory();
  const files = threeFiles();

  await session(t, files, facts, "/w", false);
  assert.equal(facts.writes, 0);
  await session(t, files, facts, "/w");
  assert.deepEqual((await session(t, files, facts, "/w", false)).told, ["read", "a.ts 1", "b.ts 1", "c.ts 1"]);
});

test("facts that cannot be kept are told once, and nothing else is otherwise", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using workspace = makeWorkspace({ "a.ts": BAD, "node_modules/.cache": "not a folder" });
  const folder = pathOfNative(workspace.folder);

  const opened = await session(t, DISK, factsOnDisk("build"), folder);
  opened.service.notices.filesChanged({ paths: [`${folder}/a.ts`] });
  await opened.service.requests.supervisionTree({});
  t.mock.timers.tick(MINUTE_MS);

  assert.deepEqual(opened.told, ["read", "a.ts 1"]);
  const [log = "", ...others] = opened.logs;
  assert.deepEqual(others, []);
  assert.match(log, /^the facts of .* cannot be kept: /);
});

test("facts are kept where only their owner reads them, and read where only their owner writes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  using workspace = makeWorkspace({ "a.ts": BAD });
  const folder = pathOfNative(workspace.folder);
  const file = path.join(folder, FACTS_PLACE);
  const early = async (build = "build"): Promise<boolean> =>
    (await session(t, DISK, factsOnDisk(build), folder)).told[0] !== "read";

  assert.equal(await early(), false);
  assert.deepEqual(readdirSync(path.dirname(file)), ["facts.bin"], "no part is left");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(await early(), true);
  chmodSync(file, 0o644);
  assert.equal(await early(), false, "others may read it");
  assert.equal(await early("another build"), false);
  assert.equal(await early("another build"), true, "it was written anew");
  writeFileSync(file, "damaged");
  assert.equal(await early(), false);
  assert.equal(await early(), true);
});

test("nothing is kept through links that lead out of the packages, nor where there are no packages", async () => {
  using workspace = makeWorkspace({ "elsewhere/x": "" });
  const facts = factsOnDisk("build");
  const projects: SavedProjects = new Map();
  const elsewhere = path.join(workspace.folder, "elsewhere");

  facts.write(elsewhere, projects);
  assert.deepEqual(readdirSync(elsewhere), ["x"]);
  symlinkSync(elsewhere, path.join(workspace.folder, "node_modules/.cache"));
  facts.write(workspace.folder, projects);
  assert.deepEqual(readdirSync(elsewhere), ["x"]);
  mkdirSync(path.join(elsewhere, "airssys"));
  facts.write(workspace.folder, projects);
  assert.deepEqual(readdirSync(path.join(elsewhere, "airssys")), []);
  assert.equal(facts.read(workspace.folder).size, 0);
});

test("the file that a check keeps is the one that an editor begins with", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const { runCheck } = await import("../../server/src/check/run-check.ts");
  const { parseArguments } = await import("../../server/src/check/arguments.ts");
  const parsed = parseArguments(["check", "--cache"]);
  assert.ok(parsed.kind === "check");
  const silent = { write: () => {} };
  await runCheck(parsed.options, silent, silent, { directory: workspace.folder });
  assert.ok(existsSync(path.join(workspace.folder, FACTS_PLACE)));

  await using session = await startSession(workspace.folder);
  const order: string[] = [];
  session.onDiagnostics((uri) => order.push(path.basename(uri)));
  await session.status(({ state, text }) => {
    if (state === "ready") order.push(text);
    return state === "ready";
  });

  assert.deepEqual(order.slice(0, 2), ["a.ts", "1 actor in 1 file"]);
});
