import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { duration, escapeMarkdown, plain } from "../../extension/src/text.ts";
import { tooltip } from "../../extension/src/tree/words.ts";
import { actor, seen } from "./rows.ts";

const calm = { warned: 0, down: 0 };

suite("words", () => {
  test("nothing a program says is formatting in a tooltip", () => {
    const evil = "[click](command:x) <img src=x> **b** `c` $(flame) | a_b";
    assert.equal(
      escapeMarkdown(evil)
        .replace(/\\./g, "")
        .match(/[[\]()<>*`$|_]/),
      null,
    );
    const text = tooltip(seen(actor("shop/[x](command:evil)", 0, { definition: evil, name: evil })), calm, 0);
    assert.doesNotMatch(text, /\]\(command/);
    assert.doesNotMatch(text, /(?<!\\)</);
  });

  test("a tooltip begins with what the actor is, and has no word of the scheduler's", () => {
    const text = tooltip(seen(actor("shop/cards", 0, { state: "idle", incarnation: 10 })), calm, 0);
    assert.match(text, /^\*\*shop\\\/cards\*\* actor · permanent · incarnation 10\n/);
    assert.doesNotMatch(text, /idle|State/);
    assert.match(tooltip(seen(actor("shop/cards", 0, { state: "suspended" })), calm, 0), /^- State: suspended$/m);
  });

  test("a stack cannot leave its code block", () => {
    const stack = "Error: x\n```\n[click](command:x)\n````\n at y";
    const text = tooltip(
      seen(actor("shop/a", 0, { lastCrash: { at: 0, incarnation: 1, where: "receive", text: "x", stack } })),
      calm,
      1_000,
    );
    assert.match(text, /`````text\n[\s\S]*\n`````$/);
  });

  test("a notification gets no link", () => {
    assert.equal(plain("see [this](command:evil)\nnow"), "see [this] (command:evil) now");
    assert.equal(plain("x".repeat(1_000)).length, 300);
  });

  test("durations are short", () => {
    assert.deepEqual([0, 999.6, 1_500, 5_000, 119_999, 180_000].map(duration), [
      "0 ms",
      "1000 ms",
      "1.5 s",
      "5 s",
      "120 s",
      "3 min",
    ]);
  });
});
