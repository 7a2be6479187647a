/** Tells the user what asks for action: a system that gave up, a program that cannot be understood. Everything else is in the view. */
import type { InspectErrorCode, InspectEvent } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { register } from "./commands.ts";
import type { Log } from "./log.ts";
import { isOrderly } from "./programs/model.ts";
import type { Program } from "./programs/program.ts";
import type { Programs } from "./programs/programs.ts";
import { say } from "./sentence.ts";
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
    void warn(say("Airssys: The actors of a program cannot be shown: {0}. Update the older of the two.", message));
  });
  return register(log, "airssys.showLog", () => log.show());
}

function tell(log: Log, program: Program, event: InspectEvent): void {
  record(log, event);
  if (event.kind === "systemStopped" && event.reason !== undefined && !isOrderly(event.reason)) {
    const first = event.cause === undefined ? undefined : program.tree.row(event.cause)?.path;
    void warn(
      first === undefined
        ? say("Airssys: {0} has ended: {1}.", event.system, event.text)
        : say("Airssys: {0} has ended: {1}. It began with {2}.", event.system, event.text, first),
    );
  }
}

function record(log: Log, event: InspectEvent): void {
  switch (event.kind) {
    case "crashed":
      log.warn(`${event.path}: ${event.crash.text}`);
      break;
    case "restarting":
      log.debug(`${event.path} restarts ${event.failed}: stops ${event.stop.length}, starts ${event.start.length}`);
      break;
    case "restarted":
      log.info(`${event.path} was restarted, incarnation ${event.incarnation}`);
      break;
    case "deadLetter":
      log.debug(`dead letter "${event.messageType}" for ${event.path}: ${event.reason}`);
      break;
    case "mailboxFull":
      log.warn(`the mailbox of ${event.path} is full (${event.capacity})`);
      break;
    case "escalated":
      log.error(event.text);
      break;
    case "systemStopped":
      log.info(`system ${event.system} stopped: ${event.text}`);
      break;
  }
}

async function warn(text: string): Promise<void> {
  const showLog = say("Show Log");
  const choice = await vscode.window.showWarningMessage(plain(text), showLog);
  if (choice === showLog) await vscode.commands.executeCommand("airssys.showLog");
}
