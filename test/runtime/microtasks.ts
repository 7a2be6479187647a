/** Lets `count` rounds of promise reactions run; no time passes and the event loop does not turn. */
export async function microtasks(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) await Promise.resolve();
}
