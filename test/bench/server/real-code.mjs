/**
 * Precision on code nobody here wrote: `node real-code.mjs <folder with TypeScript sources> …`
 *
 * 1. Every reader is run over every file; none may fail.
 * 2. Every function that takes a discriminated union apart is judged as if it were a handler: what is reported is printed, to be
 *    looked at.
 * 3. For every exported discriminated union an actor is made that handles all of it (nothing may be said) and one that leaves a
 *    variant out (exactly that must be said).
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { ts } from "ts-morph";
import { Analysis } from "../../../server/src/analysis.ts";
import { ProgramHost } from "../../../server/src/compiler/program-host.ts";
import { extractFacts } from "../../../server/src/facts/extract-facts.ts";
import { readDispatch } from "../../../server/src/facts/read-dispatch.ts";
import { readMessageType } from "../../../server/src/facts/read-message-type.ts";
import { RuntimePackage } from "../../../server/src/facts/runtime-package.ts";
import { forEachNode } from "../../../server/src/facts/symbols.ts";
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
};

let failed = false;
for (const folder of process.argv.slice(2)) {
  const root = path.resolve(folder);
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name) && !/\.d\.[cm]?ts$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const host = new ProgramHost(DISK, root, OPTIONS);
  const program = ts.createProgram({ rootNames: files, options: OPTIONS, host });
  const checker = program.getTypeChecker();
  const runtime = new RuntimePackage(DISK);
  const unions = [];
  let failures = 0;
  let dispatches = 0;
  for (const name of files) {
    const file = program.getSourceFile(name);
    if (file === undefined) continue;
    const unit = { checker, program, file, runtime, reads: new Set() };
    for (const failure of extractFacts(unit).failures) {
      failures++;
      console.log(`FAILURE ${name}: ${failure}`);
    }
    forEachNode(file, (node) => {
      if (ts.isFunctionLike(node) && node.body !== undefined && ts.isBlock(node.body))
        dispatches += judgeFunction(unit, node);
      if (ts.isTypeAliasDeclaration(node) && node.typeParameters === undefined && isExported(node)) {
        const typed = readMessageType(unit, checker.getTypeAtLocation(node));
        if (typed !== undefined && typed.variants.length > 1 && typed.variants.length < 60)
          unions.push({ file: name, name: node.name.text, typed });
      }
    });
  }
  const { checked, wrong } = checkGenerated(root, unions);
  for (const text of wrong) console.log(`WRONG ${text}`);
  failed ||= failures > 0 || wrong.length > 0;
  console.log(
    `${folder}: ${files.length} files, ${failures} failures, ${dispatches} dispatches judged, ${checked} generated actors, ${wrong.length} wrong`,
  );
}
process.exitCode = failed ? 1 : 0;

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
        types: [],
      },
      include: ["**/*"],
    }),
  );
  overlay.set(`${root}/node_modules/airssys-rt/package.json`, '{ "name": "airssys-rt", "types": "index.d.ts" }');
  overlay.set(`${root}/node_modules/airssys-rt/index.d.ts`, MINI_RUNTIME);
  const analysis = new Analysis(overlay, (text) => console.log(`FAILURE ${text}`));
  const made = unions.flatMap(({ file, name, typed }, index) => {
    const usable = typed.variants.every(
      ({ tag }) => /^[snb]:/.test(tag.key) && /^(?:".*"|-?[\d.]+|true|false)$/.test(tag.text),
    );
    return usable
      ? [false, true].map((leavesOut) => ({
          path: `${path.dirname(file)}/airssys-generated-${index}-${leavesOut ? "short" : "full"}.ts`,
          text: actorText(file, name, typed, leavesOut),
          name,
          typed,
          leavesOut,
        }))
      : [];
  });
  analysis.addFolder("/nowhere");
  for (const { path: file, text } of made) analysis.open(file, text);
  analysis.workThrough();
  const wrong = made.flatMap(({ path: file, name, typed, leavesOut }) => {
    const found = analysis.diagnosticsOf(file).map((one) => `${one.rule}: ${one.message}`);
    const last = typed.message.variants.findLast((variant) => variant.tag.key !== typed.message.variants[0].tag.key);
    const wanted = leavesOut && last !== undefined ? [`unhandled-message: ${last.tag.text} is not handled`] : [];
    return found.join() === wanted.join()
      ? []
      : [`${file} (${name}): wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`];
  });
  return { checked: made.length, wrong };
}

function actorText(file, name, { message }, leavesOut) {
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
