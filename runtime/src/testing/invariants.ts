/** What must hold in every run of every program, watched while it runs. */

import { type Cell, cellOf } from "../actor/cell.ts";
import type { Incarnation } from "../actor/incarnation.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { Probe } from "../environment/environment.ts";
import { type CallbackName, surround } from "../environment/instrument.ts";
import type { Letter } from "../environment/letter.ts";
import type { Actor } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import type { DeadLetter, RuntimeEvent } from "../values/event.ts";
import { readField } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { read } from "../values/safe-text.ts";
import { InvariantError } from "./errors.ts";

/** One incarnation under watch. */
class Life {
  readonly cell: Cell;
  readonly incarnation: number;
  hasEnded = false;
  /** The callback that runs. */
  busyWith: string | undefined = undefined;

  constructor(cell: Cell, incarnation: number) {
    this.cell = cell;
    this.incarnation = incarnation;
  }

  toString(): string {
    return `incarnation ${this.incarnation} of ${this.cell.id}`;
  }
}

/** Violations kept; the first ones say most. */
const VIOLATIONS_KEPT = 20;

/**
 * Checks, while a system runs, what the runtime promises of every run:
 *
 * | promise | checked |
 * |---|---|
 * | one message at a time | when a callback begins |
 * | no message to a dead incarnation | when a callback begins |
 * | accepted = delivered + dead-lettered + pending, each message exactly once | in {@link check} |
 * | sent = accepted + refused | in {@link check} |
 * | every incarnation that began ends exactly once | at its end, and when the system has stopped |
 * | parents outlive children | at the end of the parent |
 * | a name is free before anybody hears that its holder ended | at its end |
 *
 * It must hear the system from its first start on: hand {@link instrument} and {@link onEvent} to `ActorSystem.start`.
 */
export class Invariants implements Probe {
  readonly #violations: string[] = [];
  readonly #lives = new Map<Cell, Life>();
  readonly #livingChildren = new Map<Cell, number>();
  #living = 0;
  readonly #letters = new Map<number, Letter>();
  readonly #accepted = new Set<Letter>();
  readonly #delivered = new Set<Letter>();
  readonly #setAside = new Set<Letter>();
  readonly #buried = new Set<Letter>();
  #root: Cell | undefined = undefined;
  #seqBefore = 0;
  #blocks = false;

  /** What was broken so far, in order. */
  get violations(): readonly string[] {
    return this.#violations;
  }

  /** Puts the watch around a new behavior. For `ActorSystemOptions.instrument`. */
  readonly instrument = (behavior: Actor<unknown>, actor: AnyActorRef): void => {
    if (typeof read(behavior, "handleMessage") !== "function")
      throw new InvalidArgumentError("instrument", ["expected an actor"]);
    const cell = cellOf(actor);
    if (this.#root === undefined) this.#beginWith(cell);
    const life = this.#begin(cell);
    this.#watch(behavior, "preStart", life, false);
    this.#watch(behavior, "handleMessage", life, true);
    this.#watch(behavior, "handleSignal", life, false);
  };

  /** For `ActorSystemOptions.onEvent`. */
  readonly onEvent = (event: RuntimeEvent): void => {
    if (typeof read(event, "type") !== "string") throw new InvalidArgumentError("onEvent", ["expected an event"]);
    switch (event.type) {
      case "ended":
        this.#end(cellOf(event.actor), event.incarnation);
        break;
      case "deadLetter":
        this.#bury(event);
        break;
      case "systemStopped":
        if (this.#living > 0) this.#violate(`${this.#living} incarnations have not ended although the system has`);
        break;
      default:
        break;
    }
  };

  /** Called by actors; see {@link Probe}. */
  touch(actor: AnyActorRef): void {
    const cell = cellOf(actor);
    cell.untouch();
    for (const letter of cell.queued) if (!letter.isSignal) this.#accepted.add(this.#known(letter));
    if (cell.overflow === "block") this.#blocks = true;
  }

  gone(actor: AnyActorRef): void {
    this.#lives.delete(cellOf(actor));
  }

  /**
   * Checks that no message was lost or doubled so far. Call it when nothing runs.
   *
   * @throws {InvariantError} with everything that was violated since the beginning.
   */
  check(): void {
    if (this.#root !== undefined && this.#root.env.probe === this) this.#checkLetters(this.#root);
    if (this.#violations.length > 0) throw new InvariantError(this.#violations);
  }

  #beginWith(root: Cell): void {
    this.#root = root;
    this.#seqBefore = root.env.lastSeq;
    root.env.probe = this;
  }

  // --- Lives ---

  #begin(cell: Cell): Life {
    const before = this.#lives.get(cell);
    const life = new Life(cell, cell.incarnation);
    if (before !== undefined && !before.hasEnded) this.#violate(`${life} began before ${before} ended`);
    this.#lives.set(cell, life);
    this.#living++;
    this.#countChild(cell, 1);
    return life;
  }

  #end(cell: Cell, incarnation: number): void {
    const life = this.#lives.get(cell);
    // One whose start function failed never began.
    if (life === undefined || life.incarnation !== incarnation) return;
    if (life.hasEnded) {
      this.#violate(`${life} ended twice`);
      return;
    }
    life.hasEnded = true;
    this.#living--;
    this.#countChild(cell, -1);
    if ((this.#livingChildren.get(cell) ?? 0) > 0) this.#violate(`${life} ended before its children`);
    const { name } = cell.spec;
    if (name !== undefined && cell.env.registry.whereis(name) === cell)
      this.#violate(`${life} ended and still had the name "${name}"`);
  }

  #countChild(cell: Cell, change: 1 | -1): void {
    const parent = cell.parent as Cell | undefined;
    if (parent === undefined) return;
    const count = (this.#livingChildren.get(parent) ?? 0) + change;
    if (count === 0) this.#livingChildren.delete(parent);
    else this.#livingChildren.set(parent, count);
  }

  #watch(behavior: Actor<unknown>, name: CallbackName, life: Life, isMessage: boolean): void {
    if (readField(behavior, name) === undefined) return;
    const known = (letter: Letter): Letter => this.#known(letter);
    const enter = (letter: Letter | undefined): void => this.#enter(life, name, letter);
    const leave = (context: Incarnation, letter: Letter | undefined): void => this.#leave(life, context, letter);
    surround(behavior, name, (original) => {
      return function (this: Actor<unknown>, ...args: never[]): unknown {
        const context = args.at(-1) as unknown as Incarnation;
        const letter = isMessage && context.letter !== undefined ? known(context.letter) : undefined;
        enter(letter);
        const left = (): void => leave(context, letter);
        let result: unknown;
        try {
          result = original?.apply(this, args);
        } finally {
          // No `catch`: a debugger that stops at what nobody catches is to stop at the throw itself.
          if (!(result instanceof Promise)) left();
        }
        if (result instanceof Promise) result.then(left, left);
        return result;
      };
    });
  }

  #enter(life: Life, callback: CallbackName, letter: Letter | undefined): void {
    if (life.hasEnded) this.#violate(`${callback} of ${life} began after its end`);
    if (life.busyWith !== undefined) this.#violate(`${callback} of ${life} began while ${life.busyWith} ran`);
    life.busyWith = callback;
    if (letter === undefined) return;
    if (this.#delivered.has(letter) && !this.#setAside.has(letter)) this.#violate(`delivered twice: ${letter}`);
    if (this.#buried.has(letter)) this.#violate(`delivered although it is a dead letter: ${letter}`);
    this.#delivered.add(letter);
  }

  #leave(life: Life, context: Incarnation, letter: Letter | undefined): void {
    life.busyWith = undefined;
    if (letter === undefined || life.hasEnded) return;
    if (context.hasStashedCurrent || isQueued(letter, life.cell)) this.#setAside.add(letter);
  }

  // --- Letters ---

  /** The letter of that number that was seen first: one that was set aside comes back as a copy. */
  #known(letter: Letter): Letter {
    const before = this.#letters.get(letter.seq);
    if (before !== undefined) return before;
    this.#letters.set(letter.seq, letter);
    return letter;
  }

  #bury({ envelope, reason }: DeadLetter): void {
    const letter = this.#known(envelope as Letter);
    const wasInHand = reason === "crashed" || reason === "ended_turn" || reason === "late_reply";
    if (wasInHand) {
      if (!this.#delivered.has(letter)) this.#violate(`a dead letter (${reason}) that was never delivered: ${letter}`);
      return;
    }
    if (this.#buried.has(letter)) this.#violate(`a dead letter twice: ${letter}`);
    if (this.#delivered.has(letter) && !this.#setAside.has(letter))
      this.#violate(`a dead letter (${reason}) that was delivered: ${letter}`);
    this.#buried.add(letter);
  }

  #checkLetters(root: Cell): void {
    const pending = new Set<Letter>();
    for (const cell of root.family as readonly Cell[]) {
      for (const letter of cell.queued) if (!letter.isSignal) pending.add(this.#known(letter));
    }
    for (const letter of this.#accepted) {
      if (this.#delivered.has(letter) || this.#buried.has(letter) || pending.has(letter) || isVoid(letter)) continue;
      this.#violate(`accepted and lost: ${letter}`);
    }
    // A sender that waits for room has sent nothing yet that anybody could know of.
    if (this.#blocks) return;
    const known = new Set([...this.#accepted, ...this.#delivered, ...this.#buried]).size;
    const sent = root.env.lastSeq - this.#seqBefore;
    if (sent !== known) this.#violate(`${sent} messages were sent, and ${known} accepted or refused`);
  }

  #violate(text: string): void {
    if (this.#violations.length < VIOLATIONS_KEPT) this.#violations.push(text);
  }
}

function isQueued(letter: Letter, cell: Cell): boolean {
  for (const queued of cell.queued) if (queued.seq === letter.seq) return true;
  return false;
}

/** Sent by a timer that was cancelled. */
function isVoid(letter: Letter): boolean {
  return letter.origin !== undefined && !(letter.origin instanceof PendingAsk) && !letter.origin.isWanted;
}
