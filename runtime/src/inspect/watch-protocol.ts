/** The protocol's words about viewers that only watch: they read, in types and numbers, and change nothing. */

/** What a viewer says that begins to watch. */
export interface Watch {
  /** Name of the global function that takes frames, made by `Runtime.addBinding`; no other viewer has it. Gone when the watch ends. */
  readonly binding: string;
  /** It has opened Node's inspector for this: that is closed when the last watch ends. */
  readonly hasOpenedInspector?: boolean;
}

export const WATCH_LIMITS = {
  /** Messages told in a second, at most. */
  perSecond: 1_000,
  /** Milliseconds between two reports, at least. */
  intervalMs: 1_000,
  /** Watches of one program. */
  watches: 8,
  /** Seconds of running without a word of the viewer after which it is gone. */
  silentSeconds: 20,
  /** Characters told since the last word of the viewer above which nothing more is, but for answers. */
  untaken: 4_194_304,
  /** Milliseconds that the end of a program waits for its viewers to let go of it. */
  exitMs: 500,
} as const;

/** The watch is over: the program ends in a moment, or has not heard of its viewer for too long. Nothing more is told. */
export interface ByeFrame {
  readonly type: "bye";
  readonly reason: "exit" | "silence";
}
