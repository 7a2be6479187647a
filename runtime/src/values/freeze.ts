/** Makes a message unchangeable, to find out who changes what he has sent. */

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

/** Freezes one object. @param values gets what is in it, symbols too. */
function freeze(object: object, values: unknown[]): void {
  Object.freeze(object);
  for (const key of Reflect.ownKeys(object)) values.push(Object.getOwnPropertyDescriptor(object, key)?.value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
