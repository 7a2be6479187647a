/** What the language server knows of actors: their messages, and whose code stands where. The questions themselves are handed in. */
import type { ActorMessages, ActorsAt, AskPlaces, SourceRange } from "airssys-language-server/protocol";

/** What stands over a line of code: a command of the client with its arguments. */
export interface SourceLens {
  readonly range: SourceRange;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

export interface ActorAnswers {
  messages(name: string, uri: string | undefined): Promise<ActorMessages | null>;
  actorsAt(uri: string, position: SourceRange["start"]): Promise<ActorsAt>;
  askPlaces(name: string, uri: string | undefined, message: string): Promise<AskPlaces>;
  lenses(uri: string): Promise<readonly SourceLens[] | null>;
}

/** Milliseconds that somebody who looks at a list waits for a server that is busy. */
const PATIENCE_MS = 5_000;

/** Never rejects: a server that is gone, or that takes too long, knows nothing. */
export class ActorQuestions {
  #answers: ActorAnswers | undefined;

  /** The server is there, or gone (`undefined`). */
  connect(answers: ActorAnswers | undefined): void {
    this.#answers = answers;
  }

  /** @param uri of the file with the definition, should there be several of the name */
  async messages(name: string, uri: string | undefined): Promise<ActorMessages | undefined> {
    return (await this.#ask((answers) => answers.messages(name, uri))) ?? undefined;
  }

  async actorsAt(uri: string, position: SourceRange["start"]): Promise<ActorsAt["actors"]> {
    return (await this.#ask((answers) => answers.actorsAt(uri, position)))?.actors ?? [];
  }

  /** Where an actor asks with a message. */
  async askPlaces(name: string, uri: string | undefined, message: string): Promise<AskPlaces["places"]> {
    return (await this.#ask((answers) => answers.askPlaces(name, uri, message)))?.places ?? [];
  }

  /** What stands over the lines of a file. */
  async lenses(uri: string): Promise<readonly SourceLens[]> {
    return (await this.#ask((answers) => answers.lenses(uri))) ?? [];
  }

  async #ask<T>(question: (answers: ActorAnswers) => Promise<T>): Promise<T | undefined> {
    const answers = this.#answers;
    if (!answers) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
      question(answers)
        .then(resolve, () => resolve(undefined))
        .finally(() => clearTimeout(timer));
    });
  }
}
