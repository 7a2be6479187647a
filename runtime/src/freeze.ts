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
    if (!isPlain(next) || seen.has(next)) continue;
    seen.add(next);
    Object.freeze(next);
    for (const { value: inner } of Object.values(Object.getOwnPropertyDescriptors(next))) rest.push(inner);
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
