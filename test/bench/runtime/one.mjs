/**
 * Runs one program on one library and prints one line of JSON.
 *
 *     node --expose-gc one.mjs ADAPTER PROGRAM [TARGET_MS]
 *
 * The count of operations grows until a run takes about the target twice in a row (the first is cold); then three runs are made and
 * the median of operations per second of CPU time is told.
 */
import { programs } from "./programs.mjs";

const [name = "", programName = "", target = "250"] = process.argv.slice(2);
const targetMs = Number(target);
const limitMs = 60_000;
const print = (result) => console.log(JSON.stringify({ adapter: name, program: programName, ...result }));
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

setTimeout(() => {
  print({ error: `no result within ${limitMs} ms` });
  process.exit(0);
}, limitMs).unref();

/** How many operations take about the target. */
async function calibrate(adapter, program) {
  let count = program.base;
  for (let round = 0, warm = 0; round < 16; round++) {
    const { wallMs } = await program.run(adapter, count);
    if (wallMs >= targetMs * 0.6) {
      if (warm++ > 0) break;
    } else count = Math.round(count * Math.min(8, Math.max(2, targetMs / Math.max(wallMs, 0.05))));
  }
  return count;
}

try {
  const { default: make } = await import(`./adapters/${name}.mjs`);
  const adapter = await make();
  const program = programs[programName];
  if (program.needs !== undefined && !adapter[program.needs]) print({ skipped: true });
  else {
    const count = program.fixed ? program.base : await calibrate(adapter, program);
    const runs = [];
    for (let i = 0; i < (program.fixed ? 1 : 3); i++) runs.push(await program.run(adapter, count));
    const perCpuSecond = median(runs.map(({ operations, cpuMs }) => (operations / Math.max(cpuMs, 0.001)) * 1_000));
    const perSecond = median(runs.map(({ operations, wallMs }) => (operations / wallMs) * 1_000));
    print({
      unit: program.unit,
      count,
      perCpuSecond: Math.round(perCpuSecond),
      perSecond: Math.round(perSecond),
      ...runs.at(-1)?.extra,
    });
  }
} catch (error) {
  print({ error: String(error?.stack ?? error).slice(0, 300) });
}
process.exit(0);
