// A recording in the view Messages: its rows in the order of time, its values for people, and the line that says what it is.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lineText, type MessageRow, type Recording, type RecordingLine, readRecording } from "airssys-rt/recording";
import { KIND, type MessageStore } from "../../extension/src/messages/store.ts";
import { ViewModel } from "../../extension/src/messages/view-model.ts";
import { gapText, outcomeText, typeName } from "../../extension/src/messages/words.ts";
import { RecordedFrames } from "../../extension/src/recordings/recorded-frames.ts";
import { recordedPayload } from "../../extension/src/recordings/recorded-payload.ts";
import type { RecordingSummary } from "../../extension/src/recordings/recording-protocol.ts";
import { summaryLine } from "../../extension/src/recordings/recording-words.ts";

const STARTED = Date.UTC(2026, 0, 1);
const NAMES: readonly RecordingLine[] = [
  { a: [0, "shop#1", "shop/orders", "Orders"] },
  { a: [1, "shop#2", "shop/packer", "Packer"] },
  { t: [0, "order"] },
  { t: [1, "pack"] },
];

function recordingOf(lines: readonly RecordingLine[]): Promise<Recording> {
  const head = { format: 1, program: "/shop/main.ts", startedAt: STARTED, payloads: "values" };
  return readRecording([
    Buffer.from([`${JSON.stringify(head)}\n`, ...[...NAMES, ...lines].map((line) => lineText(line))].join("")),
  ]);
}

function blocks(rows: readonly MessageRow[]): RecordingLine[] {
  return Array.from({ length: Math.ceil(rows.length / 1_000) }, (_, at) => ({
    m: rows.slice(at * 1_000, (at + 1) * 1_000),
  }));
}

/** Takes all frames, as the page does. */
function shown(recording: Recording, most = 1_000_000): { store: MessageStore; frames: RecordedFrames; count: number } {
  const frames = new RecordedFrames(recording, most);
  const model = new ViewModel(Math.max(1, frames.rows), "unrecorded");
  let count = 0;
  for (let frame = frames.next(); frame !== undefined; frame = frames.next()) {
    model.take("run", JSON.parse(JSON.stringify(frame)));
    assert.ok(++count < 10_000, "there is an end");
  }
  return { store: model.store, frames, count };
}

function told(store: MessageStore): string[] {
  const kinds = Object.keys(KIND);
  return Array.from({ length: store.size }, (_, at) => {
    const row = store.begin + at;
    const slot = store.slot(row);
    return `${kinds[store.kind[slot] ?? 0]} ${store.seq[slot]}`;
  });
}

describe("the rows of a recording", () => {
  test("are messages, answers, crashes, new lives and gaps, where they were", async () => {
    const rows: MessageRow[] = [
      [1, -1, -1, 0, 0, 1, 500, 5_000, 0],
      [2, 1, 0, 1, 1, 2, 1_000, 1_000, 0, 2, 7_000],
      [3, 1, 0, 1, 1, 3, 500, 500, 1],
    ];
    const restarted = {
      kind: "restarted",
      at: STARTED + 6,
      key: "shop#2",
      path: "shop/packer",
      incarnation: 2,
    } as const;
    const recording = await recordingOf([
      ...blocks(rows),
      { e: restarted },
      { n: [3, "RangeError: no ribbon"] },
      { p: [2, { type: "pack", orderId: 7 }] },
      { gap: 12 },
      { m: [[4, -1, -1, 0, 0, 20, 1, 1, 0]] },
    ]);
    const { store, frames } = shown(recording);
    assert.deepEqual(told(store), [
      ...["message 1", "message 2", "message 3", "crash 3", "life -1", "reply 2"],
      ...["gap -1", "message 4"],
    ]);
    assert.equal(frames.rows, store.size);
    assert.equal(gapText(store, 6), "12 messages are not in the recording");
    assert.equal(outcomeText(store, 3), "RangeError: no ribbon");
    assert.equal(store.payloads.get(1), '{"type":"pack","orderId":7}');
    assert.deepEqual([store.causeOf(1), store.causeOf(2), typeName(store, 2)], [0, 0, "pack"]);
    assert.deepEqual([store.find(2), store.find(2, KIND.reply), store.find(99)], [1, 5, -1]);
  });

  test("stay in the order of time where an answer or a crash comes many frames later", async () => {
    const last = 9_000;
    const rows = Array.from({ length: last }, (_, at): MessageRow => [at + 1, -1, -1, 0, 0, at, 0, 0, 0]);
    rows[0] = [1, -1, -1, 1, 1, 0, 0, 0, 0, 2, 8_500_500];
    rows[1] = [2, -1, -1, 1, 1, 1, 0, 5_000_500, 1];
    rows[2] = [3, -1, -1, 1, 1, 2, 0, 0, 0, 3, 99_000_000];
    const { store } = shown(await recordingOf(blocks(rows)));
    const times = Array.from({ length: store.size }, (_, row) => store.timeMs[row] ?? 0);
    assert.deepEqual(
      times,
      times.toSorted((one, other) => one - other),
    );
    assert.equal(store.size, last + 3);
    assert.equal(told(store).filter((each) => each === "reply 1").length, 1);
    assert.deepEqual([store.outcome[1], store.answer[0], store.answer[2]], [1, 2, 3]);
    assert.equal(told(store).at(-1), "reply 3");
  });

  test("of a long recording are the last ones, with the causes among them", async () => {
    const rows = Array.from({ length: 300_000 }, (_, at): MessageRow => [at, at - 1, 0, 0, 0, at, 0, 0, 0]);
    const { store, frames } = shown(await recordingOf(blocks(rows)), 250_000);
    assert.deepEqual([store.size, frames.leftOut, store.find(49_999), store.seq[0]], [250_000, 50_000, -1, 50_000]);
    assert.equal(store.causeOf(store.find(50_001)), store.find(50_000));
    assert.equal(store.causeOf(store.find(299_999)), store.find(299_998));
  });

  test("tell messages of a second system, and those that never had a number", async () => {
    const second = 2 ** 31 + 5;
    const { store } = shown(
      await recordingOf([
        { a: [2, "bank~2#1", "bank/tom", "Tom"] },
        {
          m: [
            [second, -1, -1, 2, 0, 1, 0, 0, 0],
            [second + 1, second, 2, 2, 0, 2, 0, 0, 0],
            [-7, -1, -1, 0, 0, 3, -1, -1, 3],
          ],
        },
      ]),
    );
    assert.deepEqual([store.find(second), store.causeOf(store.find(second + 1)), store.find(-7)], [0, 0, 2]);
  });

  test("of an empty recording are none", async () => {
    const { store, count } = shown(await recordingOf([]));
    assert.deepEqual([store.size, count], [0, 1]);
  });
});

test("recorded values are shown as those of a program that runs", () => {
  const value = {
    type: "pack",
    to: { $: "ref", actor: "shop/orders", incarnation: 2 },
    password: { $: "hidden" },
    big: { $: "bigint", is: "12" },
    at: { $: "date", is: "2026-01-01T00:00:00.000Z" },
    bytes: { $: "bytes", class: "Uint8Array", base64: "", length: 12 },
    set: { $: "set", items: [1, 2], more: 3 },
    map: { $: "map", entries: [["a", 1]] },
    order: { $: "object", class: "Order", fields: [["id", 1]], more: 2 },
    error: { $: "error", name: "RangeError", message: "no", fields: [] },
    text: { $: "text", starts: "abc", length: 10 },
    none: { $: "undefined" },
  } as const;
  assert.deepEqual(JSON.parse(recordedPayload(value)), {
    ...{ type: "pack", to: "(ActorRef(shop/orders))", password: "(hidden)", big: "(12n)" },
    ...{ at: "2026-01-01T00:00:00.000Z", bytes: "(Uint8Array of 12 bytes)", set: [1, 2, "(3 more)"], map: [["a", 1]] },
    ...{ order: { id: 1, "…": "(2 more)" }, error: "(RangeError: no)", text: "abc…", none: "(undefined)" },
  });
  let deep: unknown = 1;
  for (let level = 0; level < 1_000; level++) deep = [deep];
  assert.match(recordedPayload(deep as never), /"\(deeper\)"/);
  for (const odd of [{ $: "list" }, { $: "map", entries: 3 }, { $: "object", fields: null }, { $: "no such" }])
    assert.equal(recordedPayload(odd as never), JSON.stringify(odd));
});

test("a line says of what a recording is, when, how long, and what is missing", () => {
  const head = { format: 1, runtime: "0.1.0", program: "/shop/main.ts", node: "v24", startedAt: STARTED } as const;
  const more = { systems: [], redacted: [], payloads: "types" } as const;
  const summary: RecordingSummary = {
    head: { ...head, ...more },
    ...{ messages: 1_312, spanMs: 12_300, rows: 1_000, leftOut: 312, definitions: [] },
    notes: [{ kind: "truncated" }, { kind: "gap", messages: 4 }],
  };
  assert.equal(
    summaryLine(summary),
    `Recording of main.ts · ${new Date(STARTED).toLocaleString()} · 12.3 s · 1,312 messages · it ended without a last word, or is still ` +
      "written: a last quarter of a second may be missing · 4 messages were not recorded · the first 312 are not shown · types only",
  );
  const plain = { ...summary, head: { ...head, ...more, program: "", startedAt: 0, payloads: "values" as const } };
  assert.equal(summaryLine({ ...plain, notes: [], leftOut: 0, spanMs: 0, messages: 1 }), "Recording · 1 message");
});
