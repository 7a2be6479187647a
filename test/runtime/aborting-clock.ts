/** A virtual clock under which a signal fires just after each timer, before what the timer resolved goes on. */
import { VirtualClock } from "../../runtime/src/testing/virtual-clock.ts";

export function abortingClock(giving: AbortController): VirtualClock {
  const clock = new VirtualClock();
  const set = clock.setTimer.bind(clock);
  clock.setTimer = (callback, delayMs) =>
    set(() => {
      callback();
      giving.abort();
    }, delayMs);
  return clock;
}
