/** Whether a callback of the user's returned something to wait for: any thenable, of whatever realm or library, also one that can be called. */
export function isThenable<T = void>(value: unknown): value is PromiseLike<T> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && typeof (value as { then?: unknown }).then === "function";
}

/** The same of what nobody has looked at yet: what cannot be asked cannot be waited for, and whoever takes it is told so. */
export function isLater<T = unknown>(made: unknown): made is PromiseLike<T> {
  try {
    return isThenable(made);
  } catch {
    return false;
  }
}
