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

/** Whether an offset lies in a span or at one of its ends, as a cursor does. */
export function contains(outer: Span, offset: number): boolean {
  return outer.start <= offset && offset <= outer.end;
}

/** Whether a piece of a file has the other in it. */
export function surrounds(outer: FileSpan, inner: FileSpan): boolean {
  return outer.path === inner.path && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}
