/** What was sent to which actor, and what became of it: most messages are sent more than once. Pure. */
import type { Outcome } from "./outcome.ts";

export interface SentMessage {
  /** As it was typed. */
  readonly text: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
  /** `undefined`: not known yet. */
  readonly outcome: Outcome | undefined;
}

/** Messages that are kept of one actor, and actors. */
const KEPT = 10;
const ACTORS = 100;

/** As long as the window is open. */
export class SentMessages {
  readonly #byActor = new Map<string, readonly SentMessage[]>();

  /** The last first, each text once. @param actor names it for ever: its program and its path */
  of(actor: string): readonly SentMessage[] {
    return this.#byActor.get(actor) ?? [];
  }

  /** @returns how to tell what became of it. */
  add(actor: string, text: string, at: number): (outcome: Outcome) => void {
    let own: SentMessage = { text, at, outcome: undefined };
    const others = this.of(actor).filter((one) => one.text !== text);
    this.#keep(actor, [own, ...others].slice(0, KEPT));
    return (outcome) => {
      const settled = { ...own, outcome };
      this.#keep(
        actor,
        this.of(actor).map((one) => (one === own ? settled : one)),
      );
      own = settled;
    };
  }

  #keep(actor: string, messages: readonly SentMessage[]): void {
    this.#byActor.delete(actor);
    this.#byActor.set(actor, messages);
    for (const oldest of this.#byActor.keys()) if (this.#byActor.size > ACTORS) this.#byActor.delete(oldest);
  }
}
