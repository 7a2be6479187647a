// Recordings in the editor: as rows, as text, and how one goes from message to message in them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageStop } from "airssys-rt/inspect";
import {
  BLOCK_ROWS,
  lineText,
  type MessageRow,
  type Recording,
  type RecordingLine,
  readRecording,
} from "airssys-rt/recording";
import { causeOf, type Judge, nextOfActor, nextStop, sentBy } from "../../extension/src/recordings/recorded-jumps.ts";
import { recordedText } from "../../extension/src/recordings/recorded-text.ts";
import { fileDescription, fileNameFor, inOrder } from "../../extension/src/recordings/recording-file.ts";

const NAMES: readonly RecordingLine[] = [
  { a: [0, "k0", "shop/orders", "Orders"] },
  { a: [1, "k1", "shop/pay/packer", "Packer"] },
  { t: [0, "checkout"] },
  { t: [1, "pa\nck"] },
];
const ROWS: readonly MessageRow[] = [
  [1, -1, -1, 0, 0, 1, 5, 1_500, 0],
  [2, 1, 0, 1, 1, 2, 1, 1, 1],
  [3, 1, 0, 1, 1, 3, -1, -1, 2],
  [4, -1, -1, 0, 0, 4, 1, 1, 0],
  [5, 4, 0, 1, 1, 5, 1, 1, 0],
];
const VALUES: readonly RecordingLine[] = [
  { p: [2, { type: "pack", orderId: 1 }] },
  { p: [5, { type: "pack", orderId: 2 }] },
  { n: [2, "RangeError: no ribbon"] },
];

function recordingOf(rows = ROWS, more: readonly RecordingLine[] = VALUES): Promise<Recording> {
  const blocks = Array.from({ length: Math.ceil(rows.length / BLOCK_ROWS) }, (_, at) => ({
    m: rows.slice(at * BLOCK_ROWS, (at + 1) * BLOCK_ROWS),
  }));
  const lines = [...NAMES, ...blocks, ...more, { end: { messages: rows.length } }];
  const head = { format: 1, program: "main.ts", startedAt: Date.UTC(2026, 0, 1), payloads: "values" };
  return readRecording([Buffer.from([`${JSON.stringify(head)}\n`, ...lines.map((line) => lineText(line))].join(""))]);
}

test("a recording is a text with a line for each message, which says whose it is", async () => {
  const { text, messageAt, lineOf } = recordedText(await recordingOf(), "run.airssys");
  const lines = text.split("\n");
  assert.match(lines[0] ?? "", /^run\.airssys: main\.ts/);
  assert.match(lines[1] ?? "", /^5 messages$/);
  assert.match(lines[3] ?? "", /^00:00:00\.001 {2}#1 +outside → shop\/orders +checkout +5 µs \+ 2 ms$/);
  assert.match(
    lines[4] ?? "",
    /shop\/orders → shop\/pay\/packer +pa ck +crashed +1 µs \+ 1 µs +← #1 +RangeError: no ribbon {2}\{"type":"pack","orderId":1\}$/,
  );
  assert.deepEqual([0, 2, 3, 7, 8].map(messageAt), [undefined, undefined, 0, 4, undefined]);
  assert.deepEqual([0, 4, 5].map(lineOf), [3, 7, undefined]);
});

test("of a long recording the last messages are shown, and it says so", async () => {
  const rows = Array.from({ length: 100_003 }, (_, at): MessageRow => [at, -1, -1, 0, 0, at, 0, 0, 0]);
  const { text, messageAt, lineOf } = recordedText(await recordingOf(rows, []), "run.airssys");
  assert.match(text.split("\n")[1] ?? "", /^100,003 messages · the first 3 are not shown$/);
  assert.deepEqual([messageAt(3), lineOf(2), lineOf(3)], [3, undefined, 3]);
});

test("one goes to what a turn has sent, to the actor's next message, and to the cause", async () => {
  const recording = await recordingOf();
  assert.deepEqual(sentBy(recording, 0), [1, 2]);
  assert.deepEqual(sentBy(recording, 1), []);
  assert.deepEqual([nextOfActor(recording, 0), nextOfActor(recording, 2), nextOfActor(recording, 4)], [3, 4, -1]);
  assert.deepEqual([causeOf(recording, 2), causeOf(recording, 0)], [0, -1]);
});

const judge: Judge = (condition, { message }) => {
  if (condition === "throws") throw new Error("no such name");
  return (message as { readonly orderId: number }).orderId === Number(condition);
};

const STOPS: readonly (readonly [stop: Partial<MessageStop>, from: number, index: number, unjudged: number])[] = [
  [{ messageType: "checkout" }, 0, 3, 0],
  [{ messageType: "pa\nck" }, 0, 1, 0],
  [{ messageType: "pa\nck" }, 1, 4, 0],
  [{ path: "shop/*/packer" }, 1, 4, 0],
  [{ path: "shop/*" }, 0, 3, 0],
  [{ definition: "Packer" }, 4, -1, 0],
  [{ sender: "shop/orders" }, 1, 4, 0],
  [{ messageType: "pa\nck", condition: "2" }, 0, 4, 0],
  [{ messageType: "checkout", condition: "2" }, 0, -1, 1],
  [{ messageType: "pa\nck", condition: "throws" }, 0, -1, 2],
  [{ messageType: "checkout", log: "said" }, 0, -1, 0],
];

test("one goes on to the next message at which a breakpoint would have stopped", async () => {
  const recording = await recordingOf();
  for (const [stop, from, index, unjudged] of STOPS)
    assert.deepEqual(
      nextStop(recording, from, [{ id: "1", ...stop }], judge),
      { index, unjudged },
      JSON.stringify(stop),
    );
});

test("recordings are listed the newest first, with age and size", () => {
  const file = (name: string, bytes: number, writtenAt: number) => ({ path: `/w/${name}`, name, bytes, writtenAt });
  const files = [file("b", 500, 1_000), file("c", 12_345, 900_000), file("a", 12_345_678, 1_000)];
  assert.deepEqual(
    inOrder(files).map(({ name }) => name),
    ["c", "a", "b"],
  );
  const nowMs = 1_000_000;
  assert.deepEqual(
    files.map((each) => fileDescription(each, nowMs)),
    ["17 min ago · 500 bytes", "100 s ago · 12 kB", "17 min ago · 12.3 MB"],
  );
  assert.equal(fileDescription(file("d", 1, nowMs), nowMs), "now · 1 bytes");
  assert.match(fileDescription(file("d", 1, 0), 30 * 3_600_000), /^30 h ago/);
  assert.match(fileDescription(file("d", 1, 0), 100 * 3_600_000), /^4 days ago/);
  const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
  assert.equal(fileNameFor("/shop/src/my main.ts", at), "my_main-2026-01-02-03-04-05.airssys");
  assert.equal(fileNameFor("", at), "program-2026-01-02-03-04-05.airssys");
});
