/** The row of an actor as it stands here: with when it came. */
import type { ActorRow } from "airssys-rt/inspect";

/** A row, and when it came, milliseconds since the epoch: what it says of time was true then. */
export type SeenRow = ActorRow & { readonly seenAt: number };
