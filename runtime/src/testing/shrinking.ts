/** Makes a failing schedule shorter: fewer turns in which somebody else comes first than who waits longest. */

type Deviations = ReadonlyMap<number, string>;

/**
 * Leaves out halves, then quarters, at last single deviations, as long as the run still fails.
 *
 * @param fails makes the run with these deviations alone.
 * @see Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, TSE 28(2), 2002
 */
export async function shrink(
  deviations: Deviations,
  fails: (fewer: Deviations) => Promise<boolean>,
): Promise<Deviations> {
  let kept = [...deviations];
  for (let size = Math.ceil(kept.length / 2); size >= 1; ) {
    const before = kept.length;
    for (let at = 0; at < kept.length; ) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(new Map(fewer))) kept = fewer;
      else at += size;
    }
    if (size === 1 && kept.length === before) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return new Map(kept);
}
