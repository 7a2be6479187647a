/** Asks before a run what the run wants to know; says so once that takes a while, and lets the user go on without the answer. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramErrors, ProgramList, ProgramReport } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import { say } from "../sentence.ts";
import type { ProgramQuestions } from "./questions.ts";

/** Milliseconds after which a person wonders why nothing happens. */
const NOTICEABLE_MS = 1_000;

/** The questions of one run. Once the user does not want to wait any more, nobody knows. */
export class QuestionsBeforeRun {
  readonly #questions: ProgramQuestions;
  #isOver = false;

  constructor(questions: ProgramQuestions) {
    this.#questions = questions;
  }

  program(uri: string): Promise<ProgramReport | undefined> {
    return this.#wait(() => this.#questions.program(uri), reading());
  }

  programs(): Promise<ProgramList | undefined> {
    return this.#wait(() => this.#questions.programs(), reading());
  }

  errors(uri: string): Promise<ProgramErrors | undefined> {
    const name = path.basename(fileURLToPath(uri));
    return this.#wait(
      () => this.#questions.errors(uri),
      say("Airssys checks the types of {0} before it runs. “Cancel” runs it unchecked.", name),
    );
  }

  async #wait<T>(ask: () => Promise<T | undefined>, title: string): Promise<T | undefined> {
    if (this.#isOver) return undefined;
    const answer = ask();
    if (await isSoon(answer)) return answer;
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, (_progress, token) =>
      Promise.race([answer, this.#untilCancelled(token)]),
    );
  }

  #untilCancelled(token: vscode.CancellationToken): Promise<undefined> {
    return new Promise((resolve) =>
      token.onCancellationRequested(() => {
        this.#isOver = true;
        resolve(undefined);
      }),
    );
  }
}

function reading(): string {
  return say("Airssys reads what is to be run. “Cancel” goes on without knowing it.");
}

function isSoon(answer: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), NOTICEABLE_MS);
    const settled = () => {
      clearTimeout(timer);
      resolve(true);
    };
    answer.then(settled, settled);
  });
}
