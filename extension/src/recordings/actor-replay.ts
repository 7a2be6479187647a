/** *Replay Actor*: runs one life of a recorded actor again under the debugger, by its own program, and tells what has become different. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ENV_REPLAY } from "airssys-rt/inspect";
import type { ReplayOutcome, ReplayWish } from "airssys-rt/replay";
import * as vscode from "vscode";
import { type RecordingFile, register } from "../commands.ts";
import { startProgram } from "../debug/provider.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import { counted, ordinal, say } from "../sentence.ts";
import { iconless, plain } from "../text.ts";
import type { LifeSummary } from "./recording-protocol.ts";
import { type ReplayWords, replayWords } from "./replay-words.ts";
import type { ShownRecording } from "./shown-recording.ts";

export class ActorReplay implements vscode.Disposable {
  readonly #log: Log;
  readonly #shown: ShownRecording;
  readonly #subscriptions: vscode.Disposable;
  /** What runs now, by what its program was told. */
  readonly #running = new Map<string, ReplayWish>();

  readonly #over = new vscode.EventEmitter<ReplayWords>();
  /** A replay has ended, with what came of it. */
  readonly onDidReplay: vscode.Event<ReplayWords> = this.#over.event;

  constructor(log: Log, shown: ShownRecording) {
    this.#log = log;
    this.#shown = shown;
    this.#subscriptions = vscode.Disposable.from(
      this.#over,
      register(log, "airssys.replayActor", (file) => this.#replay(file)),
      vscode.debug.onDidTerminateDebugSession((session) => void this.#end(session)),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { report } of this.#running.values()) forget(report);
  }

  /** @param file of a row; without one what is shown is meant, and its message that is selected */
  async #replay(file: RecordingFile | undefined): Promise<void> {
    if (file !== undefined) await this.#shown.open(file.path);
    const { current } = this.#shown;
    if (current === undefined) throw new Error(say("Open a recording first."));
    if (current.summary.head.payloads !== "values")
      throw new Error(
        say(
          "Types alone were recorded: an actor can be replayed where values are, by With Values or AIRSSYS_RECORD_VALUES=1.",
        ),
      );
    const { selected } = current.source;
    const lives = await current.reader.ask("lives", selected === -1 ? {} : { seq: selected });
    if (lives.length === 0) throw new Error(noLifeText(selected));
    const life = selected === -1 ? await chooseLife(lives) : lives[0];
    if (life !== undefined) await this.#start(current.file, life, current.summary.head.program);
  }

  async #start(recording: string, { actor, incarnation, seq }: LifeSummary, program: string): Promise<void> {
    const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "airssys-replay-")), "report.json");
    const wish: ReplayWish = { recording, actor, incarnation, stopAt: seq, report };
    const text = JSON.stringify(wish);
    this.#running.set(text, wish);
    const env = { [ENV_REPLAY]: text };
    const runtimeArgs = ["--import", "airssys-rt/replay"];
    // Where it ran on another machine, the program of the workspace is meant.
    const own = fs.existsSync(program) ? vscode.Uri.file(program) : undefined;
    if (await startProgram(own, false, { env, runtimeArgs })) return;
    this.#running.delete(text);
    forget(report);
  }

  async #end(session: vscode.DebugSession): Promise<void> {
    const text = (session.configuration["env"] as Readonly<Record<string, unknown>> | undefined)?.[ENV_REPLAY];
    const wish = this.#running.get(String(text));
    if (session.parentSession !== undefined || wish === undefined) return;
    this.#running.delete(String(text));
    const outcome = read(wish.report);
    forget(wish.report);
    if (outcome === "stopped") return tell(say("{0} was not replayed to the end.", wish.actor));
    const words = replayWords(wish.actor, outcome);
    this.#log.info(words.text);
    this.#over.fire(words);
    await this.#tell(words);
  }

  async #tell({ text, isSame, seq, at }: ReplayWords): Promise<void> {
    const said = say("Airssys: {0}", plain(text));
    if (isSame) return void (await vscode.window.showInformationMessage(said));
    const [line, message] = [say("Show Line"), say("Show Message")];
    const buttons = [...(at === undefined ? [] : [line]), ...(seq === undefined ? [] : [message])];
    const chosen = await vscode.window.showWarningMessage(said, ...buttons);
    if (chosen === line && at !== undefined) await showLine(at);
    if (chosen === message && seq !== undefined) this.#shown.select(seq);
  }
}

function noLifeText(selected: number): string {
  return selected === -1
    ? say("No life of an actor begins in this recording: record a program from its start.")
    : say("This message cannot be replayed: it was not handled, or the life of its actor began before the recording.");
}

async function chooseLife(lives: readonly LifeSummary[]): Promise<LifeSummary | undefined> {
  const items = lives.map((life) => ({
    label: iconless(life.actor),
    description: [
      ...(life.incarnation > 1 ? [say("{0} life", ordinal(life.incarnation))] : []),
      counted(life.messages, "{0} message", "{0} messages"),
    ].join(" · "),
    life,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: say("Which actor is to be replayed?") }))?.life;
}

/** @returns `stopped` when somebody has ended it before it was over; `undefined` when it never began. */
function read(report: string | undefined): ReplayOutcome | "stopped" | undefined {
  if (report === undefined || !fs.existsSync(report)) return undefined;
  const text = fs.readFileSync(report, "utf8");
  return text === "" ? "stopped" : (JSON.parse(text) as ReplayOutcome);
}

/** With the folder that was made for it. */
function forget(report: string | undefined): void {
  if (report !== undefined) fs.rmSync(path.dirname(report), { recursive: true, force: true });
}

/** @param at `file:line:column` */
async function showLine(at: string): Promise<void> {
  const [, file = at, line = "1", column = "1"] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
  const uri = vscode.Uri.file(file.startsWith("file:") ? fileURLToPath(file) : file);
  const position = new vscode.Position(Number(line) - 1, Number(column) - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}
