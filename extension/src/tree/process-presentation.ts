/** How the row of an OS process looks and sounds that no actor stands for. Pure. */
import type { ProcessInfo } from "airssys-rt/inspect";
import type { LiveProgram, Presentation, ProcessNode } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { processSpoken, programName, runBrief } from "./process-words.ts";

/** The process of a row, while it runs. */
export function processOf(node: ProcessNode): ProcessInfo | undefined {
  return node.program.tree.row(node.key)?.runs?.find(({ pid }) => pid === node.pid);
}

export function presentProcess(node: ProcessNode): Presentation {
  const info = processOf(node);
  const { program } = node;
  const isStale = program.silence !== undefined || program.endedAt !== undefined || info === undefined;
  const context = ["process", ...(isStale ? [] : processActions(info, program))].join(" ");
  return {
    label: info ? programName(info) : say("ended"),
    description: info ? runBrief(info) : "",
    icon: processIcon(info, isStale),
    tone: isStale ? "stale" : undefined,
    badge: undefined,
    spoken: info ? processSpoken(info) : say("ended"),
    context,
    expands: "never",
    alert: `${context} ${info?.state}`,
  };
}

/** Words for `when` clauses. */
export function processActions(info: ProcessInfo | undefined, program: LiveProgram): string[] {
  if (info === undefined || info.state === "exited") return [];
  return [program.can("signal") ? "canSignal" : "", program.can("output") ? "canShowOutput" : ""].filter(
    (word) => word !== "",
  );
}

function processIcon(info: ProcessInfo | undefined, isStale: boolean): Presentation["icon"] {
  if (isStale) return { id: "terminal", color: "disabledForeground" };
  return info?.state === "starting"
    ? { id: "loading~spin", color: "charts.blue" }
    : { id: "terminal", color: "charts.green" };
}
