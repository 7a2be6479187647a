/**
 * From a key to the diagnostics it brings, at an editor: our server beside TypeScript's own (`geterr`), in turns, on the same edits of
 * the order desk. `node keystroke.mjs [edits]`; the bundle must be built.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { Editor } from "./editor.mjs";

const ROOT = path.join(import.meta.dirname, "../../..");
const FOLDER = path.join(ROOT, "runtime/examples/order-desk");
const FILE = "src/ledger.ts";
const EDITS = Number(process.argv[2] ?? 60);

class TsServer {
  #child = spawn(process.execPath, [createRequire(import.meta.url).resolve("typescript/lib/tsserver.js")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  #seq = 1;
  #waiting = new Set();

  constructor() {
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line);
      for (const look of [...this.#waiting]) look(message);
    });
  }

  send(command, args) {
    const seq = this.#seq++;
    this.#child.stdin.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }

  /** Asks for the diagnostics of a file, without the wait that an editor puts before them. */
  async diagnostics(file) {
    const seq = this.send("geterr", { files: [file], delay: 0 });
    await new Promise((resolve) => {
      const look = (message) => {
        if (message.event !== "requestCompleted" || message.body.request_seq !== seq) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  end() {
    this.#child.kill();
  }
}

const file = path.join(FOLDER, FILE);
const text = readFileSync(file, "utf8");
const at = text.indexOf("{\n", text.indexOf("handleMessage(")) + 1;
const edited = (n) => `${text.slice(0, at)} /* ${"x".repeat(n % 7)} */ void ${n};${text.slice(at)}`;

const ours = new Editor(FOLDER);
const theirs = new TsServer();
await ours.initialize();
ours.show(FILE, text);
await ours.request("textDocument/diagnostic", { textDocument: { uri: ours.uri(FILE) } });
theirs.send("open", { file, fileContent: text });
await theirs.diagnostics(file);

let shown = text;
const times = { ours: [], theirs: [] };
for (let n = 0; n < EDITS; n++) {
  const next = edited(n);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const before = performance.now();
  ours.show(FILE, next);
  await ours.request("textDocument/diagnostic", { textDocument: { uri: ours.uri(FILE) } });
  times.ours.push(performance.now() - before);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const start = performance.now();
  const lines = shown.split("\n");
  const [endLine, endOffset] = [lines.length, (lines.at(-1)?.length ?? 0) + 1];
  theirs.send("change", { file, line: 1, offset: 1, endLine, endOffset, insertString: next });
  shown = next;
  await theirs.diagnostics(file);
  times.theirs.push(performance.now() - start);
}
const settled = (list) => list.slice(5).sort((a, b) => a - b);
for (const [name, list] of Object.entries(times)) {
  const sorted = settled(list);
  const part = (share) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  process.stdout.write(`${name}: median ${part(0.5)} ms, p95 ${part(0.95)} ms, of ${sorted.length} edits\n`);
}
theirs.end();
await ours.close();
