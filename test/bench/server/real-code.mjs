/**
 * Precision on code nobody here wrote, `npm run corpus`: installs the projects below, or those that are named, and looks at their
 * sources, each in a process with 1.5 GB; `node real-code.mjs <folder with TypeScript sources>` looks at one folder. What is found in each
 * project is kept in `corpus.json`: the next run prints the difference to what is committed, and fails when more handlers could not be
 * decided than then.
 *
 * 1. Every reader is run over every file; none may fail.
 * 2. Every function that takes a discriminated union apart is judged as if it were a handler: what is reported is printed, to be
 *    looked at.
 * 3. For every exported discriminated union an actor is made that handles all of it (nothing may be said) and one that leaves a
 *    variant out (exactly that must be said).
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ts } from "ts-morph";
import { MemoryGuard } from "../../../server/src/compiler/memory-guard.ts";
import { ProgramHost } from "../../../server/src/compiler/program-host.ts";
import { Analysis } from "../../../server/src/engine/analysis.ts";
import { Workspace } from "../../../server/src/engine/workspace.ts";
import { extractFacts } from "../../../server/src/reading/extract-facts.ts";
import { readDispatch } from "../../../server/src/reading/read-dispatch.ts";
import { readMessageType } from "../../../server/src/reading/read-message-type.ts";
import { RuntimePackage } from "../../../server/src/reading/runtime-package.ts";
import { forEachNode } from "../../../server/src/reading/symbols.ts";
import { DISK } from "../../../server/src/source/file-system.ts";
import { Overlay } from "../../../server/src/source/overlay.ts";
import { MINI_RUNTIME } from "../../server/mini-lib.ts";

/** Any name may be the runtime's: readers look at all calls there are. */
const ALL = { has: () => true };
const EVERY_WORD = { own: ALL, renamed: ALL, functions: ALL };

/** Begins the line in which a process says what it has found. */
const RESULT = "RESULT ";

const OPTIONS = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  jsx: ts.JsxEmit.Preserve,
};

/** Packages that ship their sources: version, and the folder. */
const PROJECTS = {
  "@ai-sdk/provider": ["3.0.19", "src"],
  "@automerge/automerge-repo": ["2.5.6", "src"],
  "@reduxjs/toolkit": ["2.14.0", "src"],
  "@tanstack/form-core": ["1.33.5", "src"],
  "@tanstack/query-core": ["5.108.0", "src"],
  "@tanstack/router-core": ["1.171.39", "src"],
  "@tiptap/core": ["3.34.0", "src"],
  "@tldraw/editor": ["5.1.1", "src"],
  "@tldraw/store": ["5.1.1", "src"],
  "@tldraw/tlschema": ["5.1.1", "src"],
  "@trpc/server": ["11.25.2", "src"],
  "@wagmi/core": ["3.6.5", "src"],
  ai: ["6.0.326", "src"],
  chevrotain: ["13.2.0", "src"],
  effect: ["4.1.0", "src"],
  immer: ["11.2.10", "src"],
  langium: ["4.4.0", "src"],
  lexical: ["0.53.0", "src"],
  "livekit-client": ["2.23.0", "src"],
  mobx: ["6.16.1", "src"],
  "prosemirror-model": ["1.25.13", "src"],
  "prosemirror-transform": ["1.12.6", "src"],
  redux: ["5.0.1", "src"],
  rxjs: ["7.8.2", "src"],
  viem: ["2.57.20", ""],
  zod: ["4.6.7", "src"],
};

const named = process.argv.slice(2);
if (named.length > 0 && named.every((name) => !(name in PROJECTS))) process.exitCode = look(named[0]) ? 0 : 1;
else {
  const wanted = Object.entries(PROJECTS).filter(([name]) => named.length === 0 || named.includes(name));
  const cache = path.join(import.meta.dirname, "../../../.cache/real-code");
  install(cache);
  const results = {};
  for (const [name, [version, folder]] of wanted) {
    const words = ["--max-old-space-size=1536", import.meta.filename, path.join(cache, "node_modules", name, folder)];
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    const lines = stdout.split("\n").filter((line) => line !== "");
    const last = lines.findLast((line) => line.startsWith(RESULT));
    for (const line of lines) if (line !== last) process.stdout.write(`${line}\n`);
    if (status !== 0 || last === undefined) process.exitCode = 1;
    if (last !== undefined) results[`${name}@${version}`] = JSON.parse(last.slice(RESULT.length));
  }
  if (compare(results)) process.exitCode = 1;
}

/** @returns whether more is undecided in the projects that were looked at than in the commit before. */
function compare(results) {
  const file = path.join(import.meta.dirname, "corpus.json");
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).projects : {};
  const projects = Object.fromEntries(Object.entries({ ...kept, ...results }).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ undecided: undecidedIn(projects), projects }, undefined, 2)}\n`);
  execFileSync("biome", ["format", "--write", file]);
  const { status, stdout } = spawnSync("git", ["show", "HEAD:./corpus.json"], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  if (status !== 0) {
    console.log(`undecided: ${undecidedIn(results)}; nothing is committed to compare with`);
    return false;
  }
  const before = JSON.parse(stdout);
  for (const [name, { reports }] of Object.entries(results)) {
    const known = before.projects[name]?.reports ?? [];
    for (const text of reports) if (!known.includes(text)) console.log(`+ ${name} ${text}`);
    for (const text of known) if (!reports.includes(text)) console.log(`- ${name} ${text}`);
  }
  const common = Object.keys(results).filter((name) => name in before.projects);
  const [now, then] = [results, before.projects].map((all) =>
    undecidedIn(Object.fromEntries(common.map((name) => [name, all[name]]))),
  );
  console.log(`undecided in what both have: ${now}, before ${then}`);
  return now > then;
}

function undecidedIn(projects) {
  return Object.values(projects).reduce((sum, { undecided }) => sum + undecided, 0);
}

function install(cache) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, "package.json"), '{ "private": true }');
  const packages = Object.entries(PROJECTS).map(([name, [version]]) => `${name}@${version}`);
  const flags = ["--ignore-scripts", "--legacy-peer-deps", "--no-save", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...flags, ...packages], { cwd: cache, stdio: "inherit" });
}

/** @returns whether all is as it should be. */
function look(folder) {
  const root = path.resolve(folder);
  const { unions, files, failures, dispatches, undecided, reports } = readAll(root);
  const { checked, wrong } = checkGenerated(root, unions);
  for (const text of wrong) console.log(`WRONG ${text}`);
  console.log(
    `${folder}: ${files} files, ${failures} failures, ${dispatches} dispatches judged, ${checked} generated actors, ${wrong.length} wrong, ${undecided} undecided`,
  );
  const named = reports.map((text) => text.replace(`${root}/`, ""));
  console.log(RESULT + JSON.stringify({ files, dispatches, undecided, generated: checked, reports: named }));
  return failures === 0 && wrong.length === 0;
}

function readAll(root) {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, file: path.join(entry.parentPath, entry.name) }))
    .filter(({ entry, file }) => entry.isFile() && /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file))
    .map(({ file }) => file)
    // Tests add variants to the types they test.
    .filter((file) => !/node_modules|\.(?:test|spec)\.|__tests__/.test(path.relative(root, file)));
  const host = new ProgramHost(DISK, root, OPTIONS);
  const memory = new MemoryGuard();
  const runtime = new RuntimePackage(DISK);
  let program = ts.createProgram({ rootNames: files, options: OPTIONS, host });
  const found = { unions: [], files: files.length, failures: 0, dispatches: 0, undecided: 0, reports: [] };
  for (const name of files) {
    if (memory.isFull()) {
      program = ts.createProgram({ rootNames: files, options: OPTIONS, host, oldProgram: program });
      memory.begin();
    }
    readOne(program, runtime, name, found);
  }
  return found;
}

function readOne(program, runtime, name, found) {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(name);
  if (file === undefined) return;
  const fileOf = (one) => program.getSourceFile(one);
  const unit = {
    checker,
    file,
    runtime,
    reads: new Set(),
    fileOf,
    runtimeWords: EVERY_WORD,
    whyMissing: (specifier) => `${specifier} is missing`,
  };
  for (const failure of extractFacts(unit).failures) {
    found.failures++;
    console.log(`FAILURE ${name}: ${failure}`);
  }
  forEachNode(file, (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined && ts.isBlock(node.body)) judgeFunction(unit, node, found);
    if (ts.isTypeAliasDeclaration(node) && node.typeParameters === undefined && isExported(node)) {
      // The facts only: the types would keep the checker.
      const message = readMessageType(unit, checker.getTypeAtLocation(node))?.message;
      if (message !== undefined && message.variants.length > 1 && message.variants.length < 60)
        found.unions.push({ file: name, name: node.name.text, message });
    }
  });
}

function isExported(node) {
  return (
    node.parent.kind === ts.SyntaxKind.SourceFile &&
    node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** A function that compares the discriminant of what it is given takes it apart: one that is not understood is undecided. */
function judgeFunction(unit, node, found) {
  for (const parameter of node.parameters) {
    const typed = readMessageType(unit, unit.checker.getTypeAtLocation(parameter));
    if (typed === undefined || typed.variants.length < 2) continue;
    const dispatch = readDispatch(unit, parameter, node.body, typed, undefined);
    if (dispatch === undefined) {
      if (takesApart(node.body, parameter, typed.message.discriminant)) found.undecided++;
      continue;
    }
    found.dispatches++;
    const { line } = unit.file.getLineAndCharacterOfPosition(dispatch.span.start);
    const place = `${unit.file.fileName}:${line + 1}`;
    if (dispatch.missing.length > 0)
      found.reports.push(`${place} not handled: ${dispatch.missing.map((tag) => tag.text).join(", ")}`);
    for (const dead of dispatch.dead) found.reports.push(`${place} unreachable: ${dead.text}`);
  }
}

function takesApart(body, parameter, discriminant) {
  if (discriminant === undefined || !ts.isIdentifier(parameter.name)) return false;
  const name = parameter.name.text;
  let found = false;
  forEachNode(body, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== discriminant) return;
    const { parent } = node;
    const isAsked =
      (ts.isSwitchStatement(parent) && parent.expression === node) ||
      (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText()));
    if (isAsked && ts.isIdentifier(node.expression) && node.expression.text === name) found = true;
  });
  return found;
}

/** One analysis over all generated actors. */
function checkGenerated(root, unions) {
  const overlay = new Overlay(DISK);
  overlay.set(
    `${root}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: "es2023",
        module: "esnext",
        moduleResolution: "bundler",
        skipLibCheck: true,
        jsx: "preserve",
        types: [],
      },
      include: ["**/*"],
    }),
  );
  overlay.set(`${root}/node_modules/airssys-rt/package.json`, '{ "name": "airssys-rt", "types": "index.d.ts" }');
  overlay.set(`${root}/node_modules/airssys-rt/index.d.ts`, MINI_RUNTIME);
  const analysis = new Analysis(new Workspace(overlay), (text) => console.log(`FAILURE ${text}`));
  const made = unions.flatMap(({ file, name, message }, index) => {
    const usable = message.variants.every(
      ({ tag }) => /^[snb]:/.test(tag.key) && /^(?:".*"|-?[\d.]+|true|false)$/.test(tag.text),
    );
    return usable
      ? [false, true].map((leavesOut) => ({
          path: `${path.dirname(file)}/airssys-generated-${index}-${leavesOut ? "short" : "full"}.ts`,
          text: actorText(file, name, message, leavesOut),
          name,
          message,
          leavesOut,
        }))
      : [];
  });
  analysis.addFolder("/nowhere");
  for (const { path: file, text } of made) analysis.open(file, text);
  analysis.workThrough();
  const wrong = made.flatMap(({ path: file, name, message, leavesOut }) => {
    const found = analysis.diagnosticsOf(file).map((one) => `${one.rule}: ${one.message}`);
    const last = message.variants.findLast((variant) => variant.tag.key !== message.variants[0].tag.key);
    const wanted = leavesOut && last !== undefined ? [`unhandled-message: ${last.tag.text} is not handled`] : [];
    return found.join() === wanted.join()
      ? []
      : [`${file} (${name}): wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`];
  });
  return { checked: made.length, wrong };
}

function actorText(file, name, message, leavesOut) {
  const subject = message.discriminant === undefined ? "message" : `message[${JSON.stringify(message.discriminant)}]`;
  const tags = [...new Map(message.variants.map(({ tag }) => [tag.key, tag.text])).values()];
  const handled = leavesOut && tags.length > 1 ? tags.slice(0, -1) : tags;
  return `import { Actor } from "airssys-rt";
import type { ${name} as Message } from "./${path.basename(file).replace(/\.tsx?$/, "")}";
export class Generated extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (${subject}) {
${handled.map((text) => `      case ${text}:\n        return;\n`).join("")}    }
  }
}
`;
}
