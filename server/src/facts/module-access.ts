/** An access of an actor to a variable at the top of a module. Plain data. */
import type { Span } from "../source/span.ts";

export interface ModuleAccess {
  readonly variable: string;
  readonly name: string;
  readonly actor: string;
  readonly span: Span;
  readonly isWrite: boolean;
}
