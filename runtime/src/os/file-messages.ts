/** What is said to the actor of files, and what it answers. Types only. */
import type { Ask } from "../values/message.ts";
import type { OwnedBuffer } from "../values/owned-buffer.ts";
import type { ActorRef } from "../values/ref.ts";

/** Bytes to write: text is UTF-8; an `OwnedBuffer` is claimed. */
export type FileData = string | Uint8Array | OwnedBuffer;

export type FileKind = "file" | "directory" | "symbolicLink" | "fifo" | "socket" | "device";

export interface FileEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface FileStat {
  readonly kind: FileKind;
  readonly byteLength: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Permission bits, such as `0o644`. */
  readonly mode: number;
}

/** A part of a file that is read in chunks; the last one has no bytes or `isLast`. */
export interface FileChunk {
  readonly type: "chunk";
  readonly path: string;
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  readonly bytes: OwnedBuffer;
  readonly isLast: boolean;
}

/** How far a long operation is: at most ten a second. */
export interface FileProgress {
  readonly type: "progress";
  readonly path: string;
  /** Bytes, or entries that were deleted. */
  readonly done: number;
  /** `undefined` where it is not known. */
  readonly total: number | undefined;
}

/** Something changed in a directory that is watched. */
export interface FileChange {
  readonly type: "changed";
  /** The directory, as it was given. */
  readonly path: string;
  /** `undefined` when the system does not say. */
  readonly name: string | undefined;
  readonly change: "change" | "rename";
}

/**
 * Paths are relative to the context's `base` or absolute, and never interpreted: names only.
 *
 * | message | reply |
 * |---|---|
 * | `read` | the bytes, all or `length` from `offset`; `FileTooLargeError` beyond `maxReadBytes` |
 * | `readChunks` | how many bytes were sent; each chunk waits until `to` has room for it |
 * | `write` | the file holds these bytes or what it held before, whatever happens; made when it is not there |
 * | `append` | bytes at the end; made when it is not there |
 * | `list` | what is in a directory, by name |
 * | `stat` | what it is |
 * | `move` | a new name; fails with `EEXIST` where something has it, unless `replace` |
 * | `delete` | gone; a directory that is not empty only with `recursive`. Links are removed, never followed |
 * | `makeDirectory` | made; with `recursive` also those above, and nothing said when it is there |
 * | `watch` | a number for `unwatch`; changes go to `to` until it ends |
 */
export type FileMessage =
  | Ask<
      { readonly type: "read"; readonly path: string; readonly offset?: number; readonly length?: number },
      OwnedBuffer
    >
  | Ask<
      {
        readonly type: "readChunks";
        readonly path: string;
        readonly to: ActorRef<FileChunk>;
        /** Default 65,536. */
        readonly chunkBytes?: number;
        readonly progress?: ActorRef<FileProgress>;
      },
      number
    >
  | Ask<{ readonly type: "write"; readonly path: string; readonly data: FileData }, number>
  | Ask<{ readonly type: "append"; readonly path: string; readonly data: FileData }, number>
  | Ask<{ readonly type: "list"; readonly path: string }, readonly FileEntry[]>
  | Ask<{ readonly type: "stat"; readonly path: string }, FileStat>
  | Ask<{ readonly type: "move"; readonly path: string; readonly to: string; readonly replace?: boolean }, void>
  | Ask<
      {
        readonly type: "delete";
        readonly path: string;
        readonly recursive?: boolean;
        readonly progress?: ActorRef<FileProgress>;
      },
      void
    >
  | Ask<{ readonly type: "makeDirectory"; readonly path: string; readonly recursive?: boolean }, void>
  | Ask<{ readonly type: "watch"; readonly path: string; readonly to: ActorRef<FileChange> }, number>
  | Ask<{ readonly type: "unwatch"; readonly watch: number }, boolean>;
