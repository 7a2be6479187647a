/** One conversation with a viewer: frames in, frames out. Knows nothing of how they travel. */
import type { Cell } from "../actor/cell.ts";
import { runningSystems } from "../health/systems.ts";
import { type Action, ActionRefused, act, send } from "./actions.ts";
import { locate } from "./locate.ts";
import type { ActorRow, ProgramFrame, SystemRow, ViewerFrame } from "./protocol.ts";
import { cellsOf, keyOf } from "./rows.ts";
import { runner } from "./runner.ts";
import { isFault, readViewerFrame } from "./viewer-frame.ts";
import { type Changes, watchHub } from "./watch.ts";

/** Milliseconds between two reports. */
const DEFAULT_INTERVAL_MS = 400;
/** Rows of one frame; a larger tree follows in further ones. */
const ROWS_PER_FRAME = 5_000;

/** Something that goes on until it is ended. */
export interface Ending {
  end(): void;
}

/** How frames leave. */
export interface Outlet {
  push(frame: ProgramFrame): void;
  /** True while the viewer is slower than what it is sent. */
  readonly isCongested: boolean;
  /**
   * Starts a thread that answers the viewer while this one cannot; absent where the viewer needs none.
   *
   * @throws {Error} when threads are denied.
   */
  startWatchdog?(): Ending;
  /** The viewer said that it will have nothing to do with us. */
  refused(code: string, message: string): void;
}

export class InspectSession {
  readonly #outlet: Outlet;
  #watchdog: Ending | undefined = undefined;
  readonly #go: () => void;
  #seq = 0;
  #unsubscribe: (() => void) | undefined = undefined;
  /** Reports that were left out while the viewer was slow. */
  #skipped = 0;

  /** @param go lets a held program go on. */
  constructor(outlet: Outlet, go: () => void) {
    this.#outlet = outlet;
    this.#go = go;
  }

  /**
   * Takes one frame as text.
   * @returns the answer, if it is there at once; otherwise it is pushed. Never throws.
   */
  receive(text: string): ProgramFrame | undefined {
    const frame = readViewerFrame(text);
    if (!isFault(frame)) return this.#answer(frame);
    const { code, message, id } = frame;
    return id === undefined ? { type: "error", code, message } : { type: "reply", id, ok: false, code, message };
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#watchdog?.end();
    this.#watchdog = undefined;
    this.#go();
  }

  #answer(frame: ViewerFrame): ProgramFrame | undefined {
    switch (frame.type) {
      case "welcome":
        return undefined;
      case "error":
        this.#outlet.refused(frame.code, frame.message);
        return undefined;
      case "subscribe":
        this.#subscribe(frame.intervalMs);
        return ok(frame.id);
      case "unsubscribe":
        this.#unsubscribe?.();
        this.#unsubscribe = undefined;
        return ok(frame.id);
      case "snapshot":
        return ok(frame.id, { systems: watchHub.systems(), actors: watchHub.rows() });
      case "health":
        return ok(frame.id, watchHub.systems());
      case "go":
        this.#go();
        return ok(frame.id);
      case "ping":
        setImmediate(() => this.#outlet.push(ok(frame.id)));
        return undefined;
      case "who":
        return ok(frame.id, runner() ?? null);
      case "watchdog":
        return this.#keepWatchdog(frame.id, frame.on);
      case "send":
        return this.#at(frame.id, frame.key, (cell) => send(cell, frame.message));
      case "locate":
        return this.#at(frame.id, frame.key, async (cell) => (await locate(cell)) ?? null);
      case "kill":
      case "restart":
      case "stop":
      case "suspend":
      case "resume":
        return this.#at(frame.id, frame.key, (cell) => act(frame.type as Action, cell));
    }
  }

  #keepWatchdog(id: number, on: boolean): ProgramFrame {
    if (!on) {
      this.#watchdog?.end();
      this.#watchdog = undefined;
      return ok(id);
    }
    if (this.#outlet.startWatchdog === undefined)
      return { type: "reply", id, ok: false, code: "ERR_NOT_SUPPORTED", message: "a debugger needs no watchdog" };
    try {
      this.#watchdog ??= this.#outlet.startWatchdog();
      return ok(id);
    } catch (error) {
      return failed(id, error);
    }
  }

  #at(id: number, key: string, action: (cell: Cell) => unknown): ProgramFrame | undefined {
    const cell = findCell(key);
    if (cell === undefined)
      return {
        type: "reply",
        id,
        ok: false,
        code: "ERR_UNKNOWN_ACTOR",
        message: `there is no actor ${key.slice(0, 80)}`,
      };
    try {
      const result = action(cell);
      if (!(result instanceof Promise)) return ok(id, result);
      result.then(
        (value: unknown) => this.#outlet.push(ok(id, value)),
        (error: unknown) => this.#outlet.push(failed(id, error)),
      );
      return undefined;
    } catch (error) {
      return failed(id, error);
    }
  }

  #subscribe(intervalMs = DEFAULT_INTERVAL_MS): void {
    this.#unsubscribe?.();
    this.#unsubscribe = watchHub.add({
      intervalMs: Math.min(10_000, Math.max(100, intervalMs)),
      onSnapshot: (systems, rows) => this.#sendSnapshot(systems, rows),
      onChanges: (changes) => this.#sendChanges(changes),
    });
  }

  #sendSnapshot(systems: readonly SystemRow[], rows: readonly ActorRow[]): void {
    const at = Date.now();
    this.#outlet.push({ type: "snapshot", seq: ++this.#seq, at, systems, actors: rows.slice(0, ROWS_PER_FRAME) });
    this.#sendRows({ at, systems, changed: rows.slice(ROWS_PER_FRAME), removed: [], events: [], missed: 0 });
  }

  #sendChanges(changes: Changes): void {
    if (this.#outlet.isCongested) {
      this.#skipped += 1 + changes.events.length + changes.missed;
      return;
    }
    const missed = this.#skipped + changes.missed;
    this.#skipped = 0;
    if (missed === 0) {
      this.#sendRows(changes, true);
      return;
    }
    this.#outlet.push({ type: "gap", seq: ++this.#seq, at: changes.at, missed });
    this.#sendSnapshot(watchHub.systems(), watchHub.rows());
  }

  #sendRows(changes: Changes, always = false): void {
    const { at, systems, changed, removed, events } = changes;
    if (changed.length <= ROWS_PER_FRAME) {
      if (always || changed.length > 0)
        this.#outlet.push({ type: "delta", seq: ++this.#seq, at, systems, changed, removed, events });
      return;
    }
    this.#outlet.push({
      type: "delta",
      seq: ++this.#seq,
      at,
      systems,
      changed: changed.slice(0, ROWS_PER_FRAME),
      removed,
      events,
    });
    this.#sendRows({ at, systems, changed: changed.slice(ROWS_PER_FRAME), removed: [], events: [], missed: 0 });
  }
}

function findCell(key: string): Cell | undefined {
  for (const system of runningSystems()) {
    for (const cell of cellsOf(system.root)) if (keyOf(system, cell) === key) return cell;
  }
  return undefined;
}

function ok(id: number, value?: unknown): ProgramFrame {
  return value === undefined ? { type: "reply", id, ok: true } : { type: "reply", id, ok: true, value };
}

function failed(id: number, error: unknown): ProgramFrame {
  const code = error instanceof ActionRefused ? error.code : "ERR_ACTION_FAILED";
  return { type: "reply", id, ok: false, code, message: error instanceof Error ? error.message : String(error) };
}
