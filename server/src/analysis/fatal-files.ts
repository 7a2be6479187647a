/** Which file the analysis process was reading when it ended. One that ends it over and over is to be left out. */

/** After so many ends in one file it is the file's doing. */
const ENDS_TO_LEAVE_OUT = 2;

export class FatalFiles {
  readonly #ends = new Map<string, number>();
  #current: string | undefined;

  /** The process reads this file from now on, or none: it got through the one before. One that was left out has changed then. */
  reading(path: string | undefined): void {
    if (this.#current !== undefined && this.#current !== path) this.#ends.delete(this.#current);
    if (path !== undefined && this.#isFatal(path)) this.#ends.delete(path);
    this.#current = path;
  }

  /** The process has ended. @returns the file that is left out from now on, if that was one too many. */
  ended(): string | undefined {
    const path = this.#current;
    this.#current = undefined;
    if (path === undefined) return undefined;
    this.#ends.set(path, (this.#ends.get(path) ?? 0) + 1);
    return this.#isFatal(path) ? path : undefined;
  }

  /** While no process runs, files may have got another text: they are tried again. */
  changed(paths: readonly string[]): void {
    for (const path of paths) this.#ends.delete(path);
  }

  get leftOut(): readonly string[] {
    return [...this.#ends.keys()].filter((path) => this.#isFatal(path));
  }

  #isFatal(path: string): boolean {
    return (this.#ends.get(path) ?? 0) >= ENDS_TO_LEAVE_OUT;
  }
}
