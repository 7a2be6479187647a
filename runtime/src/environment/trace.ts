/** Who hears of every message, when it is sent and at both ends of its turn: a debugger's stops and counts. Called only while there is one. */
import type { AnyActorRef } from "../values/ref.ts";
import type { Letter } from "./letter.ts";

/** Something that a call can run in, so that a debugger sees who caused it: what `console.createTask` makes. */
export interface Task {
  run<T>(call: () => T): T;
}

/** None of it may throw. Signals are no messages. */
export interface Trace {
  /** It was taken into a mailbox. */
  sent(letter: Letter): void;
  /** Its turn begins. @returns what its handler is to run in. */
  begins(letter: Letter): Task | undefined;
  /** Its handler has returned or thrown; what it returned may be a promise. */
  returned(letter: Letter): void;
  /** Its turn is over. */
  ended(letter: Letter, hasCrashed: boolean): void;
  /** A question was answered. */
  replied?(letter: Letter, value: unknown): void;
  /** Whoever runs has looked somebody up. */
  found?(name: string, ref: AnyActorRef | undefined): void;
}
