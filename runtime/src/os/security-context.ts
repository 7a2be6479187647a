/** What may be done to files and processes, and by whom: deny by default. */
import fs from "node:fs";
import path from "node:path";
import type { ActorRef } from "../values/ref.ts";
import { type AuditEvent, type AuditSink, AuditTrail } from "./audit.ts";
import { checkContext } from "./context-check.ts";
import { openFile } from "./directory.ts";
import { type FileTarget, findTarget } from "./file-target.ts";
import type { FileGrant, FilePermission, Grants, RunGrant } from "./grant.ts";
import { HeldCommand } from "./held-command.ts";
import { HeldGrant } from "./held-grant.ts";
import { widenedFields } from "./narrowing.ts";
import { type ContextFault, SecurityContextError } from "./os-errors.ts";
import { below, pathParts } from "./path-parts.ts";

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
  /** Takes two events for each operation: an actor, or a file that a grant allows to write. Default: nothing is written down. */
  readonly audit?: ActorRef<AuditEvent> | { readonly file: string };
  /** Whether an operation that cannot be written down is done all the same. Default `deny`. */
  readonly auditFailure?: "deny" | "continue";
}

/** What {@link SecurityContext.narrow} takes. Base and audit stay those of the wider context. */
export type NarrowedOptions = Pick<SecurityContextOptions, "principal" | "files" | "run" | "env">;

/**
 * How sure it is that a path leads where it was checked to lead.
 *
 * - `descriptors`: each part is opened from the one before (Linux with `/proc`). No swap of directories can lead elsewhere.
 * - `none`: this platform cannot; files are not touched at all.
 */
export type PathSafety = "descriptors" | "none";

const NARROW_KEYS = ["principal", "files", "run", "env"];
const CREATE_KEYS = [...NARROW_KEYS, "base", "audit", "auditFailure"];

/** What a context holds open. */
interface Holdings {
  readonly base: string;
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

  private constructor(grants: Grants, holdings: Holdings) {
    this.grants = grants;
    this.#holdings = holdings;
  }

  /** @throws {SecurityContextError} with every fault of the options. */
  static create(options: SecurityContextOptions): SecurityContext {
    const what = "SecurityContext.create";
    refuse(what, checkContext(options, CREATE_KEYS));
    const grants = frozenGrants(options);
    const base = path.resolve(options.base ?? ".");
    const faults: ContextFault[] = [];
    const files = grants.files.flatMap((grant, index) =>
      attempt(faults, ["files", index, "path"], () => HeldGrant.open(grant, base)),
    );
    const commands = findCommands(grants.run, base, faults);
    faults.push(...writableExecutables(grants, files, commands, base));
    const sink = attempt(faults, ["audit"], () => sinkOf(options.audit, files));
    if (faults.length > 0) release(files, commands);
    refuse(what, faults);
    const trail = sink[0] === undefined ? undefined : new AuditTrail(sink[0], options.auditFailure === "continue");
    return new SecurityContext(grants, { base, files, commands, trail });
  }

  /**
   * Makes a context that may do less. What is not named in it is not allowed, whatever this one may.
   *
   * @throws {SecurityContextError} with every fault of the options, and `widened` for each thing this context does not allow.
   */
  narrow(options: NarrowedOptions): SecurityContext {
    const what = "SecurityContext.narrow";
    refuse(what, checkContext(options, NARROW_KEYS));
    const grants = frozenGrants(options);
    refuse(what, widenedFields(this.grants, grants));
    const { base, trail } = this.#holdings;
    const faults: ContextFault[] = [];
    const files = grants.files.flatMap((grant, index) =>
      attempt(faults, ["files", index, "path"], () => this.#narrowed(grant)),
    );
    const commands = findCommands(grants.run, base, faults);
    if (faults.length > 0) release(files, commands);
    refuse(what, faults);
    return new SecurityContext(grants, { base, files, commands, trail });
  }

  get pathSafety(): PathSafety {
    return process.platform === "linux" && fs.existsSync("/proc/self/fd") ? "descriptors" : "none";
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
    return findTarget(this.#holdings.files, needed, { operation, target });
  }

  /** @internal */
  get commands(): readonly HeldCommand[] {
    return this.#holdings.commands;
  }

  /** Lets go of the directories it holds: from now on everything is denied. */
  close(): void {
    release(this.#holdings.files, this.#holdings.commands);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #narrowed(grant: FileGrant): HeldGrant {
    const { files, base } = this.#holdings;
    const target = grant.path === "." ? { isAbsolute: false, parts: [] } : pathParts(grant.path);
    for (const held of files) {
      const rest = target === undefined ? undefined : held.rest(target);
      if (rest !== undefined && grant.allow.every((permission) => held.allows([permission])))
        return held.narrow(grant, rest, base, { operation: "narrow", target: grant.path });
    }
    // Its permissions come from several grants: any that it is below leads there.
    const above = files.find((held) => target !== undefined && held.rest(target) !== undefined) as HeldGrant;
    const rest = above.rest(target as NonNullable<typeof target>) as readonly string[];
    return above.narrow(grant, rest, base, { operation: "narrow", target: grant.path });
  }
}

function refuse(what: string, faults: readonly ContextFault[]): void {
  if (faults.length > 0) throw new SecurityContextError(what, faults);
}

/** What goes wrong is a fault beside the others. */
function attempt<T>(faults: ContextFault[], path: ContextFault["path"], make: () => T): T[] {
  try {
    return [make()];
  } catch (error) {
    faults.push({ code: "invalid", path, message: error instanceof Error ? error.message : "cannot be opened" });
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

function findCommands(run: readonly RunGrant[], base: string, faults: ContextFault[]): readonly HeldCommand[] {
  return run.flatMap((grant, index) => attempt(faults, ["run", index, "command"], () => HeldCommand.find(grant, base)));
}

/** What may be written and run is a way out: executables, and directories of `PATH`, below a grant that allows to write. */
function writableExecutables(
  grants: Grants,
  files: readonly HeldGrant[],
  commands: readonly HeldCommand[],
  base: string,
): ContextFault[] {
  const writable = files
    .filter((held) => held.allows(["write", "delete"]))
    .map((held) => ({ held, parts: pathParts(held.realPath)?.parts ?? [] }));
  const isWritable = (real: string): HeldGrant | undefined =>
    writable.find(({ parts }) => below(parts, pathParts(real)?.parts ?? []) !== undefined)?.held;
  const faults: ContextFault[] = [];
  for (const { grant, executable } of commands) {
    const { realPath } = executable;
    const held = isWritable(realPath);
    if (held !== undefined)
      faults.push(writableFault(["run", grants.run.indexOf(grant), "command"], `${realPath} may be run`, held));
  }
  for (const directory of (grants.env["PATH"] ?? "").split(path.delimiter).filter((one) => one !== "")) {
    const real = path.resolve(base, directory);
    const held = isWritable(fs.existsSync(real) ? fs.realpathSync.native(real) : real);
    if (held !== undefined) faults.push(writableFault(["env", "PATH"], `commands are looked up in ${directory}`, held));
  }
  return faults;
}

function writableFault(path: ContextFault["path"], what: string, held: HeldGrant): ContextFault {
  const message = `${what}, and the grant of ${JSON.stringify(held.grant.path)} may change it`;
  return { code: "writable_executable", path, message };
}

function sinkOf(audit: SecurityContextOptions["audit"], files: readonly HeldGrant[]): AuditSink | undefined {
  if (audit === undefined || typeof (audit as ActorRef<AuditEvent>).tell === "function")
    return audit as ActorRef<AuditEvent> | undefined;
  const walker = { operation: "audit", target: (audit as { readonly file: string }).file };
  using target = findTarget(files, ["write"], walker);
  const { O_WRONLY, O_APPEND, O_CREAT } = fs.constants;
  return { fd: openFile(target.place, O_WRONLY | O_APPEND | O_CREAT, walker, 0o600).fd };
}

function release(files: readonly HeldGrant[], commands: readonly HeldCommand[]): void {
  for (const held of [...files, ...commands]) held[Symbol.dispose]();
}
