/** The rows of the OS process that an actor stands for, and of what was denied to it. Pure. */
import type { SeenRow } from "../programs/row.ts";
import { number, say } from "../sentence.ts";
import { seenText } from "../text.ts";
import { processSpoken, usageWords } from "../tree/process-words.ts";
import { type Entry, leaf, section } from "./entry.ts";
import { oneLine } from "./state-entries.ts";

export function processSections({ process, denials }: SeenRow): readonly Entry[] {
  const entries: Entry[] = [];
  const usage = process && usageWords(process);
  if (process !== undefined && usage !== undefined && usage !== "")
    entries.push(
      leaf({
        id: "usage",
        label: say("CPU, memory"),
        description: usage,
        icon: { id: "pulse" },
        spoken: processSpoken(process),
      }),
    );
  const lines = (process?.stderr ?? "").split("\n").filter((line) => line.trim() !== "");
  if (lines.length > 0)
    entries.push(
      section(
        {
          id: "stderr",
          label: say("Last lines of stderr"),
          description: number(lines.length),
          icon: { id: "output" },
          children: lines.map((line, at) =>
            leaf({ id: `stderr/${at}`, label: oneLine(line), description: "", tooltip: seenText(line) }),
          ),
        },
        "closed",
      ),
    );
  if (denials !== undefined)
    entries.push(
      leaf({
        id: "denied",
        label: say("Denied"),
        description: [number(denials.count), oneLine(denials.reason), oneLine(denials.target)].join(" · "),
        icon: { id: "shield", color: "problemsWarningIcon.foreground" },
        tone: "warning",
        tooltip: oneLine(denials.hint),
      }),
    );
  return entries;
}
