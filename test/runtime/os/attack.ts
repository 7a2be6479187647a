// `npm run attack`: races the walk for a million tries each, read and write, and the other operations for a tenth of that; then kills a
// program a hundred times and looks for processes of it.
//
//   node test/runtime/os/attack.ts [tries]
import { type Death, orphansAfter } from "./orphans.ts";
import { type RaceKind, race } from "./race.ts";

const tries = Number(process.argv[2] ?? 1_000_000);
if (!Number.isSafeInteger(tries) || tries < 10) {
  console.error("usage: npm run attack -- [tries, at least 10]");
  process.exit(2);
}
let escapes = 0;
for (const kind of ["read", "write", "append", "move", "delete", "makeDirectory"] satisfies RaceKind[]) {
  const startedAt = performance.now();
  const result = await race(kind, kind === "read" || kind === "write" ? tries : Math.ceil(tries / 10));
  escapes += result.escapes;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(
    `${kind}: ${result.tries} tries, ${result.escapes} escapes (${result.done} done, ${result.denied} denied, ` +
      `${result.missing} met nothing, ${result.swaps} swaps, ${seconds} s)`,
  );
}
let left = 0;
let slowest = 0;
const deaths = ["SIGKILL", "between", "uncaught", "watcher"] satisfies Death[];
const kills = Math.min(100, Math.max(4, Math.ceil(tries / 10_000)));
for (let i = 0; i < kills; i++) {
  const result = await orphansAfter(deaths[i % deaths.length] as Death);
  left += result.left;
  slowest = Math.max(slowest, result.ms);
}
console.log(
  `${kills} deaths of a program: ${left} processes left, the last gone after ${Math.round(slowest)} ms at most`,
);
escapes += left;
console.log(escapes === 0 ? "nothing got out, nothing is left" : `${escapes} FAULTS`);
process.exit(escapes === 0 ? 0 : 1);
