/** Asks each program for as much of its messages as somebody looks at, and hands out what comes. Knows no editor. */
import { EventEmitter } from "node:events";
import { type FollowLevel, type MessagesFrame, type StatsFrame, WATCH_LIMITS } from "airssys-rt/inspect";
import type { FollowedFrame, Request } from "../inspect/session.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";

/** Messages a second that the view takes. What is more is a gap, and says so: nobody reads so fast. */
const ROWS_PER_SECOND = { types: 10_000, values: 4_000 } as const;

/** Who looks, and what the settings say. */
export interface Onlookers {
  /** The view Messages is visible. */
  readonly hasView: boolean;
  /** A lens over a handler is visible. */
  readonly hasLens: boolean;
  /** Latencies of that program are visible in the Actor view. */
  readonly hasLatency: (program: Program) => boolean;
  /** What is in messages is wanted, also of a program that a debugger was attached to. */
  readonly areValuesWanted: (isAttached: boolean) => boolean;
  readonly hidden: readonly string[];
}

type FollowRequest = Extract<Request, { readonly type: "follow" }>;

const NOTHING: FollowRequest = { type: "follow", level: "off" };

interface FollowingEvents {
  messages: [run: string, frame: MessagesFrame];
  stats: [program: Program, frame: StatsFrame];
  /** What that program tells from now on; what it counts begins anew. */
  began: [program: Program, level: FollowLevel];
  /** A program follows no more, and why. */
  spared: [program: Program, reason: "rate" | "heap"];
  /** Numbers of that run begin anew; or it has ended. */
  forgotten: [run: string, hasEnded: boolean];
  /** A program follows no more, and says why. */
  stopped: [text: string];
  changed: [];
  noted: [text: string];
}

export class Following extends EventEmitter<FollowingEvents> {
  readonly #programs: Programs;
  readonly #onlookers: () => Onlookers;
  /** What was asked of each program last. */
  readonly #asked = new Map<Program, FollowRequest>();
  /** Those that had too much to do: they are not asked again before somebody looks anew. */
  readonly #spared = new Set<Program>();
  readonly #runs = new Map<Program, string>();
  #runCount = 0;

  constructor(programs: Programs, onlookers: () => Onlookers) {
    super();
    this.#programs = programs;
    this.#onlookers = onlookers;
    programs.on("opened", () => this.look());
    programs.on("ended", (program) => this.#end(program));
    programs.on("followed", (program, frame) => this.#take(program, frame));
  }

  /** Programs that can be followed. */
  get count(): number {
    return this.#programs.all.filter(({ session }) => session.can("messages")).length;
  }

  programOf(run: string): Program | undefined {
    return [...this.#runs].find(([, name]) => name === run)?.[0];
  }

  /** Somebody looks, or no longer does; or wants something else. @param isAnew also programs that were spared are asked again */
  look(isAnew = false): void {
    if (isAnew) this.#spared.clear();
    for (const program of this.#programs.all) this.#ask(program);
    this.emit("changed");
  }

  /** How much a program tells now. */
  levelOf(program: Program): FollowLevel {
    return this.#asked.get(program)?.level ?? "off";
  }

  /** Whoever was told has forgotten everything. */
  tellAgain(): void {
    this.#asked.clear();
    this.look(true);
  }

  runOf(program: Program): string {
    const known = this.#runs.get(program);
    if (known !== undefined) return known;
    const run = `${program.id}@${++this.#runCount}`;
    this.#runs.set(program, run);
    return run;
  }

  #ask(program: Program): void {
    if (!program.session.can("messages") || this.#spared.has(program)) return;
    const request = this.#wanted(program);
    const before = this.#asked.get(program) ?? NOTHING;
    if (JSON.stringify(request) === JSON.stringify(before)) return;
    this.#asked.set(program, request);
    this.emit("forgotten", this.runOf(program), false);
    program.request(request).then(
      () => this.emit("began", program, request.level),
      (error: Error) => {
        this.#asked.delete(program);
        this.emit("noted", `${program.title} tells of no messages: ${error.message}`);
      },
    );
  }

  #wanted(program: Program): FollowRequest {
    const { hasView, hasLens, hasLatency, areValuesWanted, hidden } = this.#onlookers();
    if (!hasView) return { type: "follow", level: hasLens || hasLatency(program) ? "stats" : "off" };
    if (program.origin === "watched") return { type: "follow", level: "messages", perSecond: WATCH_LIMITS.perSecond };
    if (!areValuesWanted(program.origin === "attached"))
      return { type: "follow", level: "messages", perSecond: ROWS_PER_SECOND.types };
    return { type: "follow", level: "payloads", perSecond: ROWS_PER_SECOND.values, redact: hidden };
  }

  #take(program: Program, frame: FollowedFrame): void {
    if (frame.type === "messages") this.emit("messages", this.runOf(program), frame);
    else if (frame.type === "stats") this.emit("stats", program, frame);
    else {
      this.#spared.add(program);
      this.#asked.delete(program);
      this.emit("spared", program, frame.reason);
      const why =
        frame.reason === "rate"
          ? say(
              "{0} sends too many messages to be followed: it is left alone until this view is opened again.",
              program.title,
            )
          : say(
              "{0} has too little memory left to be followed: it is left alone until this view is opened again.",
              program.title,
            );
      this.emit("noted", `${program.title} is followed no more: ${frame.text}`);
      this.emit("stopped", why);
    }
  }

  #end(program: Program): void {
    this.#asked.delete(program);
    this.#spared.delete(program);
    const run = this.#runs.get(program);
    this.#runs.delete(program);
    if (run !== undefined) this.emit("forgotten", run, true);
    this.emit("changed");
  }
}
