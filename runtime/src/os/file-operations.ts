/** Does one file operation of a request, audited. Knows no actor. */
import { OwnedBuffer } from "../values/owned-buffer.ts";
import type { ActorRef } from "../values/ref.ts";
import { audited, type Decided, type Request } from "./audited.ts";
import type { FileMessage, FileProgress } from "./file-messages.ts";
import { readChunks, readWhole } from "./file-read.ts";
import type { FileTarget } from "./file-target.ts";
import { list, makeDirectory, move, remove, stat } from "./file-tree.ts";
import { append, bytesOf, writeAtomically } from "./file-write.ts";
import type { FilePermission } from "./grant.ts";
import { AccessDeniedError } from "./os-errors.ts";
import { pathParts } from "./path-parts.ts";

/** An operation that is over when it is done; `watch` and `unwatch` are not. */
export type FileOperation = Exclude<FileMessage, { readonly type: "watch" | "unwatch" }>;

type Of<K extends FileOperation["type"]> = Extract<FileOperation, { readonly type: K }>;

/** Bytes of a chunk when nothing else is said. */
export const DEFAULT_CHUNK_BYTES = 65_536;

/** Milliseconds between two words about how far a long operation is. */
const PROGRESS_MS = 100;

/**
 * Does it.
 *
 * @param maxReadBytes bytes that `read` may read at once.
 * @returns what the message is answered with.
 */
export function performFileOperation(request: Request, message: FileOperation, maxReadBytes: number): Promise<unknown> {
  switch (message.type) {
    case "read":
      return on(request, message, ["read"], async (target) => {
        const range = { offset: message.offset ?? 0, length: message.length };
        const bytes = await readWhole(target, range, maxReadBytes);
        return { result: bytes, bytes: bytes.byteLength };
      });
    case "readChunks":
      return on(request, message, ["read"], (target) => sendChunks(request, message, target));
    case "write":
      return on(request, message, ["write"], async (target) => {
        const bytes = await writeAtomically(target, bytesOf(message.data), request.signal);
        return { result: bytes, bytes };
      });
    case "append":
      return on(request, message, ["write"], async (target) => {
        const bytes = await append(target, bytesOf(message.data));
        return { result: bytes, bytes };
      });
    case "list":
      return on(request, message, ["list"], async (target) => ({ result: await list(target) }));
    case "stat":
      return on(request, message, ["read", "list"], (target) => ({ result: stat(target) }));
    case "move":
      return moveBetween(request, message);
    case "delete":
      return on(request, message, ["delete"], async (target) => {
        const tell = progressTo(request, message.path, message.progress);
        return { result: await remove(target, message.recursive === true, (done) => tell(done, undefined)) };
      });
    case "makeDirectory":
      return message.recursive === true ? makeAll(request, message) : makeOne(request, message, message.path);
  }
}

type Act<T> = (target: FileTarget) => Promise<{ result: T; bytes?: number }> | { result: T; bytes?: number };

/** Finds the target, which is held until the operation is over. */
function on<T>(
  request: Request,
  { type, path }: { readonly type: string; readonly path: string },
  needed: readonly FilePermission[],
  act: Act<T>,
): Promise<T> {
  const decide = (): Decided & { target: FileTarget } => decidedOn(request.security.find(type, path, needed));
  return audited(request, type, path, decide, ({ target }) => act(target));
}

/** What is held, touched and granted. */
export function decidedOn(target: FileTarget): Decided & { target: FileTarget } {
  return { target, holds: [target], resolved: () => target.realPath, grant: target.held.grant.path };
}

async function sendChunks(
  request: Request,
  { path, to, chunkBytes = DEFAULT_CHUNK_BYTES, progress }: Of<"readChunks">,
  target: FileTarget,
): Promise<{ result: number; bytes: number }> {
  const tell = progressTo(request, path, progress);
  let sum = 0;
  for await (const { offset, bytes, isLast, total } of readChunks(target, chunkBytes)) {
    request.signal.throwIfAborted();
    sum += bytes.byteLength;
    await to.tellAsync({ type: "chunk", path, offset, bytes: OwnedBuffer.take(bytes), isLast });
    tell(sum, total);
  }
  return { result: sum, bytes: sum };
}

/** Two places at once: what is moved is gone from one and made in the other. */
function moveBetween(request: Request, { path, to, replace }: Of<"move">): Promise<void> {
  const { security } = request;
  const decide = (): Decided & { source: FileTarget; target: FileTarget; isListed: boolean } => {
    // Whoever may read what it is moved to reads it.
    security.find("move", path, ["read"])[Symbol.dispose]();
    const isListed = security.allows("move", path, ["list"]);
    const source = security.find("move", path, ["delete"]);
    try {
      const target = security.find("move", to, ["write"]);
      const resolved = (): string => `${source.realPath} → ${target.realPath}`;
      return { source, target, isListed, holds: [source, target], resolved, grant: target.held.grant.path };
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  };
  return audited(request, "move", path, decide, async ({ source, target, isListed }) => ({
    result: await move(source, target, replace === true, isListed),
  }));
}

function makeOne(request: Request, message: Of<"makeDirectory">, path: string): Promise<void> {
  return on(request, { type: message.type, path }, ["write"], (target) => ({ result: makeDirectory(target) }));
}

/** Each directory on the way is an operation of its own, beginning with the first that is not there. */
async function makeAll(request: Request, message: Of<"makeDirectory">): Promise<void> {
  const given = pathParts(message.path);
  // No path, and the root of the system, are refused by the making.
  if (given === undefined || given.parts.length === 0) return makeOne(request, message, message.path);
  const { isAbsolute, parts } = given;
  const missing: string[] = [];
  for (let n = parts.length; n > 0; n--) {
    const path = n === parts.length ? message.path : `${isAbsolute ? "/" : ""}${parts.slice(0, n).join("/")}`;
    const found = look(request, path);
    // What is denied is left to the making, which is audited and says why; above the grant there is nothing to make.
    if (found === "there" || (found === "denied" && missing.length > 0)) break;
    missing.unshift(path);
    if (found === "denied") break;
  }
  for (const path of missing) await makeOne(request, message, path);
}

function look({ security }: Request, path: string): "there" | "missing" | "denied" {
  try {
    using target = security.find("makeDirectory", path, ["write"]);
    using _directory = target.openDirectory();
    return "there";
  } catch (error) {
    return error instanceof AccessDeniedError ? "denied" : "missing";
  }
}

/** Tells how far it is, at most ten times a second, and never waits for whoever is told. */
function progressTo(
  { clock }: Request,
  path: string,
  to: ActorRef<FileProgress> | undefined,
): (done: number, total: number | undefined) => void {
  let toldAt = clock.monotonicMs();
  return (done, total) => {
    const now = clock.monotonicMs();
    if (to === undefined || now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    to.tell({ type: "progress", path, done, total });
  };
}
