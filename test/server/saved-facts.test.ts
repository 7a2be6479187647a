/** Facts that are kept from one check to the next: the same is said as without them, whatever has happened to the files. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { FactsKeeper } from "../../server/src/analysis/facts-keeper.ts";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { compiledProgram } from "../../server/src/check/compiled-program.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import type { SavedProjects } from "../../server/src/compiler/saved-project.ts";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { FactsFile, type KeptFacts } from "../../server/src/engine/facts-file.ts";
import type { FolderFacts } from "../../server/src/engine/folder-facts.ts";
import type { ProgramSource } from "../../server/src/engine/program-source.ts";
import { SavedProgram } from "../../server/src/engine/saved-program.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import type { Diagnostic } from "../../server/src/rules/diagnostic.ts";
import { buildIn } from "../../server/src/source/build.ts";
import type { MemoryFiles } from "../../server/src/source/memory-files.ts";
import { isAnsweredAlike } from "../../server/src/source/recorded-files.ts";
import { makeWorkspace } from "./client.ts";
import { memory } from "./fixture.ts";
import { BAD, GOOD } from "./sample-actors.ts";

async function check(folder: string, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const parsed = parseArguments(["check", ...words]);
  assert.ok(parsed.kind === "check");
  const code = await runCheck(
    parsed.options,
    { write: (text) => (said.out += text) },
    { write: (text) => (said.err += text) },
    { directory: folder, now: () => 0 },
  );
  return { code, ...said };
}

const BUILD = buildIn(path.join(import.meta.dirname, "../../server/src"));

const SETTINGS = JSON.stringify({
  compilerOptions: {
    noLib: true,
    module: "esnext",
    moduleResolution: "bundler",
    paths: { late: ["./src/types/index.ts"] },
  },
});

/** Edits that change what is found, each by itself. */
const EDITS: readonly (readonly [what: string, edit: (folder: string) => void])[] = [
  ["a body", (folder) => write(folder, "src/a.ts", GOOD)],
  [
    "the type of another file",
    (folder) => write(folder, "src/types/index.ts", 'export type Message = { type: "a" };\n'),
  ],
  ["a new file", (folder) => write(folder, "src/new.ts", BAD)],
  ["a file that is gone", (folder) => rmSync(path.join(folder, "src/a.ts"))],
  ["the settings of the compiler", (folder) => write(folder, "tsconfig.json", SETTINGS)],
  ["our settings", (folder) => write(folder, "airssys.json", '{ "rules": { "unhandled-message": "hint" } }')],
  ["a package that is gone", (folder) => rmSync(path.join(folder, "node_modules/airssys-rt"), { recursive: true })],
  ["a file that hides another", (folder) => write(folder, "src/types.ts", "export {};\n")],
  [
    "a package that is new",
    (folder) => write(folder, "node_modules/late/index.d.ts", 'export type Message = { type: "z" };\n'),
  ],
];
const TYPES = 'export type Message = { type: "a" } | { type: "b" };\n';
const IMPORTING = BAD.replace(/^type Message = .*$/m, 'import type { Message } from "./types";');
const LATE = BAD.replace(/^type Message = .*$/m, 'import type { Message } from "late";');

function write(folder: string, name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

for (const [what, edit] of EDITS) {
  test(`--cache sees ${what}, and what is the same says the same`, async () => {
    using workspace = makeWorkspace({
      "src/a.ts": BAD,
      "src/b.ts": IMPORTING,
      "src/types/index.ts": TYPES,
      "src/late.ts": LATE,
    });
    const { folder } = workspace;

    const cold = await check(folder);
    assert.deepEqual(await check(folder, "--cache"), cold);
    assert.deepEqual(await check(folder, "--cache"), cold);
    edit(folder);
    const after = await check(folder);
    assert.notDeepEqual(after, cold);
    assert.deepEqual(await check(folder, "--cache"), after);
    assert.deepEqual(await check(folder, "--cache"), after);
  });
}

test("a damaged file of facts, and one of another build, are made anew", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const file = path.join(workspace.folder, "facts");
  const cold = await check(workspace.folder);
  await check(workspace.folder, "--cache-location", "facts");
  const whole = readFileSync(file);

  for (const damaged of [whole.subarray(0, whole.length - 1), Buffer.alloc(0), Buffer.from(whole).fill(1, 40, 60)]) {
    writeFileSync(file, damaged);
    assert.deepEqual(await check(workspace.folder, "--cache-location", "facts"), cold);
    assert.ok(new FactsFile(file, BUILD).kept !== undefined);
  }
  assert.equal(new FactsFile(file, `${BUILD}, but another`).kept, undefined);
});

test("facts that cannot be kept are said, with exit code 2; --fix and --watch keep none", async () => {
  using workspace = makeWorkspace({ "a.ts": GOOD, plain: "" });

  const { code, err } = await check(workspace.folder, "--cache-location", "plain/facts");
  assert.equal(code, 2);
  assert.match(err, /the facts in plain\/facts cannot be (?:read|written): /);
  await check(workspace.folder, "--fix", "--cache-location", "facts");
  assert.equal(existsSync(path.join(workspace.folder, "facts")), false);
});

// A property: after any edits, what is said with saved facts is what is said without.

const FOLDERS = ["/w", "/w/shop", "/w/shop/deep", "/w/stock"];
const NAMES = ["a", "b", "c", "d"];
const BODIES = ["", "console.log(1);", "setTimeout(() => {}, 1);", "void message;"];

class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    // A multiplicative generator: the same edits for the same seed.
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

function actorText(chance: Chance): string {
  const own = `type Message = { type: "a" } | { type: "${chance.of(NAMES)}x" };`;
  const source = chance.of([
    own,
    own,
    `import type { Message } from "./${chance.of(NAMES)}.ts";`,
    'import type { Message } from "pack";',
  ]);
  return `import { Actor, supervisor } from "airssys-rt";
${source}
export type { Message };
export class ${chance.of(["A", "B"])} extends Actor<Message> {
  override handleMessage(message: Message): void {
    ${chance.of(BODIES)}
    switch (message.type) {
      case "a":
        ${chance.of(BODIES)}
    }
  }
}
export const root = supervisor({ maxRestarts: ${chance.of(["1", "-1", "Infinity"])}, children: [] });
`;
}

/** @returns the files that changed. */
function edit(files: MemoryFiles, chance: Chance): readonly string[] {
  const place = (): string => `${chance.of(FOLDERS)}/${chance.of(NAMES)}.ts`;
  const pack = "/w/node_modules/pack/index.d.ts";
  switch (chance.below(8)) {
    case 0: {
      const [from, to] = [place(), place()];
      const text = files.read(from);
      if (text === undefined) return [];
      files.remove(from);
      files.write(to, text);
      return [from, to];
    }
    case 1: {
      const gone = place();
      files.remove(gone);
      return [gone];
    }
    case 2:
      files.write(pack, `export type Message = { type: "${chance.of(NAMES)}" } | { type: "a" };\n`);
      return [pack];
    case 3:
      files.remove(pack);
      return [pack];
    case 4: {
      const config = `${chance.of(FOLDERS)}/tsconfig.json`;
      if (config !== "/w/tsconfig.json" && chance.below(2) === 0) files.remove(config);
      else files.write(config, tsconfig(chance.below(2) === 0));
      return [config];
    }
    default: {
      const changed = place();
      files.write(changed, actorText(chance));
      return [changed];
    }
  }
}

function tsconfig(strict: boolean): string {
  const compilerOptions = {
    noLib: true,
    strict,
    target: "es2023",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    types: [],
  };
  return JSON.stringify({ compilerOptions });
}

const STRICT = { preset: "strict", rules: {} } as const;

function judged(program: ProgramSource): Said {
  const analysis = new Analysis(program);
  analysis.configure(STRICT);
  program.addFolder("/w");
  analysis.workThrough();
  return said(analysis);
}

interface Said {
  readonly found: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly gaps: unknown;
}

function said(analysis: Analysis<ProgramSource>): Said {
  const files = analysis.workspace.actorFiles().toSorted();
  return { found: new Map(files.map((file) => [file, analysis.diagnosticsOf(file)])), gaps: analysis.gaps() };
}

const EDITS_OF_A_RUN = Number(process.env["AIRSSYS_EDITS"] ?? 60);

test(`after ${EDITS_OF_A_RUN} random edits, moves, new files and packages, saved facts say what a cold check says`, () => {
  const chance = new Chance(20_261_130);
  const files = memory(new Map([["/w/tsconfig.json", tsconfig(true)]]));
  let kept: KeptFacts | undefined;
  let unchanged = 0;
  for (let n = 0; n < EDITS_OF_A_RUN; n++) {
    const what = `edit ${n}: ${edit(files, chance).join(", ")}`;
    const cold = judged(new Workspace(files));
    const whole = kept?.whole;
    if (whole !== undefined && isAnsweredAlike(whole, files)) {
      unchanged++;
      assert.deepEqual(judged(new SavedProgram(whole, files)), cold, what);
      continue;
    }
    const { program, toSave } = compiledProgram(kept, files);
    assert.deepEqual(judged(program), cold, what);
    const next = toSave(["/w"]);
    assert.ok(next, "files that do not change while they are read can be saved");
    // As a file has it.
    kept = structuredClone(next);
  }
  assert.ok(unchanged < EDITS_OF_A_RUN / 2, "most edits change something");
});

test(`an editor opened ${EDITS_OF_A_RUN} times says early what it says later, and keeps what a cold start reads`, () => {
  const chance = new Chance(7);
  const files = memory(new Map([["/w/tsconfig.json", tsconfig(true)]]));
  const facts = new FactsInMemory();
  const counts = { whole: 0, part: 0, early: 0 };
  for (let n = 0; n < EDITS_OF_A_RUN; n++) {
    // Closed, it may be that nothing happens, or much.
    const what = Array.from({ length: chance.below(3) }, () => edit(files, chance).join(", "));
    const cold = judged(new Workspace(files));

    const keeper = new FactsKeeper(facts, (text) => assert.fail(text));
    const workspace = new Workspace(files, () => {}, keeper.make);
    const analysis = new Analysis(workspace, (text) => assert.fail(text));
    analysis.configure(STRICT);
    analysis.addFolder("/w");
    const early = keeper.early(workspace, ["/w"], STRICT);
    if (early.size > 0 && early.size === cold.found.size) {
      counts.whole++;
      assert.deepEqual(new Map([...early].toSorted()), cold.found, `opening ${n}: ${what}`);
    }
    for (const [path, diagnostics] of early) {
      const later = new Set((cold.found.get(path) ?? []).map((one) => JSON.stringify(one)));
      for (const one of diagnostics) assert.ok(later.has(JSON.stringify(one)), `opening ${n}: ${what}: ${one.message}`);
      counts.early += diagnostics.length;
    }
    if (early.size > 0 && early.size < cold.found.size) counts.part++;
    analysis.workThrough();
    assert.deepEqual(said(analysis), cold, `opening ${n}: ${what}`);

    // Open, it is told what happens, and packages it looks for.
    for (let session = chance.below(3); session > 0; session--) {
      const changed = edit(files, chance);
      analysis.touch(changed);
      analysis.workThrough();
      assert.deepEqual(said(analysis), judged(new Workspace(files)), `opening ${n}: ${changed.join(", ")}`);
    }
    keeper.keep(workspace, ["/w"]);
  }
  assert.ok(Math.min(counts.whole, counts.part) > EDITS_OF_A_RUN / 10 && counts.early > EDITS_OF_A_RUN);
});

class FactsInMemory implements FolderFacts {
  #projects: SavedProjects = new Map();

  read(): SavedProjects {
    return this.#projects;
  }

  /** As a file has it. */
  write(_folder: string, projects: SavedProjects): void {
    this.#projects = structuredClone(projects);
  }
}
