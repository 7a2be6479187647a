// airssys recording show, mermaid: what is printed, and what is said of a file that is none.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { lineText, type MessageRow, type RecordingHead, type RecordingLine } from "airssys-rt/recording";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { showRecording } from "../../server/src/recordings/show-recording.ts";

const CLI = path.join(import.meta.dirname, "../../server/src/cli.ts");

const HEAD: RecordingHead = {
  format: 1,
  runtime: "0.1.0",
  program: "/shop/main.ts",
  node: "v24.0.0",
  startedAt: Date.UTC(2026, 0, 1, 12),
  systems: ["shop"],
  redacted: [],
  payloads: "values",
};
const NAMES: readonly RecordingLine[] = [
  { a: [0, "k0", "shop/orders", "Orders"] },
  { a: [1, "k1", "shop/pa\u001b[31mcker", "Packer"] },
  { t: [0, "checkout"] },
  { t: [1, "pack"] },
];
const ROWS: readonly MessageRow[] = [
  [1, -1, -1, 0, 0, 10, 50, 3_000_000, 0],
  [2, 1, 0, 1, 1, 12, 1_234, 40, 1],
  [3, 1, 0, 1, 1, 13, 0, 0, 2],
];
const LINES: readonly RecordingLine[] = [
  ...NAMES,
  { m: ROWS },
  { p: [2, { type: "pack", orderId: 2 }] },
  { r: [1, "done"] },
  { n: [2, "RangeError: no ribbon"] },
  { end: { messages: 3 } },
];

let folder = "";
before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "airssys-recording-"));
});
after(() => rmSync(folder, { recursive: true }));

function write(lines: readonly object[], head: object = HEAD, name = "run.airssys"): string {
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat([head, ...lines].map((line) => gzipSync(lineText(line as RecordingLine)))));
  return file;
}

async function airssys(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const parsed = parseArguments(["recording", ...words]);
  if (parsed.kind !== "recording") return { ...said, code: 2, err: parsed.kind === "mistake" ? parsed.text : "" };
  const code = await showRecording(
    parsed.options,
    { write: (text) => (said.out += text) },
    { write: (text) => (said.err += text) },
  );
  return { ...said, code };
}

test("messages are shown one in a line, in the order in which they were sent, and move no cursor", async () => {
  const { code, out, err } = await airssys("show", write(LINES));
  assert.deepEqual(out.split("\n"), [
    "/shop/main.ts, 2026-01-01T12:00:00.000Z, airssys-rt 0.1.0, Node v24.0.0: 3 messages",
    "12:00:00.010  #1  outside → shop/orders  checkout  waited 50 µs, ran 3 s",
    '12:00:00.012  #2  shop/orders → shop/pa\\u{1b}[31mcker  pack  crashed: RangeError: no ribbon  waited 1.23 ms, ran 40 µs, caused by #1  {"type":"pack","orderId":2}',
    "12:00:00.013  #3  shop/orders → shop/pa\\u{1b}[31mcker  pack  refused  caused by #1",
    "",
  ]);
  assert.deepEqual([code, err], [0, ""]);
});

test("a filter, a first message and a limit choose what is shown, and what is left is counted", async () => {
  const file = write(LINES);
  const lines = async (...words: string[]) => (await airssys("show", file, ...words)).out.trim().split("\n").slice(1);
  assert.match((await lines("--filter", "is:crashed")).join("\n"), /^\S+ {2}#2 [^\n]*$/);
  assert.equal((await lines("--from", "2")).length, 2);
  const { out, err, code } = await airssys("show", file, "--limit=1");
  assert.equal(out.trim().split("\n").length, 2);
  assert.deepEqual([err, code], ["2 more messages are not shown: see --from, --limit\n", 0]);
});

test("JSON has all that is known of each message", async () => {
  const { out, code } = await airssys("show", write(LINES), "--json", "--limit", "2");
  const { shown, ...whole } = JSON.parse(out);
  assert.deepEqual(whole, { version: 1, head: HEAD, messages: 3, notes: [], notShown: 1 });
  assert.deepEqual(shown, [
    {
      ...{ seq: 1, cause: null, from: null, to: "shop/orders", type: "checkout", sentAt: HEAD.startedAt + 10 },
      ...{ waitUs: 50, runUs: 3_000_000, outcome: "handled", answer: "none", answerUs: -1, reply: "done" },
    },
    {
      ...{ seq: 2, cause: 1, from: "shop/orders", to: "shop/pa\u001b[31mcker", type: "pack" },
      ...{ sentAt: HEAD.startedAt + 12, waitUs: 1_234, runUs: 40, outcome: "crashed", answer: "none", answerUs: -1 },
      note: "RangeError: no ribbon",
      value: { type: "pack", orderId: 2 },
    },
  ]);
  assert.equal(code, 0);
  const none = await airssys("show", write(LINES), "--json", "--filter", "nothing");
  assert.deepEqual(JSON.parse(none.out).shown, []);
});

test("mermaid prints a sequence diagram", async () => {
  const { out, code } = await airssys("mermaid", write(LINES), "--filter", "type:pack");
  assert.match(out, /^sequenceDiagram\n {2}participant p1 as orders\n/);
  assert.match(out, /p1-xp2: pack \(crashed\)/);
  assert.equal(code, 0);
});

test("what is not whole is shown as far as it goes, with exit code 1 and the reason", async () => {
  const cut = await airssys("show", write(LINES.slice(0, -1)));
  assert.match(cut.err, /run\.airssys: the end is missing/);
  assert.equal(cut.out.trim().split("\n").length, 4);
  assert.equal(cut.code, 1);
  const newer = await airssys("show", write([{ zz: 1 }, ...LINES], { ...HEAD, format: 7 }));
  assert.match(newer.err, /newer version \(format 7\)/);
  assert.equal(newer.code, 1);
  const odd = await airssys("show", write([{ m: "x" }, ...LINES]));
  assert.match(odd.err, /1 line could not be understood/);
  const gap = await airssys("show", write([{ gap: 5 }, ...LINES]));
  assert.deepEqual([gap.code, /5 messages of the run are not in it/.test(gap.err)], [0, true]);
});

test("what is no recording, or cannot be asked for, is refused with exit code 2 and the reason", async () => {
  const file = write(LINES);
  const other = path.join(folder, "other.airssys");
  writeFileSync(other, "hello\n");
  mkdirSync(path.join(folder, "sub.airssys"));
  const refused: readonly (readonly [words: readonly string[], said: RegExp])[] = [
    [["show", other], /other\.airssys: this is no recording: it begins as something else/],
    [["show", path.join(folder, "none.airssys")], /there is no such file/],
    [["show", path.join(folder, "sub.airssys")], /this is a folder/],
    [["show", file, "--filter", "is:gone"], /is: must be one of handled/],
    [["show", file, "--from", "99"], /there is no message 99/],
    [["show", file, "--limit", "x"], /--limit must be a whole number, not "x"/],
    [["show", file, "--limt", "5"], /there is no option "--limt": did you mean --limit\?/],
    [["show", file, "--fix"], /there is no option "--fix"/],
    [["show"], /takes one file/],
    [["show", file, file], /takes one file/],
    [["play", file], /takes show or mermaid, not "play"/],
    [["mermaid", file, "--json"], /--json goes with show/],
  ];
  for (const [words, said] of refused) {
    const { code, out, err } = await airssys(...words);
    assert.deepEqual([code, out], [2, ""], words.join(" "));
    assert.match(err, said);
  }
});

test("the command runs", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "recording", "show", write(LINES)], {
    encoding: "utf8",
  });
  assert.deepEqual([status, stderr], [0, ""]);
  assert.match(stdout, /#2/);
});
