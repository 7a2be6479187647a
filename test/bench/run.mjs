/**
 * `npm run bench`: the runtime beside its peers, interleaved in one run, medians of five.
 *
 *     npm run bench                          everything; writes results/runtime.json and results/runtime.md
 *     npm run bench -- --only pingpong,n1    some programs
 *     npm run bench -- --peers floor,nact    some peers
 *     npm run bench -- --rounds 3 --ms 150   shorter
 *
 * Machines are shared and noisy, and are slow for minutes at a time, so operations per second of CPU time are compared, as ratios of
 * runs made side by side: the median of the ratios, one of each round.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { programs } from "./runtime/programs.mjs";

const here = import.meta.dirname;
const bench = path.join(here, "runtime");
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    peers: { type: "string" },
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "250" },
  },
});
const us = "airssys";
/** We again, with somebody looking. */
const LOOKED_AT = ["airssys-counting", "airssys-viewed"];
const peers = values.peers?.split(",") ?? [
  ...["floor", "nact", "effect", "comedy", "actor", "worker-threads"],
  ...LOOKED_AT,
];
const chosen = values.only?.split(",") ?? Object.keys(programs);
const rounds = Number(values.rounds);
/** Peers with a queue of their own for each actor: what "the best queueing library" means. */
const QUEUEING = ["nact", "effect", "comedy"];

function installPeers() {
  if (existsSync(path.join(bench, "node_modules", "nact"))) return;
  console.log("installing the peers …");
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], {
    cwd: bench,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(1);
}

function runOne(adapter, program) {
  const args = ["--expose-gc", path.join(bench, "one.mjs"), adapter, program, values.ms];
  const { stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: 1e8,
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return { adapter, program, error: "no result" };
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** Medians of every number in the results of one adapter. */
function summarise(results) {
  const good = results.filter((result) => result.perCpuSecond !== undefined);
  if (good.length === 0) return { skipped: results[0]?.skipped === true, error: results[0]?.error };
  const numbers = Object.keys(good[0]).filter((key) => typeof good[0][key] === "number");
  const medians = numbers.map((key) => [key, median(good.map((result) => result[key]))]);
  return { ...Object.fromEntries(medians), inRounds: results.map((result) => result.perCpuSecond) };
}

function measure(program) {
  const results = new Map([us, ...peers].map((adapter) => [adapter, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [adapter, list] of results) {
      // What was skipped or failed once is not tried again.
      if (round > 0 && list[0]?.perCpuSecond === undefined) continue;
      list.push(runOne(adapter, program));
    }
  }
  return Object.fromEntries([...results].map(([adapter, list]) => [adapter, summarise(list)]));
}

const short = (rate) =>
  rate === undefined
    ? "–"
    : rate >= 1e6
      ? `${(rate / 1e6).toFixed(2)} M`
      : rate >= 1e3
        ? `${(rate / 1e3).toFixed(1)} k`
        : String(rate);

/** Median of the ratios of the rounds. */
function ratio(ours, theirs) {
  const ratios = (ours?.inRounds ?? []).map((rate, round) => rate / theirs?.inRounds?.[round]).filter(Number.isFinite);
  return ratios.length === 0 ? "–" : median(ratios).toFixed(2);
}

function row(program, summary) {
  const ours = summary[us];
  const [best] = QUEUEING.map((peer) => summary[peer]).sort((a, b) => (b?.perCpuSecond ?? 0) - (a?.perCpuSecond ?? 0));
  const { perCpuSecond, perSecond, count, inRounds, skipped, error, ...facts } = ours ?? {};
  const extra = Object.entries(facts).map(([key, value]) => `${key} ${value}`);
  return [
    program,
    ...[us, ...peers].map((adapter) => short(summary[adapter]?.perCpuSecond)),
    ratio(ours, summary["floor"]),
    ratio(ours, best),
    extra.join(", "),
  ];
}

installPeers();
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: availableParallelism(),
  loadBefore: loadavg()[0],
};
const summaries = {};
for (const program of chosen) {
  summaries[program] = measure(program);
  console.log(row(program, summaries[program]).join("  "));
}
machine.loadAfter = loadavg()[0];
const head = ["program", us, ...peers, "to the bare loop", "to the best queueing library", "ours also"];
const line = (cells) => `| ${cells.join(" | ")} |`;
const table = [
  line(head),
  line(head.map(() => "---")),
  ...chosen.map((program) => line(row(program, summaries[program]))),
].join("\n");
const results = path.join(here, "results");
mkdirSync(results, { recursive: true });
writeFileSync(path.join(results, "runtime.json"), `${JSON.stringify({ machine, rounds, summaries }, undefined, 2)}\n`);
writeFileSync(
  path.join(results, "runtime.md"),
  `Operations per second of CPU time, medians of ${rounds}; Node ${machine.node}, ${machine.cores} cores, load ${machine.loadBefore?.toFixed(1)} to ${machine.loadAfter?.toFixed(1)}.\n\n${table}\n`,
);
console.log(`\n${table}`);
