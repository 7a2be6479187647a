/** How a system is, in numbers for people and answers for probes. Reads actors when it is asked, and changes nothing. */
import { type Cell, cellOf } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import { Supervisor } from "../supervision/supervisor.ts";
import { typeOf } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { Concerns, type QueueHealth, type SupervisorHealth, type TurnHealth } from "./concerns.ts";
import type { EventLoopHealth, Watchdog } from "./watchdog.ts";

/** Reasons that are written out; there may be as many as actors. */
const REASONS_SHOWN = 20;

/** Whose messages were dead letters. */
export interface DeadLetterSender {
  /** Path of the actor; `undefined`: sent from outside of actors. */
  readonly sender: string | undefined;
  /** Of the last 100 dead letters. */
  readonly count: number;
}

export interface HealthStatus {
  /**
   * | status | when |
   * |---|---|
   * | `down` | the system has stopped, or is stopping |
   * | `degraded` | a child waits for its restart, a supervisor has used up its restarts (one crash more and it gives up), or a queue, a turn or the event loop is beyond its limit; see `HealthLimits` |
   * | `up` | otherwise |
   */
  readonly status: "up" | "degraded" | "down";
  /** Why it is `degraded`, a sentence each, the first 20; empty otherwise. */
  readonly reasons: readonly string[];
  readonly actors: number;
  /** Messages handled per second since the check before, or since the start. */
  readonly throughput: number;
  /** Messages handled since the start. */
  readonly handled: number;
  readonly restarts: number;
  readonly deadLetters: number;
  /** Who sent the last 100 of them, most first. */
  readonly deadLetterSenders: readonly DeadLetterSender[];
  readonly supervisors: readonly SupervisorHealth[];
  /** For whom most messages wait; not there while none waits for anybody. */
  readonly longestQueue?: QueueHealth;
  /** The asynchronous turn that lasts longest; not there while there is none. */
  readonly longestTurn?: TurnHealth;
  /** Since the check before; only with a watchdog (see `ActorSystemOptions.watchdog`). */
  readonly eventLoop?: EventLoopHealth;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

/** What one look at all actors has found. */
interface Finding {
  readonly reasons: readonly string[];
  readonly longestQueue: QueueHealth | undefined;
  readonly longestTurn: TurnHealth | undefined;
  readonly supervisors: readonly SupervisorHealth[];
}

/** Health of one actor system. It costs nothing until it is asked, and then as much as there are actors. */
export class ActorSystemHealth {
  readonly #env: Environment;
  readonly #top: Cell;
  readonly #watchdog: Watchdog | undefined;
  readonly #concerns: Concerns;
  #lastHandled = 0;
  #lastMs: number;

  constructor(env: Environment, top: Cell, watchdog?: Watchdog, concerns: Concerns = new Concerns()) {
    this.#env = env;
    this.#top = top;
    this.#watchdog = watchdog;
    this.#concerns = concerns;
    this.#lastMs = env.clock.monotonicMs();
  }

  /** Looks at everything now, and begins a new window of throughput and event loop. For whoever looks regularly, and alone. */
  check(): HealthStatus {
    const health = this.peek();
    this.#lastHandled = health.handled;
    this.#lastMs = this.#env.clock.monotonicMs();
    this.#watchdog?.take();
    return health;
  }

  /** Looks at everything now and leaves all windows as they are: for any number of readers. */
  peek(): HealthStatus {
    const { clock, handled, actorCount, restarts, deadLetters } = this.#env;
    const seconds = (clock.monotonicMs() - this.#lastMs) / 1_000;
    const { longestQueue, longestTurn, supervisors, reasons } = this.#look();
    return {
      status: this.#statusFor(reasons),
      reasons: this.isLive ? reasons.slice(0, REASONS_SHOWN) : [],
      actors: actorCount,
      throughput: seconds > 0 ? (handled - this.#lastHandled) / seconds : 0,
      handled,
      restarts,
      deadLetters: deadLetters.count,
      deadLetterSenders: this.#deadLetterSenders(),
      supervisors,
      ...(longestQueue && { longestQueue }),
      ...(longestTurn && { longestTurn }),
      ...(this.#watchdog && { eventLoop: this.#watchdog.peek() }),
      timestamp: clock.now(),
    };
  }

  /** For `JSON.stringify`: {@link peek}. */
  toJSON(): HealthStatus {
    return this.peek();
  }

  get status(): HealthStatus["status"] {
    return this.isLive ? this.#statusFor(this.#look().reasons) : "down";
  }

  /** For a liveness probe: false once the system has stopped or given up. */
  get isLive(): boolean {
    return !this.#top.hasEnded && !this.#env.isStopping;
  }

  /** For a readiness probe: live, and no child waits for its restart. */
  get isReady(): boolean {
    if (!this.isLive) return false;
    for (const supervisor of healthOf(this.#env.supervisors)) if (supervisor.restarting > 0) return false;
    return true;
  }

  #statusFor(reasons: readonly string[]): HealthStatus["status"] {
    if (!this.isLive) return "down";
    return reasons.length > 0 ? "degraded" : "up";
  }

  #look(): Finding {
    const supervisors = [...healthOf(this.#env.supervisors)];
    const look = new Look(this.#env.tick(), this.#concerns);
    for (const cell of everyCell(this.#top)) look.at(cell);
    const others = supervisors.map((supervisor) => this.#concerns.ofSupervisor(supervisor));
    if (this.#watchdog !== undefined) others.push(this.#concerns.ofLoop(this.#watchdog.peek().delayMs));
    const reasons = [...others.filter((reason) => reason !== undefined), ...look.reasons];
    return { reasons, supervisors, longestQueue: look.longestQueue, longestTurn: look.longestTurn };
  }

  #deadLetterSenders(): readonly DeadLetterSender[] {
    const counts = new Map<AnyActorRef | undefined, number>();
    for (const { envelope } of this.#env.deadLetters.recent) {
      counts.set(envelope.sender, (counts.get(envelope.sender) ?? 0) + 1);
    }
    return [...counts].map(([sender, count]) => ({ sender: sender?.id, count })).sort((a, b) => b.count - a.count);
  }
}

/** One look at actor after actor. */
class Look {
  readonly reasons: string[] = [];
  readonly #tick: number;
  readonly #concerns: Concerns;
  #queue: { readonly cell: Cell; readonly length: number; readonly waitedMs: number } | undefined;
  #turn: { readonly cell: Cell; readonly ms: number } | undefined;

  constructor(tick: number, concerns: Concerns) {
    this.#tick = tick;
    this.#concerns = concerns;
  }

  at(cell: Cell): void {
    this.#atQueue(cell);
    this.#atTurn(cell);
  }

  get longestQueue(): QueueHealth | undefined {
    return this.#queue && queueHealth(this.#queue);
  }

  get longestTurn(): TurnHealth | undefined {
    return this.#turn && turnHealth(this.#turn);
  }

  #atQueue(cell: Cell): void {
    const length = cell.mailboxDepth;
    if (length === 0) return;
    const queue = { cell, length, waitedMs: Math.max(0, this.#tick - (cell.waitingSince ?? this.#tick)) };
    if (length > (this.#queue?.length ?? 0)) this.#queue = queue;
    if (this.#concerns.isLong(queue)) this.reasons.push(this.#concerns.ofQueue(queueHealth(queue)));
  }

  #atTurn(cell: Cell): void {
    const since = cell.awaitingSince;
    if (since === undefined) return;
    const turn = { cell, ms: Math.max(0, this.#tick - since) };
    if (this.#turn === undefined || turn.ms > this.#turn.ms) this.#turn = turn;
    if (this.#concerns.isOverdue(turn.ms)) this.reasons.push(this.#concerns.ofTurn(turnHealth(turn)));
  }
}

function queueHealth({ cell, length, waitedMs }: { cell: Cell; length: number; waitedMs: number }): QueueHealth {
  return { actor: cell.id, length, waitedMs };
}

function turnHealth({ cell, ms }: { cell: Cell; ms: number }): TurnHealth {
  const letter = cell.letterInHand;
  return { actor: cell.id, messageType: letter?.isSignal === false ? typeOf(letter.message) : undefined, ms };
}

/** All actors from the top down, however deep the tree is. */
function* everyCell(top: Cell): IterableIterator<Cell> {
  const open: Cell[] = [top];
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    yield cell;
    for (let child = cell.youngestChild; child !== undefined; child = child.olderSibling) open.push(child as Cell);
  }
}

function* healthOf(supervisors: Iterable<AnyActorRef>): IterableIterator<SupervisorHealth> {
  for (const ref of supervisors) {
    const { behavior } = cellOf(ref);
    if (!(behavior instanceof Supervisor)) continue;
    const { strategy, restartsInWindow, maxRestarts, maxRestartPeriodMs } = behavior.status;
    const { childCount: children, restartingCount: restarting } = behavior;
    yield { path: ref.id, strategy, children, restarting, restartsInWindow, maxRestarts, maxRestartPeriodMs };
  }
}
