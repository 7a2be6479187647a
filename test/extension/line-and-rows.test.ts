import assert from "node:assert/strict";
import { type MockTracker, suite, test } from "node:test";
import { drawTogether } from "../../extension/src/tree/line-and-rows.ts";

/** Milliseconds for which VS Code collects what follows the first that it is told. */
const COLLECTING_MS = 200;

/** A tree view as VS Code's extension host keeps it: what is drawn, and when. */
class Tree {
  readonly drawn: string[] = [];
  #message: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #collected = new Set<string>();
  #count = 0;

  get message(): string | undefined {
    return this.#message;
  }

  set message(text: string | undefined) {
    this.#message = text;
    this.#take("line");
  }

  tellRows(): void {
    this.#take("rows");
  }

  #take(what: string): void {
    this.#count++;
    this.#collected.add(what);
    if (this.#timer === undefined) this.#draw(0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#count > 1) this.#draw(COLLECTING_MS);
      this.#count = 0;
    }, COLLECTING_MS);
  }

  #draw(atMs: number): void {
    const parts = [...this.#collected].sort().map((what) => (what === "line" ? `“${this.#message}”` : what));
    this.drawn.push(`${atMs} ms: ${parts.join(" and ")}`);
    this.#collected = new Set();
  }
}

suite("rows and the line above them", () => {
  const drawn = (mock: MockTracker, line: string, rows: boolean) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const tree = new Tree();
    tree.message = "16 actors";
    mock.timers.tick(COLLECTING_MS);
    tree.drawn.length = 0;
    drawTogether(tree, line, rows ? () => tree.tellRows() : undefined);
    mock.timers.tick(COLLECTING_MS);
    return tree.drawn;
  };

  test("are drawn in one moment when both are different", ({ mock }) => {
    assert.deepEqual(drawn(mock, "2 in trouble", true), ["0 ms: “16 actors”", "200 ms: “2 in trouble” and rows"]);
  });

  test("are drawn at once when only one of them is different", ({ mock }) => {
    assert.deepEqual(drawn(mock, "16 actors", true), ["0 ms: rows"]);
    mock.timers.reset();
    assert.deepEqual(drawn(mock, "17 actors", false), ["0 ms: “17 actors”"]);
  });

  test("are not told of while nothing is different", ({ mock }) => {
    assert.deepEqual(drawn(mock, "16 actors", false), []);
  });
});
