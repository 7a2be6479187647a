/**
 * The language server side by side with ESLint's `switch-exhaustiveness-check` and with `tsc`, on the same code, in one run.
 * `node bench.mjs` installs what it needs below `.cache` of the repository; results are printed and written to `.cache/bench-server/result.json`.
 */
import { execFileSync, fork, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DEPENDENTS, makeCodeBase } from "./code-base.mjs";

const here = import.meta.dirname;
const repository = path.join(here, "../../..");
const cache = path.join(repository, ".cache/bench-server");

if (process.argv[2] === "--part") {
  const { run } = await import(`./part-${process.argv[3]}.mjs`);
  process.send?.(await run(process.argv[4], process.argv[5]));
  process.disconnect();
} else await main();

async function main() {
  const modules = install();
  const results = {
    machine: `${os.cpus().length} × ${os.cpus()[0]?.model}, ${Math.round(os.totalmem() / 2 ** 30)} GB, Node ${process.version}`,
    sizes: [],
  };
  for (const [name, packages] of [
    ["1,500 files", ["viem"]],
    ["2,700 files", ["viem", "effect", "zod", "rxjs"]],
  ]) {
    const folder = path.join(cache, name.replace(/\W/g, ""));
    makeCodeBase(modules, folder, packages);
    const server = await part("server", folder, modules);
    const eslint = await part("eslint", folder, modules);
    const check = cpuOf(process.execPath, [path.join(repository, "server/dist/cli.js"), "check", folder]);
    const tsc = cpuOf(process.execPath, [path.join(modules, "typescript/bin/tsc"), "--noEmit", "-p", folder]);
    const size = { name, ...server, eslintEdit: eslint, checkCpuMs: check, tscCpuMs: tsc };
    results.sizes.push(size);
    print(size);
  }
  results.initializeMs = await initialize(path.join(cache, "1500files"));
  console.log(`bundled server answers initialize: ${results.initializeMs} ms (median of 5)`);
  writeFileSync(path.join(cache, "result.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}

function install() {
  mkdirSync(cache, { recursive: true });
  cpSync(path.join(here, "package.json"), path.join(cache, "package.json"));
  const modules = path.join(cache, "node_modules");
  if (!existsSync(path.join(modules, "viem")))
    execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: cache, stdio: "inherit" });
  return modules;
}

/** Each part in its own process: memory and warm-up are its own. */
function part(name, folder, modules) {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ["--part", name, folder, modules], {
      execArgv: ["--expose-gc", "--max-semi-space-size=8"],
    });
    child.on("message", resolve);
    child.on("exit", (code) => code !== 0 && reject(new Error(`${name} ended with ${code}`)));
  });
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
  for (let i = 0; i < 5; i++) times.push(await initializeOnce(folder));
  return Math.round(times.sort((a, b) => a - b)[2]);
}

function initializeOnce(folder) {
  return new Promise((resolve) => {
    const start = performance.now();
    const server = spawn(process.execPath, [path.join(repository, "server/dist/main.js"), "--stdio"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { processId: process.pid, rootUri: `file://${folder}`, capabilities: {} },
    });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    server.stdout.once("data", () => {
      const took = performance.now() - start;
      server.once("exit", () => resolve(took));
      server.kill();
    });
  });
}

function print({ name, files, first, body, protocol, importEdit, rssMb, eslintEdit, checkCpuMs, tscCpuMs }) {
  console.log(`\n${name} (${files} in the program of the server)`);
  console.log(`  first diagnostics            ${first.wallMs} ms wall, ${first.cpuMs} ms CPU`);
  console.log(
    `  body edit                    ${body.median} ms CPU, p95 ${body.p95}   ESLint ${eslintEdit.median}, p95 ${eslintEdit.p95}   ratio ${(body.median / eslintEdit.median).toFixed(2)}`,
  );
  console.log(`  protocol edit, ${DEPENDENTS} dependents ${protocol.median} ms CPU, p95 ${protocol.p95}`);
  console.log(`  import edit                  ${importEdit.median} ms CPU, p95 ${importEdit.p95}`);
  console.log(`  resident memory              ${rssMb} MB`);
  console.log(
    `  whole workspace              check ${checkCpuMs} ms CPU, tsc ${tscCpuMs} ms CPU   ratio ${(checkCpuMs / tscCpuMs).toFixed(2)}`,
  );
}
