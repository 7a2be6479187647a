// The thread that reads a recording: what it answers, what it says of files that are none, and how it is let go of.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";
import type { MessagesFrame } from "airssys-rt/inspect";
import { lineText, type MessageRow } from "airssys-rt/recording";
import { RecordingReader } from "../../extension/src/recordings/recording-reader.ts";

const THREAD = path.resolve(import.meta.dirname, "../../extension/src/recordings/recording-thread.ts");

let folder = "";
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-reader-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

const HEAD = `${JSON.stringify({ format: 1, program: "main.ts", startedAt: 1_000, payloads: "values" })}\n`;
const NAMES =
  lineText({ a: [0, "k#0", "shop/orders", "Orders"] }) +
  lineText({ a: [1, "k#1", "shop/packer", "Packer"] }) +
  lineText({ t: [0, "order"] });

function rowsText(count: number): string {
  let text = "";
  for (let from = 0; from < count; from += 1_000)
    text += lineText({
      m: Array.from({ length: Math.min(1_000, count - from) }, (_, at): MessageRow => {
        const seq = from + at + 1;
        return [seq, seq - 1 || -1, seq === 1 ? -1 : 0, seq % 2, 0, seq, 3, 4, 0];
      }),
    });
  return text;
}

function reading(content: string | Buffer | undefined, rows = 1_000_000): RecordingReader {
  const file = path.join(folder, "run.airssys");
  if (content === undefined) fs.rmSync(file, { force: true });
  else fs.writeFileSync(file, content);
  return new RecordingReader(THREAD, { file, locale: "en", sentences: {}, rows });
}

test("a recording is told in frames, and asked for values, jumps and its text", async (t) => {
  const value = Array.from({ length: 9_000 }, (_, at) => lineText({ p: [at + 2, { type: "order", id: at + 7 }] })).join(
    "",
  );
  const reader = reading(
    zlib.gzipSync(HEAD + NAMES + rowsText(9_500) + value + lineText({ end: { messages: 9_500 } })),
  );
  t.after(() => reader.close());
  const summary = await reader.ask("open", {});
  assert.deepEqual([summary.messages, summary.rows, summary.leftOut, summary.notes], [9_500, 9_500, 0, []]);
  assert.deepEqual(summary.definitions, [
    ["k#0", "Orders"],
    ["k#1", "Packer"],
  ]);
  for (const _again of [1, 2]) {
    await reader.ask("rewind", {});
    let rows = 0;
    for (let text = await reader.ask("frame", {}); text !== undefined; text = await reader.ask("frame", {}))
      rows += (JSON.parse(text) as MessagesFrame).rows.length;
    assert.equal(rows, 9_500);
  }
  assert.equal(await reader.ask("value", { seq: 2 }), '{"type":"order","id":7}');
  assert.equal(await reader.ask("value", { seq: 9_400 }), undefined);
  const stops = [{ id: "1", condition: "message.id === 7 && typeof process === 'undefined'" }];
  const { at } = await reader.ask("jump", { jump: "stop", seq: -1, stops });
  assert.deepEqual(at, [{ seq: 2, isReply: false, type: "order", to: "shop/orders" }]);
  const endless = await reader.ask("jump", {
    jump: "stop",
    seq: -1,
    stops: [{ id: "1", condition: "(() => { for (;;); })()" }],
  });
  assert.equal(endless.unjudged, 9_500, "a condition that never ends, or a message without a value, is not judged");
  assert.match(await reader.ask("text", { name: "run.airssys" }), /^run\.airssys: main\.ts/);
  assert.match((await reader.ask("mermaid", {})).text, /^sequenceDiagram\n/);
});

const REFUSED: readonly (readonly [content: string | Buffer | undefined, said: RegExp])[] = [
  [undefined, /^There is no such file any more\.$/],
  ["", /^This file is empty: no recording has begun in it\.$/],
  [zlib.gzipSync(""), /^This file is empty/],
  ["hello", /^This file is no recording of Airssys\.$/],
  ['{"no":"recording"}\n', /^This file is no recording of Airssys\.$/],
  [HEAD.slice(0, -3), /^This file is cut off before the first line of a recording ends\.$/],
  [zlib.gzipSync(HEAD).subarray(0, 20), /^This file is (empty|cut off)/],
];

test("of a file that is no recording it is said why, in one sentence", async () => {
  for (const [content, said] of REFUSED) {
    const reader = reading(content);
    await assert.rejects(reader.ask("open", {}), ({ message }: Error) => said.test(message), String(content));
    reader.close();
  }
});

test("a file that is cut off, damaged or newer is opened as far as it goes", async () => {
  const whole = zlib.gzipSync(HEAD + NAMES + rowsText(9_000));
  const notes = async (content: string | Buffer): Promise<readonly string[]> => {
    const reader = reading(content);
    const summary = await reader.ask("open", {});
    reader.close();
    return summary.notes.map(({ kind }) => kind);
  };
  assert.deepEqual(await notes(whole.subarray(0, whole.length - 500)), ["truncated"]);
  const damaged = Buffer.concat([whole, Buffer.from("what is no gzip")]);
  assert.deepEqual(await notes(damaged), ["damaged"]);
  const newer = HEAD.replace('"format":1', '"format":9');
  assert.deepEqual(await notes(newer + NAMES + rowsText(2) + lineText({ end: { messages: 2 } })), ["newer"]);
});

test("who closes a recording while it is read hears that it is closed, and nothing after that", async () => {
  const reader = reading(zlib.gzipSync(HEAD + NAMES + rowsText(200_000)));
  const opening = reader.ask("open", {});
  reader.close();
  await assert.rejects(opening, /^Error: The recording is closed\.$/);
  await assert.rejects(reader.ask("value", { seq: 1 }), /^Error: The recording is closed\.$/);
});
