// Which messages of a recording are shown, and how they look as a diagram.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  lineText,
  MERMAID_LIMIT,
  type MessageRow,
  mermaidOf,
  messageFilter,
  type Recording,
  type RecordingLine,
  readRecording,
} from "airssys-rt/recording";

const OUTSIDE = -1;
const NAMES: readonly RecordingLine[] = [
  { a: [0, "k0", "shop/orders", "Orders"] },
  { a: [1, "k1", "shop/packer", "Packer"] },
  { a: [2, "k2", "shop/pay/packer", "Packer"] },
  { t: [0, "checkout"] },
  { t: [1, "pack"] },
];

function recordingOf(rows: readonly MessageRow[], names = NAMES): Promise<Recording> {
  const lines = [...names, { m: rows }, { end: { messages: rows.length } }];
  return readRecording([Buffer.from(['{"format":1}\n', ...lines.map(lineText)].join(""))]);
}

const ROWS: readonly MessageRow[] = [
  [1, -1, OUTSIDE, 0, 0, 1, 1, 1, 0],
  [2, 1, 0, 1, 1, 2, 1, 1, 1],
  [3, 1, 0, 2, 1, 3, 1, 1, 2],
  [4, -1, OUTSIDE, 0, 0, 4, 1, 1, 0],
  [5, 3, 2, 0, 0, 5, 1, 1, 0],
];

const FILTERS: readonly (readonly [words: string, shown: readonly number[]])[] = [
  ["", [1, 2, 3, 4, 5]],
  ["type:pack", [2, 3]],
  ["TYPE:Pack", [2, 3]],
  ["from:orders", [2, 3]],
  ["from:outside", [1, 4]],
  ["to:pay/packer", [3]],
  ["is:crashed", [2]],
  ["pack", [2, 3, 5]],
  ["chain:3", [1, 3, 5]],
  ["chain:1", [1, 2, 3, 5]],
  ["chain:77", []],
  ["type:pack  to:shop/packer ", [2]],
];

test("a filter shows the messages for which all its words hold", async () => {
  const recording = await recordingOf(ROWS);
  for (const [words, shown] of FILTERS) {
    const holds = messageFilter(recording, words);
    assert.ok(typeof holds === "function", words);
    assert.deepEqual(
      [...recording].filter(holds).map(({ seq }) => seq),
      shown,
      words,
    );
  }
});

test("a filter that makes no sense says why", async () => {
  const recording = await recordingOf(ROWS);
  assert.match(String(messageFilter(recording, "is:gone")), /must be one of handled, crashed/);
  assert.match(String(messageFilter(recording, "chain:x")), /must be the number of a message, not "x"/);
});

test("a chain that goes round in a circle ends", async () => {
  const recording = await recordingOf([
    [1, 2, 0, 0, 0, 1, 1, 1, 0],
    [2, 1, 0, 0, 0, 2, 1, 1, 0],
  ]);
  const holds = messageFilter(recording, "chain:1");
  assert.ok(typeof holds === "function" && [...recording].every(holds));
});

test("messages become a sequence diagram whose names are told apart", async () => {
  const { text, leftOut } = mermaidOf([...(await recordingOf(ROWS.slice(0, 3)))]);
  assert.equal(leftOut, 0);
  assert.deepEqual(text.trim().split(/\n\s*/), [
    "sequenceDiagram",
    "participant p1 as outside",
    "participant p2 as orders",
    "participant p3 as shop/packer",
    "participant p4 as shop/pay/packer",
    "p1->>p2: checkout",
    "p2-xp3: pack (crashed)",
    "p2-)p4: pack (refused)",
  ]);
});

test("what an actor is called means nothing to the diagram, and a long one says what is left out", async () => {
  const names: readonly RecordingLine[] = [
    { a: [0, "k", "shop/end\nloop: <b>;%%{init}", "D"] },
    { t: [0, "a: b\nnote over x"] },
  ];
  const rows = Array.from({ length: MERMAID_LIMIT + 5 }, (_, at): MessageRow => [at, -1, 0, 0, 0, at, 0, 0, 0]);
  const { text, leftOut } = mermaidOf([...(await recordingOf(rows, names))]);
  assert.equal(leftOut, 5);
  const [, participant, message] = text.split("\n");
  assert.match(participant ?? "", /^ {2}participant p1 as end loop#58; #60;b#62;#59;#37;#37;#123;init#125;$/);
  assert.match(message ?? "", /^ {2}p1->>p1: a#58; b note over x$/);
  assert.equal(text.trim().split("\n").length, 2 + MERMAID_LIMIT);
});
