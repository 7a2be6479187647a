/** What a request names: the grant it is below, and its place in a directory that is held open while the operation runs. */
import fs from "node:fs";
import path from "node:path";
import { isAnyAuditFile, isAuditFile } from "./audit-file.ts";
import { type Directory, denied, type Place, type Walker } from "./directory.ts";
import type { FilePermission } from "./grant.ts";
import type { HeldGrant } from "./held-grant.ts";
import { neededFileGrant } from "./needed-grant.ts";
import { AccessDeniedError, FileOperationError } from "./os-errors.ts";
import { below, pathParts } from "./path-parts.ts";

/** A name in a directory, or the directory of a grant itself (`name` is `undefined`). */
export class FileTarget implements Disposable {
  readonly held: HeldGrant;
  readonly directory: Directory;
  readonly name: string | undefined;
  readonly walker: Walker;

  constructor(held: HeldGrant, directory: Directory, name: string | undefined, walker: Walker) {
    this.held = held;
    this.directory = directory;
    this.name = name;
    this.walker = walker;
  }

  /** The place within its directory. @throws {AccessDeniedError} for the directory of a grant, which no request may touch itself. */
  get place(): Place {
    const { directory, name } = this;
    if (name !== undefined) return { directory, name };
    throw denied(
      this.walker,
      "not_granted",
      "this is the directory of the grant; only what is below it may be touched",
      neededFileGrant(this.walker),
    );
  }

  /** Where it really is, for the audit. */
  get realPath(): string {
    const { realPath } = this.directory;
    return this.name === undefined ? realPath : path.join(realPath, this.name);
  }

  /** The directory that it names. @throws {AccessDeniedError} `symlink`, for a link to one. @throws {FileOperationError} */
  openDirectory(): Directory {
    return this.directory.descend(this.name === undefined ? [] : [this.name], this.walker);
  }

  [Symbol.dispose](): void {
    this.directory.close();
  }
}

/**
 * Finds what a path names among the grants, and opens the directory it is in.
 *
 * @param needed one of these permissions will do.
 * @throws {AccessDeniedError} `bad_name`, `outside`, `not_granted`, `symlink`.
 * @throws {FileOperationError} when a directory on the way is not there.
 */
export function findTarget(
  grants: readonly HeldGrant[],
  needed: readonly FilePermission[],
  walker: Walker,
): FileTarget {
  const { held, rest } = chooseGrant(grants, needed, walker);
  try {
    const target = enter(held, rest, walker);
    // A link as the last part: followed only where the grant follows links and nothing is changed.
    if (!followsLinks(held, needed) || !isLink(target)) return target;
    target[Symbol.dispose]();
  } catch (error) {
    if (!followsLinks(held, needed) || !(error instanceof AccessDeniedError && error.reason === "symlink")) throw error;
  }
  return enter(held, realRest(held, rest, walker), walker);
}

/** What is written down is nobody's to change, whatever grant covers its file. @throws {AccessDeniedError} `not_granted`. */
export function refuseAudit({ directory, name }: Place, walker: Walker): void {
  if (!isAnyAuditFile()) return;
  const found = fs.lstatSync(directory.at(name), { bigint: true, throwIfNoEntry: false });
  if (found !== undefined && isAuditFile(found))
    throw denied(walker, "not_granted", "this is the audit of a context; no grant allows to change it");
}

/** Whether a grant that covers a path allows one of these. Text only: opens nothing. */
export function isGranted(grants: readonly HeldGrant[], needed: readonly FilePermission[], walker: Walker): boolean {
  const asked = pathParts(walker.target);
  return asked !== undefined && grants.some((held) => held.allows(needed) && held.rest(asked) !== undefined);
}

/** A grant, and what of a path is below it. */
interface Chosen {
  readonly held: HeldGrant;
  readonly rest: readonly string[];
}

/** Whether one grant counts more than another: one that follows links, then the higher of two that do, else the deeper. */
function counts(one: Chosen, other: Chosen, needed: readonly FilePermission[]): boolean {
  const [follows, others] = [followsLinks(one.held, needed), followsLinks(other.held, needed)];
  if (follows !== others) return follows;
  return follows ? one.rest.length > other.rest.length : one.rest.length < other.rest.length;
}

/**
 * The grant that counts: grants add to one another, none takes away. For reading the highest that follows links, as it follows most; else
 * the deepest that allows it.
 */
function chooseGrant(grants: readonly HeldGrant[], needed: readonly FilePermission[], walker: Walker): Chosen {
  const asked = typeof walker.target === "string" ? pathParts(walker.target) : undefined;
  if (asked === undefined)
    throw denied(
      walker,
      "bad_name",
      'a path has names only: no empty parts, no "." or "..", no NUL, no lone surrogate',
    );
  let chosen: Chosen | undefined;
  let nearest: Chosen | undefined;
  for (const held of grants) {
    const rest = held.rest(asked);
    if (rest === undefined) continue;
    const one = { held, rest };
    if (nearest === undefined || rest.length < nearest.rest.length) nearest = one;
    if (held.allows(needed) && (chosen === undefined || counts(one, chosen, needed))) chosen = one;
  }
  if (chosen !== undefined) return chosen;
  const allow = needed.map((permission) => `"${permission}"`).join(" or ");
  if (nearest === undefined)
    throw denied(walker, "outside", `no grant covers it; one would have to allow ${allow}`, neededFileGrant(walker));
  throw denied(
    walker,
    "not_granted",
    `the grant of ${JSON.stringify(nearest.held.grant.path)} does not allow ${allow}`,
    neededFileGrant(walker),
  );
}

function enter(held: HeldGrant, rest: readonly string[], walker: Walker): FileTarget {
  const directory = held.directory.descend(rest.slice(0, -1), walker);
  return new FileTarget(held, directory, rest.at(-1), walker);
}

function followsLinks(held: HeldGrant, needed: readonly FilePermission[]): boolean {
  const isReading = needed.every((permission) => permission === "read" || permission === "list");
  return isReading && held.grant.symlinks === "inside";
}

function isLink({ directory, name }: FileTarget): boolean {
  if (name === undefined) return false;
  return fs.lstatSync(directory.at(name), { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** The path without links, when it is still inside. It is walked like any other: a swap after this look is met by the walk. */
function realRest(held: HeldGrant, rest: readonly string[], walker: Walker): readonly string[] {
  let real: string;
  try {
    real = fs.realpathSync.native(held.directory.at(rest.join("/")));
  } catch (error) {
    throw new FileOperationError(walker.operation, walker.target, (error as NodeJS.ErrnoException).code ?? "EIO");
  }
  const inside = below(pathParts(held.realPath)?.parts ?? [""], pathParts(real)?.parts ?? []);
  if (inside === undefined) throw denied(walker, "symlink", "a symbolic link leads out of the grant");
  return inside;
}
