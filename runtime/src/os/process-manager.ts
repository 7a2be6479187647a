/** The actor that starts processes and does file operations for others, under a security context. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { print } from "../spec/spec-fault.ts";
import { Actor, type ActorContext, type ReplyPort, type Start } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { isFields, readField } from "../values/fields.ts";
import type { ReplyOf } from "../values/message.ts";
import { type OsFacts, tellsOsFacts } from "../values/os-facts.ts";
import type { Signal } from "../values/signal.ts";
import { answerTo } from "./answer.ts";
import { audited, type Request } from "./audited.ts";
import { Denials } from "./denials.ts";
import { dataFault, readFileMessage } from "./file-message-check.ts";
import { type FileOperation, performFileOperation } from "./file-operations.ts";
import { bytesOf } from "./file-write.ts";
import { DEFAULT_MAX_READ_BYTES } from "./files.ts";
import { decideLaunch } from "./launch.ts";
import { ProcessLimitError } from "./os-errors.ts";
import { OsProcess } from "./os-process.ts";
import { Collected } from "./output-pump.ts";
import type { ProcessManagerMessage, ProcessOptions, ProcessResult } from "./process-messages.ts";
import { readProcessOptions } from "./process-options-check.ts";
import { ProcessRun } from "./process-run.ts";
import { SecurityContext } from "./security-context.ts";
import { shownProcess } from "./shown-process.ts";

/** Bytes that `run` collects when nothing else is said: 10 MiB. */
export const DEFAULT_MAX_RUN_OUTPUT_BYTES = 10_485_760;
/** Runs and file operations under way at the same time when nothing else is said. */
export const DEFAULT_MAX_CONCURRENT_RUNS = 32;
/** Those that wait for their turn when nothing else is said. */
export const DEFAULT_MAX_WAITING_RUNS = 1_000;
/** Processes that `spawnProcess` started and that are alive when nothing else is said. */
export const DEFAULT_MAX_PROCESSES = 256;

export interface ProcessManagerOptions {
  /** `run`s and file operations under way at the same time. Default {@link DEFAULT_MAX_CONCURRENT_RUNS}. */
  readonly maxConcurrent?: number;
  /** Those that wait for their turn, in the order they came; further ones are refused. Default {@link DEFAULT_MAX_WAITING_RUNS}. */
  readonly maxWaiting?: number;
  /** Processes that `spawnProcess` started and that are alive; further ones are refused. Default {@link DEFAULT_MAX_PROCESSES}. */
  readonly maxProcesses?: number;
}

type Limits = Required<ProcessManagerOptions>;
type Port = ReplyPort<ReplyOf<ProcessManagerMessage>>;
type Of<K extends ProcessManagerMessage["type"]> = Extract<ProcessManagerMessage, { readonly type: K }>;

/**
 * Makes the manager of processes. What is denied or fails is the reply, and the manager goes on: the ask rejects with `AccessDeniedError`,
 * with `ProcessLimitError` beyond its limits, or with what came of the process. Processes it started are its children: their crashes are
 * theirs, and they end before it does.
 *
 * @throws {InvalidArgumentError} at once, with every fault of the options, and when it gets no security context.
 */
export function processManager(
  security: SecurityContext,
  options: ProcessManagerOptions = {},
): Start<ProcessManagerMessage> {
  const check = new ArgumentCheck("processManager");
  const own = check.options(options, ["maxConcurrent", "maxWaiting", "maxProcesses"]);
  const limits: Limits = {
    maxConcurrent: own.maxConcurrent ?? DEFAULT_MAX_CONCURRENT_RUNS,
    maxWaiting: own.maxWaiting ?? DEFAULT_MAX_WAITING_RUNS,
    maxProcesses: own.maxProcesses ?? DEFAULT_MAX_PROCESSES,
  };
  if (!SecurityContext.is(security)) check.fault("security must be a SecurityContext");
  check
    .number("maxConcurrent", limits.maxConcurrent, { min: 1, isWhole: true })
    .number("maxWaiting", limits.maxWaiting, { min: 0, isWhole: true })
    .number("maxProcesses", limits.maxProcesses, { min: 1, isWhole: true })
    .throwIfFaulty();
  return () => new ProcessManager(security, limits);
}

/** Something to do, and whom to answer. */
interface Job {
  readonly port: Port;
  readonly perform: () => Promise<unknown>;
  /** Takes what did not come: an answer too. */
  readonly failed: (error: unknown) => void;
}

class ProcessManager extends Actor<ProcessManagerMessage> {
  readonly #security: SecurityContext;
  readonly #denials: Denials = new Denials();
  /** Processes of `run` that have not ended. */
  readonly #runs: Set<ProcessRun> = new Set();
  readonly #limits: Limits;
  readonly #waiting: Job[] = [];
  #running = 0;
  /** Paths of the actors of its processes. */
  readonly #processes: Set<string> = new Set();

  constructor(security: SecurityContext, limits: Limits) {
    super();
    this.#security = security;
    this.#limits = limits;
    tellsOsFacts(this, () => this.#facts());
  }

  override preStart(context: ActorContext<ProcessManagerMessage>): void {
    // The crash of a process is not that of its manager.
    context.trapExit(true);
  }

  override handleMessage(given: ProcessManagerMessage, context: ActorContext<ProcessManagerMessage>): void {
    const port = answerTo(context) as Port;
    const { message, faults } = readMessage(given);
    if (faults.length > 0) port.fail(new InvalidArgumentError("processManager", faults));
    else if (message.type === "spawnProcess") this.#spawn(message, port, context);
    else this.#queue(message, port, this.#request(context));
  }

  #facts(): OsFacts {
    const runs = [...this.#runs].map((run) => shownProcess(run, true));
    return { runs, denials: this.#denials.facts };
  }

  /** How its processes end is told to those who monitor them. */
  override handleSignal(signal: Signal): void {
    if (signal.type === "exit") this.#processes.delete(signal.from.id);
  }

  #request(context: ActorContext<ProcessManagerMessage>): Request {
    const { envelope, sender, clock, signal } = context;
    return {
      security: this.#security,
      clock,
      signal,
      actor: sender?.id,
      incarnation: sender?.incarnation,
      messageId: envelope?.messageId,
    };
  }

  /** Done at once, or when those before it are; the handler itself never waits, as others may have to be spawned meanwhile. */
  #queue(message: Of<"run" | "fileOperation">, port: Port, request: Request): void {
    const { maxConcurrent, maxWaiting } = this.#limits;
    const perform = (): Promise<unknown> => this.#perform(message, request);
    const failed = (error: unknown): void => {
      this.#denials.note(error, request.clock);
      port.fail(error);
    };
    if (this.#running < maxConcurrent) void this.#do({ port, perform, failed });
    else if (this.#waiting.length < maxWaiting) this.#waiting.push({ port, perform, failed });
    else {
      const what = message.type === "run" ? message.command : message.operation.type;
      port.fail(new ProcessLimitError(what, "maxWaiting", maxWaiting));
    }
  }

  /** Never rejects. */
  async #do({ port, perform, failed }: Job): Promise<void> {
    this.#running += 1;
    try {
      port.reply((await perform()) as ReplyOf<ProcessManagerMessage>);
    } catch (error) {
      failed(error);
    } finally {
      this.#running -= 1;
      const next = this.#waiting.shift();
      if (next !== undefined) void this.#do(next);
    }
  }

  #perform(message: Of<"run" | "fileOperation">, request: Request): Promise<unknown> {
    // Whoever would answer has ended.
    request.signal.throwIfAborted();
    return message.type === "run"
      ? this.#run(message, request)
      : performFileOperation(request, message.operation, DEFAULT_MAX_READ_BYTES);
  }

  #spawn({ type: _, ...options }: Of<"spawnProcess">, port: Port, context: ActorContext<ProcessManagerMessage>): void {
    const { maxProcesses } = this.#limits;
    if (this.#processes.size >= maxProcesses) {
      port.fail(new ProcessLimitError(options.command, "maxProcesses", maxProcesses));
      return;
    }
    const { actor, incarnation, messageId } = this.#request(context);
    const ref = context.spawn(
      () =>
        new OsProcess(
          this.#security,
          options,
          { actor, incarnation, messageId },
          {
            started: (pid) => port.reply({ ref, pid }),
            failed: (error) => {
              this.#denials.note(error, context.clock);
              port.fail(error);
            },
          },
        ),
    );
    this.#processes.add(ref.id);
  }

  async #run(message: Of<"run">, request: Request): Promise<ProcessResult> {
    const { command, input, maxOutputBytes = DEFAULT_MAX_RUN_OUTPUT_BYTES } = message;
    const options = { ...message, maxOutputBytes };
    // Before anything runs: bytes that cannot be had would leave it waiting for them.
    const bytes = input === undefined ? undefined : bytesOf(input);
    const [stdout, stderr] = [new Collected(), new Collected()];
    return audited(
      request,
      "run",
      command,
      () => decideLaunch(this.#security, message),
      async (launch) => {
        const run = await ProcessRun.start(launch, options, request.clock, request.signal, { stdout, stderr });
        this.#runs.add(run);
        run.group.input.end(bytes);
        const { code, signal, failure } = await run.ended;
        this.#runs.delete(run);
        if (failure !== undefined) throw failure;
        const result = { code, signal, stdout: stdout.claim(), stderr: stderr.claim() };
        return { result, bytes: result.stdout.length + result.stderr.length };
      },
    );
  }
}

interface ReadMessage {
  readonly message: ProcessManagerMessage;
  readonly faults: readonly string[];
}

/** Each field is read once. Never throws. */
function readMessage(given: unknown): ReadMessage {
  const type = isFields(given) ? readField(given, "type") : undefined;
  switch (type) {
    case "spawnProcess": {
      const { options, faults } = readProcessOptions<ProcessOptions>(given, ["type"]);
      return { message: { ...options, type } as never, faults };
    }
    case "run": {
      const { options, faults } = readProcessOptions<Of<"run">>(given, ["type", "input"]);
      const fault = options.input === undefined ? undefined : dataFault(options.input);
      const all = fault === undefined ? faults : [...faults, `input ${fault}, got ${print(options.input)}`];
      return { message: { ...options, type } as never, faults: all };
    }
    case "fileOperation": {
      const { message: operation, faults } = readFileMessage(readField(given as object, "operation"));
      const isWatch = operation.type === "watch" || operation.type === "unwatch";
      const all = isWatch ? ["a watch is an operation of the actor of files"] : faults;
      return { message: { type, operation: operation as FileOperation } as never, faults: all };
    }
    default:
      return { message: {} as never, faults: [`expected spawnProcess, run or fileOperation, got ${print(type)}`] };
  }
}
