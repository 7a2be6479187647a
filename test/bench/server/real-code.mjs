/**
 * Precision on code nobody here wrote: `node real-code.mjs` installs the projects below and looks at their sources, each in a process
 * with 1.5 GB; `node real-code.mjs <folder with TypeScript sources>` looks at one folder.
 *
 * 1. Every reader is run over every file; none may fail.
 * 2. Every function that takes a discriminated union apart is judged as if it were a handler: what is reported is printed, to be
 *    looked at.
 * 3. For every exported discriminated union an actor is made that handles all of it (nothing may be said) and one that leaves a
 *    variant out (exactly that must be said).
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
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

if (process.argv.length > 2) process.exitCode = look(process.argv[2]) ? 0 : 1;
else {
  const cache = path.join(import.meta.dirname, "../../../.cache/real-code");
  install(cache);
  for (const [name, [, folder]] of Object.entries(PROJECTS)) {
    const words = ["--max-old-space-size=1536", import.meta.filename, path.join(cache, "node_modules", name, folder)];
    const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
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
  const { unions, files, failures, dispatches } = readAll(root);
  const { checked, wrong } = checkGenerated(root, unions);
  for (const text of wrong) console.log(`WRONG ${text}`);
  console.log(
    `${folder}: ${files} files, ${failures} failures, ${dispatches} dispatches judged, ${checked} generated actors, ${wrong.length} wrong`,
  );
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
  const found = { unions: [], files: files.length, failures: 0, dispatches: 0 };
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
  const unit = { checker, program, file, runtime, reads: new Set() };
  for (const failure of extractFacts(unit).failures) {
    found.failures++;
    console.log(`FAILURE ${name}: ${failure}`);
  }
  forEachNode(file, (node) => {
    if (ts.isFunctionLike(node) && node.body !== undefined && ts.isBlock(node.body))
      found.dispatches += judgeFunction(unit, node);
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

function judgeFunction(unit, node) {
  let found = 0;
  for (const parameter of node.parameters) {
    const typed = readMessageType(unit, unit.checker.getTypeAtLocation(parameter));
    if (typed === undefined || typed.variants.length < 2) continue;
    const dispatch = readDispatch(unit, parameter, node.body, typed, undefined);
    if (dispatch === undefined) continue;
    found++;
    const { line } = unit.file.getLineAndCharacterOfPosition(dispatch.span.start);
    const place = `${unit.file.fileName}:${line + 1}`;
    if (dispatch.missing.length > 0)
      console.log(`LOOK ${place} not handled: ${dispatch.missing.map((tag) => tag.text).join(", ")}`);
    for (const dead of dispatch.dead) console.log(`LOOK ${place} unreachable: ${dead.text}`);
  }
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
