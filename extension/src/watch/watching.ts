/** Watches running programs: finds their inspectors, opens those that are closed where the user agrees, and ends by itself. Knows no editor. */
import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { addressInFlags, addressText, type InspectorAddress } from "../inspect/inspector-address.ts";
import { findTarget, type InspectorTarget, resolveAddress } from "../inspect/inspector-target.ts";
import type { SessionFault } from "../inspect/session.ts";
import { WatchError } from "../inspect/watch-error.ts";
import { converseByWatching, type Watched } from "../inspect/watch-link.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { checkCanOpen, type NodeProcess } from "./node-process.ts";
import { nodeProcess, nodeProcesses } from "./node-processes.ts";

/** Milliseconds a process may take to open its inspector, and between two looks whether it has. */
const OPENING_MS = 5_000;
const LOOK_MS = 100;
/** Milliseconds after which nobody who could not see it wants it any more. */
const HIDDEN_MS = 600_000;
/** Milliseconds between two looks whether a program has been started again. */
const NEXT_MS = 1_000;

/** Which program: one of this machine, or whatever has its inspector there. */
export type WatchTarget =
  | { readonly kind: "process"; readonly pid: number }
  | { readonly kind: "address"; readonly address: InspectorAddress };

/** What it takes to watch the next one. */
export interface Watch {
  readonly target: WatchTarget;
  readonly program: Program;
  /** Of a process of this machine. */
  readonly process: NodeProcess | undefined;
}

/** The user is asked, each time. */
export interface Consent {
  /** Whether the inspector of that process may be opened. */
  mayOpen(process: NodeProcess): Promise<boolean>;
  /** Whether to connect to another machine than this one. @param host as the user wrote it */
  mayReach(host: string): Promise<boolean>;
}

/** How this machine is asked; tests have their own. */
export interface Machine {
  processes(): Promise<readonly NodeProcess[]>;
  process(pid: number): Promise<NodeProcess | undefined>;
  /** Opens the inspector of a process. */
  signal(pid: number): void;
}

export const MACHINE: Machine = {
  processes: nodeProcesses,
  process: nodeProcess,
  signal: (pid) => {
    // Node's own way, which on Windows is the only one.
    if (process.platform === "win32") (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
    else process.kill(pid, "SIGUSR1");
  },
};

interface WatchingEvents {
  /** It has ended, or cannot be watched any more. Not told of what the user ended. */
  ended: [watch: Watch, fault: SessionFault | undefined];
  /** Nobody has looked for long: these are watched no more. */
  expired: [watches: readonly Watch[]];
  changed: [];
}

export class Watching extends EventEmitter<WatchingEvents> {
  readonly #programs: Programs;
  readonly #consent: Consent;
  readonly #machine: Machine;
  /** By the ids of their inspectors. */
  readonly #watches = new Map<string, Watch>();
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(programs: Programs, consent: Consent, machine: Machine = MACHINE) {
    super();
    this.#programs = programs;
    this.#consent = consent;
    this.#machine = machine;
    programs.on("ended", (program, fault) => this.#onEnded(program, fault));
    programs.on("attended", () => this.#schedule());
  }

  get all(): readonly Watch[] {
    return [...this.#watches.values()];
  }

  /**
   * @returns `undefined` when the user does not agree.
   * @throws {WatchError} as a rejection, when it cannot be watched.
   */
  watch(target: WatchTarget): Promise<Program | undefined> {
    return target.kind === "process" ? this.#watchProcess(target) : this.#watchAddress(target);
  }

  /** The user wants it no more. */
  stop(program: Program): void {
    this.#take(program);
    program.session.end();
  }

  close(): void {
    for (const { program } of this.all) this.stop(program);
    clearTimeout(this.#expiry);
  }

  /** Waits until a program has been started again that is the same by its command line, or by its place. @returns nothing when given up. */
  async next({ target, process: before, program }: Watch, signal: AbortSignal): Promise<WatchTarget | undefined> {
    while (!signal.aborted) {
      const found =
        before === undefined ? await this.#answers(target) : await this.#successor(before, program.hello.pid);
      if (found !== undefined) return found;
      await delay(NEXT_MS, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  async #answers(target: WatchTarget): Promise<WatchTarget | undefined> {
    if (target.kind === "process") return undefined;
    try {
      await findTarget(await resolveAddress(target.address), NEXT_MS);
      return target;
    } catch (error) {
      if (error instanceof WatchError) return undefined; // not yet
      throw error;
    }
  }

  async #successor(before: NodeProcess, pid: number): Promise<WatchTarget | undefined> {
    const line = JSON.stringify(before.words);
    const all = await this.#machine.processes();
    const found = all.find((one) => one.pid !== pid && JSON.stringify(one.words) === line && one.signal !== "ends");
    return found && { kind: "process", pid: found.pid };
  }

  async #watchAddress(target: Extract<WatchTarget, { kind: "address" }>): Promise<Program | undefined> {
    const { isLocal, ...address } = await resolveAddress(target.address);
    if (!isLocal && !(await this.#consent.mayReach(target.address.host))) return undefined;
    const found = await findTarget(address);
    const name = addressText(target.address);
    return this.#begin({
      found,
      watch: { target, process: undefined },
      watched: { name, url: found.url, hasOpenedInspector: false },
    });
  }

  async #watchProcess(target: Extract<WatchTarget, { kind: "process" }>): Promise<Program | undefined> {
    const { pid } = target;
    const process = await this.#machine.process(pid);
    if (process === undefined) throw hasEnded(pid);
    const address = addressInFlags(process.flags);
    const name = say("{0} (pid {1})", process.title, pid);
    const begin = (found: InspectorTarget, hasOpenedInspector: boolean): Promise<Program> =>
      this.#begin({ found, watch: { target, process }, watched: { name, url: found.url, pid, hasOpenedInspector } });
    const open = await this.#openAt(address);
    if (open !== undefined) {
      try {
        return await begin(open, false);
      } catch (error) {
        if (error instanceof WatchError && error.code === "inspectorTaken") throw taken(name, address);
        throw error;
      }
    }
    checkCanOpen(process);
    if (address.port === 0)
      throw new WatchError(
        "notOpened",
        say("{0} opens its inspector at a port of Node's choice, which it prints. Give that as host:port.", name),
      );
    if (!(await this.#consent.mayOpen(process))) return undefined;
    return begin(await this.#open(process, address, name), true);
  }

  /** @returns `undefined` where no inspector listens. */
  async #openAt(address: InspectorAddress): Promise<InspectorTarget | undefined> {
    if (address.port === 0) return undefined;
    try {
      return await findTarget(address, 1_000);
    } catch (error) {
      if (error instanceof WatchError) return undefined;
      throw error;
    }
  }

  async #open(before: NodeProcess, address: InspectorAddress, name: string): Promise<InspectorTarget> {
    // The user has thought about it: what has that number may be another one by now.
    const now = await this.#machine.process(before.pid);
    if (now === undefined || now.startedAt !== before.startedAt) throw hasEnded(before.pid);
    checkCanOpen(now);
    try {
      this.#machine.signal(before.pid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") throw hasEnded(before.pid);
      throw new WatchError(
        "notPermitted",
        say("{0} belongs to another user: this one may not open its inspector.", name),
      );
    }
    for (let ms = 0; ms < OPENING_MS; ms += LOOK_MS) {
      const found = await this.#openAt(address);
      if (found !== undefined) return found;
      await delay(LOOK_MS);
    }
    throw new WatchError(
      "notOpened",
      say(
        "{0} has not opened its inspector at {1}: it may handle SIGUSR1 itself. Start it with --inspect.",
        name,
        addressText(address),
      ),
    );
  }

  async #begin({
    found,
    watch,
    watched,
  }: {
    readonly found: InspectorTarget;
    readonly watch: Omit<Watch, "program">;
    readonly watched: Watched;
  }): Promise<Program> {
    if (this.#watches.has(found.id))
      throw new WatchError("watchedAlready", say("{0} is watched already.", watched.name));
    const session = await converseByWatching(watched, {
      meet: (link) =>
        this.#programs.meet({ link, admit: ({ watching }) => (watching === true ? "watched" : undefined) }),
      whyRefused: () => this.#programs.refusals.at(-1),
    });
    const program = this.#programs.programOf(session);
    if (program === undefined) throw hasEnded(watched.name);
    this.#watches.set(found.id, { ...watch, program });
    this.#schedule();
    this.emit("changed");
    return program;
  }

  #onEnded(program: Program, fault: SessionFault | undefined): void {
    const watch = this.#take(program);
    if (watch !== undefined) this.emit("ended", watch, fault);
  }

  #take(program: Program): Watch | undefined {
    const entry = [...this.#watches].find(([, watch]) => watch.program === program);
    if (entry === undefined) return undefined;
    this.#watches.delete(entry[0]);
    this.#schedule();
    this.emit("changed");
    return entry[1];
  }

  /** Ends what nobody has looked at for long. */
  #schedule(): void {
    if (this.#programs.isAttended || this.#watches.size === 0) {
      clearTimeout(this.#expiry);
      this.#expiry = undefined;
      return;
    }
    this.#expiry ??= setTimeout(() => {
      this.#expiry = undefined;
      const watches = this.all;
      for (const { program } of watches) this.stop(program);
      this.emit("expired", watches);
    }, HIDDEN_MS);
    this.#expiry.unref();
  }
}

/** @param which by number or name */
function hasEnded(which: number | string): WatchError {
  return new WatchError("hasEnded", say("There is no Node process {0}: it has ended, or is another user's.", which));
}

function taken(name: string, address: InspectorAddress): WatchError {
  return new WatchError(
    "inspectorTaken",
    say(
      "{0} would open its inspector at {1}, where another program has its own. Stop that one, or start this one with --inspect-port.",
      name,
      addressText(address),
    ),
  );
}
