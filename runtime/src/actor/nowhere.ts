/** The recipient of messages that have none: what a dead letter shows when nobody was there to take it. */
import type { Environment } from "../environment/environment.ts";
import { type Addressee, Letter } from "../environment/letter.ts";

class Nowhere implements Addressee {
  readonly id: string;
  readonly postOffice: Environment;
  readonly createdAt = 0;
  readonly incarnation = 0;
  readonly isAlive = false;

  constructor(id: string, env: Environment) {
    this.id = id;
    this.postOffice = env;
  }

  toString(): string {
    return `ActorRef(${this.id})`;
  }

  toJSON(): { readonly actor: string; readonly incarnation: number } {
    return { actor: this.id, incarnation: this.incarnation };
  }
}

/** Makes a dead letter of a message for which there is no recipient. @param to what it was sent to, for people. */
export function buryUnroutable(env: Environment, to: string, message: unknown): void {
  const letter = new Letter(message, env.running, new Nowhere(to, env), env.tick(), env.nextSeq(), undefined);
  env.bury(letter, "no_recipient");
}
