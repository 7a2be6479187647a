/** The facts of all files, joined: definitions by id. Rebuilt from facts in one pass; holds nothing of its own. */
import type { ActorFact } from "./actor-fact.ts";
import type { FileFacts } from "./file-facts.ts";
import type { SupervisorFact } from "./supervisor-fact.ts";

export interface Placed<T> {
  readonly path: string;
  readonly fact: T;
}

export class ProgramIndex {
  readonly files: readonly FileFacts[];
  readonly actors: Map<string, Placed<ActorFact>> = new Map();
  readonly supervisors: Map<string, Placed<SupervisorFact>> = new Map();

  readonly #read: (path: string) => string | undefined;

  /** @param read text of a file, for fixes that move text. */
  constructor(files: readonly FileFacts[], read: (path: string) => string | undefined = () => undefined) {
    this.files = files;
    this.#read = read;
    for (const { path, actors, supervisors } of files) {
      for (const fact of actors) this.actors.set(fact.id, { path, fact });
      for (const fact of supervisors) this.supervisors.set(fact.id, { path, fact });
    }
  }

  textOf(path: string): string | undefined {
    return this.#read(path);
  }
}
