/** A supervisor as the source says it: flags and children, with what is not known marked. */
import type { SpecFault } from "airssys-rt/spec";
import type { FileSpan, Span } from "../source/span.ts";
import type { Startable } from "./static-value.ts";

/** A value that may not be known before the program runs. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export interface ChildFact {
  readonly id: Known<string>;
  /** In the list of children, those that are not known counted. */
  readonly index: number;
  readonly span: Span;
  /** Where the supervisor's file names the spec; where it does not, the file the spec stands in. */
  readonly path: string;
  /** Where it is settled what the spec starts and on which terms, in any file. */
  readonly written: FileSpan;
  readonly start: Known<Startable>;
  readonly restart: Known<string>;
  /** The value of `restart`, when the spec itself says it. */
  readonly restartPlace?: FileSpan;
  /** The value of `shutdown`, when the spec itself says it. */
  readonly shutdownPlace?: FileSpan;
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
  /** Where the value comes from, when that is elsewhere: in another file, or where a helper is called. */
  readonly origin?: FileSpan;
  /** The name, when the property is written as its name alone. */
  readonly shorthand?: string;
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
  /** The value of `strategy`, when the spec itself says it. */
  readonly strategyPlace?: FileSpan;
  /** The object literal that the supervisor is given, when it is one and says no strategy. */
  readonly specSpan?: Span;
  readonly maxRestarts: Known<number>;
  readonly maxRestartPeriodMs: Known<number>;
  readonly autoShutdown: Known<string>;
  /** Known children in start order. */
  readonly children: readonly ChildFact[];
  /** Why there may be children besides. */
  readonly moreChildren?: string;
  /** Ids of what those may start; absent when that is not known. */
  readonly moreStarts?: readonly string[];
  readonly faults: readonly SpecFaultFact[];
}
