/**
 * The bundled language server side by side with ESLint's `switch-exhaustiveness-check` and with `tsc`, on the same code, in one run.
 * `node bench.mjs` installs what it needs below `.cache` of the repository; results are printed and written to
 * `.cache/bench-server/result.json`. An edit is measured at an editor: from the change until its diagnostics have arrived, the
 * processor time of both processes of the server and all their threads. ESLint takes turns with it: its language server at the same
 * editor, and ESLint itself, warm, called as a function.
 */
import { execFileSync, fork, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DEPENDENTS, makeCodeBase } from "./code-base.mjs";
import { Editor } from "./editor.mjs";
import { bodyEdits, importEdits, open, protocolEdits } from "./edits.mjs";
import { openEslintServer } from "./eslint-server.mjs";
import { spread } from "./spread.mjs";

const here = import.meta.dirname;
const repository = path.join(here, "../../..");
const cache = path.join(repository, ".cache/bench-server");

if (process.argv[2] === "--eslint") {
  const { run } = await import("./part-eslint.mjs");
  run(process.argv[3], process.argv[4]);
} else await main();

async function main() {
  const modules = install();
  const results = {
    machine: `${os.cpus().length} × ${os.cpus()[0]?.model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    sizes: [],
  };
  for (const [name, packages] of [
    ["viem", ["viem"]],
    ["viem, effect, zod, rxjs", ["viem", "effect", "zod", "rxjs"]],
  ]) {
    const folder = path.join(cache, name.replace(/\W/g, ""));
    const files = makeCodeBase(modules, folder, packages);
    const load = os.loadavg()[0]?.toFixed(1);
    const measured = await inEditor(folder, modules);
    const checkCpuMs = cpuOf(process.execPath, [path.join(repository, "server/dist/cli.js"), "check", folder]);
    const tscCpuMs = cpuOf(process.execPath, [path.join(modules, "typescript/bin/tsc"), "--noEmit", "-p", folder]);
    const size = { name, files, load, ...measured, checkCpuMs, tscCpuMs };
    results.sizes.push(size);
    print(size);
  }
  results.initializeMs = await initialize(path.join(cache, "viem"));
  const load = os.loadavg()[0]?.toFixed(1);
  console.log(`\ninitialize                     ${results.initializeMs.join(", ")} ms at a load of ${load}`);
  writeFileSync(path.join(cache, "result.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}

async function inEditor(folder, modules) {
  const eslint = fork(import.meta.filename, ["--eslint", folder, modules]);
  const lint = (file, text) =>
    new Promise((resolve, reject) => {
      eslint.once("exit", reject);
      eslint.once("message", (answer) => {
        eslint.off("exit", reject);
        resolve(answer);
      });
      eslint.send({ file, text });
    });
  const startedAt = performance.now();
  const editor = new Editor(folder);
  await editor.initialize();
  const first = await open(editor, startedAt);
  const eslintEditor = await openEslintServer(folder, modules);
  const body = await bodyEdits(editor, eslintEditor, lint);
  eslint.kill();
  await eslintEditor.close();
  const protocol = await protocolEdits(editor, folder);
  const imports = await importEdits(editor);
  const memory = editor.memoryMb();
  await editor.close();
  return {
    first,
    body: spread(body.server),
    eslintServer: spread(body.eslintServer),
    eslint: spread(body.eslint),
    protocol: spread(protocol),
    imports: spread(imports),
    memory,
  };
}

function install() {
  mkdirSync(cache, { recursive: true });
  cpSync(path.join(here, "package.json"), path.join(cache, "package.json"));
  const modules = path.join(cache, "node_modules");
  const { dependencies } = JSON.parse(readFileSync(path.join(cache, "package.json"), "utf8"));
  if (!Object.keys(dependencies).every((name) => existsSync(path.join(modules, name))))
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: cache, stdio: "inherit" });
  return modules;
}

/** User and system time of a process and all it waits for. */
function cpuOf(command, words) {
  const shell = spawnSync(
    "bash",
    ["-c", `TIMEFORMAT='%U %S'; time ${[command, ...words].map((word) => `'${word}'`).join(" ")} > /dev/null 2>&1`],
    { encoding: "utf8" },
  );
  const [user = 0, system = 0] = shell.stderr.trim().split(/\s+/).slice(-2).map(Number);
  return Math.round((user + system) * 1_000);
}

async function initialize(folder) {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const startedAt = performance.now();
    const editor = new Editor(folder);
    await editor.initialize();
    times.push(Math.round(performance.now() - startedAt));
    await editor.close();
  }
  return times.sort((a, b) => a - b);
}

function print({
  name,
  files,
  load,
  first,
  body,
  eslintServer,
  eslint,
  protocol,
  imports,
  memory,
  checkCpuMs,
  tscCpuMs,
}) {
  console.log(`\n${name}: ${files} files, 200 actors; load ${load}`);
  console.log(`  first diagnostics            ${first.wallMs} ms wall, ${first.cpuMs} ms CPU`);
  console.log(`  body edit                    ${body.median} ms CPU, p95 ${body.p95}`);
  for (const [what, other] of [
    ["in ESLint's language server", eslintServer],
    ["in ESLint as a function    ", eslint],
  ])
    console.log(
      `  ${what}  ${other.median} ms CPU, p95 ${other.p95}   ratio ${(body.median / other.median).toFixed(2)}`,
    );
  console.log(`  protocol edit, ${DEPENDENTS} dependents ${protocol.median} ms CPU, p95 ${protocol.p95}`);
  console.log(`  import edit                  ${imports.median} ms CPU, p95 ${imports.p95}`);
  console.log(
    `  resident memory              analysis ${memory.analysis} MB, highest ${memory.peak} MB; server ${memory.server} MB`,
  );
  console.log(
    `  whole workspace              check ${checkCpuMs} ms CPU, tsc ${tscCpuMs} ms CPU   ratio ${(checkCpuMs / tscCpuMs).toFixed(2)}`,
  );
}
