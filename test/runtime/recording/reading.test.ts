// Files of recordings: what is written is read, and of a file that is not whole what there is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  lineText,
  type MessageRow,
  NotARecordingError,
  OUTCOMES,
  parseHead,
  parseLine,
  RECORDING_FORMAT,
  type RecordedMessage,
  type Recording,
  type RecordingHead,
  type RecordingLine,
  readRecording,
} from "airssys-rt/recording";
import fc from "fast-check";

const HEAD: RecordingHead = {
  format: RECORDING_FORMAT,
  runtime: "0.1.0",
  program: "/shop/main.ts",
  node: "v24.0.0",
  startedAt: 1_700_000_000_000,
  systems: ["shop"],
  redacted: ["password"],
  payloads: "values",
};

const LINES: readonly RecordingLine[] = [
  { a: [0, "shop#1", "shop/orders", "Orders"] },
  { a: [1, "shop#2", "shop/packer", "Packer"] },
  { t: [0, "checkout"] },
  { t: [1, "pack"] },
  {
    m: [
      [2, 1, 0, 1, 1, 12, 30, 40, 1],
      [1, -1, -1, 0, 0, 10, 50, 3_000_000_000, 0],
    ],
  },
  { p: [1, { type: "checkout", orderId: 2 }] },
  { r: [1, { $: "undefined" }] },
  { c: [1, [5, 6], [0.25]] },
  {
    w: [
      1,
      [
        ["packer", "shop/packer"],
        ["cards", null],
      ],
    ],
  },
  { e: { kind: "deadLetter", at: 5, reason: "stopped" } as never },
  { s: "v1:abc" },
  { gap: 7 },
  { a: [1, "shop#9", "shop/packer2", "Packer"] },
  { m: [[9, 2, 0, 1, 1, 20, 0, 1, 2]] },
  { end: { messages: 3 } },
];

/** Every line a member of its own, as a program writes blocks. */
function fileOf(lines: readonly (RecordingLine | object)[], head: object = HEAD): Buffer {
  return Buffer.concat([head, ...lines].map((line) => gzipSync(lineText(line as RecordingLine))));
}

function read(file: Uint8Array): Promise<Recording> {
  return readRecording([file]);
}

const SENT: readonly Partial<RecordedMessage>[] = [
  { seq: 1, cause: -1, from: undefined, type: "checkout", waitUs: 50, runUs: 3_000_000_000, outcome: "handled" },
  { seq: 2, cause: 1, type: "pack", sentAt: HEAD.startedAt + 12, outcome: "crashed" },
  { seq: 9, cause: 2, type: "pack", outcome: "refused" },
];

test("a recording is read as it was written, messages in the order in which they were sent", async () => {
  for (const file of [fileOf(LINES), Buffer.from([HEAD, ...LINES].map(lineText).join(""))]) {
    const recording = await read(file);
    assert.deepEqual(recording.head, HEAD);
    assert.deepEqual(recording.notes, [{ kind: "gap", messages: 7 }]);
    const messages = [...recording];
    assert.partialDeepStrictEqual(messages, SENT);
    assert.deepEqual(
      messages.map(({ from, to }) => [from?.path, to.path]),
      [
        [undefined, "shop/orders"],
        ["shop/orders", "shop/packer"],
        ["shop/orders", "shop/packer2"],
      ],
    );
    assert.deepEqual(recording.valueOf(1), { type: "checkout", orderId: 2 });
    assert.deepEqual(recording.replyTo(1), { $: "undefined" });
    assert.equal(recording.valueOf(2), undefined);
    const { clock, random, found } = recording.readingsOf(1);
    assert.deepEqual([clock, random], [[5, 6], [0.25]]);
    assert.deepEqual(found, [
      ["packer", "shop/packer"],
      ["cards", null],
    ]);
    assert.equal(recording.schedule, "v1:abc");
    assert.deepEqual(recording.gaps, [{ after: 2, messages: 7 }]);
    assert.equal(recording.events[0]?.after, 2);
    assert.equal(recording.indexOf(9), 2);
    assert.equal(recording.indexOf(3), -1);
  }
});

const row = fc.tuple(
  fc.nat(2 ** 31),
  fc.integer({ min: -1, max: 2 ** 31 }),
  fc.integer({ min: -1, max: 5 }),
  fc.nat(5),
  fc.nat(5),
  fc.integer({ min: -1_000, max: 2 ** 40 }),
  fc.nat(2 ** 40),
  fc.nat(2 ** 40),
  fc.nat(OUTCOMES.indexOf("dropped")),
) as fc.Arbitrary<MessageRow>;
const number = fc.nat(2 ** 31);
const line: fc.Arbitrary<RecordingLine> = fc.oneof(
  fc.tuple(number, fc.string(), fc.string(), fc.string()).map((a) => ({ a })),
  fc.tuple(number, fc.string({ unit: "binary" })).map((t) => ({ t })),
  fc.array(row).map((m) => ({ m })),
  fc.tuple(number, fc.jsonValue()).map((p) => ({ p }) as RecordingLine),
  fc.tuple(number, fc.jsonValue()).map((r) => ({ r }) as RecordingLine),
  fc.tuple(number, fc.array(number), fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }))).map((c) => ({ c })),
  fc.tuple(number, fc.array(fc.tuple(fc.string(), fc.option(fc.string())))).map((w) => ({ w })),
  fc.string().map((s) => ({ s })),
  number.map((gap) => ({ gap })),
  number.map((messages) => ({ end: { messages } })),
);

test("every line comes back as it was written", () => {
  fc.assert(
    fc.property(line, (given) => {
      const text = lineText(given);
      assert.equal(text.indexOf("\n"), text.length - 1);
      assert.deepEqual(parseLine(text), JSON.parse(JSON.stringify(given)));
    }),
    { numRuns: 5_000 },
  );
  assert.deepEqual(parseHead(lineText(HEAD)), HEAD);
});

test("rows of any number come back, however the file is parted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 50 }), fc.integer({ min: 1, max: 40 }), async (rows, size) => {
      const names: RecordingLine[] = [0, 1, 2, 3, 4, 5].flatMap((no) => [
        { a: [no, `k${no}`, `p${no}`, "D"] },
        { t: [no, `t${no}`] },
      ]);
      const file = fileOf([...names, { m: rows }, { end: { messages: rows.length } }]);
      const parts = Array.from({ length: Math.ceil(file.length / size) }, (_, at) =>
        file.subarray(at * size, (at + 1) * size),
      );
      const recording = await readRecording(parts);
      const expected = rows
        .map((each, index) => ({ each, index }))
        .sort((one, other) => one.each[5] - other.each[5] || one.each[0] - other.each[0] || one.index - other.index)
        .map(({ each }) => each);
      assert.deepEqual(
        [...recording].map(({ seq, cause, from, to, type, sentAt, waitUs, runUs, outcome }) => [
          seq,
          cause,
          from === undefined ? -1 : Number(from.path.slice(1)),
          Number(to.path.slice(1)),
          Number(type.slice(1)),
          sentAt - HEAD.startedAt,
          waitUs,
          runUs,
          OUTCOMES.indexOf(outcome),
        ]),
        expected,
      );
      assert.deepEqual(recording.notes, []);
    }),
    { numRuns: 100 },
  );
});

test("a file that ends at any byte is read as far as it goes, and says so", async () => {
  const file = fileOf(LINES);
  const headLength = fileOf([]).length;
  let most = 0;
  for (let length = 0; length < file.length; length++) {
    const reading = read(file.subarray(0, length));
    const recording = await reading.catch((error: unknown) => {
      assert.ok(error instanceof NotARecordingError && length < headLength, `${length}: ${error}`);
      return undefined;
    });
    if (recording === undefined) continue;
    assert.ok(recording.length >= most, "a longer file has no fewer messages");
    most = recording.length;
    assert.partialDeepStrictEqual([...recording], SENT.slice(0, recording.length));
    const notes = recording.notes.map(({ kind }) => kind);
    if (!notes.includes("truncated")) assert.ok(length > file.length - 12, `${length} of ${file.length}: ${notes}`);
  }
  assert.equal(most, 3);
});

test("a file with any byte wrong is read as far as it goes or refused, and what is read makes sense", async () => {
  const file = fileOf(LINES);
  for (let at = 0; at < file.length; at++) {
    const other = Buffer.from(file);
    other[at] = (other[at] as number) ^ 0x55;
    const recording = await read(other).catch((error: unknown) => {
      assert.ok(error instanceof NotARecordingError, `${at}: ${error}`);
      return undefined;
    });
    if (recording !== undefined) assert.ok([...recording].length <= 3);
  }
});

const NO_RECORDINGS: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
  "an empty file": [new Uint8Array(), /it is empty/],
  "a picture": [Buffer.from([0x89, 0x50, 0x4e, 0x47]), /it begins as something else/],
  "another JSON": [Buffer.from('{"a":1}\n'), /it begins as something else/],
  "JSON of one line": [Buffer.from('{"format":1'), /its first line is cut off/],
  "another gzip": [gzipSync("hello\n"), /it begins as something else/],
  "a gzip of nothing": [gzipSync(""), /it is empty/],
  "a format that is none": [fileOf([], { ...HEAD, format: 0 }), /it begins as something else/],
};

for (const [name, [file, reason]] of Object.entries(NO_RECORDINGS))
  test(`this is no recording: ${name}`, async () => {
    await assert.rejects(
      read(file),
      (error: unknown) => error instanceof NotARecordingError && reason.test(error.message),
    );
  });

test("a newer version is read as far as it is known, and says so", async () => {
  const newer = [{ q: ["something new"] }, ...LINES.slice(0, 5), { z: 1 }, ...LINES.slice(5), { m2: [] }];
  const recording = await read(fileOf(newer, { ...HEAD, format: 2, more: true }));
  assert.partialDeepStrictEqual([...recording], SENT);
  assert.deepEqual(recording.notes[0], { kind: "newer", format: 2 });
});

test("lines that nobody would write are counted, and cost nothing else", async () => {
  const faulty = [
    { a: [0, 1, 2, 3] },
    { t: "x" },
    { m: [[1, 2]] },
    { m: [[1, -1, -1, 0, 0, 0, 0, 0, "x"]] },
    { m: 5 },
    { c: [1, ["x"], []] },
    { w: [1, [["a", "b"]]] },
    { e: 5 },
    { e: {} },
    { s: 1 },
    { gap: -1 },
    { end: 1 },
    { p: 5 },
    [],
  ];
  const recording = await read(
    Buffer.concat([
      fileOf([...faulty, ...LINES.slice(0, -1)]),
      gzipSync("not json\n"),
      fileOf(LINES.slice(-1)).subarray(0),
    ]),
  );
  assert.partialDeepStrictEqual([...recording], SENT);
  const faults = recording.notes.find(({ kind }) => kind === "faulty");
  assert.deepEqual(faults, { kind: "faulty", lines: faulty.length - 2 + 1 });
  // A value, and what was read, is looked at when it is asked for.
  const odd = await read(fileOf([{ p: [1] }, { r: [2, 3, 4] }, { w: [3, 5] }]));
  assert.equal(odd.valueOf(1), undefined);
  assert.deepEqual(odd.readingsOf(3).found, []);
});

test("an actor or a type without a name is told as one", async () => {
  const recording = await read(fileOf([{ m: [[1, -1, 7, 8, 9, 0, 0, 0, 200]] }]));
  assert.partialDeepStrictEqual(recording.at(0), {
    from: { path: "(unknown)" },
    to: { path: "(unknown)" },
    type: "",
    outcome: "handled",
  } as never);
  assert.throws(() => recording.at(1), RangeError);
});

test("a row that was not finished is replaced by the one that comes later", async () => {
  const open = OUTCOMES.indexOf("open");
  const recording = await read(
    fileOf([
      ...LINES.slice(0, 4),
      { m: [[1, -1, -1, 0, 0, 1.5, 10, -1, open, 1]] },
      { m: [[2, -1, -1, 0, 0, 2, 10, 20, 0]] },
      { m: [[1, -1, -1, 0, 0, 1.5, 10, 30, 0, 1]] },
      { m: [[1, -1, -1, 0, 0, 1.5, 10, 30, 0, 2, 700]] },
    ]),
  );
  assert.equal(recording.length, 2);
  assert.partialDeepStrictEqual(recording.at(0), {
    seq: 1,
    runUs: 30,
    outcome: "handled",
    answer: "answered",
    answerUs: 700,
  });
});

test("what reading the file throws is thrown on", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield fileOf(LINES).subarray(0, 40);
    throw new Error("the disk is gone");
  }
  await assert.rejects(readRecording(broken()), /the disk is gone/);
});
