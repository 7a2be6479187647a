/** What whoever starts a program for development wants of every system in it, by the environment. */
import type { WatchdogOptions } from "../health/watchdog.ts";
import { complain } from "./complaint.ts";
import { ENV_FREEZE, ENV_WATCHDOG } from "./protocol.ts";

/** Options of systems that do not say themselves. */
export interface Wishes {
  readonly freezeMessages: boolean;
  readonly watchdog: WatchdogOptions | undefined;
}

const told = new Set<string>();

/**
 * | variable | value | meaning |
 * |---|---|---|
 * | both | unset, empty, `0` | no |
 * | both | `1` | yes |
 * | `AIRSSYS_WATCHDOG` | another number above 0 | yes, with so many milliseconds as `blockedMs` |
 * | both | anything else | no; one line on standard error says so, once |
 */
export function wishes(env: NodeJS.ProcessEnv = process.env): Wishes {
  const freezes = env[ENV_FREEZE] ?? "";
  if (!["", "0", "1"].includes(freezes)) tellOnce(`${ENV_FREEZE} must be 0 or 1`, freezes);
  return { freezeMessages: freezes === "1", watchdog: watchdogOf(env[ENV_WATCHDOG] ?? "") };
}

function watchdogOf(text: string): WatchdogOptions | undefined {
  if (text === "" || text === "0") return undefined;
  if (text === "1") return {};
  const blockedMs = Number(text);
  if (blockedMs > 0 && Number.isFinite(blockedMs)) return { blockedMs };
  tellOnce(`${ENV_WATCHDOG} must be 0, 1 or milliseconds above 0`, text);
  return undefined;
}

function tellOnce(rule: string, got: string): void {
  if (told.has(rule)) return;
  told.add(rule);
  complain(`${rule}, got ${JSON.stringify(got.slice(0, 100))}`);
}
