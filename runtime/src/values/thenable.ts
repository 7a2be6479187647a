/** Whether a callback of the user's returned something to wait for: any thenable, of whatever realm or library. */
export function isThenable<T = void>(value: unknown): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
