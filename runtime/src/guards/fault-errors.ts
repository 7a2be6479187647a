/** What the fault-tolerance policies reject with. */
import { AirssysError } from "../values/errors.ts";
import { text } from "../values/safe-text.ts";

/** A circuit did not let a call through. The call was not made, so trying again later is safe. */
export class CircuitOpenError extends AirssysError {
  readonly code = "ERR_CIRCUIT_OPEN";
  /** Name of the circuit. */
  readonly circuit: string;
  /** Milliseconds until the circuit lets a trial call through; 0 when one is under way. */
  readonly retryAfterMs: number;

  /** @param cause the failure that opened the circuit. */
  constructor(circuit: string, retryAfterMs: number, cause: unknown) {
    const wait =
      retryAfterMs !== 0 ? text`for another ${rounded(retryAfterMs)} ms` : "until the trial calls have ended";
    super(text`circuit ${circuit} is open ${wait}`, { cause });
    this.circuit = circuit;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A bulkhead was full, and so was its queue. The call was not made, so trying again later is safe. */
export class BulkheadFullError extends AirssysError {
  readonly code = "ERR_BULKHEAD_FULL";
  /** Name of the bulkhead. */
  readonly bulkhead: string;
  /** Calls it lets run at the same time. */
  readonly limit: number;
  /** Calls that may wait. */
  readonly maxQueued: number;

  constructor(bulkhead: string, limit: number, maxQueued: number) {
    super(text`bulkhead ${bulkhead} is full: ${limit} running, ${maxQueued} waiting`);
    this.bulkhead = bulkhead;
    this.limit = limit;
    this.maxQueued = maxQueued;
  }
}

/** A rate limit was reached, and so was the limit of its queue. The call was not made, so trying again later is safe. */
export class RateLimitError extends AirssysError {
  readonly code = "ERR_RATE_LIMIT";
  /** Name of the limiter. */
  readonly limiter: string;
  /** Milliseconds until the call could be made, if nobody else asks meanwhile. */
  readonly retryAfterMs: number;

  constructor(limiter: string, retryAfterMs: number) {
    super(text`rate limit ${limiter} is reached for another ${rounded(retryAfterMs)} ms`);
    this.limiter = limiter;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A pool took no message: nobody has seen it. */
export class PoolClosedError extends AirssysError {
  readonly code = "ERR_POOL_CLOSED";
  /** Path of the pool. */
  readonly pool: string;
  /** - `draining`: it takes none at present. - `empty`: it has no worker. - `broadcast`: it can be told, and not asked. */
  readonly why: "draining" | "empty" | "broadcast";
  readonly undelivered: unknown;

  constructor(pool: string, why: PoolClosedError["why"], undelivered: unknown) {
    super(text`${pool} takes no message: ${why}`);
    this.pool = pool;
    this.why = why;
    this.undelivered = undelivered;
  }
}

/** Whole milliseconds, if they are a number. */
function rounded(ms: unknown): unknown {
  return typeof ms === "number" ? Math.ceil(ms) : ms;
}
