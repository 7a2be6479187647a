import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { isForeign } from "../../extension/src/programs/foreign.ts";
import { framesOf, linkedFrames, ownFrames } from "../../extension/src/tree/stack.ts";

const STACK = `RangeError: no issuer (file:///nowhere.ts:1:1)
    at issuerOf (file:///desk/src/my%20cards.ts:28:9)
    at new Cards (/desk/src/cards (old).ts:40:5)
    at async Promise.all (index 0)
    at async file:///desk/src/main.ts?v=2:7:1
    at C:\\desk\\a.ts:3:4
    at Cell.take (file:///desk/node_modules/airssys-rt/dist/cell.js:1:1)
    at eval (eval at f (/desk/b.js:1:1), <anonymous>:1:1)
    at process.run (node:internal/process:1:2)`;

test("the frames of a stack that lie in files are read, whatever their names", () => {
  assert.deepEqual(framesOf(STACK), [
    { name: "issuerOf", file: "/desk/src/my cards.ts", line: 28, column: 9 },
    { name: "new Cards", file: "/desk/src/cards (old).ts", line: 40, column: 5 },
    { name: undefined, file: "/desk/src/main.ts", line: 7, column: 1 },
    { name: undefined, file: "C:\\desk\\a.ts", line: 3, column: 4 },
    { name: "Cell.take", file: "/desk/node_modules/airssys-rt/dist/cell.js", line: 1, column: 1 },
  ]);
  assert.deepEqual(framesOf("no stack"), []);
});

test("the user's frames come first; without them all are shown", () => {
  const frames = framesOf(STACK);
  assert.equal(ownFrames(frames, isForeign).length, 4);
  assert.deepEqual(ownFrames(frames.slice(4), isForeign), frames.slice(4));
});

test("a link leads to the line, and no name of a file or a function leaves it", () => {
  const [first, second] = framesOf("x\n at f](command:x) (/a)[b](c <d.ts:3:4)\n at /e.ts:5:6");
  assert.ok(first && second);
  const text = linkedFrames([first, second], (file) => `file://${file}`);
  assert.equal(text.split("\n")[1], "- [e\\.ts:5](file:///e.ts#L5,6)");
  assert.doesNotMatch(text, /(?<!\\)\]\(command/);
  assert.equal([...text.matchAll(/(?<!\\)\]\(/g)].length, 2, text);
});

test("the runtime's files are foreign wherever it lies; an example below it is not", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "foreign-"));
  try {
    const add = (place: string, text: string): void => {
      mkdirSync(path.join(folder, place), { recursive: true });
      writeFileSync(path.join(folder, place, "package.json"), text);
    };
    add("rt", '{"name":"airssys-rt"}');
    add("rt/dist/esm", '{"type":"module"}');
    add("rt/examples/desk", '{"name":"order-desk"}');
    add("broken", "{");
    assert.equal(isForeign(path.join(folder, "rt/dist/esm/cell.js")), true);
    assert.equal(isForeign(path.join(folder, "rt/examples/desk/cards.ts")), false);
    assert.equal(isForeign(path.join(folder, "broken/a.ts")), false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
