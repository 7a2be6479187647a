import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownHosts, type Memory } from "../../extension/src/watch/known-hosts.ts";

/** Windows over one memory, and a user who answers when the test says so. */
function windows() {
  const kept = new Map<string, unknown>();
  const memory: Memory = {
    get: (key) => kept.get(key),
    update: (key, value) => Promise.resolve(void kept.set(key, structuredClone(value))),
  };
  const asked: string[] = [];
  const answers: ((isYes: boolean) => void)[] = [];
  const open = (name: string) =>
    new KnownHosts(memory, (host) => {
      asked.push(`${name}: ${host}`);
      return new Promise((resolve) => answers.push(resolve));
    });
  return { kept, asked, answer: (isYes: boolean) => answers.shift()?.(isYes), open };
}

test("a host that the user agreed to is asked for in no other window, and not after a restart", async () => {
  const { asked, answer, open } = windows();
  const first = open("first");
  const agreed = first.mayReach("build.example");
  answer(true);

  assert.equal(await agreed, true);
  assert.equal(await open("second").mayReach("BUILD.example"), true);
  assert.equal(await first.mayReach("build.example"), true);
  assert.deepEqual(asked, ["first: build.example"]);
});

test("each host is asked for by itself, and one that was refused again", async () => {
  const { asked, answer, open } = windows();
  const hosts = open("one");
  for (const [host, isYes] of [
    ["a", false],
    ["a", false],
    ["b", true],
    ["a", true],
  ] as const) {
    const agreed = hosts.mayReach(host);
    answer(isYes);
    assert.equal(await agreed, isYes);
  }

  assert.deepEqual(asked, ["one: a", "one: a", "one: b", "one: a"]);
});

test("while the question stands it is not put again, and its answer is that of both", async () => {
  const { asked, answer, open } = windows();
  const hosts = open("one");
  const both = [hosts.mayReach("a"), hosts.mayReach("A")];
  answer(true);

  assert.deepEqual(await Promise.all(both), [true, true]);
  assert.deepEqual(asked, ["one: a"]);
});

test("two windows that ask at once forget nothing of each other", async () => {
  const { asked, answer, open } = windows();
  const [one, other] = [open("one"), open("other")];
  const both = [one.mayReach("a"), other.mayReach("b")];
  answer(true);
  answer(true);
  await Promise.all(both);

  assert.equal(await open("third").mayReach("a"), true);
  assert.equal(await open("third").mayReach("b"), true);
  assert.equal(asked.length, 2);
});

for (const written of ["a", 7, null, { length: 1 }, [7, null, ["a"]]])
  test(`what is no list of names is no consent: ${JSON.stringify(written)}`, async () => {
    const { kept, answer, open } = windows();
    kept.set("airssys.watchedHosts", written);
    const agreed = open("one").mayReach("a");
    answer(false);

    assert.equal(await agreed, false);
  });
