/** Output channels that follow what processes write. The text is data from outside: shown as it is, without what commands a screen. */
import type { ProcessInfo } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { readOutput } from "../inspect/frame.ts";
import { RequestError } from "../inspect/session.ts";
import type { Log } from "../log.ts";
import type { LiveProgram } from "../programs/node.ts";
import { number, say } from "../sentence.ts";
import { seenText } from "../text.ts";
import { programName } from "./process-words.ts";

/** Milliseconds between two questions. */
const ASK_EVERY_MS = 500;
/** Channels that are kept; the oldest goes first. */
const KEPT = 10;

/** One life of a process. */
export interface ProcessPlace {
  readonly program: LiveProgram;
  /** Of the actor that stands for it or runs it. */
  readonly key: string;
  readonly info: ProcessInfo;
}

export class ProcessOutputs implements vscode.Disposable {
  readonly #log: Log;
  readonly #channels = new Map<string, Follower>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Shows the channel of a process, which begins with what is known of its output. */
  show(place: ProcessPlace): void {
    const name = `${place.program.id} ${place.key} ${place.info.pid}`;
    const follower = this.#channels.get(name) ?? new Follower(place, this.#log);
    this.#channels.delete(name);
    this.#channels.set(name, follower);
    const [oldest] = this.#channels.keys();
    if (this.#channels.size > KEPT && oldest !== undefined) this.#forget(oldest);
    follower.show();
  }

  #forget(name: string): void {
    this.#channels.get(name)?.dispose();
    this.#channels.delete(name);
  }

  dispose(): void {
    for (const follower of this.#channels.values()) follower.dispose();
    this.#channels.clear();
  }
}

/** One process and its channel. Asks until the process has ended, the program is gone, or the channel is. */
class Follower implements vscode.Disposable {
  readonly #place: ProcessPlace;
  readonly #log: Log;
  readonly #channel: vscode.OutputChannel;
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(place: ProcessPlace, log: Log) {
    this.#place = place;
    this.#log = log;
    this.#channel = vscode.window.createOutputChannel(say("{0} (pid {1})", programName(place.info), place.info.pid));
    void this.#ask();
  }

  show(): void {
    this.#channel.show(true);
  }

  async #ask(): Promise<void> {
    const { program, key, info } = this.#place;
    try {
      const part = readOutput(await program.request({ type: "output", key, pid: info.pid, from: this.#next }));
      if (this.#isOver || part === undefined) return;
      if (part.lost > 0) this.#channel.append(`\n${say("… {0} characters were not kept …", number(part.lost))}\n`);
      this.#channel.append(seenText(part.text));
      this.#next = part.next;
      this.#timer = setTimeout(() => void this.#ask(), ASK_EVERY_MS);
    } catch (error) {
      if (this.#isOver) return;
      const hasEnded = error instanceof RequestError && error.code === "ERR_UNKNOWN_PROCESS";
      if (!hasEnded) this.#log.warn(`output of pid ${info.pid}: ${error instanceof Error ? error.message : error}`);
      this.#channel.append(`\n${hasEnded ? say("The process has ended.") : say("The program tells no more.")}\n`);
    }
  }

  dispose(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#channel.dispose();
  }
}
