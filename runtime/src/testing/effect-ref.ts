/** The handle of an actor that is not there: what is sent to it is an effect. */
import type { ActorRef, AnyActorRef } from "../values/ref.ts";

/** What is done through a ref. */
export type RefEffect =
  | { readonly type: "sent"; readonly to: AnyActorRef; readonly message: unknown }
  /** `reply` and `fail` settle the promise the actor waits for. */
  | {
      readonly type: "asked";
      readonly to: AnyActorRef;
      readonly message: unknown;
      readonly reply: (value: unknown) => void;
      readonly fail: (error: unknown) => void;
    };

/** A ref for tests of one actor alone. Takes every message; an `ask` waits until the test answers the effect. */
export class EffectRef<M> implements ActorRef<M> {
  readonly id: string;
  readonly createdAt = 0;
  readonly incarnation = 1;
  isAlive = true;
  readonly #note: (effect: RefEffect) => void;

  constructor(id: string, note: (effect: RefEffect) => void) {
    this.id = id;
    this.#note = note;
  }

  tell(message: M): boolean {
    this.#note({ type: "sent", to: this as AnyActorRef, message });
    return this.isAlive;
  }

  tellAsync(message: M): Promise<void> {
    this.tell(message);
    return Promise.resolve();
  }

  ask(message: unknown): Promise<never> {
    const { promise, resolve, reject } = withResolvers();
    this.#note({ type: "asked", to: this as AnyActorRef, message, reply: resolve, fail: reject });
    return promise as Promise<never>;
  }

  toString(): string {
    return `EffectRef(${this.id})`;
  }

  toJSON(): { readonly actor: string; readonly incarnation: number } {
    return { actor: this.id, incarnation: this.incarnation };
  }
}

function withResolvers(): {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
} {
  let resolve!: (value: unknown) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<unknown>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
