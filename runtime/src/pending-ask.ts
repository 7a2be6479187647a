/** A question under way: the promise its asker waits for, and the one answer it takes. */
import type { Deadline, DeadlineBatch } from "./deadlines.ts";
import type { Environment } from "./environment.ts";
import { AlreadyRepliedError, AskTimeoutError, NoReplyError } from "./errors.ts";
import { freezeDeeply } from "./freeze.ts";
import { type Addressee, Letter, type Origin } from "./letter.ts";
import type { AnyActorRef } from "./ref.ts";

/** Something that was sent and whose sender waits for what becomes of it. */
export interface Awaited {
  readonly sender: AnyActorRef | undefined;
  /** The life of the sender that waits; negative for one that had ended. */
  readonly senderIncarnation: number;
}

/** What failed, by the promises that were rejected: should nobody listen to one of them, it is known whose it was. */
export const failures: WeakMap<Promise<unknown>, Awaited> = new WeakMap();

let resolveNext: (value: unknown) => void;
/** One executor for all promises: an ask allocates no closures. */
const capture = (resolve: (value: unknown) => void): void => {
  resolveNext = resolve;
};

/** The question is the letter: one object for both, and it is its own origin. */
export class PendingAsk extends Letter implements Origin, Deadline, Awaited {
  readonly senderIncarnation: number;
  readonly promise: Promise<unknown>;
  private readonly resolve: (value: unknown) => void;
  private readonly environment: Environment;
  /** `deferred`: the answer is owed by a reply port. */
  state: "open" | "deferred" | "answered" | "given_up" = "open";
  before: Deadline | undefined = undefined;
  after: Deadline | undefined = undefined;
  batch: DeadlineBatch | undefined = undefined;
  private onSettled: (() => void) | undefined = undefined;

  constructor(
    environment: Environment,
    message: unknown,
    sender: AnyActorRef | undefined,
    recipient: Addressee,
    timeoutMs: number,
  ) {
    super(message, sender, recipient, environment.tick(), environment.nextSeq(), undefined);
    this.origin = this;
    this.senderIncarnation = sender === undefined ? 0 : sender.incarnation;
    this.environment = environment;
    this.promise = new Promise(capture);
    this.resolve = resolveNext;
    environment.deadlines.set(this, timeoutMs, environment.scheduler.moment());
  }

  get isWanted(): boolean {
    return true;
  }

  /** True while the asker waits. */
  get isPending(): boolean {
    return this.state === "open" || this.state === "deferred";
  }

  /** Gives up when `signal` fires. */
  follow(signal: AbortSignal): void {
    const giveUp = (): void => this.settle("given_up", signal.reason, true);
    signal.addEventListener("abort", giveUp, { once: true });
    this.whenSettled(() => signal.removeEventListener("abort", giveUp));
  }

  /** Calls back once nobody waits for the answer any more. */
  whenSettled(callback: () => void): void {
    const before = this.onSettled;
    this.onSettled =
      before === undefined
        ? callback
        : () => {
            before();
            callback();
          };
  }

  /** @throws {AlreadyRepliedError} */
  reply(value: unknown): void {
    if (!this.mayAnswer()) return;
    if (this.environment.freezesMessages) freezeDeeply(value);
    this.settle("answered", value, false);
  }

  /** Answers with a rejection. @throws {AlreadyRepliedError} */
  fail(error: unknown): void {
    if (this.mayAnswer()) this.settle("answered", error, true);
  }

  expire(timeoutMs: number): void {
    this.settle("given_up", new AskTimeoutError(this.recipient.id, timeoutMs, this.message), true);
  }

  unanswered(recipient: AnyActorRef): void {
    if (this.state === "open") this.settle("given_up", new NoReplyError(recipient.id, this.message), true);
  }

  undelivered(error: Error): void {
    this.settle("given_up", error, true);
  }

  /** Whether an answer still reaches the asker; a late one is buried. */
  private mayAnswer(): boolean {
    if (this.state === "answered") throw new AlreadyRepliedError(this.recipient.id);
    if (this.state === "given_up") this.environment.bury(this, "late_reply");
    return this.state !== "given_up";
  }

  private settle(state: "answered" | "given_up", value: unknown, isError: boolean): void {
    if (!this.isPending) return;
    this.state = state;
    this.environment.deadlines.clear(this);
    this.onSettled?.();
    if (isError) failures.set(this.promise, this);
    // To reject it directly would mean to keep another function for each ask, most of which are answered.
    this.resolve(isError ? Promise.reject(value) : value);
  }
}

/** A `tellAsync` under way: waits for room in a mailbox. */
export class PendingTell implements Awaited {
  readonly letter: Letter;
  readonly senderIncarnation: number;
  readonly promise: Promise<void>;
  readonly #resolve: (value: unknown) => void;

  constructor(letter: Letter) {
    this.letter = letter;
    this.senderIncarnation = letter.sender?.incarnation ?? 0;
    this.promise = new Promise<unknown>(capture) as Promise<void>;
    this.#resolve = resolveNext;
  }

  accepted(): void {
    this.#resolve(undefined);
  }

  get sender(): AnyActorRef | undefined {
    return this.letter.sender;
  }

  refused(error: Error): void {
    failures.set(this.promise, this);
    this.#resolve(Promise.reject(error));
  }
}
