/** Looking at behaviors from outside: what test kits and watchdogs put around the callbacks of actors. Knows no actors. */

import type { Actor } from "../values/actor.ts";
import { isAsyncFunction } from "../values/async-scope.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isFields, readField, UNREADABLE } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import { isThenable } from "../values/thenable.ts";

/**
 * Sees the behavior of every new incarnation before its `preStart`, and may put something around its callbacks; see
 * {@link surround}. It must not throw. Without one, nothing is called and nothing is paid for.
 */
export type Instrument = (behavior: Actor<unknown>, actor: AnyActorRef) => void;

export type CallbackName = "preStart" | "handleMessage" | "handleSignal" | "postStop";

/** A callback, whichever: what it gets and gives back is the caller's to pass on. */
export type Callback = (this: Actor<unknown>, ...args: never[]) => unknown;

/** What stands behind each callback that was put around another. */
const originals = new WeakMap<object, Callback>();

/** The callback its author wrote, behind all that was put around it: where a debugger breaks. */
export function innermost(callback: unknown): unknown {
  let inner = callback;
  for (let next = inner; next !== undefined; next = originals.get(inner as object)) inner = next;
  return inner;
}

const CALLBACKS: readonly unknown[] = ["preStart", "handleMessage", "handleSignal", "postStop"];

function checkSurround(behavior: unknown, name: unknown, around: unknown): void {
  const faults: string[] = [];
  if (!isFields(behavior) || readField(behavior, "handleMessage") === UNREADABLE)
    faults.push(`behavior must be an actor, got ${describeValue(behavior)}`);
  if (!CALLBACKS.includes(name)) faults.push(`name must be one of ${CALLBACKS.join(", ")}, got ${describeValue(name)}`);
  if (typeof around !== "function") faults.push(`around must be a function, got ${describeValue(around)}`);
  if (faults.length > 0) throw new InvalidArgumentError("surround", faults);
}

/** Makes one instrument of several, called in order; `undefined` of none. */
export function combineInstruments(instruments: readonly (Instrument | undefined)[]): Instrument | undefined {
  const present = instruments.filter((instrument) => instrument !== undefined);
  if (present.length < 2) return present[0];
  return (behavior, actor) => {
    const pending = present
      .map((instrument): unknown => instrument(behavior, actor))
      .filter((done) => isThenable(done));
    // They are called, not awaited; whoever called this one hears what they reject with.
    return pending.length === 0 ? undefined : (Promise.all(pending) as unknown as undefined);
  };
}

/**
 * Puts `around` in the place of a callback of this one behavior.
 *
 * @param around gets the callback that was there, or `undefined`; must pass on `this`, the arguments and what comes back.
 * @returns false when the behavior cannot be changed (it is frozen) or the callback cannot be read: it stays as it is.
 * @throws {InvalidArgumentError} with every fault, for what is no behavior, no callback's name or no function.
 */
export function surround(
  behavior: Actor<unknown>,
  name: CallbackName,
  around: (original: Callback | undefined) => Callback,
): boolean {
  checkSurround(behavior, name, around);
  const original = readField(behavior, name) as Callback | undefined | typeof UNREADABLE;
  if (original === UNREADABLE || !isExtensible(behavior)) return false;
  const wrapper = around(original);
  if (typeof wrapper !== "function")
    throw new InvalidArgumentError("surround", [`around must return a function, got ${describeValue(wrapper)}`]);
  if (!replace(behavior, name, wrapper)) return false;
  if (original !== undefined) originals.set(wrapper, original);
  // The runtime can no longer see it.
  if (isAsyncFunction(original)) replace(behavior, "isAsynchronous", true);
  return true;
}

/** Whether it takes new fields. A proxy that does not say takes none. */
function isExtensible(behavior: object): boolean {
  try {
    return Object.isExtensible(behavior);
  } catch {
    return false;
  }
}

/** @returns false if the behavior does not let it. */
function replace(behavior: object, key: string, value: unknown): boolean {
  try {
    return Reflect.defineProperty(behavior, key, { value, configurable: true, writable: true });
  } catch {
    return false;
  }
}
