/** What one incarnation has beside its state, where it has any of it. */

import type { Letter } from "../environment/letter.ts";
import type { AsyncScope } from "../values/async-scope.ts";
import type { IncarnationTimers } from "./actor-timers.ts";
import type { PendingAsk } from "./pending-ask.ts";

/** Made with the first of them: most actors never have one. */
export class Belongings {
  /** The scope of everything asynchronous it starts. */
  scope: AsyncScope | undefined = undefined;
  /** That of what it starts beside, where it is noted who starts what. */
  workScope: AsyncScope | undefined = undefined;
  /** When it last gave a promise back: a tick. */
  awaitingSince = 0;
  /** Fires when it ends. */
  controller: AbortController | undefined = undefined;
  timers: IncarnationTimers | undefined = undefined;
  /** Messages set aside, in order. */
  readonly stash: Letter[] = [];
  /** The letter that was set aside last; a copy of it is in the stash. */
  lastStashed: Letter | undefined = undefined;
  /** Questions whose answers were taken out of their turns. */
  readonly owed: Set<PendingAsk> = new Set();
}
