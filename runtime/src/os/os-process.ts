/** An OS process as a child like any other: started, restarted, limited and ended by its supervisor. */
import type { Writable } from "node:stream";
import { Actor, type ActorContext, type ReplyPort, type Start } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { crashed, type ExitReason, NORMAL, shutdown } from "../values/exit-reason.ts";
import { readDeeply } from "../values/fields.ts";
import type { ReplyOf } from "../values/message.ts";
import { read } from "../values/safe-text.ts";
import { answerTo } from "./answer.ts";
import { audited, type Request } from "./audited.ts";
import { failure } from "./directory.ts";
import type { FileData } from "./file-messages.ts";
import { bytesOf } from "./file-write.ts";
import { decideLaunch } from "./launch.ts";
import { InputFullError, ProcessExitError } from "./os-errors.ts";
import type { ProcessMessage, ProcessOptions } from "./process-messages.ts";
import { processMessageFaults, processOptionFaults } from "./process-options-check.ts";
import { EndedEarly, ProcessRun, type Run } from "./process-run.ts";
import { SecurityContext } from "./security-context.ts";

/** Bytes of input that a process has not read, beyond which further ones are refused: 16 MiB. */
const MAX_PENDING_INPUT_BYTES = 16_777_216;

/** Who hears that a process has started, or that it has not. */
export interface StartListener {
  started(pid: number): void;
  failed(error: unknown): void;
}

/**
 * Makes the start of an OS process. It is a child like any other:
 *
 * | event | result |
 * |---|---|
 * | exit 0; a code in `orderlyCodes` | `normal`; `shutdown {code}` |
 * | another code; a signal that was not ours | `crashed`, cause `ProcessExitError` |
 * | told to end | SIGTERM to the group, then it has its `shutdown` limit |
 * | that limit is over, `brutal_kill`, `kill` | SIGKILL to the group |
 * | denied, or the command is not there | the start fails |
 * | `timeoutMs`, `maxOutputBytes` passed | SIGKILL; `crashed` with `ProcessTimeoutError`, `OutputLimitError` |
 * | a sink that takes no more | SIGKILL; `crashed` with what the sink refused with |
 *
 * @throws {InvalidArgumentError} at once, with every fault of the options.
 * @example
 * { id: "encoder", start: osProcess({ security: site, command: "/usr/bin/ffmpeg", args: ["-i", "content/a.mov", "out/a.mp4"] }),
 *   restart: "transient", shutdown: 3_000 }
 */
export function osProcess(given: { readonly security: SecurityContext } & ProcessOptions): Start<ProcessMessage> {
  const options = readDeeply(given) as typeof given;
  const faults = processOptionFaults(options, ["security"]);
  const security = read(options, "security");
  if (!SecurityContext.is(security))
    throw new InvalidArgumentError("osProcess", ["security must be a SecurityContext", ...faults]);
  if (faults.length > 0) throw new InvalidArgumentError("osProcess", faults);
  return () => new OsProcess(security, options, undefined, undefined);
}

/** The actor around one process. Its handlers never wait, so that an order to end is met at once. */
export class OsProcess extends Actor<ProcessMessage> {
  readonly #security: SecurityContext;
  readonly #options: ProcessOptions;
  readonly #asker: Pick<Request, "actor" | "incarnation" | "messageId"> | undefined;
  readonly #listener: StartListener | undefined;
  #run: ProcessRun | undefined;
  /** Signals that were sent on purpose: an end by one of them is no crash. */
  readonly #sent: Set<NodeJS.Signals> = new Set();

  constructor(
    security: SecurityContext,
    options: ProcessOptions,
    asker: Pick<Request, "actor" | "incarnation" | "messageId"> | undefined,
    listener: StartListener | undefined,
  ) {
    super();
    this.#security = security;
    this.#options = options;
    this.#asker = asker;
    this.#listener = listener;
  }

  override async preStart(context: ActorContext<ProcessMessage>): Promise<void> {
    try {
      const run = await this.#start(context);
      this.#run = run;
      await run.ready;
      void run.ended.then((end) => {
        if (!context.signal.aborted) context.exit(this.#reasonOf(end));
      });
      this.#listener?.started(run.group.pid);
    } catch (error) {
      const cause = error instanceof EndedEarly ? this.#causeOf(error.run) : error;
      this.#listener?.failed(cause);
      throw cause;
    }
  }

  override handleMessage(message: ProcessMessage, context: ActorContext<ProcessMessage>): void {
    const port = answerTo(context);
    const faults = processMessageFaults(message);
    if (faults.length > 0) port.fail(new InvalidArgumentError("osProcess", faults));
    else this.#obey(message, this.#run as ProcessRun, port);
  }

  #obey(message: ProcessMessage, { group }: ProcessRun, port: ReplyPort<ReplyOf<ProcessMessage>>): void {
    switch (message.type) {
      case "write":
        this.#write(message.data, group.input, port);
        return;
      case "closeInput":
        group.input.end(() => port.reply(undefined));
        return;
      case "signal":
        this.#sent.add(message.signal);
        port.reply(group.signal(message.signal));
    }
  }

  /** What the process does not read stays here: up to a limit, as a handler that waited would not see the order to end. */
  #write(data: FileData, input: Writable, port: ReplyPort<ReplyOf<ProcessMessage>>): void {
    const { command } = this.#options;
    try {
      if (input.writableLength > MAX_PENDING_INPUT_BYTES) throw new InputFullError(command, MAX_PENDING_INPUT_BYTES);
      input.write(bytesOf(data), (error) =>
        error ? port.fail(failure(error, { operation: "write", target: command })) : port.reply(undefined),
      );
    } catch (error) {
      port.fail(error);
    }
  }

  override async postStop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    run.group.signal("SIGTERM");
    await run.ended;
  }

  #start(context: ActorContext<ProcessMessage>): Promise<ProcessRun> {
    const { self, incarnation } = context;
    const request: Request = {
      ...(this.#asker ?? { actor: self.id, incarnation, messageId: undefined }),
      security: this.#security,
      clock: context.clock,
      signal: context.signal,
    };
    const decide = (): ReturnType<typeof decideLaunch> => decideLaunch(this.#security, this.#options);
    return audited(request, "spawn", this.#options.command, decide, async (launch) => ({
      result: await ProcessRun.start(launch, this.#options, context.clock, context.signal),
    }));
  }

  /** @see the table of {@link osProcess}. */
  #reasonOf(end: Run): ExitReason {
    const { code, signal, failure } = end;
    if (failure !== undefined) return crashed(failure);
    if (code === 0) return NORMAL;
    if (code !== null && this.#options.orderlyCodes?.includes(code)) return shutdown({ code });
    if (signal !== null && this.#sent.has(signal)) return shutdown({ signal });
    return crashed(this.#causeOf(end));
  }

  #causeOf({ code, signal, failure, stderrTail }: Run): unknown {
    const pid = this.#run?.group.pid ?? 0;
    return failure ?? new ProcessExitError(this.#options.command, pid, code, signal, stderrTail);
  }
}
