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
import type { ReplayOutcome } from "airssys-rt/replay";
import { type Judge, jump, nextOfActor, nextStop, sentBy } from "../../extension/src/recordings/recorded-jumps.ts";
import { recordedText } from "../../extension/src/recordings/recorded-text.ts";
import { fileDescription, fileNameFor, inOrder } from "../../extension/src/recordings/recording-file.ts";
import type { Jump } from "../../extension/src/recordings/recording-protocol.ts";
import { replayWords } from "../../extension/src/recordings/replay-words.ts";

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
  const text = recordedText(await recordingOf(), "run.airssys");
  const lines = text.split("\n");
  assert.match(lines[0] ?? "", /^run\.airssys: main\.ts/);
  assert.match(lines[1] ?? "", /^5 messages$/);
  assert.match(lines[3] ?? "", /^00:00:00\.001 {2}#1 +outside → shop\/orders +checkout +5 µs \+ 2 ms$/);
  assert.match(
    lines[4] ?? "",
    /shop\/orders → shop\/pay\/packer +pa ck +crashed +1 µs \+ 1 µs +← #1 +RangeError: no ribbon {2}\{"type":"pack","orderId":1\}$/,
  );
});

test("of a long recording the last messages are shown, and it says so", async () => {
  const rows = Array.from({ length: 100_003 }, (_, at): MessageRow => [at, -1, -1, 0, 0, at, 0, 0, 0]);
  const text = recordedText(await recordingOf(rows, []), "run.airssys");
  assert.match(text.split("\n")[1] ?? "", /^100,003 messages · the first 3 are not shown$/);
  assert.equal(text.split("\n").length, 100_004);
});

test("one goes to what a turn has sent, and to the actor's next message", async () => {
  const recording = await recordingOf();
  assert.deepEqual(sentBy(recording, 0), [1, 2]);
  assert.deepEqual(sentBy(recording, 1), []);
  assert.deepEqual([nextOfActor(recording, 0), nextOfActor(recording, 2), nextOfActor(recording, 4)], [3, 4, -1]);
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

test("the debugger's steps are jumps: to receivers, to the next message, to the answer", async () => {
  const asked: readonly MessageRow[] = [
    [1, -1, -1, 0, 0, 1, 5, 1_500, 0],
    [2, 1, 0, 1, 1, 2, 1, 1, 0, 2, 40],
    [3, 1, 0, 1, 1, 3, 1, 1, 0],
  ];
  const recording = await recordingOf(asked);
  const to = (how: Jump, seq: number): string =>
    jump(recording, how, seq, [], judge)
      .at.map(({ seq: at, isReply }) => `${at}${isReply ? " answered" : ""}`)
      .join();
  assert.deepEqual([to("receiver", 1), to("receiver", 3), to("receiver", 99)], ["2,3", "", ""]);
  assert.deepEqual([to("next", 2), to("next", 3), to("next", 99)], ["3", "", ""]);
  assert.deepEqual([to("reply", 2), to("reply", 3), to("reply", 99)], ["2 answered", "", ""]);
  const stops = [{ id: "1", path: "shop/*/packer" }];
  assert.deepEqual(
    jump(recording, "stop", -1, stops, judge).at.map(({ seq, to: path }) => [seq, path]),
    [[2, "shop/pay/packer"]],
    "before the first message too",
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

const REPORT = { messages: 3, recorded: 3, differences: [], stopped: undefined, losses: [] } as const;
const DIFFERENT = {
  seq: 1_017,
  recorded: "pack to shop/packer: 1",
  replayed: "pack to shop/packer: 2",
  at: "/shop/a.ts:3:4",
};

test("what came of a replay is told in one sentence, with the message and the line of what differs", () => {
  const words = (outcome: ReplayOutcome | undefined) => replayWords("shop/orders", outcome);
  assert.deepEqual(words({ report: REPORT }), {
    text: "shop/orders: all 3 messages led to what was recorded.",
    isSame: true,
  });
  assert.deepEqual(words({ report: { ...REPORT, differences: [DIFFERENT, DIFFERENT] } }), {
    text: "shop/orders does something else at message #1,017: recorded pack to shop/packer: 1, now pack to shop/packer: 2. 1 more difference is in the Debug Console.",
    ...{ isSame: false, seq: 1_017, at: "/shop/a.ts:3:4" },
  });
  const told = (change: Partial<typeof DIFFERENT>) =>
    words({ report: { ...REPORT, differences: [{ ...DIFFERENT, ...change }] } }).text;
  assert.match(
    told({ recorded: undefined } as never),
    /does at message #1,017 what it had not: pack to shop\/packer: 2\.$/,
  );
  assert.match(
    told({ replayed: undefined } as never),
    /does not at message #1,017 what it had: pack to shop\/packer: 1\.$/,
  );
  const stopped = words({
    report: { ...REPORT, messages: 2, stopped: { seq: 4, reason: "the actor has ended before it" } },
  });
  assert.deepEqual(
    [stopped.text, stopped.seq],
    ["shop/orders: the replay ended at message #4: the actor has ended before it.", 4],
  );
  assert.match(words(undefined).text, /was not replayed: its program did not run/);
  for (const reason of ["noActor", "otherSystem", "notStarted", "failed"] as const) {
    const { text, isSame } = words({ refused: "why", reason });
    assert.ok(!isSame && text.length > 20, text);
  }
});
