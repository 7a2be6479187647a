/** What is allowed and all the same more than it looks like. */
import fs from "node:fs";
import path from "node:path";
import type { HeldCommand } from "./held-command.ts";

/** Programs whose arguments name another program, or are one. */
const RUNS_OTHERS =
  /^(env|xargs|find|sudo|su|doas|nice|nohup|timeout|setsid|stdbuf|strace|ssh|make|awk|gawk|mawk|sed|tar|git|vi|vim|less|man|busybox|(ba|da|z|k|fi|c|tc|a)?sh|node|deno|bun|python[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|tclsh[\d.]*)$/;

/** Bit of `open` that closes a descriptor in a program that is started (Linux). */
const O_CLOEXEC = 0o2_000_000;

/** What was said before: a program that makes a context for each request says it once. */
const told = new Set<string>();

/** Says what whoever wrote the context should know, as a `SecurityContextWarning` of the process, each once. */
export function warnOf(commands: readonly HeldCommand[]): void {
  for (const warning of warningsOf(commands)) {
    if (told.has(warning)) continue;
    told.add(warning);
    process.emitWarning(warning, "SecurityContextWarning");
  }
}

function warningsOf(commands: readonly HeldCommand[]): readonly string[] {
  if (commands.length === 0) return [];
  const runners = commands
    .filter(({ executable, grant }) =>
      [executable.realPath, grant.command].some((one) => RUNS_OTHERS.test(path.basename(one))),
    )
    .filter(({ grant }) => (grant.args ?? []).some((pattern) => typeof pattern === "object" && !("oneOf" in pattern)))
    .map(({ grant }) => `${JSON.stringify(grant.command)} runs other programs, and takes arguments from outside`);
  const left = inheritedDescriptors();
  const descriptors =
    left.length === 0
      ? []
      : [`descriptors ${left.join(", ")} were left open by whoever started this program: children get them`];
  return [...new Set(runners), ...descriptors];
}

/** Open beside the three, and not closed when a program is started. None where the system does not say. */
function inheritedDescriptors(): readonly number[] {
  const folder = "/proc/self/fdinfo";
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .map(Number)
    .filter((fd) => fd > 2 && isLeftOpen(`${folder}/${fd}`));
}

function isLeftOpen(file: string): boolean {
  // That of the listing itself is gone by now.
  if (!fs.existsSync(file)) return false;
  const flags = /^flags:\s*([0-7]+)/m.exec(fs.readFileSync(file, "utf8"))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
}
