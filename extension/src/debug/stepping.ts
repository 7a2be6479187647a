/** From message to message under the debugger: to where one is handled, to an actor's next one, to where an answer arrives. */
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";
import { register } from "../commands.ts";
import { tellWindow } from "../context-keys.ts";
import { handles, readHook } from "../inspect/debugger-link.ts";
import { readHandled, readSent } from "../inspect/frame.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import { isForeign } from "../programs/foreign.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import type { Arming } from "./arming.ts";
import type { Debugged } from "./debugged.ts";
import { askerIn, breakBehind } from "./reply-step.ts";

/** A program that stands in an actor. */
interface Standing {
  readonly program: Program;
  readonly debugged: Debugged;
}

/** A recording, if somebody looks at one: there, the same steps are jumps. */
export interface RecordedSteps {
  readonly isShown: boolean;
  /** @returns why not. */
  step(kind: "receiver" | "next" | "reply"): Promise<string | undefined>;
}

/** What is looked at is gone through: a recording that is shown comes before a program that stands. */
export function registerSteps(
  log: Log,
  programs: Programs,
  arming: Arming,
  recording: RecordedSteps,
): vscode.Disposable {
  const stepProgram = async (run: (standing: Standing) => Promise<string | undefined>): Promise<string | undefined> => {
    const standing = standingIn(programs, arming);
    return standing ? run(standing) : say("No program has stopped in an actor, and no recording is shown.");
  };
  const step =
    (kind: "receiver" | "next" | "reply", run: (standing: Standing) => Promise<string | undefined>) =>
    async (): Promise<void> => {
      const why = recording.isShown ? await recording.step(kind) : await stepProgram(run);
      if (why !== undefined) tell(why, 8_000);
    };
  return vscode.Disposable.from(
    register(log, "airssys.stepToReceiver", step("receiver", toReceiver)),
    register(log, "airssys.nextMessage", step("next", toNextMessage)),
    register(log, "airssys.stepToReply", step("reply", toReply)),
    register(log, "airssys.toggleBreakOnCrash", () => toggleBreakOnCrash()),
    tellStanding(programs),
  );
}

/** Steps are offered while a program stands in an actor. */
function tellStanding(programs: Programs): vscode.Disposable {
  let told = false;
  const tell = (): void => {
    const stands = programs.all.some(({ isPaused, runner }) => isPaused && runner !== undefined);
    if (stands === told) return;
    told = stands;
    void tellWindow("airssys.isStoppedInActor", stands);
  };
  programs.on("changed", tell).on("ended", tell);
  return { dispose: () => programs.off("changed", tell).off("ended", tell) };
}

function standingIn(programs: Programs, arming: Arming): Standing | undefined {
  for (const program of programs.all) {
    const debugged = arming.debuggedOf(program);
    if (program.isPaused && program.runner !== undefined && debugged) return { program, debugged };
  }
  return undefined;
}

async function toReceiver({ program, debugged }: Standing): Promise<string | undefined> {
  const { client } = debugged.conversation;
  const before = readSent(await readHook(client, "lastSent"));
  if (!(await debugged.stepOver())) return say("This line has not come to its end.");
  const sent = readSent(await readHook(client, "lastSent"));
  if (sent === undefined || (sent.seq === before?.seq && sent.key === before.key))
    return say("This line has sent no message.");
  await program.request({ type: "step", kind: "receiver", seq: sent.seq, key: sent.key });
  await debugged.resume("continue");
  return undefined;
}

async function toNextMessage({ program, debugged }: Standing): Promise<string | undefined> {
  const { runner } = program;
  if (runner === undefined) return say("No program has stopped in an actor.");
  const handled = readHandled(await readHook(debugged.conversation.client, "current"));
  await program.request({ type: "step", kind: "nextMessage", seq: handled?.seq ?? -1, key: runner.key });
  await debugged.resume("continue");
  return undefined;
}

async function toReply({ debugged }: Standing): Promise<string | undefined> {
  const { client } = debugged.conversation;
  const handled = readHandled(await readHook(client, "current"));
  if (handled?.isAsked !== true) return say("Nobody waits for an answer to this message.");
  const asker = askerIn(await debugged.pause(), isNotOwn);
  const isSameRun = handled.asker && handles(handled.asker.actor, handled.asker.seq);
  const undo = asker && (await breakBehind(asker, isSameRun, (method, params) => client.call(method, params)));
  if (undo === undefined) return say("Where the answer arrives is not known: it was not asked by an actor.");
  debugged.onNextStop(() => void undo());
  await debugged.resume("continue");
  return undefined;
}

/** Whether a script is Node's, a package's or the runtime's. */
function isNotOwn(url: string): boolean {
  if (url.startsWith("node:")) return true;
  return isForeign(url.startsWith("file:") ? fileURLToPath(url) : url);
}

async function toggleBreakOnCrash(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("airssys");
  await settings.update("breakOnCrash", !settings.get("breakOnCrash", true), vscode.ConfigurationTarget.Global);
}
