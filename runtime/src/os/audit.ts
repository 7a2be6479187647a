/** Writes down each operation twice: what was decided, and what came of it. */
import type { ActorRef } from "../values/ref.ts";
import type { AuditFile } from "./audit-file.ts";
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

/** What was decided about an operation, before it is done. */
export interface AuditDecision extends AuditFacts {
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
}

/** What came of an operation. */
export interface AuditOutcome extends AuditFacts {
  readonly type: "auditOutcome";
  readonly operationId: number;
  readonly isOk: boolean;
  /** Code of the error, such as `ENOENT`. */
  readonly error?: string;
  readonly bytes?: number;
  readonly durationMs: number;
}

/** One operation, before it is done and after. The two have the same `operationId`. */
export type AuditEvent = AuditDecision | AuditOutcome;

/** The sequence of a sink: contexts that are narrowed from one another share it. */
export class AuditTrail {
  readonly #sink: ActorRef<AuditEvent> | AuditFile;
  readonly #mayFail: boolean;
  #sequence = 0;
  #operations = 0;
  #lost = 0;
  /** Contexts that write to it. */
  #holders = 0;

  /** @param mayFail whether operations go on that cannot be written down. */
  constructor(sink: ActorRef<AuditEvent> | AuditFile, mayFail: boolean) {
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
    if (this.#holders === 0 && "flush" in this.#sink) this.#sink.close();
  }

  /** Events that the sink did not take. */
  get lost(): number {
    return this.#lost + ("flush" in this.#sink ? this.#sink.lost : 0);
  }

  /** The number of the next operation. */
  begin(): number {
    this.#operations += 1;
    return this.#operations;
  }

  /** The number of the next event. */
  next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /**
   * Writes down what was decided, before it is done.
   *
   * @throws {AccessDeniedError} `audit_unavailable`, when the sink refuses and operations that are not written down may not be done.
   */
  decide(event: AuditDecision): void {
    const isTaken = "flush" in this.#sink ? this.#sink.write(event) : this.#told(this.#sink, event);
    if (isTaken || this.#mayFail) return;
    const { operation, target } = event;
    throw new AccessDeniedError({
      operation,
      target,
      reason: "audit_unavailable",
      hint: 'the audit takes no more events; auditFailure: "continue" would go on without',
    });
  }

  /** Writes down what came of it. What is lost here is counted, and shows as a gap; the next decision meets the same sink. */
  conclude(event: AuditOutcome): void {
    if ("flush" in this.#sink) this.#sink.writeSoon(event);
    else this.#told(this.#sink, event);
  }

  #told(sink: ActorRef<AuditEvent>, event: AuditEvent): boolean {
    const isTaken = sink.tell(event);
    if (!isTaken) this.#lost += 1;
    return isTaken;
  }
}
