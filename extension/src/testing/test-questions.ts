/** The tests of the workspace, as the language server knows them. Pure: the question itself is handed in. */
import { EventEmitter } from "node:events";
import type { TestList } from "airssys-language-server/protocol";

export class TestQuestions extends EventEmitter<{ changed: [] }> {
  #ask: (() => Promise<TestList>) | undefined;

  /** The server is there, or gone (`undefined`). */
  connect(ask: (() => Promise<TestList>) | undefined): void {
    this.#ask = ask;
    if (ask) this.emit("changed");
  }

  /** There are others now. */
  expire(): void {
    this.emit("changed");
  }

  /** @returns `undefined` when nobody knows. */
  async list(): Promise<TestList | undefined> {
    return this.#ask?.().catch(() => undefined);
  }
}
