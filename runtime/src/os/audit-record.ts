/** One operation in the audit: what was decided, and what came of it. */
import type { Clock } from "../values/clock.ts";
import type { AuditDecision, AuditOutcome, AuditTrail, Requester } from "./audit.ts";
import { AccessDeniedError, type DenialReason } from "./os-errors.ts";

/** Characters of a target that are written down. */
const MAX_TARGET_LENGTH = 8_192;

/** What was decided: where it leads, and which grant allows it. */
export interface Allowed {
  /** Asked only by an audit: to look it up costs as much as to open a directory. */
  readonly resolved?: () => string;
  readonly grant?: string;
  readonly args?: readonly string[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class AuditRecord {
  readonly #trail: AuditTrail;
  readonly #clock: Clock;
  readonly #principal: string;
  readonly #requester: Requester;
  readonly #operation: string;
  readonly #target: string;
  readonly #id: number;
  readonly #startedAt: number;

  constructor(
    trail: AuditTrail,
    clock: Clock,
    principal: string,
    requester: Requester,
    operation: string,
    target: string,
  ) {
    this.#trail = trail;
    this.#clock = clock;
    this.#principal = principal;
    this.#requester = requester;
    this.#operation = operation;
    this.#target = target.length > MAX_TARGET_LENGTH ? `${target.slice(0, MAX_TARGET_LENGTH)}…` : target;
    this.#id = trail.begin();
    this.#startedAt = clock.monotonicMs();
  }

  /** @throws {AccessDeniedError} `audit_unavailable`, when it cannot be written down and may not be done then. */
  allowed({ resolved, grant, args }: Allowed): void {
    const event = this.#decision(true);
    if (resolved !== undefined) event.resolved = resolved();
    if (grant !== undefined) event.grant = grant;
    if (args !== undefined) event.args = args;
    this.#trail.decide(event);
  }

  /** It was denied, or what it is about could not be found. @throws as {@link allowed} does. */
  refused(error: unknown): void {
    const reason: DenialReason | undefined = error instanceof AccessDeniedError ? error.reason : undefined;
    const event = this.#decision(reason === undefined);
    if (reason !== undefined) event.reason = reason;
    this.#trail.decide(event);
    if (reason === undefined) this.failed(error);
  }

  done(bytes: number | undefined): void {
    const event = this.#outcome(true);
    if (bytes !== undefined) event.bytes = bytes;
    this.#trail.conclude(event);
  }

  failed(error: unknown): void {
    const event = this.#outcome(false);
    event.error = wordOf(error);
    this.#trail.conclude(event);
  }

  #decision(isAllowed: boolean): Writable<AuditDecision> {
    const { actor, incarnation, messageId } = this.#requester;
    return {
      type: "auditDecision",
      actor,
      incarnation,
      messageId,
      operation: this.#operation,
      target: this.#target,
      sequence: this.#trail.next(),
      time: this.#clock.now(),
      principal: this.#principal,
      operationId: this.#id,
      isAllowed,
    };
  }

  #outcome(isOk: boolean): Writable<AuditOutcome> {
    const { actor, incarnation, messageId } = this.#requester;
    return {
      type: "auditOutcome",
      actor,
      incarnation,
      messageId,
      operation: this.#operation,
      target: this.#target,
      sequence: this.#trail.next(),
      time: this.#clock.now(),
      principal: this.#principal,
      operationId: this.#id,
      isOk,
      durationMs: this.#clock.monotonicMs() - this.#startedAt,
    };
  }
}

/** The word of an error: the system's own where there is one. */
function wordOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "UNKNOWN";
  const { errno, code } = error as { errno?: unknown; code?: unknown };
  return typeof errno === "string" ? errno : typeof code === "string" ? code : "UNKNOWN";
}
