/** Says in words what a CPU profile found, actor by actor and message by message. Pure. */
import type { ProfileReport, ProfileRow } from "airssys-rt/inspect";
import { counted, number, say } from "../sentence.ts";
import { duration, iconless } from "../text.ts";
import { lastPart } from "./words.ts";

/** `cards · charge`, and beside it `412 ms · 41 % · 312 turns · order-desk/payments/cards`. */
export function profileLine(
  row: ProfileRow,
  report: ProfileReport,
): { readonly label: string; readonly description: string } {
  const { path, messageType, ms, turns } = row;
  const share = report.ms > 0 ? Math.round((ms / report.ms) * 100) : 0;
  const what = messageType ?? say("after an await");
  const parts = [
    duration(ms),
    say("{0} %", number(share)),
    turns > 0 ? counted(turns, "{0} turn", "{0} turns") : undefined,
    path,
  ];
  return {
    label: iconless(`${lastPart(path)} · ${what}`),
    description: iconless(parts.filter((part) => part !== undefined).join(" · ")),
  };
}

/** `most in packBox, packer.ts:31` */
export function hotWords({ hot }: ProfileRow): string | undefined {
  if (hot === undefined) return undefined;
  return iconless(say("most in {0}, {1}:{2}", hot.name, hot.file.slice(hot.file.lastIndexOf("/") + 1), hot.line));
}

/** `10 s: 4 s in actors, 5 s idle, 1 s elsewhere` */
export function profileSummary({ ms, idleMs, otherMs, rows, isCut }: ProfileReport): string {
  const inActors = rows.reduce((sum, row) => sum + row.ms, 0);
  const text = say("{0}: {1} in actors, {2} idle, {3} elsewhere", ...[ms, inActors, idleMs, otherMs].map(duration));
  return isCut ? `${text}. ${say("There were more turns than are noted.")}` : text;
}
