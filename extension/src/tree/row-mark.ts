/** How a row is marked while the view shows more than what runs: shape, sign and words say the same. */
import type { Tone } from "../programs/node.ts";

export interface RowMark {
  /** A codicon. */
  readonly icon: string;
  readonly tone: Tone | undefined;
  readonly badge: string | undefined;
  /** Instead of what stands beside the name; `undefined`: that stays. */
  readonly words: string | undefined;
}
