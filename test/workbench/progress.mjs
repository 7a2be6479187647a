// Tells a person at a terminal, in plain words, what is being done and how long it took.
import { performance } from "node:perf_hooks";

/** @param {number} ms @returns {string} "850 ms", "12.3 s" or "2 min 5 s" */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/**
 * Announces a step, does it, and says how long it took. A step that fails is named, and its error goes on.
 *
 * @template T
 * @param {string} what for example "Building"
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const start = performance.now();
  console.log(`  … ${what}`);
  try {
    const value = await work();
    console.log(`  ✓ ${what} (${duration(performance.now() - start)})`);
    return value;
  } catch (error) {
    console.log(`  ✗ ${what} (${duration(performance.now() - start)})`);
    throw error;
  }
}
