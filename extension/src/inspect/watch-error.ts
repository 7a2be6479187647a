/** Why a program cannot be watched, each in a sentence for people. Knows no editor. */
import { say } from "../sentence.ts";

export type WatchFault =
  | "badAddress"
  | "noAnswer"
  | "noInspector"
  | "inspectorTaken"
  | "wouldEnd"
  | "closed"
  | "notOpened"
  | "notPermitted"
  | "hasEnded"
  | "noActors"
  | "older"
  | "refused"
  | "watchedAlready";

/** `message` is one or more whole sentences. */
export class WatchError extends Error {
  override readonly name = "WatchError";
  readonly code: WatchFault;
  constructor(code: WatchFault, message: string) {
    super(message);
    this.code = code;
  }
}

/** Settles as the promise does; a program that takes longer is not waited for. @throws {WatchError} as a rejection. */
export function inTime<T>(promise: Promise<T>, ms: number, who: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new WatchError(
            "noAnswer",
            say("{0} does not answer: it may be held by another debugger, or the connection is broken.", who),
          ),
        ),
      ms,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
