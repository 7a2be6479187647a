/** The lens over a handler says how often it ran, how long it took and how often it crashed, while a program runs that tells; or where it is stopped. */
import type { HandledMessage } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import { onSettingsChange, settings } from "../config.ts";
import type { ActorStop, ActorStops } from "../debug/actor-stops.ts";
import { stopLensText } from "../debug/stop-words.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import type { Following } from "./following.ts";
import { Latencies, lensText } from "./latencies.ts";

/** Milliseconds between two drawings. */
const REST_MS = 1_000;
/** Milliseconds after the last key during which nothing moves. */
const TYPING_MS = 2_000;

export class LiveLens implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #programs: Programs;
  readonly #following: Following;
  readonly #stops: ActorStops;
  readonly #latencies = new Latencies();
  readonly #subscriptions: vscode.Disposable;
  /** Files that had a lens over a handler. */
  readonly #handlers = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typedAtMs = Number.NEGATIVE_INFINITY;

  /** What lenses say has changed. */
  readonly onDidChange: vscode.Event<void> = this.#changed.event;

  /** Where programs stand. */
  #standing = "";

  constructor(programs: Programs, following: Following, stops: ActorStops) {
    this.#programs = programs;
    this.#following = following;
    this.#stops = stops;
    for (const event of ["changed", "stated"] as const) stops.on(event, () => this.#redraw());
    programs.on("changed", () => this.#stand());
    following.on("stats", (program, frame) => {
      this.#latencies.take(program, frame);
      if (frame.rows.length > 0) this.#redraw();
    });
    programs.on("ended", (program) => {
      this.#stand();
      if (this.#latencies.forget(program)) this.#redraw();
    });
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => following.look()),
      vscode.workspace.onDidChangeTextDocument(() => {
        this.#typedAtMs = performance.now();
      }),
      onSettingsChange(() => {
        following.look();
        this.#redraw();
      }),
    );
  }

  /** Whether somebody sees a lens that could say something. */
  get isWanted(): boolean {
    if (!settings().isLensLive || this.#programs.all.length === 0) return false;
    return vscode.window.visibleTextEditors.some(({ document }) => this.#handlers.has(document.uri.toString()));
  }

  /** The language server's lenses of a file, with what is known now of each handler. */
  extend(uri: vscode.Uri, lenses: readonly vscode.CodeLens[]): vscode.CodeLens[] {
    const name = uri.toString();
    const hadHandlers = this.#handlers.has(name);
    const extended = lenses.flatMap((lens) => this.#lensesOf(lens));
    const hasHandlers = lenses.some(isHandler);
    if (hasHandlers) this.#handlers.add(name);
    else this.#handlers.delete(name);
    if (hasHandlers !== hadHandlers) this.#following.look();
    return extended;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }

  /**
   * | handler | lenses in place of *Break on Message…* |
   * |---|---|
   * | a program stands in it | what it has taken, *Step to Reply* |
   * | breakpoints are on for it | what the first of them does |
   * | else | what it has taken, *Break on Message…* |
   */
  #lensesOf(lens: vscode.CodeLens): readonly vscode.CodeLens[] {
    const [handled] = (lens.command?.arguments ?? []) as HandledMessage[];
    if (!isHandler(lens) || handled === undefined) return [lens];
    const as = (command: string, title: string, argument: object): vscode.CodeLens =>
      new vscode.CodeLens(lens.range, { title, command, arguments: [argument] });
    const taken = settings().isLensLive ? this.#latencies.of(handled.definition, handled.messageType) : undefined;
    const { messageType } = handled;
    const live = taken && taken.count > 0 ? [as("airssys.messagesOf", lensText(taken), { messageType })] : [];
    if (this.#programs.all.some((program) => standsIn(program, handled)))
      return [...live, as("airssys.stepToReply", say("Step to Reply"), handled)];
    const [stop, ...others] = this.#stops.kept.stops.filter((each) => each.isOn && isFor(each, handled));
    if (stop === undefined) return [...live, lens];
    const { id } = stop;
    return [as("airssys.editCondition", stopLensText([stop, ...others], this.#stops.stateOf(id)), { ...handled, id })];
  }

  /** A program stops or goes on. */
  #stand(): void {
    const standing = this.#programs.all
      .filter(({ isPaused, runner }) => isPaused && runner !== undefined)
      .map(({ id, runner }) => `${id} ${runner?.key} ${runner?.messageType}`)
      .join("\n");
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#redraw();
  }

  /** At most once a second, and not while somebody types: the lines of the text would move. */
  #redraw(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (performance.now() - this.#typedAtMs < TYPING_MS) this.#redraw();
      else this.#changed.fire();
    }, REST_MS);
  }
}

function standsIn({ isPaused, runner, tree }: Program, { messageType, definition }: HandledMessage): boolean {
  if (!isPaused || runner === undefined || runner.messageType !== messageType) return false;
  return definition === undefined || tree.row(runner.key)?.definition === definition;
}

/** One that says no definition is for every handler of such messages. */
function isFor(stop: ActorStop, { messageType, definition }: HandledMessage): boolean {
  if (stop.messageType !== messageType) return false;
  return stop.definition === undefined || definition === undefined || stop.definition === definition;
}

function isHandler({ command }: vscode.CodeLens): boolean {
  return command?.command === "airssys.breakOnMessage";
}
