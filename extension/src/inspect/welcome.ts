/** How programs are met: what one is to us, and whether it may come in. */
import type { Hello, Link } from "./session.ts";

/** How a program came to be. Actions on attached programs need the user's leave; on one that is only watched there are none. */
export type Origin = "debugging" | "running" | "attached" | "watched";

/** How to meet a program that is about to say hello. */
export interface Welcome {
  readonly link: Link;
  /** What a program with this hello is to us; `undefined` turns it away. */
  admit(hello: Hello): Origin | undefined;
  /** Stops the program where it is, for a debugger to look; absent where there is none. */
  pause?(): Promise<void>;
}
