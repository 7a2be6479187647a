/** Programs that are started in a terminal appear: terminals of this window carry the way to it. */
import * as vscode from "vscode";
import { onSettingsChange, settings } from "./config.ts";
import type { Listener, Ticket } from "./inspect/listener.ts";
import type { Log } from "./log.ts";
import { say } from "./sentence.ts";

/** Begins when the workspace turns out to use the runtime; nothing listens before. */
export class Terminals implements vscode.Disposable {
  readonly #log: Log;
  readonly #listener: Listener;
  readonly #variables: vscode.EnvironmentVariableCollection;
  readonly #watch: vscode.Disposable;
  #ticket: Promise<Ticket> | undefined;
  #isUsed = false;

  constructor(log: Log, listener: Listener, variables: vscode.EnvironmentVariableCollection) {
    this.#log = log;
    this.#listener = listener;
    this.#variables = variables;
    // The way leads to this window, and not to the one that is open tomorrow.
    variables.persistent = false;
    variables.description = say("Shows actor programs that are started here in the Supervision view");
    this.#watch = vscode.Disposable.from(
      onSettingsChange(() => void this.#apply()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#apply()),
    );
  }

  /** The workspace uses the runtime. */
  use(): void {
    this.#isUsed = true;
    void this.#apply();
  }

  dispose(): void {
    this.#watch.dispose();
    this.#variables.clear();
  }

  async #apply(): Promise<void> {
    const isWanted = () => this.#isUsed && vscode.workspace.isTrusted && settings().showTerminalPrograms;
    if (!isWanted()) {
      this.#variables.clear();
      return;
    }
    try {
      this.#ticket ??= this.#listener.admit("terminals");
      const { env } = await this.#ticket;
      if (isWanted()) for (const [name, value] of Object.entries(env)) this.#variables.replace(name, value);
    } catch (error) {
      this.#ticket = undefined;
      this.#log.error(
        `programs in terminals cannot be shown: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
