/** What the user does to OS processes: end them, signal them, see what they write; and the grant that something denied would need. */
import { PROCESS_SIGNALS, type ProcessInfo, type ProcessSignal } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import { settings } from "../config.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Node } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { plain, seenText } from "../text.ts";
import { ProcessOutputs, type ProcessPlace } from "./process-output.ts";
import { processOf } from "./process-presentation.ts";
import { programName } from "./process-words.ts";
import type { SupervisionView } from "./view.ts";

/** Commands that come without a row mean the one selected in `view`. */
export function registerProcessActions(log: Log, view: SupervisionView): vscode.Disposable {
  const outputs = new ProcessOutputs(log);
  const end = (signal: ProcessSignal) => (node?: Node) => sendSignal(log, node ?? view.selected, signal);
  return vscode.Disposable.from(
    outputs,
    register(log, "airssys.terminateProcess", end("SIGTERM")),
    register(log, "airssys.killProcess", end("SIGKILL")),
    register(log, "airssys.signalProcess", async (node = view.selected, given) => {
      const signal = PROCESS_SIGNALS.find((one) => one === given) ?? (await chooseSignal(node));
      return signal !== undefined && sendSignal(log, node, signal);
    }),
    register(log, "airssys.showProcessOutput", (node = view.selected) => {
      const place = placeOf(node);
      return place === undefined ? tellNothingChosen() : outputs.show(place);
    }),
    register(log, "airssys.copyGrant", (node = view.selected) => copyGrant(node)),
  );
}

async function sendSignal(log: Log, node: Node | undefined, signal: ProcessSignal): Promise<boolean> {
  const place = placeOf(node);
  if (place === undefined) return tellNothingChosen();
  const { program, key, info } = place;
  const why = program.whyNot?.("signal");
  if (why !== undefined) {
    tell(plain(why));
    return false;
  }
  if (!(await isConfirmed(info, signal))) return false;
  const hasRun = await program.request({ type: "signal", key, pid: info.pid, signal });
  log.info(`${signal} to ${programName(info)} (pid ${info.pid}): ${hasRun === true ? "sent" : "it had ended"}`);
  return hasRun === true;
}

async function isConfirmed(info: ProcessInfo, signal: ProcessSignal): Promise<boolean> {
  if (!settings().confirmActions) return true;
  const [question, detail, button] = questionFor(signal, plain(programName(info)), info.pid);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}

function questionFor(signal: ProcessSignal, name: string, pid: number): readonly [string, string, string] {
  switch (signal) {
    case "SIGTERM":
      return [
        say("Terminate {0} (pid {1})?", name, pid),
        say(
          "SIGTERM goes to it and to all that it started: they may clean up, or ignore it. Its actor counts this as no crash.",
        ),
        say("Terminate"),
      ];
    case "SIGKILL":
      return [
        say("Kill {0} (pid {1})?", name, pid),
        say("It ends at once with all that it started, and cannot clean up. Its actor counts this as no crash."),
        say("Kill"),
      ];
    default:
      return [
        say("Send {0} to {1} (pid {2})?", signal, name, pid),
        say("It goes to the process and to all that it started. What they do then is theirs."),
        say("Send"),
      ];
  }
}

async function chooseSignal(node: Node | undefined): Promise<ProcessSignal | undefined> {
  const place = placeOf(node);
  if (place === undefined) {
    tellNothingChosen();
    return undefined;
  }
  const title = say("Send a signal to {0} (pid {1})", programName(place.info), place.info.pid);
  const items = PROCESS_SIGNALS.map((signal) => ({ label: signal, description: MEANINGS[signal]() }));
  return (await vscode.window.showQuickPick(items, { title }))?.label;
}

const MEANINGS: { readonly [S in ProcessSignal]: () => string } = {
  SIGTERM: () => say("asks it to end"),
  SIGKILL: () => say("ends it at once"),
  SIGINT: () => say("as Ctrl+C does"),
  SIGHUP: () => say("many programs read their settings anew"),
  SIGUSR1: () => say("means what the program says"),
  SIGUSR2: () => say("means what the program says"),
  SIGSTOP: () => say("lets it stand still"),
  SIGCONT: () => say("lets it go on"),
};

async function copyGrant(node: Node | undefined): Promise<boolean> {
  const grant = node?.kind === "actor" ? node.program.tree.row(node.key)?.denials?.grant : undefined;
  if (grant === undefined) {
    tell(say("nothing was denied here that a grant would allow"));
    return false;
  }
  // One line, whatever the program says: what is pasted must not be more than what is read.
  await vscode.env.clipboard.writeText(seenText(grant).replace(/\s+/g, " "));
  tell(say("the grant is copied; think before you give it"));
  return true;
}

/** The process of a row: that of its actor, or one that has no actor. */
function placeOf(node: Node | undefined): ProcessPlace | undefined {
  if (node?.kind !== "actor" && node?.kind !== "process") return undefined;
  const { program, key } = node;
  if (program.endedAt !== undefined) return undefined;
  const info = node.kind === "process" ? processOf(node) : program.tree.row(key)?.process;
  return info === undefined || info.state === "exited" ? undefined : { program, key, info };
}

function tellNothingChosen(): false {
  tell(say("choose a running process in the Supervision view first"));
  return false;
}
