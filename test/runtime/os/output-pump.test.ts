// What a process writes, as lines: whole, in order, and nobody's memory but their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ActorRef } from "airssys-rt";
import { SinkTaker } from "../../../runtime/src/os/output-pump.ts";
import type { ProcessOutput } from "../../../runtime/src/os/process-messages.ts";

/** Feeds pieces to a taker of lines. @param heard takes each line. */
async function feed(pieces: Iterable<Buffer>, heard: (line: string, isCut: boolean) => void): Promise<void> {
  const to = {
    async tellAsync(output: ProcessOutput) {
      assert.equal(output.type, "line");
      heard((output as { text: string }).text, (output as { isCut: boolean }).isCut);
    },
  } as unknown as ActorRef<ProcessOutput>;
  const taker = new SinkTaker({ to, as: "lines" }, "stdout");
  for (const piece of pieces) await taker.take(piece);
  await taker.end();
}

async function linesOf(...pieces: (string | Buffer)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await feed(
    pieces.map((piece) => Buffer.from(piece as string)),
    (line, isCut) => lines.push(`${line}${isCut ? "…" : ""}`),
  );
  return lines;
}

test("lines are whole wherever the pieces end: within a character, a pair of line ends, nothing", async () => {
  const euro = Buffer.from("a€b\n");
  assert.deepEqual(await linesOf(euro.subarray(0, 2), euro.subarray(2, 3), euro.subarray(3)), ["a€b"]);
  assert.deepEqual(await linesOf("a\r", "\nb\r\n", "\r\n", "c"), ["a", "b", "", "c"]);
  assert.deepEqual(await linesOf("", "\n", "\n", ""), ["", ""]);
  assert.deepEqual(await linesOf("no end"), ["no end"]);
  assert.deepEqual(await linesOf(Buffer.from([0xff, 0x0a, 0xe2, 0x82])), ["\ufffd", "\ufffd"]);
});

test("a line longer than 64 KiB comes in pieces that cut no character in two, and together are all of it", async () => {
  for (const text of [
    "x".repeat(65_536),
    "x".repeat(65_537),
    "€".repeat(50_000),
    `x${"😀".repeat(60_000)}`,
    `${"é".repeat(98_304)}y`,
  ])
    for (const size of [1_000, 65_536, 1_000_000]) {
      const bytes = Buffer.from(`${text}\nlast`);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        Buffer.from(bytes.subarray(i * size, (i + 1) * size)),
      );
      const lines = await linesOf(...pieces);
      assert.equal(
        lines
          .map((line) => line.replace(/…$/, ""))
          .join("|")
          .replaceAll("|", ""),
        `${text}last`,
      );
      assert.ok(lines.every((line) => Buffer.byteLength(line.replace(/…$/, "")) <= 65_536));
      assert.equal(lines.at(-1), "last");
      assert.ok(lines.slice(0, -2).every((line) => line.endsWith("…")));
    }
  assert.deepEqual(
    (await linesOf(Buffer.alloc(65_540, 0x80))).map((line) => line.length),
    [65_537, 4],
    "what is no UTF-8 is cut all the same",
  );
});

test("a line that is kept does not keep what was read with it", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const kept: string[] = [];
  function* pieces(): Generator<Buffer> {
    for (let i = 0; i < 300; i++)
      yield Buffer.from(`kept ${i} ${"k".repeat(40)}\n${"a line like others\n".repeat(3_400)}`);
  }
  collect();
  const before = process.memoryUsage().heapUsed;
  await feed(pieces(), (line) => {
    if (line.startsWith("kept")) kept.push(line);
  });
  collect();
  const more = process.memoryUsage().heapUsed - before;
  assert.equal(kept.length, 300);
  assert.ok(more < 4_000_000, `300 lines of 50 bytes keep ${more} bytes`);
});
