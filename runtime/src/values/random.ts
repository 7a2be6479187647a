/** Randomness as a port, so that a test can own it. */

/** Gives numbers evenly spread over [0, 1), like `Math.random`. */
export type Random = () => number;

/** The machine's randomness; not for secrets. */
export const realRandom: Random = Math.random;
