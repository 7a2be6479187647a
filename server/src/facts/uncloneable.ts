/** A value that is given to something that clones it, and that cannot be cloned. Plain data. */
import type { FileSpan, Span } from "../source/span.ts";

export interface Uncloneable {
  readonly span: Span;
  /** What clones: `postMessage`, `workerData`, `structuredClone`. */
  readonly via: string;
  /** The value in the words of the source: `done`, `job.done`; absent when it is the whole argument. */
  readonly path?: string;
  /** With an article: `a function`, `an ActorRef`. */
  readonly kind: string;
  /** Where the property is declared, when the source does not write it at the place. */
  readonly declared?: FileSpan;
  /** The property in an object that is written at the place, with its comma. */
  readonly property?: Span;
}
