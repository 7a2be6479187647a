/** One adapter in a process of its own: prints, as JSON, which cases held and what its search found. */
import { pathToFileURL } from "node:url";
import { cases, racyPrograms } from "./cases.mjs";

const [file, rounds] = [process.argv[2], Number(process.argv[3])];
const { conformance = {}, search, whole } = await import(pathToFileURL(file).href);

/** Runs of one search at most. */
const MOST_RUNS = 1_000;
const LIMIT_MS = 3_000;

async function holds(run) {
  const late = new Promise((resolve) => {
    setTimeout(() => resolve("hangs"), LIMIT_MS);
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    return `fails: ${error.message}`;
  }
}

const held = {};
for (const name of Object.keys(cases)) if (conformance[name] !== undefined) held[name] = await holds(conformance[name]);

const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1];

/** @returns {Promise<object | undefined>} `undefined` for a program that it cannot have */
async function lookFor(name) {
  if ((await search(name, 0, MOST_RUNS)) === undefined) return undefined;
  const found = [];
  const before = process.cpuUsage();
  for (let seed = 1; seed <= rounds; seed++) found.push(await search(name, seed, MOST_RUNS));
  const { user, system } = process.cpuUsage(before);
  const hits = found.filter(({ isFound }) => isFound);
  return {
    found: hits.length,
    runs: hits.length === 0 ? undefined : median(hits.map(({ runs }) => runs)),
    perCpuSecond: hits.length / ((user + system) / 1e6),
    named: hits[0]?.named,
    whole: await whole?.(name, MOST_RUNS),
  };
}

const searched = {};
if (search !== undefined) for (const name of Object.keys(racyPrograms)) searched[name] = await lookFor(name);
process.stdout.write(`\n${JSON.stringify({ held, searched })}\n`);
process.exit(0);
