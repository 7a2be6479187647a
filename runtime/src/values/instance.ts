/** Whether a value is of a class, whatever it does when it is asked. Leaf. */

/** As `instanceof`; a value that cannot be asked, such as a revoked proxy, is of none. Never throws. */
export function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
