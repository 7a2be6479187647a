/** What is said to processes and to their manager, and what they answer. Types only. */
import type { Ask } from "../values/message.ts";
import type { ActorRef } from "../values/ref.ts";
import type { FileData, FileMessage } from "./file-messages.ts";
import type { ProcessRequest } from "./process-request.ts";

/** What a running process can be told. */
export type ProcessMessage =
  /** Writes to its input; the reply comes when it has taken all. `InputFullError` while it has 16 MiB that it did not read. */
  | Ask<{ readonly type: "write"; readonly data: FileData }, void>
  | Ask<{ readonly type: "closeInput" }, void>
  /** To the whole group. The reply says whether it still ran. */
  | Ask<{ readonly type: "signal"; readonly signal: NodeJS.Signals }, boolean>;

/** What a process writes, in the order it is written. */
export type ProcessOutput =
  | { readonly type: "line"; readonly stream: "stdout" | "stderr"; readonly text: string; readonly isCut: boolean }
  | { readonly type: "bytes"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array };

/** Where output goes. */
export interface OutputSink {
  /** With overflow `block` it takes what it can, and the process waits; else a refusal ends the process, unless `lossy`. */
  readonly to: ActorRef<ProcessOutput>;
  /**
   * UTF-8 lines without their ends, or bytes as they come. Each piece of bytes has memory of its own, which is the receiver's: of a flood
   * V8 lets some 64 MiB lie that nobody has any more, and `bytes.buffer.transfer(0)` gives a piece back at once. Default `bytes`.
   */
  readonly as?: "lines" | "bytes";
  /** What is refused is dropped. Default false. */
  readonly lossy?: boolean;
}

/** How a process is run, whoever runs it. */
export interface ProcessOptions extends ProcessRequest {
  /** Default: a tail of it is kept, for errors. */
  readonly stdout?: OutputSink;
  readonly stderr?: OutputSink;
  /** Milliseconds it may take. Default: for ever. */
  readonly timeoutMs?: number;
  /** Bytes it may write, both streams together. Default: no limit. */
  readonly maxOutputBytes?: number;
  /** Exit codes beside 0 that are an orderly end. Default: none. */
  readonly orderlyCodes?: readonly number[];
  /** It has started when a line of its output matches, or when this resolves. Default: at once. */
  readonly ready?: RegExp | ((pid: number, signal: AbortSignal) => Promise<unknown>);
  /** Milliseconds that output is still read after it has exited, where something else holds the pipe. Default 200. */
  readonly drainMs?: number;
}

/** A process that runs. */
export interface ProcessHandle {
  readonly ref: ActorRef<ProcessMessage>;
  /** Of this life. */
  readonly pid: number;
}

/** What came of a process that was run to its end. */
export interface ProcessResult {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

/** What the manager of processes is asked. */
export type ProcessManagerMessage =
  /** Starts a process below the manager. The reply comes when it has started. */
  | Ask<{ readonly type: "spawnProcess" } & ProcessOptions, ProcessHandle>
  /** Runs a process to its end. The reply has its output, whatever its exit code. */
  | Ask<
      {
        readonly type: "run";
        /** Written to its input, which is then closed. Default: none. */
        readonly input?: FileData;
        readonly timeoutMs?: number;
        /** Default 10 MiB. */
        readonly maxOutputBytes?: number;
      } & ProcessRequest,
      ProcessResult
    >
  /** Does a file operation under the same context; the reply is that of the actor of files. */
  | Ask<
      {
        readonly type: "fileOperation";
        readonly operation: Exclude<FileMessage, { readonly type: "watch" | "unwatch" }>;
      },
      unknown
    >;
