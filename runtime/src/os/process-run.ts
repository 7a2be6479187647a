/** One process from its start to its end: limits, output, and the reason it ended for. Knows no actor. */
import type { Clock, Timer } from "../values/clock.ts";
import type { Launch } from "./launch.ts";
import { OutputLimitError, ProcessTimeoutError } from "./os-errors.ts";
import { pump, ReadyTaker, SinkTaker, Tail, type Taker } from "./output-pump.ts";
import { type ProcessEnd, ProcessGroup } from "./process-group.ts";
import type { ProcessOptions } from "./process-messages.ts";

/** Milliseconds that output is still read when a process has exited. */
export const DEFAULT_DRAIN_MS = 200;

/** What a process came to. */
export interface Run extends ProcessEnd {
  /** Why it was killed by us, if it was: a limit passed, a sink that takes no more. */
  readonly failure: unknown;
  readonly stderrTail: string;
}

export type RunOptions = Pick<
  ProcessOptions,
  "stdout" | "stderr" | "timeoutMs" | "maxOutputBytes" | "ready" | "drainMs"
>;

/** A process under its limits. */
export class ProcessRun {
  readonly group: ProcessGroup;
  /** Resolves when it is ready, as the options say what that is; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Never rejects. */
  readonly ended: Promise<Run>;
  readonly launch: Launch;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether a tail of stderr is kept: nobody else takes it. */
  readonly keepsErrors: boolean;
  readonly #clock: Clock;
  readonly #options: RunOptions;
  readonly #tail: Tail = new Tail();
  #written = 0;
  #failure: unknown;
  #timer: Timer | undefined;

  private constructor(
    group: ProcessGroup,
    launch: Launch,
    options: RunOptions,
    clock: Clock,
    signal: AbortSignal,
    takers: Takers,
  ) {
    this.group = group;
    this.launch = launch;
    this.#clock = clock;
    this.startedAt = clock.now();
    this.keepsErrors = takers.stderr === undefined;
    this.#options = options;
    let found = (): void => undefined;
    const isReady = new Promise<void>((resolve) => {
      found = resolve;
    });
    const pumps = [
      this.#pump("stdout", takers.stdout, found),
      this.#pump("stderr", takers.stderr ?? this.#tail, found),
    ];
    this.ended = this.#end(Promise.all(pumps));
    this.ready = this.#whenReady(isReady, signal);
    // Nobody has to wait for it.
    this.ready.catch(() => undefined);
    const { timeoutMs } = options;
    if (timeoutMs !== undefined)
      this.#timer = clock.setTimer(() => this.fail(new ProcessTimeoutError(launch.command, timeoutMs)), timeoutMs);
    const kill = (): void => void group.signal("SIGKILL");
    if (signal.aborted) kill();
    else signal.addEventListener("abort", kill, { once: true });
    // A manager outlives most of what it runs.
    void this.ended.then(() => signal.removeEventListener("abort", kill));
  }

  /**
   * @param signal kills the group when it fires.
   * @throws {FileOperationError} when the system cannot start it.
   */
  static async start(
    launch: Launch,
    options: RunOptions,
    clock: Clock,
    signal: AbortSignal,
    takers: Takers = takersOf(options),
  ): Promise<ProcessRun> {
    const group = await ProcessGroup.start(launch);
    return new ProcessRun(group, launch, options, clock, signal, takers);
  }

  get stderrTail(): string {
    return this.#tail.text;
  }

  /** Kills the group, for this reason. The first one counts. */
  fail(cause: unknown): void {
    if (!this.group.isRunning) return;
    this.#failure ??= cause;
    this.group.signal("SIGKILL");
  }

  async #pump(name: "stdout" | "stderr", taker: Taker, found: () => void): Promise<void> {
    const { ready } = this.#options;
    const whole = ready instanceof RegExp ? new ReadyTaker(taker, ready, found) : taker;
    try {
      await pump(this.group[name], whole, (bytes) => this.#count(bytes));
    } catch (error) {
      this.fail(error);
    }
  }

  #count(bytes: number): void {
    const { maxOutputBytes } = this.#options;
    this.#written += bytes;
    if (maxOutputBytes !== undefined && this.#written > maxOutputBytes)
      throw new OutputLimitError(this.launch.command, maxOutputBytes);
  }

  async #end(output: Promise<unknown>): Promise<Run> {
    const { code, signal } = await this.group.ended;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    await this.#drained(output);
    return { code, signal, failure: this.#failure, stderrTail: this.#tail.text };
  }

  /** What was written before the end is still read, as long as nobody else holds the pipe. */
  async #drained(output: Promise<unknown>): Promise<void> {
    let timer: Timer | undefined;
    const isLate = new Promise<void>((resolve) => {
      timer = this.#clock.setTimer(resolve, this.#options.drainMs ?? DEFAULT_DRAIN_MS);
    });
    await Promise.race([output, isLate]);
    if (timer !== undefined) this.#clock.clearTimer(timer);
    for (const stream of [this.group.stdout, this.group.stderr, this.group.input]) stream.destroy();
  }

  async #whenReady(found: Promise<void>, signal: AbortSignal): Promise<void> {
    const { ready } = this.#options;
    if (ready === undefined) return;
    const isReady = ready instanceof RegExp ? found : Promise.resolve(ready(this.group.pid, signal));
    const isOver = this.ended.then((run) => {
      throw new EndedEarly(run);
    });
    await Promise.race([isReady, isOver]);
  }
}

/** It ended before it was ready. */
export class EndedEarly {
  readonly run: Run;
  constructor(run: Run) {
    this.run = run;
  }
}

export interface Takers {
  readonly stdout: Taker;
  /** Default: a tail is kept. */
  readonly stderr?: Taker;
}

function takersOf({ stdout, stderr }: RunOptions): Takers {
  return {
    stdout: stdout === undefined ? new Tail() : new SinkTaker(stdout, "stdout"),
    ...(stderr === undefined ? {} : { stderr: new SinkTaker(stderr, "stderr") }),
  };
}
