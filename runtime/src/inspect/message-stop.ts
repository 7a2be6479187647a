/** One message breakpoint as the program keeps it: which messages it is for, and whether it can be hit. Knows no debugger. */
import type { Cell } from "../actor/cell.ts";
import { FunctionalBehavior } from "../actor/define-actor.ts";
import { innermost } from "../environment/instrument.ts";
import type { Letter } from "../environment/letter.ts";
import { typeOf } from "../values/errors.ts";
import { messageOf } from "../values/safe-text.ts";
import { pathMatcher } from "./path-pattern.ts";
import { compileExpression, compileText, type Expression, type Seen } from "./predicate.ts";
import { definitionOf, nameText, rowText } from "./rows.ts";
import type { SourceLocation } from "./source-location.ts";
import type { Armed, MessageStop } from "./stop-protocol.ts";
import { classNamesOf } from "./value-kind.ts";

/** Paths never change; to put one together for each message would cost more than the message. */
const paths = new WeakMap<object, string>();

export function pathKept(cell: { readonly id: string }): string {
  let path = paths.get(cell);
  if (path === undefined) {
    path = cell.id;
    paths.set(cell, path);
  }
  return path;
}

/** What a behavior is does not change while it lives; to look for each message would cost more than the message. */
const classes = new WeakMap<object, readonly string[]>();

/** Whether an actor is of that definition, or of a class that extends it: a handler may be inherited. */
function isOf(cell: Cell, definition: string): boolean {
  if (definitionOf(cell) === definition) return true;
  const { behavior } = cell;
  if (behavior === undefined || behavior instanceof FunctionalBehavior) return false;
  let names = classes.get(behavior);
  if (names === undefined) {
    names = classNamesOf(behavior);
    classes.set(behavior, names);
  }
  return names.includes(definition);
}

/** The user's function that handles messages of that type. */
export function handlerFor({ behavior }: Pick<Cell, "behavior">, messageType: string | undefined): unknown {
  if (!(behavior instanceof FunctionalBehavior)) return innermost(behavior?.handleMessage);
  const { handlers } = behavior;
  return messageType !== undefined && Object.hasOwn(handlers, messageType) ? handlers[messageType] : undefined;
}

export class Stop {
  readonly spec: MessageStop;
  /** Says what is wrong with its condition or text; a condition that has thrown is wrong from then on. */
  #fault: string | undefined;
  #condition: Expression | undefined;
  #text: ((seen: Seen) => string) | undefined;
  readonly #isAt: (path: string) => boolean;
  readonly #isFrom: (path: string) => boolean;
  #matches = 0;
  #hasHandler = false;
  /** Whose handler is known, and what that is. */
  #behavior: object | undefined;
  #handler: unknown;
  #at: SourceLocation | undefined;
  /** Where the handler stands has been asked for. */
  #isPlaced = false;
  /** Path of somebody who could handle it, and does not. */
  #lacks: string | undefined;

  constructor(spec: MessageStop) {
    this.spec = spec;
    this.#isAt = pathMatcher(spec.path);
    this.#isFrom = pathMatcher(spec.sender);
    try {
      if (spec.condition !== undefined) this.#condition = compileExpression(spec.condition);
      if (spec.log !== undefined) this.#text = compileText(spec.log);
    } catch (error) {
      this.#fault = rowText(messageOf(error));
    }
  }

  get armed(): Armed {
    const { id, messageType = "" } = this.spec;
    if (this.#fault !== undefined) return { id, state: "badCondition", text: this.#fault };
    if (this.#hasHandler) return { id, state: "armed", ...(this.#at === undefined ? {} : { at: this.#at }) };
    const lacks = this.#lacks;
    const text = lacks === undefined ? {} : { text: rowText(`${lacks} has no handler for ${nameText(messageType)}`) };
    return { id, state: "noHandler", ...text };
  }

  /** Looks whether somebody lives who handles what it is for. @returns whether what there is to say of it has changed. */
  look(cells: Iterable<Cell>): boolean {
    const before = [this.#hasHandler, this.#lacks] as const;
    this.#hasHandler = false;
    this.#lacks = undefined;
    for (const cell of cells) {
      if (cell.behavior === undefined || cell.isSupervisor || !this.#isFor(cell)) continue;
      if (!this.#isHandledBy(cell)) {
        this.#lacks ??= pathKept(cell);
        continue;
      }
      this.#hasHandler = true;
      this.#lacks = undefined;
      this.#keep(cell);
      break;
    }
    return this.#hasHandler !== before[0] || this.#lacks !== before[1];
  }

  #isHandledBy({ behavior }: Cell): boolean {
    const { messageType } = this.spec;
    return (
      messageType === undefined ||
      !(behavior instanceof FunctionalBehavior) ||
      Object.hasOwn(behavior.handlers, messageType)
    );
  }

  /** What handles it is read once in each life: it may be what runs something. */
  #keep(cell: Cell): void {
    if (cell.behavior === this.#behavior) return;
    this.#behavior = cell.behavior;
    let handler: unknown;
    try {
      handler = handlerFor(cell, this.spec.messageType);
    } catch {
      // A handler that cannot be read stands nowhere.
    }
    if (handler === this.#handler) return;
    this.#handler = handler;
    this.#at = undefined;
    this.#isPlaced = typeof handler !== "function";
  }

  /** What handles it, while it is not known where that stands. */
  get unplaced(): unknown {
    return this.#hasHandler && !this.#isPlaced && this.#fault === undefined ? this.#handler : undefined;
  }

  /** Where that stands; unless something else handles it meanwhile. */
  place(handler: unknown, at: SourceLocation | undefined): void {
    if (handler !== this.#handler) return;
    this.#at = at;
    this.#isPlaced = true;
  }

  #isFor(cell: Cell): boolean {
    const { definition } = this.spec;
    return (definition === undefined || isOf(cell, definition)) && this.#isAt(pathKept(cell));
  }

  /**
   * Whether this message is to stop the program, or to be told of.
   *
   * @returns the text to tell, `true` to stop, `undefined` for neither; "faulty" when its condition has just thrown.
   */
  judge(letter: Letter, cell: Cell): { readonly text: string } | "stop" | "faulty" | undefined {
    const { messageType, sender, hits } = this.spec;
    if (this.#fault !== undefined) return undefined;
    if (messageType !== undefined && typeOf(letter.message) !== messageType) return undefined;
    const from = letter.sender === undefined ? undefined : pathKept(letter.sender);
    if (sender !== undefined && !(from !== undefined && this.#isFrom(from))) return undefined;
    if (!this.#isFor(cell)) return undefined;
    const seen: Seen = {
      message: letter.message,
      sender: from,
      actor: pathKept(cell),
      incarnation: cell.incarnation,
    };
    try {
      if (this.#condition !== undefined && !this.#condition(seen)) return undefined;
    } catch (error) {
      this.#fault = rowText(messageOf(error));
      return "faulty";
    }
    this.#hasHandler = true;
    this.#matches++;
    if (hits !== undefined && this.#matches !== hits) return undefined;
    return this.#text === undefined ? "stop" : { text: this.#text(seen) };
  }
}
