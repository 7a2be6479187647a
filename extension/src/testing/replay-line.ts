/** A line that runs a failing schedule again in any terminal, quoted for its shell. Pure. */
import { ENV_SCHEDULE } from "./environment.ts";

export type Shell = "posix" | "powershell";

export interface ReplayedTest {
  /** `v1:…`, with its place where that is known. */
  readonly schedule: string;
  /** The command as it is, without the schedule. */
  readonly command: readonly string[];
}

/** PowerShell where Windows is, what POSIX says elsewhere. */
export function shellOf(platform: NodeJS.Platform): Shell {
  return platform === "win32" ? "powershell" : "posix";
}

export function replayLine({ schedule, command }: ReplayedTest, shell: Shell): string {
  const words = command.map((word) => (shell === "posix" ? posixWord(word) : powershellWord(word)));
  if (shell === "posix") return `${ENV_SCHEDULE}=${posixWord(schedule)} ${words.join(" ")}`;
  const call = words[0]?.startsWith("'") ? "& " : "";
  return `$env:${ENV_SCHEDULE}=${powershellQuoted(schedule)}; ${call}${words.join(" ")}`;
}

const PLAIN = /^[\w@%+=:,./-]+$/;

export function posixWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Nothing in single quotes means anything but what it is; a quote is doubled, and kinds of quotes it takes for one, too. */
export function powershellWord(word: string): string {
  return /^[\w:.\\/+=-]+$/.test(word) && !word.startsWith("-") ? word : powershellQuoted(word);
}

function powershellQuoted(word: string): string {
  return `'${word.replace(/['\u2018\u2019\u201A\u201B]/g, "$&$&")}'`;
}
