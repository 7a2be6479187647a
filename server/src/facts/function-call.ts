/** A function or method of the project that is called by the code of an actor, or by another such function. Plain data. */

export interface FunctionCall {
  /** Id of the function called, equal in all files. */
  readonly callee: string;
  /** The actor in whose code the call stands, and in which of its callbacks. */
  readonly actor?: string;
  readonly callback?: string;
  /** Tags of the messages being handled there; absent outside a handler of certain messages. */
  readonly during?: readonly string[];
  /** The function around the call, when that is called by others itself. */
  readonly within?: string;
  /** The function around it goes on, or ends, only when the called one has. */
  readonly isAwaited: boolean;
  /** All turns or starts that come to the call through functions of the actor wait for it. */
  readonly holdsTurn: boolean;
}

/** The function around a place. */
export interface InFunction {
  readonly id: string;
  /** It waits there for what is done. */
  readonly isAwaited: boolean;
}
