/** Waiting that can be given up. */
import { AbortWatch } from "../values/abort-watch.ts";
import type { Clock } from "../values/clock.ts";

/**
 * Resolves after `ms` milliseconds; rejects with the signal's reason, and drops its timer, when the signal fires before.
 *
 * @throws whatever the signal throws when it is listened to; no timer runs then.
 */
export function wait(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  const watch = signal === undefined ? undefined : new AbortWatch(signal);
  return new Promise((resolve, reject) => {
    if (watch?.hasFired === true) {
      reject(watch.reason);
      return;
    }
    const timer = clock.setTimer(() => {
      watch?.end();
      resolve();
    }, ms);
    watch?.onFire((reason) => {
      clock.clearTimer(timer);
      reject(reason);
    });
  });
}
