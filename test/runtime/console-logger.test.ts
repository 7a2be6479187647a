import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Actor, ActorSystem, supervisor } from "airssys-rt";
import { consoleLogger } from "../../runtime/src/environment/console-logger.ts";
import { userFrames } from "../../runtime/src/environment/user-frames.ts";

/** What is written on standard error from now on, one text for each call. */
function written(t: TestContext): string[] {
  const texts: string[] = [];
  t.mock.method(console, "error", (...parts: unknown[]) => {
    assert.equal(parts.length, 1, "text with % in it is not to be formatted");
    texts.push(String(parts[0]));
  });
  return texts;
}

const times = (text: string, part: string): number => text.split(part).length - 1;

test("the console prints a crash once, without the runtime's frames, and once more only in words when a supervisor gives up", async (t) => {
  const texts = written(t);
  class Cards extends Actor<{ readonly type: "charge" }> {
    override handleMessage(): void {
      throw new RangeError("no issuer: 100 %s");
    }
  }
  const system = await ActorSystem.start({
    name: "desk",
    root: supervisor({
      name: "root",
      maxRestarts: 0,
      children: [{ id: "cards", name: "cards", start: () => new Cards() }],
    }),
  });
  system.whereis<{ readonly type: "charge" }>("cards")?.tell({ type: "charge" });
  await system.whenStopped;

  const all = texts.join("\n");
  const [first = ""] = texts;
  assert.match(
    first,
    /^\[airssys\] desk\/cards crashed in receive: RangeError: no issuer: 100 %s \(on "charge"\)\n {4}at Cards\.handleMessage \(.*console-logger\.test\.ts:\d+:\d+\)/,
  );
  assert.equal(times(first, "no issuer"), 1, first);
  assert.equal(times(all, "at Cards.handleMessage"), 1, all);
  assert.doesNotMatch(all, /dist\/actor|node:async_hooks/);
  assert.match(all, /the system desk has ended/);
});

test("causes, the errors of several and the fields of an error are told, each once", (t) => {
  const texts = written(t);
  const inner = Object.assign(new Error("disk"), { code: "EIO" });
  const error = new AggregateError([inner, "a text"], "all failed", { cause: inner });
  consoleLogger("a crashed in receive: AggregateError: all failed", error);
  const [text = ""] = texts;
  assert.equal(times(text, "all failed"), 1, text);
  assert.equal(times(text, "Error: disk"), 1, text);
  assert.match(text, /caused by Error: disk\n {4}\{"code":"EIO"\}\n {4}at /);
  assert.match(text, /one of its errors: a text/);
});

test("an error that refers to itself, or cannot be read, is told as far as it can be", (t) => {
  const texts = written(t);
  const circle = new Error("round");
  circle.cause = circle;
  consoleLogger("x", circle);
  consoleLogger("y", Object.defineProperty(new Error("dark"), "stack", { get: () => assert.fail() }));
  consoleLogger("z", new Proxy({}, { get: () => assert.fail(), ownKeys: () => assert.fail() }));
  consoleLogger("w", 7);
  assert.equal(texts.length, 4);
  assert.equal(times(texts[0] ?? "", "round"), 1, texts[0]);
  assert.equal(texts[1], "[airssys] y\n  Error: dark");
  assert.equal(texts[3], "[airssys] w\n  7");
});

test("a stack that is all the runtime's own is kept whole", () => {
  const own = new URL("../../runtime/src/values/x.ts", import.meta.url).href;
  assert.deepEqual(userFrames(`Error: x\n    at f (${own}:1:2)`, false), [`at f (${own}:1:2)`]);
  assert.deepEqual(userFrames(`Error: x\n    at f (file:///desk.js:3:4)\n    at g (${own}:1:2)`, false), [
    "at f (file:///desk.js:3:4)",
  ]);
  assert.deepEqual(userFrames(`Error: x\n    at f (${own}:1:2)`, true), []);
  assert.deepEqual(userFrames(undefined, false), []);
});
