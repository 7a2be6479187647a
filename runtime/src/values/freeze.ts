/** Makes a message unchangeable, to find out who changes what he has sent. */
import { isInstance } from "./instance.ts";

/**
 * Freezes a value and, through plain objects and arrays, everything in it. Instances of classes (refs, buffers, maps, errors) stay
 * as they are: they look after themselves. Getters are not called. Never throws.
 */
export function freezeDeeply(value: unknown): void {
  const seen = new Set<object>();
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const next = rest.pop();
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    try {
      if (isPlain(next)) freeze(next, rest);
    } catch {
      // A proxy that was revoked, or that does not let itself be frozen.
    }
  }
}

/** What V8 says of a write to something frozen. */
const FROZEN_WRITE =
  /^Cannot (assign to read only property|delete property|add property .*, object is not extensible|redefine property|define property .*, object is not extensible)/;
const HINT = " (messages are frozen once they are sent: change a copy)";

/**
 * Has an error that a write to something frozen throws say what is meant: nobody sees from `read only property` that it was a message.
 * Any other value stays as it is. Never throws.
 */
export function explainFrozenWrite(error: unknown): void {
  if (!isInstance(error, TypeError)) return;
  try {
    const { message, stack } = error;
    if (!FROZEN_WRITE.test(message) || message.endsWith(HINT)) return;
    error.message = message + HINT;
    if (stack !== undefined) error.stack = stack.replace(message, () => message + HINT);
  } catch {
    // Somebody's own error, which does not let itself be read or written.
  }
}

/** Freezes one object. @param values gets what is in it, symbols too. */
function freeze(object: object, values: unknown[]): void {
  Object.freeze(object);
  for (const key of Reflect.ownKeys(object)) values.push(Object.getOwnPropertyDescriptor(object, key)?.value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
