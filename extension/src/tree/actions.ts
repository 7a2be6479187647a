/** What the user does to actors: kill, restart, stop, suspend, resume, send. Each asks first, unless the user has said otherwise. */

import type { ActorMessages } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { register } from "../commands.ts";
import { settings } from "../config.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import { type ActorNode, type Node, ORDERS } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import { MessageSender } from "../send/send-message.ts";
import { SentMessages } from "../send/sent-messages.ts";
import { say } from "../sentence.ts";
import { plain } from "../text.ts";
import { chooseActor } from "./choose-actor.ts";
import { type Action, consequenceOf, crashConsequence } from "./consequence.ts";
import { explainWait, openDeadlock } from "./explain-wait.ts";
import { crashedOf } from "./last-crash.ts";
import { goToCrash, locate, openSource } from "./open-source.ts";
import { profileByActor } from "./profile-actors.ts";
import { revealActor } from "./reveal-actor.ts";
import type { Sources } from "./sources.ts";
import type { SupervisionView } from "./view.ts";

/** The question before it is done, and the button that does it. */
const QUESTIONS: { readonly [A in Action]: (path: string) => readonly [question: string, button: string] } = {
  kill: (path) => [say("Kill {0}?", path), say("Kill")],
  restart: (path) => [say("Restart {0}?", path), say("Restart")],
  stop: (path) => [say("Stop {0}?", path), say("Stop")],
  suspend: (path) => [say("Suspend {0}?", path), say("Suspend")],
  resume: (path) => [say("Resume {0}?", path), say("Resume")],
};

/** Sends messages with what the language server knows of them. */
export function messageSender(log: Log, sources: Sources, questions: ActorQuestions): MessageSender {
  return new MessageSender({
    log,
    sent: new SentMessages(),
    messagesOf: (node) => messagesOf(node, sources, questions),
    riskOf: ({ program, key }) => crashConsequence(program.tree, key),
  });
}

/** Commands that come without a row mean the one selected in `view`. */
export function registerActions(
  log: Log,
  view: SupervisionView,
  sources: Sources,
  programs: Programs,
  questions: ActorQuestions,
  sender: MessageSender,
): vscode.Disposable {
  const actions = (["kill", "restart", "stop", "suspend", "resume"] as const).map((action) =>
    register(log, `airssys.${action}`, async (node?: Node) =>
      act(log, action, node ?? view.selected ?? (await chooseActor(programs))),
    ),
  );
  return vscode.Disposable.from(
    ...actions,
    register(log, "airssys.show", () => view.show()),
    register(log, "airssys.clear", () => view.clear()),
    register(log, "airssys.pause", (node) => pause(node, programs)),
    register(log, "airssys.send", async (node, message) => {
      const hasSent = node === undefined && message === undefined ? await sender.sendFromEditor() : undefined;
      return hasSent ?? send(log, sender, node ?? view.selected, message);
    }),
    register(log, "airssys.openSource", async (clicked) => {
      if (clicked) view.choose(clicked);
      const node = clicked ?? view.selected;
      if (node === undefined) tell(say("choose an actor first"));
      else if (!(await openDeadlock(node, sources, questions))) await openSource(node, sources);
    }),
    register(log, "airssys.revealActor", () => revealActor(view, programs, questions)),
    register(log, "airssys.sort", (order) => view.sort(ORDERS.find((one) => one === order))),
    register(log, "airssys.filter", (text) => view.filter(typeof text === "string" ? text : undefined)),
    register(log, "airssys.resetArrangement", () => view.resetArrangement()),
    register(log, "airssys.explainWait", (node = view.selected) => explainWait(node, sources, questions)),
    register(log, "airssys.showBlastRadius", (node = view.selected) => showBlastRadius(node, view)),
    register(log, "airssys.hideMarks", () => view.hideMarks()),
    register(log, "airssys.profileByActor", (node, seconds) => profileByActor(node, programs, sources, seconds)),
    register(log, "airssys.compareTree", () => view.compare()),
    register(log, "airssys.goToCrash", (node) => goToCrash(node ?? crashedOf(view.selected, programs.shown), sources)),
    register(log, "airssys.copyPath", async (node) => {
      const path = rowOf(node ?? view.selected)?.path;
      if (path === undefined) return tellNothingChosen();
      await vscode.env.clipboard.writeText(path);
      return true;
    }),
  );
}

async function showBlastRadius(node: Node | undefined, view: SupervisionView): Promise<boolean> {
  if (node?.kind !== "actor" || !rowOf(node)) return tellNothingChosen();
  const isShown = await view.showBlastRadius(node.program, node.key);
  if (!isShown) tell(say("it is not known what a crash of this actor would take along"));
  return isShown;
}

/** Stops the program of a row; without a row, the one that does not answer. */
async function pause(node: Node | undefined, programs: Programs): Promise<void> {
  const chosen = node?.kind === "program" || node?.kind === "actor" ? node.program : undefined;
  const program = chosen ?? programs.all.find(({ silence }) => silence !== undefined) ?? programs.all[0];
  if (program?.pause && program.endedAt === undefined) await program.pause();
  else tell(say("no debugger is attached that could pause the program"));
}

async function act(log: Log, action: Action, node: Node | undefined): Promise<boolean> {
  const row = rowOf(node);
  if (node?.kind !== "actor" || !row || node.program.endedAt !== undefined) return tellNothingChosen();
  const why = node.program.whyNot?.(action);
  if (why !== undefined) return tellWhy(why);
  if (action !== "resume" && !(await isConfirmed(action, node, row.path))) return false;
  await node.program.request({ type: action, key: node.key });
  log.info(`${action} ${row.path}: done`);
  return true;
}

/** What is given is sent as it is; without it the user is asked. @returns whether anything was sent. */
async function send(log: Log, sender: MessageSender, node: Node | undefined, given: unknown): Promise<boolean> {
  const row = rowOf(node);
  if (node?.kind !== "actor" || !row || node.program.endedAt !== undefined) return tellNothingChosen();
  const why = node.program.whyNot?.("send");
  if (why !== undefined) return tellWhy(why);
  if (given === undefined) return sender.send(node);
  await sender.deliver(node, given);
  log.info(`sent a message to ${row.path}`);
  return true;
}

/** The file is asked for only where the name does not say enough. */
async function messagesOf(
  node: ActorNode,
  sources: Sources,
  questions: ActorQuestions,
): Promise<ActorMessages | undefined> {
  const name = rowOf(node)?.definition;
  if (name === undefined) return undefined;
  await sources.current();
  const uri = sources.definitions(name).length > 1 ? (await locate(node, sources))?.uri : undefined;
  return questions.messages(name, uri);
}

async function isConfirmed(action: Action, { program, key }: ActorNode, path: string): Promise<boolean> {
  if (!settings().confirmActions) return true;
  const [question, button] = QUESTIONS[action](plain(path));
  const choice = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: consequenceOf(action, program.tree, key) },
    button,
  );
  return choice === button;
}

/** The actor may have ended while the user was thinking. */
function rowOf(node: Node | undefined): ReturnType<ActorNode["program"]["tree"]["row"]> {
  return node?.kind === "actor" ? node.program.tree.row(node.key) : undefined;
}

function tellWhy(why: string): false {
  tell(plain(why));
  return false;
}

function tellNothingChosen(): false {
  tell(say("choose a running actor in the Supervision view first"));
  return false;
}
