/** The actor that starts processes and does file operations for others, under a security context. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { Actor, type ActorContext, type ReplyPort, type Start } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import type { ReplyOf } from "../values/message.ts";
import { type OsFacts, tellsOsFacts } from "../values/os-facts.ts";
import { answerTo } from "./answer.ts";
import { audited, type Request } from "./audited.ts";
import { Denials } from "./denials.ts";
import { fileMessageFaults } from "./file-message-check.ts";
import { performFileOperation } from "./file-operations.ts";
import { bytesOf } from "./file-write.ts";
import { DEFAULT_MAX_READ_BYTES } from "./files.ts";
import { decideLaunch } from "./launch.ts";
import { OsProcess } from "./os-process.ts";
import { Collected } from "./output-pump.ts";
import type { ProcessManagerMessage, ProcessResult } from "./process-messages.ts";
import { processOptionFaults } from "./process-options-check.ts";
import { ProcessRun } from "./process-run.ts";
import { SecurityContext } from "./security-context.ts";
import { shownProcess } from "./shown-process.ts";

/** Bytes that `run` collects when nothing else is said: 10 MiB. */
export const DEFAULT_MAX_RUN_OUTPUT_BYTES = 10_485_760;

type Port = ReplyPort<ReplyOf<ProcessManagerMessage>>;
type Of<K extends ProcessManagerMessage["type"]> = Extract<ProcessManagerMessage, { readonly type: K }>;

/**
 * Makes the manager of processes. What is denied or fails is the reply, and the manager goes on. Processes it started are its children:
 * their crashes are theirs, and they end before it does.
 *
 * @throws {InvalidArgumentError} at once, when it gets no security context.
 */
export function processManager(security: SecurityContext): Start<ProcessManagerMessage> {
  const check = new ArgumentCheck("processManager");
  if (!SecurityContext.is(security)) check.fault("security must be a SecurityContext");
  check.throwIfFaulty();
  return () => new ProcessManager(security);
}

class ProcessManager extends Actor<ProcessManagerMessage> {
  readonly #security: SecurityContext;
  readonly #denials: Denials = new Denials();
  /** Processes of `run` that have not ended. */
  readonly #running: Set<ProcessRun> = new Set();

  constructor(security: SecurityContext) {
    super();
    this.#security = security;
    tellsOsFacts(this, () => this.#facts());
  }

  override preStart(context: ActorContext<ProcessManagerMessage>): void {
    // The crash of a process is not that of its manager.
    context.trapExit(true);
  }

  override handleMessage(message: ProcessManagerMessage, context: ActorContext<ProcessManagerMessage>): void {
    const port = answerTo(context) as Port;
    const faults = messageFaults(message);
    if (faults.length > 0) port.fail(new InvalidArgumentError("processManager", faults));
    else if (message.type === "spawnProcess") this.#spawn(message, port, context);
    else this.#answer(port, message, this.#request(context));
  }

  #facts(): OsFacts {
    const runs = [...this.#running].map((run) => shownProcess(run, true));
    return { runs, denials: this.#denials.facts(this.#security) };
  }

  /** What does not come is an answer too. */
  #answer(port: Port, message: Of<"run" | "fileOperation">, request: Request): void {
    this.#perform(message, request).then(
      (value) => port.reply(value as ReplyOf<ProcessManagerMessage>),
      (error: unknown) => {
        this.#denials.note(error, request.clock, message.type === "run" ? message : undefined);
        port.fail(error);
      },
    );
  }

  #perform(message: Of<"run" | "fileOperation">, request: Request): Promise<unknown> {
    return message.type === "run"
      ? this.#run(message, request)
      : performFileOperation(request, message.operation, DEFAULT_MAX_READ_BYTES);
  }

  override handleSignal(): void {
    // How its processes end is told to those who monitor them.
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

  #spawn({ type: _, ...options }: Of<"spawnProcess">, port: Port, context: ActorContext<ProcessManagerMessage>): void {
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
              this.#denials.note(error, context.clock, options);
              port.fail(error);
            },
          },
        ),
    );
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
        this.#running.add(run);
        run.group.input.end(bytes);
        const { code, signal, failure } = await run.ended;
        this.#running.delete(run);
        if (failure !== undefined) throw failure;
        const result = { code, signal, stdout: stdout.bytes, stderr: stderr.bytes };
        return { result, bytes: result.stdout.length + result.stderr.length };
      },
    );
  }
}

function messageFaults(message: unknown): readonly string[] {
  const type = (message as { readonly type?: unknown } | null)?.type;
  switch (type) {
    case "spawnProcess":
      return processOptionFaults(message, ["type"]);
    case "run":
      return processOptionFaults(message, ["type", "input"]);
    case "fileOperation": {
      const { operation } = message as Of<"fileOperation">;
      const isWatch = /^(un)?watch$/.test(String((operation as { type?: unknown } | null | undefined)?.type));
      return isWatch ? ["a watch is an operation of the actor of files"] : fileMessageFaults(operation);
    }
    default:
      return ["expected spawnProcess, run or fileOperation"];
  }
}
