/** What can be done with a test that failed under a schedule: debug it, go back in it, copy it, and see its messages. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { tellWindow } from "../context-keys.ts";
import { tell } from "../notice.ts";
import type { ShownRecording } from "../recordings/shown-recording.ts";
import { number, say } from "../sentence.ts";
import { iconless } from "../text.ts";
import type { ActorTests, FailedTest } from "./actor-tests.ts";
import { ENV_RECORD, ENV_RECORD_VALUES, ENV_SCHEDULE, ENV_STOP_AT } from "./environment.ts";
import { failureWords, turnSentence } from "./outcome-words.ts";

/** Turns that are taken again without a question. */
const MANY_TURNS = 1_000_000;
/** What a program that stands says of the turn it stands in. */
const TURN = 'globalThis[Symbol.for("airssys.testing.turn")]?.turn';

/** Says at its top in which turn a program stands. */
export interface TurnView {
  /** @param sentence `undefined`: it stands in none */
  showTurn(sentence: string | undefined): void;
}

/** A failing schedule under the debugger. */
interface Debugged {
  readonly failed: FailedTest;
  readonly stopAt: number;
}

export class ScheduleActions implements vscode.Disposable {
  readonly #tests: ActorTests;
  readonly #recording: ShownRecording;
  readonly #view: TurnView;
  readonly #watch: vscode.Disposable;
  readonly #folders: string[] = [];
  #debugged: Debugged | undefined;
  /** Ends when nothing is debugged any more. */
  #running: Promise<void> | undefined;

  constructor(tests: ActorTests, recording: ShownRecording, view: TurnView) {
    this.#tests = tests;
    this.#recording = recording;
    this.#view = view;
    this.#watch = vscode.Disposable.from(
      vscode.debug.onDidChangeActiveDebugSession(() => this.#tellStepBack()),
      vscode.debug.onDidChangeActiveStackItem(() => void this.#tellTurn()),
    );
  }

  dispose(): void {
    this.#watch.dispose();
    for (const folder of this.#folders) fs.rmSync(folder, { recursive: true, force: true });
  }

  /** @param chosen what a menu hands over: a test, a suite or a file; without one, all of them are meant */
  async explore(chosen: unknown): Promise<void> {
    const id = idIn(chosen);
    await this.#tests.explore(id === undefined ? undefined : [id]);
  }

  /** @param chosen what a menu hands over: a test, or a message of one */
  async debug(chosen: unknown): Promise<void> {
    const failed = await this.#failedTest(chosen);
    if (failed !== undefined) await this.#debugAt(failed, turnOf(failed));
  }

  async copy(chosen: unknown): Promise<void> {
    const failed = await this.#failedTest(chosen);
    if (failed === undefined) return;
    await vscode.env.clipboard.writeText(failed.failure.schedule);
    tell(say("the schedule is copied"));
  }

  /** Runs it once more, writes down every message, and shows them. */
  async showMessages(chosen: unknown): Promise<void> {
    const failed = await this.#failedTest(chosen);
    if (failed === undefined) return;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-run-"));
    this.#folders.push(folder);
    const file = path.join(folder, "run.airssys");
    await this.#tests.replay(failed, "run", { env: { [ENV_RECORD]: file, [ENV_RECORD_VALUES]: "1" } });
    if (!fs.existsSync(file)) throw new Error(say("Nothing was recorded: see the output of the test."));
    await this.#recording.open(file);
  }

  /** Runs again what is debugged, to the turn before the one it stands in. */
  async stepBack(): Promise<void> {
    const debugged = this.#debugged;
    const session = vscode.debug.activeDebugSession;
    if (debugged === undefined || session === undefined)
      throw new Error(say("Debug a failing schedule first: only what runs by a schedule can go back."));
    const turn = (await turnNow(session)) ?? debugged.stopAt;
    if (turn <= 1) return tell(say("this is the first turn"), 8_000);
    if (turn > MANY_TURNS && !(await isMeant(turn))) return undefined;
    await vscode.debug.stopDebugging(rootOf(session));
    await this.#running;
    await this.#debugAt(debugged.failed, turn - 1);
  }

  async #debugAt(failed: FailedTest, turn: number): Promise<void> {
    const { node, failure } = failed;
    const title = node.titles.at(-1) ?? "";
    const name =
      failure.turns > 0
        ? say("{0}: turn {1} of {2}", title, number(turn), number(failure.turns))
        : say("{0}: turn {1}", title, number(turn));
    this.#debugged = { failed, stopAt: turn };
    this.#tellStepBack();
    const running = this.#tests.replay(failed, "debug", { name, env: { [ENV_STOP_AT]: String(turn) } });
    this.#running = running.catch(() => undefined);
    // A step back has begun another one meanwhile.
    const isOwn = (): boolean => this.#debugged?.failed === failed && this.#debugged.stopAt === turn;
    running
      .finally(() => {
        if (!isOwn()) return;
        this.#debugged = undefined;
        this.#view.showTurn(undefined);
        this.#tellStepBack();
      })
      .catch((error: Error) => tell(error.message));
  }

  #tellStepBack(): void {
    const session = vscode.debug.activeDebugSession;
    const env = (session && rootOf(session).configuration["env"]) as Readonly<Record<string, unknown>> | undefined;
    void tellWindow("airssys.canStepBack", this.#debugged !== undefined && env?.[ENV_SCHEDULE] !== undefined);
  }

  async #tellTurn(): Promise<void> {
    const session = vscode.debug.activeDebugSession;
    const debugged = this.#debugged;
    if (session === undefined || debugged === undefined) return;
    const turn = await turnNow(session);
    if (this.#debugged !== debugged) return;
    this.#view.showTurn(turn === undefined ? undefined : turnSentence(turn, debugged.failed.failure));
  }

  /** What was chosen; else the only one there is, or the one somebody chooses now. */
  async #failedTest(chosen: unknown): Promise<FailedTest | undefined> {
    const id = idIn(chosen);
    const found = id === undefined ? undefined : this.#tests.failureOf(id);
    const { failures } = this.#tests;
    if (found !== undefined) return found;
    if (id !== undefined || failures.length === 0)
      throw new Error(say("No schedule is known under which this test fails: explore its schedules first."));
    if (failures.length === 1) return failures[0];
    const items = failures.map((failed) => ({
      label: iconless(failed.node.titles.join(" › ")),
      description: failureWords(failed.failure),
      failed,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: say("Which failing test?") }))?.failed;
  }
}

/** Where the race is decided; else what was handled last. */
function turnOf({ failure: { races, last, turns } }: FailedTest): number {
  return Math.max(1, races[0]?.handler?.turn ?? last?.turn ?? turns);
}

/** Menus of tests hand over a test, those of messages a test with its message. */
function idIn(chosen: unknown): string | undefined {
  if (typeof chosen !== "object" || chosen === null) return undefined;
  const { id, test } = chosen as { readonly id?: unknown; readonly test?: { readonly id?: unknown } };
  const found = id ?? test?.id;
  return typeof found === "string" ? found : undefined;
}

function rootOf(session: vscode.DebugSession): vscode.DebugSession {
  return session.parentSession === undefined ? session : rootOf(session.parentSession);
}

/** @returns `undefined` where nobody can say: nothing stands, or it has not begun. */
async function turnNow(session: vscode.DebugSession): Promise<number | undefined> {
  const item = vscode.debug.activeStackItem;
  const frameId = item instanceof vscode.DebugStackFrame ? item.frameId : undefined;
  try {
    const answer: unknown = await session.customRequest("evaluate", { expression: TURN, frameId, context: "watch" });
    const turn = Number((answer as { readonly result?: unknown }).result);
    return Number.isSafeInteger(turn) && turn > 0 ? turn : undefined;
  } catch {
    return undefined;
  }
}

async function isMeant(turn: number): Promise<boolean> {
  const go = say("Run Again");
  const text = say("{0} turns are taken again, which takes a while.", number(turn - 1));
  return (await vscode.window.showWarningMessage(text, { modal: true }, go)) === go;
}
