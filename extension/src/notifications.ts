/** Tells the user what asks for action: a system that gave up, a program that cannot be understood. Everything else is in the view. */
import type { InspectErrorCode, InspectEvent } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { register } from "./commands.ts";
import type { Log } from "./log.ts";
import { isOrderly } from "./programs/model.ts";
import type { Program } from "./programs/program.ts";
import type { Programs } from "./programs/programs.ts";
import { plain } from "./text.ts";

export function registerNotifications(log: Log, programs: Programs): vscode.Disposable {
  programs.on("opened", ({ title, hello }) =>
    log.info(`${title} (pid ${hello.pid}, Node ${hello.node}, airssys-rt ${hello.runtime}) is connected`),
  );
  programs.on("ended", ({ title, hello }, fault) => {
    if (!fault) log.info(`${title} (pid ${hello.pid}) has ended`);
  });
  programs.on("noted", (text) => log.info(text));
  programs.on("happened", (program, event) => tell(log, program, event));
  const warned = new Set<InspectErrorCode>();
  programs.on("refused", ({ code, message }) => {
    log.warn(`a program cannot be shown, ${code}: ${message}`);
    if (code !== "ERR_PROTOCOL_VERSION" || warned.has(code)) return;
    warned.add(code);
    void warn(`The actors of a program cannot be shown: ${message}. Update the older of the two.`);
  });
  return register(log, "airssys.showLog", () => log.show());
}

function tell(log: Log, program: Program, event: InspectEvent): void {
  const [level, text] = report(event);
  log[level](text);
  if (event.kind === "systemStopped" && event.reason !== undefined && !isOrderly(event.reason)) {
    const first = event.cause === undefined ? undefined : program.tree.row(event.cause)?.path;
    void warn(`${event.system} has ended: ${event.text}.${first === undefined ? "" : ` It began with ${first}.`}`);
  }
}

function report(event: InspectEvent): ["debug" | "info" | "warn" | "error", string] {
  switch (event.kind) {
    case "crashed":
      return ["warn", `${event.path}: ${event.crash.text}`];
    case "restarted":
      return ["info", `${event.path} was restarted, incarnation ${event.incarnation}`];
    case "deadLetter":
      return ["debug", `dead letter "${event.messageType}" for ${event.path}: ${event.reason}`];
    case "mailboxFull":
      return ["warn", `the mailbox of ${event.path} is full (${event.capacity})`];
    case "escalated":
      return ["error", event.text];
    case "systemStopped":
      return ["info", `system ${event.system} stopped: ${event.text}`];
  }
}

async function warn(text: string): Promise<void> {
  const choice = await vscode.window.showWarningMessage(`Airssys: ${plain(text)}`, "Show Log");
  if (choice === "Show Log") await vscode.commands.executeCommand("airssys.showLog");
}
