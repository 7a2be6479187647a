import assert from "node:assert/strict";
import { test } from "node:test";
import { EventHub } from "../../runtime/src/environment/hub.ts";
import type { RuntimeEvent } from "../../runtime/src/values/event.ts";
import { SHUTDOWN } from "../../runtime/src/values/exit-reason.ts";

const event: RuntimeEvent = { type: "systemStopped", system: "bank", reason: SHUTDOWN };

test("a listener that is subscribed twice hears twice, and each subscription ends by itself", () => {
  const hub = new EventHub(() => assert.fail("a listener threw"));
  let heard = 0;
  const listener = (): void => void heard++;
  const ends = [hub.subscribe(listener), hub.subscribe(listener)];
  hub.publish(event);
  assert.equal(heard, 2);

  for (let i = 0; i < 2; i++) ends[0]?.();
  hub.publish(event);
  assert.deepEqual([heard, hub.isWatched], [3, true]);

  ends[1]?.();
  hub.publish(event);
  assert.deepEqual([heard, hub.isWatched], [3, false]);
});

test("starts and ends are made only for who wants them", () => {
  const hub = new EventHub(() => assert.fail("a listener threw"));
  const endFirst = hub.subscribe(() => {}, false);
  assert.deepEqual([hub.isWatched, hub.hearsLives], [true, false]);

  const endSecond = hub.subscribe(() => {});
  assert.equal(hub.hearsLives, true);
  endSecond();
  endSecond();
  assert.deepEqual([hub.isWatched, hub.hearsLives], [true, false]);

  endFirst();
  assert.equal(hub.isWatched, false);
});

test("a listener that throws, or whose promise rejects, is reported and keeps nothing from the others", async () => {
  const reported: unknown[] = [];
  const heard: RuntimeEvent[] = [];
  const hub = new EventHub((error) => reported.push(error));
  hub.subscribe(() => {
    throw "thrown";
  });
  hub.subscribe((async () => {
    throw "rejected";
  }) as () => void);
  hub.subscribe((each) => void heard.push(each));

  hub.publish(event);
  await Promise.resolve();

  assert.deepEqual([reported, heard], [["thrown", "rejected"], [event]]);
});
