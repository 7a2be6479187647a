/** What the language server knows of programs. The questions themselves are handed in; who asks before it runs waits a while. */
import type { ProgramErrors, ProgramList, ProgramReport } from "airssys-language-server/protocol";

export interface ProgramAnswers {
  program(uri: string): Promise<ProgramReport | null>;
  programs(): Promise<ProgramList>;
  errors(uri: string): Promise<ProgramErrors>;
}

/** Milliseconds that a run waits for a server that is starting, or that is busy. */
const PATIENCE_MS = 15_000;

export class ProgramQuestions {
  #answers: ProgramAnswers | undefined;
  #isExpected = false;
  #waiting: (() => void)[] = [];
  #list: Promise<ProgramList> | undefined;

  /** A server is about to be there. */
  expect(): void {
    this.#isExpected = true;
  }

  /** The server is there, or gone (`undefined`). */
  connect(answers: ProgramAnswers | undefined): void {
    this.#answers = answers;
    this.#list = undefined;
    if (answers) for (const go of this.#waiting.splice(0)) go();
  }

  /** The server will not come. */
  giveUp(): void {
    this.#isExpected = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Files have changed: which of them are programs may be different now. */
  expire(): void {
    this.#list = undefined;
  }

  /** @returns `undefined` when nobody knows. */
  async program(uri: string): Promise<ProgramReport | undefined> {
    return (await this.#ask((answers) => answers.program(uri))) ?? undefined;
  }

  async programs(): Promise<ProgramList | undefined> {
    return this.#ask((answers) => {
      this.#list ??= answers.programs();
      return this.#list;
    });
  }

  async errors(uri: string): Promise<ProgramErrors | undefined> {
    return this.#ask((answers) => answers.errors(uri));
  }

  /** The server may end or be busy while it is asked: then nobody knows. */
  async #ask<T>(question: (answers: ProgramAnswers) => Promise<T>): Promise<T | undefined> {
    if (!this.#answers && this.#isExpected)
      await withinPatience(new Promise<void>((resolve) => this.#waiting.push(resolve)));
    const answers = this.#answers;
    if (!answers) return undefined;
    return withinPatience(
      question(answers).catch(() => {
        this.#list = undefined;
        return undefined;
      }),
    );
  }
}

function withinPatience<T>(promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    void promise.then((value) => resolve(value)).finally(() => clearTimeout(timer));
  });
}
