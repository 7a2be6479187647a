/** What the language server gives; it is loaded and started when the workspace turns out to use the runtime. */
import * as vscode from "vscode";
import { whenRuntimeIsUsed } from "./actor-workspace.ts";
import type { Askers, LanguageService } from "./client.ts";
import { register } from "./commands.ts";
import { tellWindow } from "./context-keys.ts";
import type { Log } from "./log.ts";
import { reach } from "./milestone.ts";

export class LanguageFeatures implements vscode.Disposable {
  readonly #log: Log;
  readonly #askers: Askers;
  readonly #extensionPath: string;
  readonly #used: () => void;
  readonly #watch: vscode.Disposable;
  #service: LanguageService | undefined;

  constructor(log: Log, askers: Askers, extensionPath: string, used: () => void) {
    this.#log = log;
    this.#askers = askers;
    this.#extensionPath = extensionPath;
    this.#used = used;
    this.#watch = vscode.Disposable.from(
      whenRuntimeIsUsed(() => void this.#start()),
      register(log, "airssys.restartServer", () => this.restart()),
    );
  }

  get isRunning(): boolean {
    return this.#service?.isRunning ?? false;
  }

  async restart(): Promise<void> {
    if (this.#service) await this.#service.restart();
    else await this.#start();
  }

  dispose(): void {
    this.#watch.dispose();
    this.#service?.dispose();
  }

  async #start(): Promise<void> {
    void tellWindow("airssys.usesRuntime", true);
    reach("hasOpenedProgram");
    this.#askers.programs.expect();
    this.#used();
    // The client is most of the extension: it is evaluated only here.
    const { LanguageService } = await import("./client.ts");
    this.#service ??= new LanguageService(this.#log, this.#askers, this.#extensionPath);
    await this.#service.start();
  }
}
