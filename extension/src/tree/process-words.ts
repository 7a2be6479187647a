/** Says in words what an OS process is and does, and what was denied. What a process wrote is data: plain text, and never Markdown. Pure. */
import type { DenialInfo, ProcessInfo } from "airssys-rt/inspect";
import { counted, number, say } from "../sentence.ts";
import { duration, escapeMarkdown, fenced, seenText } from "../text.ts";

const KB = 1_024;
const MB = KB * KB;
const GB = KB * MB;

/** Its name among programs: the last part of its command. */
export function programName({ command }: ProcessInfo): string {
  return oneLine(command.slice(command.lastIndexOf("/") + 1)) || say("process");
}

/**
 * Beside the name of the actor that stands for it: `ffmpeg, pid 4711 · 180 % CPU · 96 MB`.
 * How it ended comes first, with the last it said: `exited with 3: no such codec · ffmpeg, pid 4711`.
 */
export function processBrief(info: ProcessInfo): (string | undefined)[] {
  const word = notRunning(info);
  const lastWords = info.state === "exited" ? oneLine(info.stderr?.split("\n").at(-1) ?? "") : "";
  return [
    word !== undefined && lastWords !== "" ? `${word}: ${lastWords}` : word,
    say("{0}, pid {1}", programName(info), info.pid),
    ...(info.state === "exited" ? [] : [processorTime(info), memory(info)]),
  ];
}

/** Beside its own name, where no actor stands for it. */
export function runBrief(info: ProcessInfo): string {
  const parts = [notRunning(info), say("pid {0}", info.pid), processorTime(info), memory(info), oneLine(info.args)];
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** For screen readers: full words. That it runs is said by its actor, or by its row being there. */
export function processSpoken(info: ProcessInfo): string {
  const { usage } = info;
  return [
    say("process {0}", programName(info)),
    say("pid {0}", info.pid),
    notRunning(info),
    usage?.cpuPercent ? say("{0} percent of a processor", number(usage.cpuPercent)) : undefined,
    usage?.memoryBytes ? say("{0} of memory", bytes(usage.memoryBytes)) : undefined,
    usage === null ? say("processor time and memory unknown") : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}

/** Lines of a tooltip, in Markdown, each escaped; the last lines of stderr in a block that they cannot close. */
export function processTooltip(info: ProcessInfo, now: number): string {
  const { usage, stderr } = info;
  const facts: [string, string | undefined][] = [
    [say("Process"), say("pid {0}, {1}", info.pid, notRunning(info) ?? say("running"))],
    [say("Command"), oneLine(`${info.command} ${info.args}`)],
    [say("Started"), say("{0} ago", duration(Math.max(0, now - info.startedAt)))],
    [say("CPU"), usage?.cpuPercent === undefined ? undefined : say("{0} % of one processor", number(usage.cpuPercent))],
    [say("Memory"), usage?.memoryBytes ? bytes(usage.memoryBytes) : undefined],
    [say("CPU and memory"), usage === null ? say("unknown: this system does not say") : undefined],
    [say("Not counted"), usage ? say("what it started itself") : undefined],
  ];
  const said = stderr === undefined ? undefined : `${say("The last lines of stderr:")}\n\n${fenced(seenText(stderr))}`;
  return [lines(facts), said].filter((part) => part !== undefined).join("\n\n");
}

/** Beside the name. */
export function deniedBrief(denials: DenialInfo | undefined): string | undefined {
  return denials && say("{0} denied", number(denials.count));
}

export function deniedSpoken(denials: DenialInfo | undefined): string | undefined {
  if (denials === undefined) return undefined;
  const { operation, target } = denials;
  return counted(
    denials.count,
    "{0} operation denied: {1} of {2}",
    "{0} operations denied, the last: {1} of {2}",
    oneLine(operation),
    oneLine(target),
  );
}

/** What was denied last, why, and the grant that it would have needed. */
export function deniedTooltip(denials: DenialInfo, now: number): string {
  const { count, at, operation, target, reason, hint, grant } = denials;
  const title = counted(count, "Denied: {0} operation", "Denied: {0} operations");
  const facts: [string, string | undefined][] = [
    [say("Last"), say("{0} of {1}, {2} ago", oneLine(operation), oneLine(target), duration(Math.max(0, now - at)))],
    [say("Reason"), say("{0}: {1}", oneLine(reason), oneLine(hint))],
  ];
  const needed = grant === undefined ? undefined : `${say("The grant it would need:")}\n\n${fenced(seenText(grant))}`;
  return [`${escapeMarkdown(title)}\n${lines(facts)}`, needed].filter((part) => part !== undefined).join("\n\n");
}

/** Why it does not run, or not yet. */
function notRunning({ state, code, signal }: ProcessInfo): string | undefined {
  if (state === "starting") return say("starting");
  if (state === "ready") return undefined;
  if (signal !== undefined) return say("ended by {0}", oneLine(signal));
  return code === undefined ? say("exited") : say("exited with {0}", code);
}

/** Nothing below one percent: calm says nothing. */
function processorTime({ usage }: ProcessInfo): string | undefined {
  if (usage === null) return say("CPU and memory unknown");
  return usage?.cpuPercent ? say("{0} % CPU", number(usage.cpuPercent)) : undefined;
}

/** What it takes of the machine: `180 % CPU · 96 MB`. */
export function usageWords(info: ProcessInfo): string {
  return info.state === "exited"
    ? ""
    : [processorTime(info), memory(info)].filter((part) => part !== undefined).join(" · ");
}

function memory({ usage }: ProcessInfo): string | undefined {
  return usage?.memoryBytes ? bytes(usage.memoryBytes) : undefined;
}

/** Words among others. */
function oneLine(text: string): string {
  return seenText(text).replace(/\s+/g, " ").trim();
}

/** `1.4 MB`, `96 MB`, `2.1 GB`. */
function bytes(count: number): string {
  if (count >= GB) return say("{0} GB", number(Number((count / GB).toFixed(1))));
  return say("{0} MB", number(Number((count / MB).toFixed(count < 10 * MB ? 1 : 0))));
}

function lines(facts: readonly (readonly [name: string, value: string | undefined])[]): string {
  return facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `- ${say("{0}: {1}", name, escapeMarkdown(value ?? ""))}`)
    .join("\n");
}
