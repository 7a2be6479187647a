/** The recording that the view Messages shows: read from a file, gone through by the debugger's own steps, and let go of. */
import path from "node:path";
import type { MessageStop } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { tellWindow } from "../context-keys.ts";
import type { RecordedSteps } from "../debug/stepping.ts";
import { translations } from "../editor-language.ts";
import type { RecordingSource } from "../messages/recording-source.ts";
import type { MessagesView } from "../messages/view.ts";
import { counted, say } from "../sentence.ts";
import { iconless } from "../text.ts";
import type { Jump, Landing, RecordingSummary } from "./recording-protocol.ts";
import { RecordingReader } from "./recording-reader.ts";
import { summaryLine } from "./recording-words.ts";

/** Rows that are shown of one recording. */
const ROWS = 1_000_000;
/** Milliseconds after which it is told that a recording is being read. */
const QUIET_MS = 500;

/** What is shown, and who answers for it. */
interface Shown {
  readonly source: RecordingSource;
  readonly reader: RecordingReader;
  readonly summary: RecordingSummary;
  readonly file: string;
}

export class ShownRecording implements RecordedSteps, vscode.Disposable {
  readonly #messages: MessagesView;
  readonly #thread: string;
  readonly #stops: () => readonly MessageStop[];
  readonly #subscription: vscode.Disposable;
  #shown: Shown | undefined;
  #opened = 0;
  #isTold = false;

  /** @param stops the message breakpoints that are on */
  constructor(messages: MessagesView, extensionUri: vscode.Uri, stops: () => readonly MessageStop[]) {
    this.#messages = messages;
    this.#thread = vscode.Uri.joinPath(extensionUri, "dist", "recording-thread.cjs").fsPath;
    this.#stops = stops;
    this.#subscription = messages.onDidChangeSeen(() => this.#tellSeen());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#shown?.reader.close();
  }

  /** Begins to read a file. */
  reader(file: string): RecordingReader {
    return new RecordingReader(this.#thread, {
      file,
      rows: ROWS,
      locale: vscode.env.language,
      sentences: translations(),
    });
  }

  /** @throws {Error} as a rejection, with words for people. Who cancels is told nothing. */
  async open(file: string): Promise<void> {
    const opened = ++this.#opened;
    const reader = this.reader(file);
    const summary = await read(reader, file);
    // Somebody has opened another one meanwhile.
    if (summary === undefined || opened !== this.#opened) return reader.close();
    const shown = { reader, summary, file, source: this.#sourceOf(reader, summary, `recording-${opened}`) };
    this.#shown = shown;
    await tellWindow("airssys.hasRecording", true);
    await this.#messages.showRecording(shown.source);
  }

  /** What somebody sees now. */
  get seen(): Shown | undefined {
    return this.#messages.recording === undefined || this.#messages.recording !== this.#shown?.source
      ? undefined
      : this.#shown;
  }

  /** What the view shows, also while nobody sees it. */
  get current(): Shown | undefined {
    return this.#shown?.source.isLeft === false ? this.#shown : undefined;
  }

  /** Selects a message of it. */
  select(seq: number): void {
    this.#messages.select(seq, false);
  }

  get isShown(): boolean {
    return this.seen !== undefined;
  }

  step(kind: "receiver" | "next" | "reply"): Promise<string | undefined> {
    return this.#jump(kind, NOWHERE[kind]);
  }

  /** To the next message at which a breakpoint would have stopped. @returns why not */
  async toNextStop(): Promise<string | undefined> {
    if (this.#stops().length === 0) return say("There is no message breakpoint: set one in Actor Breakpoints.");
    return this.#jump("stop", () => say("No message after this one matches a breakpoint."));
  }

  async #jump(jump: Jump, nowhere: () => string): Promise<string | undefined> {
    const { seen } = this;
    if (seen === undefined) return say("Open a recording first.");
    const { selected: seq } = seen.source;
    if (seq === -1 && jump !== "stop") return say("Choose a message of the recording first.");
    const { at, unjudged } = await seen.reader.ask("jump", { jump, seq, stops: this.#stops() });
    const [landing = undefined] = at.length > 1 ? [await chooseLanding(at)] : at;
    if (landing !== undefined) this.#messages.select(landing.seq, landing.isReply);
    if (at.length > 0) return undefined;
    return unjudged === 0 ? nowhere() : unjudgedText(unjudged);
  }

  #sourceOf(reader: RecordingReader, summary: RecordingSummary, run: string): RecordingSource {
    const definitions = new Map(summary.definitions);
    const hasValues = summary.head.payloads === "values";
    // The next one is made while the page takes this one.
    let ahead: Promise<string | undefined> = Promise.resolve(undefined);
    const askAhead = (after: Promise<unknown>): void => {
      ahead = after.then(() => reader.ask("frame", {}));
      // Whoever takes it hears why.
      ahead.catch(() => {});
    };
    const source: RecordingSource = {
      shown: { run, line: summaryLine(summary), rows: summary.rows, hasValues },
      selected: -1,
      rewind: () => askAhead(reader.ask("rewind", {})),
      frame: () => {
        const frame = ahead;
        askAhead(frame);
        return frame;
      },
      valueOf: (seq) => reader.ask("value", { seq }),
      definitionOf: (key) => definitions.get(key),
      isLeft: false,
      leave: () => {
        source.isLeft = true;
        reader.close();
      },
    };
    return source;
  }

  #tellSeen(): void {
    if (this.isShown === this.#isTold) return;
    this.#isTold = this.isShown;
    void tellWindow("airssys.showsRecording", this.#isTold);
  }
}

const NOWHERE = {
  receiver: () => say("This turn has sent no message."),
  next: () => say("This actor was sent no message after this one."),
  reply: () => say("Nobody got an answer to this message."),
} as const;

function unjudgedText(unjudged: number): string {
  return counted(
    unjudged,
    "No message after this one matches a breakpoint; of {0} the condition could not be judged.",
    "No message after this one matches a breakpoint; of {0} the condition could not be judged.",
  );
}

/** Says that it is read only when that takes its time. @returns `undefined` when it was cancelled. */
async function read(reader: RecordingReader, file: string): Promise<RecordingSummary | undefined> {
  const reading = reader.ask("open", {});
  const isQuick = await Promise.race([
    reading.then(
      () => true,
      () => true,
    ),
    new Promise<false>((resolve) => setTimeout(() => resolve(false), QUIET_MS)),
  ]);
  return isQuick ? reading : readWithProgress(reader, reading, file);
}

async function readWithProgress(
  reader: RecordingReader,
  reading: Promise<RecordingSummary>,
  file: string,
): Promise<RecordingSummary | undefined> {
  const { size } = await vscode.workspace.fs.stat(vscode.Uri.file(file));
  const title = say("Reading {0}", iconless(path.basename(file)));
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) => {
    let told = 0;
    reader.on("read", (bytes) => {
      progress.report({ increment: ((bytes - told) / Math.max(1, size)) * 100 });
      told = bytes;
    });
    const cancelled = new Promise<undefined>((resolve) => {
      token.onCancellationRequested(() => resolve(undefined));
    });
    return Promise.race([reading, cancelled]);
  });
}

async function chooseLanding(landings: readonly Landing[]): Promise<Landing | undefined> {
  const items = landings.map((landing) => ({
    label: iconless(landing.type || say("(no type)")),
    description: iconless(`#${landing.seq} → ${landing.to}`),
    landing,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: say("Which message of this turn?") }))?.landing;
}
