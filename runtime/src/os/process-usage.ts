/** What a process has used, as Linux keeps it in `/proc`. Other systems do not say. */
import fs from "node:fs";
import type { ProcessUsage } from "../values/os-facts.ts";

/** `USER_HZ`: the same on every Linux that Node runs on. */
const MS_PER_TICK = 10;
/** Fields of `stat` behind the name, from 0: `utime`, `stime`, `rss` in pages. */
const UTIME = 11;
const STIME = 12;
const RSS = 21;

/** Bytes of a page: the process itself, measured in both. */
let pageBytes: number | undefined;

/** One reading of one file; `undefined` where it is not there. */
export function usageOf(pid: number): ProcessUsage | undefined {
  const fields = statOf(pid);
  if (fields === undefined) return undefined;
  const [utime, stime, pages] = [UTIME, STIME, RSS].map((at) => Number(fields[at]));
  if (!(Number.isFinite(utime) && Number.isFinite(stime) && Number.isFinite(pages))) return undefined;
  return {
    cpuMs: ((utime as number) + (stime as number)) * MS_PER_TICK,
    memoryBytes: (pages as number) * pageSize(),
  };
}

/** The name of a process is its own to choose, brackets and spaces included: what follows the last bracket is fixed. */
function statOf(pid: number): readonly string[] | undefined {
  let text: string;
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined; // it has exited, or this system has no /proc
  }
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** Linux tells what this program has in kB too: the power of two that comes nearest to the ratio. */
function pageSize(): number {
  if (pageBytes !== undefined) return pageBytes;
  const pages = Number(statOf(process.pid)?.[RSS]);
  const ratio = process.memoryUsage.rss() / pages;
  pageBytes = Number.isFinite(ratio) && ratio > 0 ? 2 ** Math.round(Math.log2(ratio)) : 4_096;
  return pageBytes;
}
