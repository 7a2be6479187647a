/** The actor of files: each operation is a question, denied unless it is granted. */
import { ArgumentCheck } from "../spec/argument-check.ts";
import { Actor, type ActorContext, type ReplyPort, type Start } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import type { ReplyOf } from "../values/message.ts";
import { type OsFacts, tellsOsFacts } from "../values/os-facts.ts";
import type { Signal } from "../values/signal.ts";
import { answerTo } from "./answer.ts";
import { audited, type Request } from "./audited.ts";
import { Denials } from "./denials.ts";
import { readFileMessage } from "./file-message-check.ts";
import type { FileMessage } from "./file-messages.ts";
import { decidedOn, type FileOperation, performFileOperation } from "./file-operations.ts";
import { FileWatches } from "./file-watch.ts";
import { SecurityContext } from "./security-context.ts";

/** Bytes that `read` reads at once when nothing else is said: 256 MiB. */
export const DEFAULT_MAX_READ_BYTES = 268_435_456;
/** Operations under way at the same time when nothing else is said. */
export const DEFAULT_MAX_CONCURRENT = 16;

export interface FilesOptions {
  /** Bytes that `read` reads at once. Default {@link DEFAULT_MAX_READ_BYTES}. */
  readonly maxReadBytes?: number;
  /** Operations under way at the same time; further messages wait in the mailbox. Default {@link DEFAULT_MAX_CONCURRENT}. */
  readonly maxConcurrent?: number;
}

/**
 * Makes the actor that does file operations for others, under a security context.
 *
 * What is denied or fails is the reply: the ask rejects with `AccessDeniedError`, `FileOperationError` or `InvalidArgumentError`, and the
 * actor goes on. Operations on one path, as it is written, are done in the order they were sent; others at the same time.
 *
 * @throws {InvalidArgumentError} at once, with every fault of the options.
 * @example
 * const root = supervisor({ children: [{ id: "files", start: files(site) }] });
 * const page = await ref.ask({ type: "read", path: "content/index.md" });
 */
export function files(security: SecurityContext, options: FilesOptions = {}): Start<FileMessage> {
  const check = new ArgumentCheck("files");
  const own = check.options(options, ["maxReadBytes", "maxConcurrent"]);
  const { maxReadBytes = DEFAULT_MAX_READ_BYTES, maxConcurrent = DEFAULT_MAX_CONCURRENT } = own;
  if (!SecurityContext.is(security)) check.fault("security must be a SecurityContext");
  check
    .number("maxReadBytes", maxReadBytes, { min: 1, isWhole: true })
    .number("maxConcurrent", maxConcurrent, { min: 1, isWhole: true })
    .throwIfFaulty();
  return () => new Files(security, maxReadBytes, maxConcurrent);
}

type Port = ReplyPort<ReplyOf<FileMessage>>;

class Files extends Actor<FileMessage> {
  readonly #security: SecurityContext;
  readonly #maxReadBytes: number;
  readonly #maxConcurrent: number;
  /** The last operation on each path that one is under way on. */
  readonly #last: Map<string, Promise<void>> = new Map();
  readonly #running: Set<Promise<void>> = new Set();
  #watches: FileWatches | undefined;
  readonly #denials: Denials = new Denials();

  constructor(security: SecurityContext, maxReadBytes: number, maxConcurrent: number) {
    super();
    this.#security = security;
    this.#maxReadBytes = maxReadBytes;
    this.#maxConcurrent = maxConcurrent;
    tellsOsFacts(this, () => this.#facts());
  }

  override async handleMessage(given: FileMessage, context: ActorContext<FileMessage>): Promise<void> {
    const port = answerTo(context) as Port;
    const { message, faults } = readFileMessage(given);
    if (faults.length > 0) return port.fail(new InvalidArgumentError("files", faults));
    const request = this.#request(context);
    if (message.type === "watch") void this.#answer(port, request, this.#watch(message, request, context));
    else if (message.type === "unwatch") port.reply(this.#watches?.end(message.watch) ?? false);
    else {
      this.#start(port, message, request);
      while (this.#running.size >= this.#maxConcurrent) await Promise.race(this.#running);
    }
  }

  override handleSignal(signal: Signal): void {
    if (signal.type === "down") this.#watches?.lost(signal.monitor);
  }

  #facts(): OsFacts {
    return { runs: [], denials: this.#denials.facts };
  }

  #request(context: ActorContext<FileMessage>): Request {
    const { envelope, sender } = context;
    return {
      security: this.#security,
      clock: context.clock,
      signal: context.signal,
      actor: sender?.id,
      incarnation: sender?.incarnation,
      messageId: envelope?.messageId,
    };
  }

  #start(port: Port, message: FileOperation, request: Request): void {
    const paths = message.type === "move" ? [message.path, message.to] : [message.path];
    const before = paths.flatMap((path) => this.#last.get(path) ?? []);
    const perform = (): Promise<unknown> => performFileOperation(request, message, this.#maxReadBytes);
    const done = this.#answer(port, request, before.length === 0 ? perform() : Promise.all(before).then(perform));
    this.#running.add(done);
    for (const path of paths) this.#last.set(path, done);
    void done.then(() => {
      this.#running.delete(done);
      for (const path of paths) if (this.#last.get(path) === done) this.#last.delete(path);
    });
  }

  /** Never rejects. */
  async #answer(port: Port, { clock }: Request, result: Promise<unknown>): Promise<void> {
    try {
      port.reply((await result) as ReplyOf<FileMessage>);
    } catch (error) {
      this.#denials.note(error, clock);
      port.fail(error);
    }
  }

  #watch(
    { path, to }: Extract<FileMessage, { readonly type: "watch" }>,
    request: Request,
    context: ActorContext<FileMessage>,
  ): Promise<number> {
    this.#watches ??= new FileWatches(context as unknown as ActorContext<never>);
    const watches = this.#watches;
    const decide = (): ReturnType<typeof decidedOn> => decidedOn(this.#security.find("watch", path, ["list"]));
    return audited(request, "watch", path, decide, ({ target }) => ({ result: watches.begin(target, to) }));
  }
}
