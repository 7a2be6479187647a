/** What the OS layer refuses with, and how a process or a file operation fails. */
import { AirssysError } from "../values/errors.ts";
import { isList, readList } from "../values/fields.ts";
import { joinText, read, safeText, text } from "../values/safe-text.ts";

/**
 * Why an operation was denied.
 *
 * | reason | meaning |
 * |---|---|
 * | `not_granted` | a grant covers the target and does not allow the operation, or no grant names the command |
 * | `outside` | no grant covers the path |
 * | `symlink` | a part of the path is a symbolic link |
 * | `not_regular` | the target is a directory, FIFO, device or socket where a file is meant |
 * | `hard_link` | the file has other names, which may be outside |
 * | `bad_name` | the path is no path: empty parts, `.`, `..`, NUL, a lone surrogate, too long |
 * | `option_like` | an argument from outside begins with `-` |
 * | `argument` | an argument fits no pattern, is one too many, or is too long |
 * | `environment` | a variable that is not granted, or that makes programs run other programs |
 * | `no_format` | the command is neither a binary nor a script with `#!`: a shell would run it |
 * | `executable_changed` | another file is where the granted command was |
 * | `writable_executable` | what may be run may also be written |
 * | `widened` | a narrowed context asks for more than its parent has |
 * | `audit_unavailable` | the operation could not be written down |
 */
export type DenialReason =
  | "not_granted"
  | "outside"
  | "symlink"
  | "not_regular"
  | "hard_link"
  | "bad_name"
  | "option_like"
  | "argument"
  | "environment"
  | "no_format"
  | "executable_changed"
  | "writable_executable"
  | "widened"
  | "audit_unavailable";

/** What a denied operation was. */
export interface Denial {
  /** Such as `read`, `spawn`. */
  readonly operation: string;
  /** Path or command, as it was given. */
  readonly target: string;
  readonly reason: DenialReason;
  /** One line: which grant would be needed, or what to do instead. */
  readonly hint: string;
  /** That grant as it is written in a context; absent where none would help. */
  readonly grant?: string | undefined;
}

/** An operation was denied. Nothing was done. */
export class AccessDeniedError extends AirssysError {
  readonly code = "ERR_ACCESS_DENIED";
  readonly operation: string;
  /** Path or command, as it was given. */
  readonly target: string;
  readonly reason: DenialReason;
  /** Which grant would be needed, or what to do instead. */
  readonly hint: string;
  /**
   * The grant it would need, as it is written in a context; `undefined` where none would help. Arguments that a grant says are secret are
   * left out of it.
   */
  readonly grant: string | undefined;
  constructor(denial: Denial) {
    const given = (key: keyof Denial): never => read(denial, key) as never;
    const needed = given("grant") === undefined ? "" : text`; the grant it would need: ${given("grant")}`;
    super(
      text`${given("operation")} of ${printed(given("target"))} is denied (${given("reason")}): ${given("hint")}${needed}`,
    );
    this.operation = given("operation");
    this.target = given("target");
    this.reason = given("reason");
    this.hint = given("hint");
    this.grant = given("grant");
  }
}

/** One mistake in a security context. */
export interface ContextFault {
  /** `invalid`: the text of the context makes no sense; else what would be denied for ever, or must never be allowed. */
  readonly code: "invalid" | DenialReason;
  /** Where: property names and indices, such as `["files", 0, "allow"]`. */
  readonly path: readonly (string | number)[];
  /** One line for people. */
  readonly message: string;
}

/** A security context has mistakes, or asks for more than the one it is narrowed from. Lists all of them. */
export class SecurityContextError extends AirssysError {
  readonly code = "ERR_SECURITY_CONTEXT";
  readonly faults: readonly ContextFault[];
  constructor(what: string, faults: readonly ContextFault[]) {
    const list = isList(faults) ? readList(faults) : faults;
    super(text`${what}: ${isList(list) ? list.map(faultText).join("; ") : list}`);
    this.faults = faults;
  }
}

/** A security context was used after it was closed. Nothing was done. */
export class SecurityContextClosedError extends AirssysError {
  readonly code = "ERR_SECURITY_CONTEXT_CLOSED";
  constructor() {
    super("the security context is closed");
  }
}

/** The operating system refused a file operation that was allowed: there is no such file, the disk is full. */
export class FileOperationError extends AirssysError {
  readonly code = "ERR_FILE_OPERATION";
  readonly operation: string;
  /** As it was given. */
  readonly path: string;
  /** The system's own code, such as `ENOENT`. */
  readonly errno: string;
  constructor(operation: string, path: string, errno: string) {
    super(text`${operation} of ${printed(path)} failed: ${errno}`);
    this.operation = operation;
    this.path = path;
    this.errno = errno;
  }
}

/** A file is larger than may be read as a whole. `readChunks` takes files of any size. */
export class FileTooLargeError extends AirssysError {
  readonly code = "ERR_FILE_TOO_LARGE";
  readonly path: string;
  /** Bytes it has. */
  readonly byteLength: number;
  /** Bytes that may be read at once. */
  readonly limit: number;
  constructor(path: string, byteLength: number, limit: number) {
    super(
      text`${printed(path)} has ${byteLength} bytes and may be read whole up to ${limit}: read a range, or readChunks`,
    );
    this.path = path;
    this.byteLength = byteLength;
    this.limit = limit;
  }
}

/** A process ended with a code that is not orderly, or by a signal that was not ours. */
export class ProcessExitError extends AirssysError {
  readonly code = "ERR_PROCESS_EXIT";
  readonly command: string;
  readonly pid: number;
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  /** `null` when it exited. */
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr, when nobody else took it. */
  readonly stderrTail: string;
  constructor(
    command: string,
    pid: number,
    exitCode: number | null,
    signal: NodeJS.Signals | null,
    stderrTail: string,
  ) {
    const how = signal === null ? text`exited with ${exitCode}` : text`was ended by ${signal}`;
    const said = safeText(stderrTail).trim().split("\n").at(-1);
    super(
      text`${printed(command)} (pid ${pid}) ${how}${said ? `: ${said.slice(0, 200).replace(/\p{Cc}/gu, "�")}` : ""}`,
    );
    this.command = command;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
    this.stderrTail = stderrTail;
  }
}

/** A process wrote more than it may. It was killed. */
export class OutputLimitError extends AirssysError {
  readonly code = "ERR_OUTPUT_LIMIT";
  readonly command: string;
  readonly maxOutputBytes: number;
  constructor(command: string, maxOutputBytes: number) {
    super(text`${printed(command)} wrote more than ${maxOutputBytes} bytes`);
    this.command = command;
    this.maxOutputBytes = maxOutputBytes;
  }
}

/** More processes are asked for than may be there at once. Nothing was started. */
export class ProcessLimitError extends AirssysError {
  readonly code = "ERR_PROCESS_LIMIT";
  readonly command: string;
  /** The option that says how many, and what it says. */
  readonly option: "maxProcesses" | "maxWaiting";
  readonly limit: number;
  constructor(command: string, option: "maxProcesses" | "maxWaiting", limit: number) {
    super(text`${printed(command)} is not started: ${option} is ${limit}`);
    this.command = command;
    this.option = option;
    this.limit = limit;
  }
}

/** A process does not read what is written to it. Nothing of this message was written. */
export class InputFullError extends AirssysError {
  readonly code = "ERR_INPUT_FULL";
  readonly command: string;
  /** Bytes that may wait. */
  readonly limit: number;
  constructor(command: string, limit: number) {
    super(text`${printed(command)} has not read the ${limit} bytes and more that wait for it`);
    this.command = command;
    this.limit = limit;
  }
}

/** A process took longer than it may. It was killed. */
export class ProcessTimeoutError extends AirssysError {
  readonly code = "ERR_PROCESS_TIMEOUT";
  readonly command: string;
  readonly timeoutMs: number;
  constructor(command: string, timeoutMs: number) {
    super(text`${printed(command)} took longer than ${timeoutMs} ms`);
    this.command = command;
    this.timeoutMs = timeoutMs;
  }
}

/** A path or command from outside as text of one line: cut, and with nothing in it that a terminal would act on. */
export function printed(target: string): string {
  const whole = typeof target === "string" ? target : safeText(target);
  return JSON.stringify(whole.length > 200 ? `${whole.slice(0, 200)}…` : whole);
}

function faultText(fault: unknown): string {
  return text`${joinText(read(fault, "path"), ".")}: ${read(fault, "message")}`;
}
