/** A file of lines that somebody else writes while it is read: what is new is taken from it, whole lines only. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";

/** Bytes taken at once. */
const PIECE = 1 << 20;
/** Characters of one line: nobody's event is longer. */
const LONGEST_LINE = 1 << 20;

export class EventFile {
  readonly #folder: string;
  readonly path: string;
  readonly #decoder = new StringDecoder("utf8");
  #at = 0;
  #rest = "";

  /** Makes a folder that only its owner may look into, and an empty file. */
  constructor() {
    this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-tests-"));
    this.path = path.join(this.#folder, "events.jsonl");
    fs.writeFileSync(this.path, "", { mode: 0o600 });
  }

  /** What was written since the last time. */
  take(): readonly string[] {
    const lines: string[] = [];
    const fd = fs.openSync(this.path, "r");
    try {
      const piece = Buffer.alloc(PIECE);
      for (;;) {
        const read = fs.readSync(fd, piece, 0, PIECE, this.#at);
        if (read === 0) break;
        this.#at += read;
        lines.push(...this.#linesOf(this.#decoder.write(piece.subarray(0, read))));
      }
    } finally {
      fs.closeSync(fd);
    }
    return lines;
  }

  #linesOf(text: string): readonly string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    return lines.filter((line) => line !== "" && line.length <= LONGEST_LINE);
  }

  /** Removes it, with its folder. */
  remove(): void {
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }
}
