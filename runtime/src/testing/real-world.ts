/** What a simulated program waits for that no simulation owns: sockets, files, threads, real timers. */

/** What the testkit itself and every program needs. */
const OWN: ReadonlySet<string> = new Set(["Immediate", "TTYWrap", "PipeWrap", "SignalWrap", "MessagePort", "CloseReq"]);

/** Looks at what keeps the event loop alive, compared with the moment at which it was made. */
export class RealWorld {
  readonly #before: ReadonlyMap<string, number> = countResources();

  /** What there is now and was not then, by Node's names. */
  get active(): readonly string[] {
    return [...countResources()].filter(([name, count]) => count > (this.#before.get(name) ?? 0)).map(([name]) => name);
  }
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (!OWN.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
