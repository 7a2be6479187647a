/** Whether a callback of the user's returned something to wait for: any thenable, of whatever realm or library, also one that can be called. */
export function isThenable<T = void>(value: unknown): value is PromiseLike<T> {
  if (typeof value !== "object" && typeof value !== "function") return false;
  return value !== null && typeof (value as { then?: unknown }).then === "function";
}
