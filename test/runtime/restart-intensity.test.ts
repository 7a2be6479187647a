import assert from "node:assert/strict";
import { test } from "node:test";
import { RestartIntensity } from "airssys-rt/spec";
import fc from "fast-check";

test("a window of restarts counts like a list that is filtered each time", () => {
  fc.assert(
    fc.property(
      fc.nat(5),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(20), { maxLength: 300 }),
      (maxRestarts, periodMs, pauses) => {
        const window = new RestartIntensity(maxRestarts, periodMs);
        const stamps: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          stamps.push(now);
          const within = stamps.filter((stamp) => stamp >= now - periodMs).length;
          assert.equal(window.add(now), within <= maxRestarts);
          assert.equal(window.within(now), within);
        }
      },
    ),
  );
});

test("exactly as many restarts as allowed are allowed, and not one more", () => {
  const window = new RestartIntensity(2, 1_000);

  assert.deepEqual(
    [0, 1, 2].map((now) => window.add(now)),
    [true, true, false],
  );
});

test("the edge of the window belongs to it", () => {
  const window = new RestartIntensity(1, 1_000);
  window.add(0);

  assert.equal(window.within(1_000), 1);
  assert.equal(window.within(1_001), 0);
});

test("no restart is allowed with an intensity of 0", () => {
  assert.equal(new RestartIntensity(0, 1_000).add(0), false);
});

test("looking does not count", () => {
  const window = new RestartIntensity(1, 1_000);

  for (let i = 0; i < 3; i++) assert.equal(window.within(0), 0);
  assert.equal(window.add(0), true);
});

test("a purge forgets everything once the last restart has left the window, and nothing before", () => {
  const window = new RestartIntensity(5, 1_000);
  for (const now of [0, 10, 2_000]) window.add(now);
  window.add(2_000);

  window.purge(3_000);
  assert.deepEqual([window.within(2_000), window.kept], [2, 1]);
  window.purge(3_001);
  assert.deepEqual([window.kept, window.within(3_001)], [0, 0]);
  assert.equal(window.add(3_002), true);
  assert.equal(window.within(3_002), 1);
});
