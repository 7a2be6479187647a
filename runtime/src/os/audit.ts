/** Writes down each operation twice: what was decided, and what came of it. */
import fs from "node:fs";
import type { ActorRef } from "../values/ref.ts";
import { AccessDeniedError, type DenialReason } from "./os-errors.ts";

/** Who asked, as far as it is known. */
export interface Requester {
  /** Path of the actor that sent the request, or of the one that acts where nobody asked. */
  readonly actor: string | undefined;
  readonly incarnation: number | undefined;
  readonly messageId: string | undefined;
}

/** What both events of an operation say. */
export interface AuditFacts extends Requester {
  /** Counts from 1 for each sink: a gap is a loss. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly principal: string;
  /** Such as `read`, `spawn`. */
  readonly operation: string;
  /** Path or command, as it was given. */
  readonly target: string;
}

/** One operation, before it is done and after. The two have the same `operationId`. */
export type AuditEvent =
  | (AuditFacts & {
      readonly type: "auditDecision";
      readonly operationId: number;
      readonly isAllowed: boolean;
      /** Why it was denied. */
      readonly reason?: DenialReason;
      /** The real path of what is touched, where it is known. */
      readonly resolved?: string;
      /** The grant that allows it: the path of a directory, or a command. */
      readonly grant?: string;
      /** Arguments of a command; `"•••"` for secret ones. */
      readonly args?: readonly string[];
    })
  | (AuditFacts & {
      readonly type: "auditOutcome";
      readonly operationId: number;
      readonly isOk: boolean;
      /** Code of the error, such as `ENOENT`. */
      readonly error?: string;
      readonly bytes?: number;
      readonly durationMs: number;
    });

type Undated<E> = E extends unknown ? Omit<E, "sequence" | "time" | "principal" | "operationId"> : never;

/** A decision or an outcome, without what the audit itself knows. */
export type AuditEntry = Undated<AuditEvent>;

/** Where the events go: an actor that takes them, or a file that they are appended to, a line of JSON each. */
export type AuditSink = ActorRef<AuditEvent> | { readonly fd: number };

/** The sequence of a sink: contexts that are narrowed from one another share it. */
export class AuditTrail {
  readonly #sink: AuditSink;
  readonly #mayFail: boolean;
  #sequence = 0;
  #operations = 0;
  #lost = 0;
  /** Contexts that write to it. */
  #holders = 0;

  /** @param mayFail whether operations go on that cannot be written down. */
  constructor(sink: AuditSink, mayFail: boolean) {
    this.#sink = sink;
    this.#mayFail = mayFail;
  }

  /** One more context writes to it. */
  hold(): this {
    this.#holders += 1;
    return this;
  }

  /** One less: a file is closed with the last. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && "fd" in this.#sink) fs.closeSync(this.#sink.fd);
  }

  /** Whether this is the file that the audit is written to: no request may change it. */
  isKeptIn({ dev, ino }: fs.BigIntStats): boolean {
    if (!("fd" in this.#sink) || this.#holders === 0) return false;
    const own = fs.fstatSync(this.#sink.fd, { bigint: true });
    return own.dev === dev && own.ino === ino;
  }

  /** Events that the sink did not take. */
  get lost(): number {
    return this.#lost;
  }

  /** The number of the next operation. */
  begin(): number {
    this.#operations += 1;
    return this.#operations;
  }

  /**
   * Writes down what was decided, before it is done.
   *
   * @throws {AccessDeniedError} `audit_unavailable`, when the sink refuses and operations that are not written down may not be done.
   */
  decide(principal: string, operationId: number, time: number, entry: AuditEntry): void {
    if (this.#write(principal, operationId, time, entry) || this.#mayFail) return;
    const { operation, target } = entry;
    throw new AccessDeniedError({
      operation,
      target,
      reason: "audit_unavailable",
      hint: 'the audit takes no more events; auditFailure: "continue" would go on without',
    });
  }

  /** Writes down what came of it. What is lost here is counted, and shows as a gap; the next decision meets the same sink. */
  conclude(principal: string, operationId: number, time: number, entry: AuditEntry): void {
    this.#write(principal, operationId, time, entry);
  }

  #write(principal: string, operationId: number, time: number, entry: AuditEntry): boolean {
    this.#sequence += 1;
    const event = { ...entry, sequence: this.#sequence, time, principal, operationId } as AuditEvent;
    const isTaken = "tell" in this.#sink ? this.#sink.tell(event) : this.#holders > 0 && append(this.#sink.fd, event);
    if (!isTaken) this.#lost += 1;
    return isTaken;
  }
}

/** One write for one line: lines of several writers do not mix. A file that has no name any more keeps nothing. */
function append(fd: number, event: AuditEvent): boolean {
  const line = Buffer.from(`${JSON.stringify(event)}\n`);
  try {
    // Looked at before something is done; what came of it is only counted when it is lost.
    if (event.type === "auditDecision" && fs.fstatSync(fd).nlink === 0) return false;
    return fs.writeSync(fd, line) === line.length;
  } catch {
    // The caller counts it, and denies.
    return false;
  }
}
