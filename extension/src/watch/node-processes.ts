/** The Node processes of this machine, found without disturbing them. Knows no editor. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { inOrder, type NodeProcess, readCommandLine, signalFate, titleOf, wordsOf } from "./node-process.ts";

/** What a machine says of a process. */
interface Found {
  readonly pid: number;
  readonly words: readonly string[];
  readonly startedAt: string;
  readonly options?: string;
  readonly folder?: string;
  readonly signal?: NodeProcess["signal"];
}

const run = promisify(execFile);
const LIMITS = { timeout: 10_000, maxBuffer: 16 * 1024 * 1024, windowsHide: true } as const;
const NODE = /(^|[\\/])node(js)?(\.exe)?$/;
/** Of the signal that opens an inspector. */
const SIGUSR1 = os.constants.signals.SIGUSR1 ?? 10;
/** Folders above a script in which the package is looked for. */
const MOST_FOLDERS = 30;

/**
 * Those that the user may look at, without this one and the one it runs below.
 *
 * @throws {Error} as a rejection, where the machine does not tell.
 */
export async function nodeProcesses(): Promise<readonly NodeProcess[]> {
  const found = await ways[process.platform === "linux" || process.platform === "win32" ? process.platform : "other"]();
  const others = found.filter(({ pid }) => pid !== process.pid && pid !== process.ppid);
  return inOrder(others.map(described));
}

/** That one as it is now; `undefined` when it has ended. */
export async function nodeProcess(pid: number): Promise<NodeProcess | undefined> {
  return (await nodeProcesses()).find((one) => one.pid === pid);
}

function described({ pid, words, startedAt, options = "", folder, signal }: Found): NodeProcess {
  const { flags, script } = readCommandLine(words);
  return {
    pid,
    words,
    startedAt,
    signal,
    flags: [...wordsOf(options), ...flags],
    title: titleOf(words),
    hasActors: hasActors(script, folder),
  };
}

/** Node finds the package from the folder of the script upwards; so do we. */
function hasActors(script: string | undefined, folder: string | undefined): boolean | undefined {
  if (script === undefined) return undefined;
  const file = path.isAbsolute(script) ? script : folder && path.join(folder, script);
  if (!file) return undefined;
  let at = path.dirname(file);
  for (let n = 0; n < MOST_FOLDERS; n++) {
    if (existsSync(path.join(at, "node_modules", "airssys-rt", "package.json"))) return true;
    if (path.dirname(at) === at) break;
    at = path.dirname(at);
  }
  return false;
}

const ways = {
  async linux(): Promise<readonly Found[]> {
    const pids = (await readdir("/proc")).map(Number).filter((pid) => Number.isSafeInteger(pid));
    return (await Promise.all(pids.map(readProc))).filter((found) => found !== undefined);
  },

  async other(): Promise<readonly Found[]> {
    return readPs((await run("ps", ["-axww", "-o", "pid=,lstart=,command="], LIMITS)).stdout);
  },

  async win32(): Promise<readonly Found[]> {
    const script =
      "Get-CimInstance Win32_Process -Filter \"Name='node.exe'\" | ForEach-Object { [pscustomobject]@{ pid = $_.ProcessId; command = $_.CommandLine; at = [string]$_.CreationDate } } | ConvertTo-Json -Compress";
    return readCim((await run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", script], LIMITS)).stdout);
  },
};

/** @returns `undefined` for what is no Node, has ended, or is another user's. */
async function readProc(pid: number): Promise<Found | undefined> {
  const folder = `/proc/${pid}`;
  try {
    const executable = (await readlink(`${folder}/exe`)).replace(/ \(deleted\)$/, "");
    if (!NODE.test(executable)) return undefined;
    const [line, stat, status, cwd, environment] = await Promise.all([
      readFile(`${folder}/cmdline`, "utf8"),
      readFile(`${folder}/stat`, "utf8"),
      readFile(`${folder}/status`, "utf8"),
      readlink(`${folder}/cwd`),
      readFile(`${folder}/environ`, "utf8").catch(() => ""),
    ]);
    const options = environment.split("\0").find((one) => one.startsWith("NODE_OPTIONS="));
    const signal = signalFate(status, SIGUSR1);
    return {
      pid,
      words: line.split("\0").slice(0, -1),
      startedAt: stat.slice(stat.lastIndexOf(")")).split(" ")[20] ?? "",
      folder: cwd,
      ...(signal && { signal }),
      ...(options !== undefined && { options: options.slice("NODE_OPTIONS=".length) }),
    };
  } catch {
    return undefined; // it has ended meanwhile, or may not be looked at
  }
}

/** Lines such as `4711 Mon Nov 30 16:05:48 2026     node main.js`. */
export function readPs(text: string): readonly Found[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, startedAt, command = ""] = /^\s*(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/.exec(line) ?? [];
    const words = wordsOf(command);
    return pid !== undefined && startedAt !== undefined && NODE.test(words[0] ?? "")
      ? [{ pid: Number(pid), startedAt, words }]
      : [];
  });
}

/** One object, or a list of them, or nothing at all. */
export function readCim(text: string): readonly Found[] {
  if (text.trim() === "") return [];
  const all = [JSON.parse(text) as unknown].flat() as readonly { pid?: unknown; command?: unknown; at?: unknown }[];
  return all.flatMap(({ pid, command, at }) =>
    typeof pid === "number" && typeof command === "string"
      ? [{ pid, words: wordsOf(command), startedAt: String(at) }]
      : [],
  );
}
