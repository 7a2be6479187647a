/** Stops a debugger in the first line of what handles the message of one turn, as a message breakpoint does. */
import type { Cell } from "../actor/cell.ts";
import type { Letter } from "../environment/letter.ts";
import type { Trace } from "../environment/trace.ts";
import { handlerFor } from "../inspect/message-stop.ts";
import { Pauser } from "../inspect/pauser.ts";
import { listen } from "../inspect/tracing.ts";
import { typeOf } from "../values/errors.ts";

/** Where a debugger asks which turn it stands in: `{ turn }`, from 1. */
const TURN = Symbol.for("airssys.testing.turn");

export class TurnStop implements Trace {
  readonly #turn: number;
  readonly #pauser = new Pauser();
  #hasStopped = false;

  /** @param turn its number, from 1. */
  constructor(turn: number) {
    this.#turn = turn;
  }

  /** To be called with the number of each turn, and the turn. */
  around(turn: number, take: () => number): number {
    Object.defineProperty(globalThis, TURN, { value: { turn }, configurable: true, enumerable: false, writable: true });
    if (turn !== this.#turn || this.#hasStopped) return take();
    const end = listen(this);
    try {
      return take();
    } finally {
      end();
      // A start and a signal are handled by nobody's handler.
      if (!this.#hasStopped) this.#pauser.pauseHere(`Turn ${turn} handled no message.`, { turn });
      this.#hasStopped = true;
      this.#pauser.close();
    }
  }

  sent(): void {}

  begins(letter: Letter): undefined {
    if (this.#hasStopped) return;
    const cell = letter.recipient as unknown as Cell;
    this.#hasStopped = this.#pauser.breakIn(handlerFor(cell, typeOf(letter.message)));
  }

  returned(): void {
    this.#pauser.release();
  }

  ended(): void {}
}
