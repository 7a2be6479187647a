/** What commands may be called with: anybody can call them, with anything. */
import * as vscode from "vscode";

type Check = (value: object) => boolean;

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A row of Supervision, of a program of this window; whether that still runs is for the command to say. */
const isNode: Check = (value) => {
  const { kind, program, key, source } = value as Record<string, unknown>;
  if (kind === "source") return isFields(source);
  if (!isFields(program) || !isFields(program["tree"]) || typeof program["request"] !== "function") return false;
  return kind === "program" || (["actor", "process", "range"].includes(kind as string) && typeof key === "string");
};
const hasId: Check = (value) => typeof (value as { readonly id?: unknown }).id === "string";
const isPlace: Check = (value) => value instanceof vscode.Uri;
const isKind: Check = (value) => typeof (value as { readonly messageType?: unknown }).messageType === "string";
const isLine: Check = (value) => {
  const { uri, lineNumber } = value as { readonly uri?: unknown; readonly lineNumber?: unknown };
  return uri instanceof vscode.Uri && Number.isSafeInteger(lineNumber);
};
const isEntry: Check = (value) => isFields((value as { readonly action?: unknown }).action ?? {});

/** What the first argument of a command must be, where that is read as more than a plain value. */
const CHECKS: { readonly [id: string]: Check } = {
  ...Object.fromEntries(
    (
      [
        ...[
          "openSource",
          "goToCrash",
          "explainWait",
          "showBlastRadius",
          "profileByActor",
          "showActor",
          "copyPath",
          "pause",
        ],
        ...["kill", "restart", "stop", "suspend", "resume", "send"],
        ...["terminateProcess", "killProcess", "signalProcess", "showProcessOutput", "copyGrant"],
      ] as const
    ).map((name) => [`airssys.${name}`, isNode]),
  ),
  "airssys.run": isPlace,
  "airssys.debug": isPlace,
  "airssys.newProject": isPlace,
  "airssys.openEntry": isEntry,
  "airssys.messagesOf": (value) => isKind(value) || isNode(value),
  "airssys.breakOnMessage": (value) => isKind(value) || isLine(value),
  "airssys.editCondition": hasId,
  "airssys.logMessage": hasId,
  "airssys.goToHandler": hasId,
  "airssys.removeBreakpoint": hasId,
};

/** Whether a command can do with that. Reading it may fail: then it cannot. */
export function isUsable(id: string, value: unknown): boolean {
  const check = CHECKS[id];
  if (check === undefined) return true;
  try {
    return isFields(value) && check(value);
  } catch {
    return false; // a proxy, or a getter that throws
  }
}
