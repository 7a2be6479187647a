/** Median and 95th percentile of CPU milliseconds. */

/** Runs an action and takes the CPU time of this process. */
export async function cpuOf(action) {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

export function spread(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95) };
}
