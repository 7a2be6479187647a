// A reporter for node --test that prints nothing but the final counts, as one line of JSON, for the summary of `npm test`.

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* summary(events) {
  let counts;
  for await (const { type, data } of events) {
    // Each file reports its own summary; the one of the whole run names no file.
    if (type === "test:summary" && data.file === undefined) counts = data.counts;
  }
  if (counts)
    yield JSON.stringify({ passed: counts.passed, failed: counts.failed + counts.cancelled, skipped: counts.skipped });
}
