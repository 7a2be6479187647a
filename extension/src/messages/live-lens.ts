/** The lens over a handler says how often it ran, how long it took and how often it crashed, while a program runs that tells. */
import type { HandledMessage } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import { onSettingsChange, settings } from "../config.ts";
import type { Programs } from "../programs/programs.ts";
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
  readonly #latencies = new Latencies();
  readonly #subscriptions: vscode.Disposable;
  /** Files that had a lens over a handler. */
  readonly #handlers = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typedAtMs = Number.NEGATIVE_INFINITY;

  /** What lenses say has changed. */
  readonly onDidChange: vscode.Event<void> = this.#changed.event;

  constructor(programs: Programs, following: Following) {
    this.#programs = programs;
    this.#following = following;
    following.on("stats", (program, frame) => {
      this.#latencies.take(program, frame);
      if (frame.rows.length > 0) this.#redraw();
    });
    programs.on("ended", (program) => {
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
    const extended = lenses.flatMap((lens) => {
      const live = this.#liveOf(lens);
      return live === undefined ? [lens] : [live, lens];
    });
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

  #liveOf(lens: vscode.CodeLens): vscode.CodeLens | undefined {
    if (!settings().isLensLive || !isHandler(lens)) return undefined;
    const [handled] = (lens.command?.arguments ?? []) as HandledMessage[];
    const taken = handled && this.#latencies.of(handled.definition, handled.messageType);
    if (handled === undefined || taken === undefined || taken.count === 0) return undefined;
    const command = {
      title: lensText(taken),
      command: "airssys.messagesOf",
      arguments: [{ messageType: handled.messageType }],
    };
    return new vscode.CodeLens(lens.range, command);
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

function isHandler({ command }: vscode.CodeLens): boolean {
  return command?.command === "airssys.breakOnMessage";
}
