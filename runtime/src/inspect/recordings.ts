/** Recordings that a viewer asks for. What makes them is not known here: it is offered, and loaded when it is asked for. */

/** A recording that is written. */
export interface RunningRecording {
  readonly path: string;
  /** All of it is in the file when this returns. */
  end(): void;
}

/** @throws when the file cannot be made */
export type BeginRecording = (file: string, values: boolean, hidden: readonly string[]) => RunningRecording;

let load: (() => Promise<BeginRecording>) | undefined;

/** Says how recordings are made. */
export function offerRecordings(loader: () => Promise<BeginRecording>): void {
  load = loader;
}

/** The one recording of one viewer. */
export class ViewerRecording {
  #running: RunningRecording | undefined;

  /** @returns the path of the file. */
  async begin(file: string, values: boolean, hidden: readonly string[]): Promise<string | null> {
    const begin = await load?.();
    this.end();
    this.#running = begin?.(file, values, hidden);
    return this.#running?.path ?? null;
  }

  /** @returns the path of the file that is whole now; `null` if there was none. */
  end(): string | null {
    const running = this.#running;
    this.#running = undefined;
    running?.end();
    return running?.path ?? null;
  }
}
