/** A call that comes as soon as nobody is ready, before time passes: what `setImmediate` is to a test system. */
import { inThisContext } from "../values/async-scope.ts";

export class SoonCall {
  readonly #callback: () => void;
  isPending = true;

  constructor(callback: () => void) {
    this.#callback = inThisContext(callback);
  }

  clear(): void {
    this.isPending = false;
  }

  call(): void {
    this.isPending = false;
    this.#callback();
  }
}
