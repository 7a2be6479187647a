/** What may be done to files and processes, and by whom: deny by default. */
import fs from "node:fs";
import path from "node:path";
import { isFields, readFields } from "../values/fields.ts";
import type { ActorRef } from "../values/ref.ts";
import { type AuditEvent, AuditTrail } from "./audit.ts";
import { AuditFile } from "./audit-file.ts";
import { checkContext } from "./context-check.ts";
import { codeOf, denied, openFile } from "./directory.ts";
import { Executable } from "./executable.ts";
import { type FileTarget, findTarget, isGranted, refuseAudit } from "./file-target.ts";
import type { FileGrant, FilePermission, Grants, RunGrant } from "./grant.ts";
import { HeldCommand } from "./held-command.ts";
import { HeldGrant } from "./held-grant.ts";
import { warnOf } from "./launch-warnings.ts";
import { isRunWithin, widenedFields } from "./narrowing.ts";
import {
  AccessDeniedError,
  type ContextFault,
  FileOperationError,
  printed,
  SecurityContextError,
} from "./os-errors.ts";
import { below, pathParts } from "./path-parts.ts";
import { type PathSafety, pathSafetyOf, permissionsOn } from "./path-safety.ts";
import { wayOf } from "./path-way.ts";
import { plainCopy } from "./plain-copy.ts";

/** What {@link SecurityContext.create} takes. Nothing that is not named is allowed. */
export interface SecurityContextOptions {
  /** Who acts, for the audit. */
  readonly principal: string;
  /** Directory that relative paths of grants and requests begin at. Default: the working directory. */
  readonly base?: string;
  readonly files?: readonly FileGrant[];
  readonly run?: readonly RunGrant[];
  /** Variables with fixed values that every process gets, `PATH` for one. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Takes two events for each operation: an actor, or a file that a grant allows to write. What was decided is there before anything is
   * done; what came of it follows within milliseconds, in a file with the next decision. Default: nothing is written down.
   */
  readonly audit?: ActorRef<AuditEvent> | { readonly file: string };
  /** Whether an operation that cannot be written down is done all the same. Default `deny`. */
  readonly auditFailure?: "deny" | "continue";
}

/** What {@link SecurityContext.narrow} takes. Base and audit stay those of the wider context. */
export type NarrowedOptions = Pick<SecurityContextOptions, "principal" | "files" | "run" | "env">;

const NARROW_KEYS = ["principal", "files", "run", "env"];
const CREATE_KEYS = [...NARROW_KEYS, "base", "audit", "auditFailure"];

/** What a context holds open. */
interface Holdings {
  readonly base: string;
  readonly safety: PathSafety;
  readonly files: readonly HeldGrant[];
  readonly commands: readonly HeldCommand[];
  readonly trail: AuditTrail | undefined;
}

/**
 * Grants of files and commands. The directories and executables they name are held from the time it is made until it is closed.
 *
 * It is no sandbox for hostile code in the same process: whoever can import `node:fs` asks nobody. It confines requests.
 *
 * @example
 * const site = SecurityContext.create({
 *   principal: "site-builder",
 *   files: [{ path: "content", allow: ["read", "list"] }, { path: "out", allow: ["read", "list", "write", "delete"] }],
 * });
 */
export class SecurityContext implements Disposable {
  /** The grants as plain data, frozen. */
  readonly grants: Grants;
  readonly #holdings: Holdings;
  #isOpen = true;

  private constructor(grants: Grants, holdings: Holdings) {
    this.grants = grants;
    this.#holdings = holdings;
  }

  /** @internal */
  static is(value: unknown): value is SecurityContext {
    return typeof value === "object" && value !== null && #holdings in value;
  }

  /** @throws {SecurityContextError} with every fault of the options, and each thing that is not safe to grant on this system. */
  static create(options: SecurityContextOptions): SecurityContext {
    return SecurityContext.createWith(options, pathSafetyOf(process.platform, fs.existsSync("/proc/self/fd")));
  }

  /** @internal */
  static createWith(given: SecurityContextOptions, safety: PathSafety): SecurityContext {
    const what = "SecurityContext.create";
    const options = readOptions(given);
    refuse(what, checkContext(options, CREATE_KEYS));
    const grants = frozenGrants(options);
    const base = path.resolve(options.base ?? ".");
    const faults: ContextFault[] = [];
    refuse(what, unsafeGrants(grants, safety));
    const files = grants.files.flatMap((grant, index) =>
      attempt(faults, ["files", index, "path"], grant.path, () => HeldGrant.open(grant, base, safety)),
    );
    const commands = grants.run.flatMap((grant, index) => findCommand(grant, index, base, safety, faults));
    faults.push(...writableExecutables(grants, files, commands));
    const sink = attempt(faults, ["audit"], "the audit", () => sinkOf(options.audit, files));
    const trail = sink[0] && new AuditTrail(sink[0], options.auditFailure === "continue").hold();
    const holdings = { base, safety, files, commands, trail };
    if (faults.length > 0) release(holdings);
    refuse(what, faults);
    warnOf(commands);
    return new SecurityContext(grants, holdings);
  }

  /**
   * Makes a context that may do less. What is not named in it is not allowed, whatever this one may.
   *
   * @throws {SecurityContextError} with every fault of the options, and `widened` for each thing this context does not allow.
   */
  narrow(given: NarrowedOptions): SecurityContext {
    const what = "SecurityContext.narrow";
    const options = readOptions(given);
    refuse(what, checkContext(options, NARROW_KEYS));
    const grants = frozenGrants(options);
    refuse(what, widenedFields(this.grants, grants));
    const { base, safety, trail } = this.#holdings;
    const faults: ContextFault[] = [];
    const files = grants.files.flatMap((grant, index) =>
      grant.allow.flatMap((permission) =>
        attempt(faults, ["files", index, "path"], grant.path, () => this.#narrowedFiles(grant, permission)),
      ),
    );
    const commands = grants.run.flatMap((grant, index) =>
      attempt(faults, ["run", index, "command"], grant.command, () => this.#narrowedCommand(grant)),
    );
    const holdings = { base, safety, files, commands, trail: trail?.hold() };
    if (faults.length > 0) release(holdings);
    refuse(what, faults);
    return new SecurityContext(grants, holdings);
  }

  get pathSafety(): PathSafety {
    return this.#holdings.safety;
  }

  /** Directory that relative paths begin at. */
  get base(): string {
    return this.#holdings.base;
  }

  /** @internal */
  get trail(): AuditTrail | undefined {
    return this.#holdings.trail;
  }

  /** @internal */
  find(operation: string, target: string, needed: readonly FilePermission[]): FileTarget {
    const found = findTarget(this.#holdings.files, needed, { operation, target });
    if (!needed.includes("write") && !needed.includes("delete")) return found;
    try {
      if (found.name !== undefined) refuseAudit(found.place, found.walker);
      return found;
    } catch (error) {
      found[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether some grant allows one of these for a path that another one led to. @internal */
  allows(operation: string, target: string, needed: readonly FilePermission[]): boolean {
    return isGranted(this.#holdings.files, needed, { operation, target });
  }

  /** @internal */
  get commands(): readonly HeldCommand[] {
    return this.#holdings.commands;
  }

  /** Lets go of the directories it holds: from now on everything is denied. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    release(this.#holdings);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** One permission of a grant, through the directory of the very grant that has it. */
  #narrowedFiles(grant: FileGrant, permission: FilePermission): HeldGrant {
    const { files, base } = this.#holdings;
    const target = grant.path === "." ? { isAbsolute: false, parts: [] } : pathParts(grant.path);
    for (const held of files) {
      const rest = target && held.allows([permission]) ? held.rest(target) : undefined;
      if (rest !== undefined)
        return held.narrow({ ...grant, allow: [permission] }, rest, base, { operation: "narrow", target: grant.path });
    }
    throw denied({ operation: "narrow", target: grant.path }, "widened", `no grant allows "${permission}"`);
  }

  #narrowedCommand(grant: RunGrant): HeldCommand {
    const held = this.#holdings.commands.find((one) => isRunWithin(one.grant, grant));
    if (held !== undefined) return held.narrow(grant);
    throw denied({ operation: "narrow", target: grant.command }, "widened", "no grant runs it like this");
  }
}

/** Read once: what is checked is what is granted. */
function readOptions<T extends object>(given: T): T {
  return plainCopy(isFields(given) ? readFields(given, CREATE_KEYS) : given) as T;
}

function refuse(what: string, faults: readonly ContextFault[]): void {
  if (faults.length > 0) throw new SecurityContextError(what, faults);
}

/** What goes wrong is a fault beside the others. */
function attempt<T>(faults: ContextFault[], path: ContextFault["path"], given: string, make: () => T): T[] {
  try {
    return [make()];
  } catch (error) {
    const code = error instanceof FileOperationError ? error.errno : codeOf(error);
    const isDenial = error instanceof AccessDeniedError;
    const message = isDenial ? error.message : `${printed(given)} cannot be opened: ${code}`;
    faults.push({ code: "invalid", path, message });
    return [];
  }
}

function frozenGrants({ principal, files = [], run = [], env = {} }: NarrowedOptions): Grants {
  return deepFreeze(structuredClone({ principal, files, run, env }));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !(value instanceof RegExp)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}

/** What this system cannot keep safe is refused, never granted in a weaker way. */
function unsafeGrants(grants: Grants, safety: PathSafety): ContextFault[] {
  const permissions = permissionsOn(safety);
  const unsafe = grants.files.flatMap(({ allow }, index) =>
    allow.flatMap((permission, i): ContextFault[] =>
      permissions.includes(permission)
        ? []
        : [
            {
              code: "invalid",
              path: ["files", index, "allow", i],
              message: `${permission} cannot be granted on this system: a path could lead elsewhere meanwhile (pathSafety: ${safety})`,
            },
          ],
    ),
  );
  const pinned = grants.run.flatMap(({ pin }, index): ContextFault[] =>
    pin === true && safety !== "descriptors"
      ? [
          {
            code: "invalid",
            path: ["run", index, "pin"],
            message: "a command is pinned by /proc, which this system has not",
          },
        ]
      : [],
  );
  return [...unsafe, ...pinned];
}

/** What is missing is named: the executable, or the directory it would run in. */
function findCommand(
  grant: RunGrant,
  index: number,
  base: string,
  safety: PathSafety,
  faults: ContextFault[],
): HeldCommand[] {
  const { command, cwd, pin } = grant;
  const found = attempt(faults, ["run", index, "command"], command, () => Executable.find(command, pin === true));
  return found.flatMap((executable) => {
    const held = attempt(faults, ["run", index, "cwd"], cwd ?? base, () =>
      HeldCommand.inDirectory(grant, executable, base, safety),
    );
    if (held.length === 0) executable[Symbol.dispose]();
    return held;
  });
}

/**
 * What may be written and run is a way out: executables, what interprets them, and directories of `PATH`, below a grant that allows to
 * write; also by a link on the way to them that it may replace.
 */
function writableExecutables(
  grants: Grants,
  files: readonly HeldGrant[],
  commands: readonly HeldCommand[],
): ContextFault[] {
  const writable = files
    .filter((held) => held.allows(["write", "delete"]))
    .map((held) => ({ held, parts: pathParts(held.realPath)?.parts ?? [] }));
  const ownerOf = (places: readonly string[]): HeldGrant | undefined =>
    writable.find(({ parts }) => places.some((place) => below(parts, pathParts(place)?.parts ?? []) !== undefined))
      ?.held;
  const faults: ContextFault[] = [];
  for (const { grant, executable } of commands) {
    const at = ["run", grants.run.indexOf(grant), "command"];
    const held = ownerOf([executable.realPath]);
    if (held !== undefined) faults.push(writableFault(at, `${printed(grant.command)} may be run`, held));
    for (const interpreter of executable.interpreters) {
      const owner = ownerOf(wayOf(interpreter));
      if (owner !== undefined)
        faults.push(writableFault(at, `${printed(interpreter)} runs ${printed(grant.command)}`, owner));
    }
  }
  for (const directory of (grants.env["PATH"] ?? "").split(path.delimiter).filter((one) => one !== "")) {
    const held = ownerOf(wayOf(directory));
    if (held !== undefined)
      faults.push(writableFault(["env", "PATH"], `commands are looked up in ${printed(directory)}`, held));
  }
  return faults;
}

function writableFault(path: ContextFault["path"], what: string, held: HeldGrant): ContextFault {
  const message = `${what}, and the grant of ${JSON.stringify(held.grant.path)} may change it`;
  return { code: "writable_executable", path, message };
}

function sinkOf(
  audit: SecurityContextOptions["audit"],
  files: readonly HeldGrant[],
): ActorRef<AuditEvent> | AuditFile | undefined {
  if (audit === undefined || typeof (audit as ActorRef<AuditEvent>).tell === "function")
    return audit as ActorRef<AuditEvent> | undefined;
  const walker = { operation: "audit", target: (audit as { readonly file: string }).file };
  using target = findTarget(files, ["write"], walker);
  const { O_WRONLY, O_APPEND, O_CREAT } = fs.constants;
  return new AuditFile(openFile(target.place, O_WRONLY | O_APPEND | O_CREAT, walker, 0o600).fd);
}

function release({ files, commands, trail }: Holdings): void {
  for (const held of [...files, ...commands]) held[Symbol.dispose]();
  trail?.release();
}
