/** One operation from the decision to its end, written down at both. */
import type { Clock } from "../values/clock.ts";
import type { Requester } from "./audit.ts";
import { AccessDeniedError } from "./os-errors.ts";
import type { SecurityContext } from "./security-context.ts";

/** For whom an operation is done. */
export interface Request extends Requester {
  readonly security: SecurityContext;
  readonly clock: Clock;
  /** Fires when whoever does it ends. */
  readonly signal: AbortSignal;
}

/** What was decided: where it leads, and which grant allows it. */
export interface Decided {
  readonly resolved?: string;
  readonly grant?: string;
  readonly args?: readonly string[];
  /** What the decision opened: let go of when the operation is over, or was not begun. */
  readonly holds?: readonly Disposable[];
}

/** Characters of a target that are written down. */
const MAX_TARGET_LENGTH = 8_192;

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
  const { security, clock, actor, incarnation, messageId } = request;
  const { trail } = security;
  const { principal } = security.grants;
  const written = target.length > MAX_TARGET_LENGTH ? `${target.slice(0, MAX_TARGET_LENGTH)}…` : target;
  const about = { actor, incarnation, messageId, operation, target: written };
  const id = trail?.begin() ?? 0;
  const startedAt = clock.monotonicMs();
  const conclude = (isOk: boolean, facts: { error?: string; bytes?: number }): void =>
    trail?.conclude(principal, id, clock.now(), {
      type: "auditOutcome",
      ...about,
      isOk,
      ...facts,
      durationMs: clock.monotonicMs() - startedAt,
    });
  let decided: D;
  try {
    decided = decide();
  } catch (error) {
    const reason = error instanceof AccessDeniedError ? { reason: error.reason } : {};
    const isAllowed = !(error instanceof AccessDeniedError);
    trail?.decide(principal, id, clock.now(), { type: "auditDecision", ...about, isAllowed, ...reason });
    if (isAllowed) conclude(false, { error: codeOf(error) });
    throw error;
  }
  try {
    const { resolved, grant, args } = decided;
    trail?.decide(principal, id, clock.now(), {
      type: "auditDecision",
      ...about,
      isAllowed: true,
      ...(resolved === undefined ? {} : { resolved }),
      ...(grant === undefined ? {} : { grant }),
      ...(args === undefined ? {} : { args }),
    });
    return await acted(() => act(decided), conclude);
  } finally {
    for (const held of decided.holds ?? []) held[Symbol.dispose]();
  }
}

/** What was decided, done and written down. */
async function acted<T>(
  act: () => Promise<Done<T>> | Done<T>,
  conclude: (isOk: boolean, facts: { error?: string; bytes?: number }) => void,
): Promise<T> {
  try {
    const { result, bytes } = await act();
    conclude(true, bytes === undefined ? {} : { bytes });
    return result;
  } catch (error) {
    conclude(false, { error: codeOf(error) });
    throw error;
  }
}

/** The word of an error for the audit: the system's own where there is one. */
function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "UNKNOWN";
  const { errno, code } = error as { errno?: unknown; code?: unknown };
  return typeof errno === "string" ? errno : typeof code === "string" ? code : "UNKNOWN";
}
