/** A piece of a text: UTF-16 offsets from 0, `end` exclusive. Knows nothing of files. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A piece of a file. */
export interface FileSpan {
  readonly path: string;
  readonly span: Span;
}
