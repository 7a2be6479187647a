// `npm run attack`: races the walk for a million tries each, read and write, and the other operations for a tenth of that.
//
//   node test/runtime/os/attack.ts [tries]
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
console.log(escapes === 0 ? "no escape" : `${escapes} ESCAPES`);
process.exit(escapes === 0 ? 0 : 1);
