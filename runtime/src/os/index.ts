/** The door `airssys-rt/os`: files and processes as actors, under a security context. */
export type { AuditDecision, AuditEvent, AuditFacts, AuditOutcome, Requester } from "./audit.ts";
export type {
  FileChange,
  FileChunk,
  FileData,
  FileEntry,
  FileKind,
  FileMessage,
  FileProgress,
  FileStat,
} from "./file-messages.ts";
export { DEFAULT_CHUNK_BYTES } from "./file-operations.ts";
export { DEFAULT_MAX_CONCURRENT, DEFAULT_MAX_READ_BYTES, type FilesOptions, files } from "./files.ts";
export type {
  ArgumentPattern,
  FileGrant,
  FilePermission,
  Grants,
  PatternOptions,
  RunGrant,
  SingleArgument,
} from "./grant.ts";
export {
  AccessDeniedError,
  type ContextFault,
  type Denial,
  type DenialReason,
  FileOperationError,
  FileTooLargeError,
  InputFullError,
  OutputLimitError,
  ProcessExitError,
  ProcessLimitError,
  ProcessTimeoutError,
  SecurityContextClosedError,
  SecurityContextError,
} from "./os-errors.ts";
export { osProcess } from "./os-process.ts";
export type { PathSafety } from "./path-safety.ts";
export {
  DEFAULT_MAX_CONCURRENT_RUNS,
  DEFAULT_MAX_PROCESSES,
  DEFAULT_MAX_RUN_OUTPUT_BYTES,
  DEFAULT_MAX_WAITING_RUNS,
  type ProcessManagerOptions,
  processManager,
} from "./process-manager.ts";
export type {
  OutputSink,
  ProcessHandle,
  ProcessManagerMessage,
  ProcessMessage,
  ProcessOptions,
  ProcessOutput,
  ProcessResult,
} from "./process-messages.ts";
export type { ProcessRequest } from "./process-request.ts";
export { DEFAULT_DRAIN_MS } from "./process-run.ts";
export {
  type NarrowedOptions,
  SecurityContext,
  type SecurityContextOptions,
} from "./security-context.ts";
