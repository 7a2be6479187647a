/** One operation from the decision to its end, written down at both. */
import type { Clock } from "../values/clock.ts";
import type { Requester } from "./audit.ts";
import { type Allowed, AuditRecord } from "./audit-record.ts";
import type { SecurityContext } from "./security-context.ts";

/** For whom an operation is done. */
export interface Request extends Requester {
  readonly security: SecurityContext;
  readonly clock: Clock;
  /** Fires when whoever does it ends. */
  readonly signal: AbortSignal;
}

/** What was decided, with what was opened for it. */
export interface Decided extends Allowed {
  /** Let go of when the operation is over, or was not begun. */
  readonly holds?: readonly Disposable[];
}

/** What came of an operation. */
export interface Done<T> {
  readonly result: T;
  readonly bytes?: number;
}

/**
 * Decides, writes the decision down, does it, writes the outcome down.
 *
 * @param decide finds out whether it is allowed; what it throws is the denial, or what went wrong on the way.
 * @param act does it.
 * @throws what the two throw, and {@link AccessDeniedError} `audit_unavailable` before anything is done.
 */
export async function audited<D extends Decided, T>(
  request: Request,
  operation: string,
  target: string,
  decide: () => D,
  act: (decided: D) => Promise<Done<T>> | Done<T>,
): Promise<T> {
  const { security, clock } = request;
  const { trail, grants } = security;
  const record = trail && new AuditRecord(trail, clock, grants.principal, request, operation, target);
  let decided: D;
  try {
    decided = decide();
  } catch (error) {
    record?.refused(error);
    throw error;
  }
  try {
    record?.allowed(decided);
    return await acted(decided, act, record);
  } finally {
    for (const held of decided.holds ?? []) held[Symbol.dispose]();
  }
}

/** What was decided, done and written down. */
async function acted<D, T>(
  decided: D,
  act: (decided: D) => Promise<Done<T>> | Done<T>,
  record: AuditRecord | undefined,
): Promise<T> {
  try {
    const { result, bytes } = await act(decided);
    record?.done(bytes);
    return result;
  } catch (error) {
    record?.failed(error);
    throw error;
  }
}
