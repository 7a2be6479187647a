/** A Node process of this machine, as its command line says it, and whether its inspector can be opened. Pure. */
import path from "node:path";
import { WatchError } from "../inspect/watch-error.ts";
import { say } from "../sentence.ts";

/** What a process does with a signal. */
export type SignalFate = "caught" | "ignored" | "blocked" | "ends";

export interface NodeProcess {
  readonly pid: number;
  /** The words of its command line, the executable first. */
  readonly words: readonly string[];
  /** Of Node, those of `NODE_OPTIONS` included where they can be seen. */
  readonly flags: readonly string[];
  /** Such as `main.ts`. */
  readonly title: string;
  /** Tells this process from another one that has its number later. */
  readonly startedAt: string;
  /** Whether the package is installed where its script lies; `undefined` where that cannot be seen. */
  readonly hasActors: boolean | undefined;
  /** What it does with SIGUSR1; `undefined` where that cannot be seen. */
  readonly signal: SignalFate | undefined;
}

/** Flags of Node whose value is the next word. */
const WITH_VALUE = /^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--title|--env-file)$/;

/** The flags of Node in a command line, and the script that they run; none with `-e` and the like. */
export function readCommandLine(words: readonly string[]): {
  readonly flags: readonly string[];
  readonly script: string | undefined;
} {
  const flags: string[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? "";
    if (/^(-e|-p|-pe|--eval|--print)$/.test(word)) return { flags, script: undefined };
    if (word === "") continue;
    if (!word.startsWith("-")) return { flags, script: word };
    flags.push(word);
    if (WITH_VALUE.test(word)) at++;
  }
  return { flags, script: undefined };
}

/** Cuts a command line that is one text into words; quotes hold words together. */
export function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

export function titleOf(words: readonly string[]): string {
  const { script } = readCommandLine(words);
  // A program may have written its title over its command line.
  if (words.slice(1).every((word) => word === ""))
    return path.posix.basename((words[0] ?? "").replaceAll("\\", "/")) || "node";
  if (script !== undefined) return path.posix.basename(script.replaceAll("\\", "/"));
  return say("a program without a file");
}

/**
 * What keeps the inspector of a process from being opened by a signal.
 *
 * | process | why not |
 * |---|---|
 * | has the permission model without `--allow-inspector` | Node opens none |
 * | was started with `--disable-sigusr1`, or takes no SIGUSR1 | Node does not hear of it |
 * | has nobody for SIGUSR1 | it would end |
 *
 * @throws {WatchError} where something does.
 */
export function checkCanOpen({ flags, signal, title, pid }: NodeProcess): void {
  const has = (name: RegExp): boolean => flags.some((flag) => name.test(flag));
  if (has(/^--(experimental-)?permission$/) && !has(/^--allow-inspector$/))
    throw new WatchError(
      "closed",
      say(
        "{0} (pid {1}) runs with the permission model, and Node opens no inspector there. Start it with --allow-inspector.",
        title,
        pid,
      ),
    );
  if (has(/^--disable-sigusr1$/) || signal === "blocked" || signal === "ignored")
    throw new WatchError(
      "closed",
      say("{0} (pid {1}) takes no signal to open its inspector. Start it with --inspect.", title, pid),
    );
  if (signal === "ends")
    throw new WatchError(
      "wouldEnd",
      say(
        "{0} (pid {1}) would end by the signal that opens the inspector: it is starting, or no Node. Try again, or start it with --inspect.",
        title,
        pid,
      ),
    );
}

/** Those with actors first, then those of which that is not known; of each the youngest first. */
export function inOrder(processes: readonly NodeProcess[]): readonly NodeProcess[] {
  const rank = ({ hasActors }: NodeProcess): number => (hasActors === true ? 0 : hasActors === undefined ? 1 : 2);
  return processes.toSorted((one, other) => rank(one) - rank(other) || other.pid - one.pid);
}

/** What becomes of a signal, by the masks of `/proc/<pid>/status`. */
export function signalFate(status: string, signal: number): SignalFate | undefined {
  const has = (mask: RegExp): boolean | undefined => {
    const [, digits] = mask.exec(status) ?? [];
    return digits === undefined ? undefined : ((BigInt(`0x${digits}`) >> BigInt(signal - 1)) & 1n) === 1n;
  };
  const isBlocked = has(/^SigBlk:\s*([0-9a-f]+)$/m);
  const isIgnored = has(/^SigIgn:\s*([0-9a-f]+)$/m);
  const isCaught = has(/^SigCgt:\s*([0-9a-f]+)$/m);
  if (isCaught === undefined) return undefined;
  if (isBlocked === true) return "blocked";
  if (isIgnored === true) return "ignored";
  return isCaught ? "caught" : "ends";
}
