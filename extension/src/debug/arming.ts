/** Tells each program under a debugger where to stop, whenever that changes, and what its call stacks are to show. Knows no editor. */
import { EventEmitter } from "node:events";
import { IN_ACTOR } from "../inspect/debugger-link.ts";
import { readArmed } from "../inspect/frame.ts";
import type { Session, Stopped } from "../inspect/session.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import type { ActorStops } from "./actor-stops.ts";
import type { Debugged } from "./debugged.ts";

/** Reasons for which a program stops within the runtime. */
const IN_RUNTIME: readonly string[] = ["deadLetter", "mailbox", "escalation"];
/** Messages per second above which the call stack no longer goes on into senders: each would cost too much. */
const HOT = 20_000;

interface ArmingEvents {
  /** A program is too fast for the causal call stack, which is off for it from now on. */
  hot: [program: Program];
  /** A program stands where what it was stopped for was caused. */
  explained: [program: Program, frame: Stopped];
  noted: [text: string];
}

export class Arming extends EventEmitter<ArmingEvents> {
  readonly #programs: Programs;
  readonly #stops: ActorStops;
  readonly #wantsCauses: () => boolean;
  readonly #debugged = new Map<Session, Debugged>();
  readonly #armed = new WeakSet<Program>();
  readonly #causes = new Map<Program, "on" | "hot">();

  /** @param wantsCauses whether call stacks go on into senders where a program was started for debugging. */
  constructor(programs: Programs, stops: ActorStops, wantsCauses: () => boolean) {
    super();
    this.#programs = programs;
    this.#stops = stops;
    this.#wantsCauses = wantsCauses;
    programs.on("opened", (program) => void this.#begin(program));
    programs.on("ended", (program) => this.#forget(program));
    programs.on("changed", (program) => void this.#cool(program));
    programs.on("stopping", (program, frame) => {
      if (frame.type === "armed") stops.state(program, frame.stops);
      else if (IN_RUNTIME.includes(frame.reason))
        this.debuggedOf(program)?.showCause(() => this.emit("explained", program, frame));
    });
    stops.on("changed", () => {
      for (const program of programs.all) void this.#arm(program);
    });
  }

  /** That session of a program goes over a debugger. */
  meet(debugged: Debugged): void {
    this.#debugged.set(debugged.session, debugged);
    const program = this.#programs.all.find(({ session }) => session === debugged.session);
    if (program) void this.#begin(program);
  }

  leave(debugged: Debugged): void {
    this.#debugged.delete(debugged.session);
  }

  debuggedOf({ session }: Program): Debugged | undefined {
    return this.#debugged.get(session);
  }

  async #begin(program: Program): Promise<void> {
    if (!this.debuggedOf(program) || !program.session.can("breakpoints")) return;
    await this.#arm(program);
    if (program.origin !== "debugging" || !this.#wantsCauses()) return;
    this.#causes.set(program, "on");
    await this.#request(program, { type: "causes", on: true });
  }

  async #arm(program: Program): Promise<void> {
    const debugged = this.debuggedOf(program);
    if (!debugged || !program.session.can("breakpoints")) return;
    const { crash } = this.#stops.kept.switches;
    const [armed] = await Promise.all([
      ...this.#stops.requests.map((request) => this.#request(program, request)),
      debugged.stopAtCrashes(crash ? IN_ACTOR : undefined).catch((error: Error) => this.emit("noted", error.message)),
    ]);
    this.#stops.state(program, readArmed(armed));
    this.#armed.add(program);
  }

  async #cool(program: Program): Promise<void> {
    if (this.#causes.get(program) !== "on" || throughputOf(program) <= HOT) return;
    this.#causes.set(program, "hot");
    await this.#request(program, { type: "causes", on: false });
    this.emit("hot", program);
  }

  #forget(program: Program): void {
    this.#causes.delete(program);
    this.#debugged.delete(program.session);
    this.#stops.forget(program);
  }

  /** Whether it has been told where to stop, and so has its debugger. */
  isArmed(program: Program): boolean {
    return this.#armed.has(program);
  }

  /** Whether it stands at something that nobody will catch. */
  isAtCrash(program: Program): boolean {
    const pause = this.debuggedOf(program)?.conversation.lastPause();
    const { reason, data } = (pause ?? {}) as {
      readonly reason?: string;
      readonly data?: { readonly uncaught?: boolean };
    };
    return (reason === "exception" || reason === "promiseRejection") && data?.uncaught !== false;
  }

  async #request(program: Program, request: Parameters<Program["request"]>[0]): Promise<unknown> {
    try {
      return await program.request(request);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.emit("noted", `${program.title} cannot be told where to stop: ${why}`);
      return undefined;
    }
  }
}

function throughputOf({ tree }: Program): number {
  return tree.systems.reduce((sum, { health }) => sum + health.throughput, 0);
}
