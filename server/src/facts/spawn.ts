/** An actor started by code rather than by the spec of a supervisor, a system started, and actors looked up by name. Plain data. */

import type { Span } from "../source/span.ts";
import type { InFunction } from "./function-call.ts";
import type { MessageType } from "./message-type.ts";
import type { Rewrite } from "./rewrite.ts";

export interface Spawn {
  readonly span: Span;
  /** `child`: a supervisor is given a further child. */
  readonly by: "system" | "context" | "child";
  /** Id of what is started, when it is known. */
  readonly starts?: string;
  readonly name?: string;
  readonly nameSpan?: Span;
  /** Last part of its path. */
  readonly id?: string;
  /** Its name or id is computed, or may be in what is not known. */
  readonly isOpen?: boolean;
  /** What puts it under a supervisor, where that can be written. */
  readonly supervised?: Rewrite;
  /** The actor that spawns. */
  readonly actor?: string;
}

export interface SystemStart {
  readonly span: Span;
  /** Id of the root supervisor, when it is known. */
  readonly root?: string;
  /** The variable that holds the system. */
  readonly variable?: string;
}

/** `whereis("name")` in the code of an actor or a function of the project, or a call of a function of the project that does it. */
export interface Lookup {
  readonly name: string;
  readonly span: Span;
  readonly nameSpan: Span;
  /** What the source says the actor accepts, when all of it is known, and where. */
  readonly accepts?: { readonly message: MessageType; readonly span: Span };
  /** The actor that looks up; absent in a function that none of the file calls. */
  readonly actor?: string;
  /** Other actors may come to it through this function. */
  readonly inFunction?: InFunction;
  /** In the start itself, not in a function that may be called later. */
  readonly isAtStart: boolean;
  /** It is seen to that nobody may be found. */
  readonly expectsNobody: boolean;
}

/** `await system.stop()` in the turn of an actor. */
export interface SystemStop {
  readonly span: Span;
  readonly awaitSpan: Span;
  readonly system: string;
  readonly actor: string;
}

export interface SpawnFacts {
  readonly spawns: readonly Spawn[];
  readonly systems: readonly SystemStart[];
  readonly systemStops: readonly SystemStop[];
  readonly lookups: readonly Lookup[];
  /** Calls of a callback on an actor made by hand. */
  readonly directCalls: readonly {
    readonly span: Span;
    readonly actor: string;
    readonly method: string;
  }[];
}
