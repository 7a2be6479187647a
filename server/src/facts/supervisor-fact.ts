/** A supervisor as the source says it: flags and children, with what is not known marked. */
import type { SpecFault } from "airssys-rt/spec";
import type { FileSpan, Span } from "../source/span.ts";
import type { Startable } from "./static-value.ts";

/** A value that may not be known before the program runs. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export interface ChildFact {
  readonly id: Known<string>;
  readonly span: Span;
  /** Where the spec stands: not always the file of the supervisor. */
  readonly path: string;
  readonly start: Known<Startable>;
  readonly restart: Known<string>;
  /** The value of `restart`, when it stands in the file of the supervisor. */
  readonly restartSpan?: Span;
  /** The value of `shutdown`, when it stands in the file of the supervisor. */
  readonly shutdownSpan?: Span;
  /** `undefined`: the default of its kind. */
  readonly shutdown: Known<string | number | undefined>;
  readonly significant: Known<boolean>;
  readonly name: Known<string | undefined>;
  readonly hasBackoff: Known<boolean>;
}

/** A mistake the run time would find in the spec, and where it was written. */
export interface SpecFaultFact {
  readonly fault: Pick<SpecFault, "code" | "message" | "path" | "suggestion">;
  readonly span: Span;
  /** Where the value comes from, when that is elsewhere. */
  readonly origin?: FileSpan;
  /** For `duplicate_id`: the first use. */
  readonly first?: FileSpan;
  /** The property assignment, for fixes that take it out. */
  readonly property?: Span;
  /** Quotation mark used at the place, when it is a string. */
  readonly quote?: string;
}

export interface SupervisorFact {
  readonly id: string;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly strategy: Known<string>;
  /** The value of `strategy`, when it stands in this file. */
  readonly strategySpan?: Span;
  /** The object literal that the supervisor is given, when it is one. */
  readonly specSpan?: Span;
  readonly maxRestarts: Known<number>;
  readonly maxRestartPeriodMs: Known<number>;
  readonly autoShutdown: Known<string>;
  /** Known children in start order. */
  readonly children: readonly ChildFact[];
  /** Why there may be children besides. */
  readonly moreChildren?: string;
  readonly faults: readonly SpecFaultFact[];
}
