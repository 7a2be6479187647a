/** All programs in one line above the rows, and in one item of the status bar: what is wrong, the worst first. Pure. */

import type { EndInfo } from "airssys-rt/inspect";
import { type Bottleneck, bottleneckOf } from "../programs/bottleneck.ts";
import { hasFailedLately } from "../programs/health.ts";
import type { LiveProgram, Silence } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { wholeSeconds } from "../text.ts";
import { bottleneckWords, circleWords } from "./wait-words.ts";
import { lastPart } from "./words.ts";

export interface Summary {
  readonly actors: number;
  /** Actors that are down. */
  readonly down: number;
  /** All of it in a few words. */
  readonly text: string;
  /** Above the rows; empty when there is nothing to say. */
  readonly message: string;
  readonly status: Status;
}

/** The item in the status bar. */
export interface Status {
  /** A codicon. */
  readonly icon: string;
  readonly text: string;
  readonly background: "error" | "warning" | undefined;
  /** What a click does: stops the program for the debugger, to see who keeps it; else shows the actor that is the trouble. */
  readonly click?: "pause";
  /** What it shows of is watched, some of it at least. */
  readonly isWatched?: true;
}

type Summed = Pick<LiveProgram, "tree" | "title"> &
  Partial<Pick<LiveProgram, "isPaused" | "isWatched" | "runner" | "silence" | "endedAt" | "pause">>;

/** What is known beside the programs. */
export interface Background {
  /** The language server knows a tree. */
  readonly hasSource: boolean;
  /** Why programs cannot be shown. */
  readonly refusals: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function summarize(programs: readonly Summed[], background: Background): Summary {
  const systems = programs.flatMap(({ tree }) =>
    tree.systems.map((system) => ({ system, trouble: tree.trouble(system.root) })),
  );
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const actors = sum(systems.map(({ system }) => system.health.actors));
  const down = sum(systems.map(({ trouble }) => trouble.down));
  const warned = sum(systems.map(({ trouble }) => trouble.warned));
  const deadLetters = sum(systems.map(({ system }) => system.health.deadLetters));
  const speed = Math.round(sum(systems.map(({ system }) => system.health.throughput)));
  const counts = [
    down > 0 ? say("{0} down", number(down)) : undefined,
    warned > 0 ? say("{0} in trouble", number(warned)) : undefined,
    down + warned === 0 ? counted(actors, "{0} actor", "{0} actors") : undefined,
    deadLetters > 0 ? counted(deadLetters, "{0} dead letter", "{0} dead letters") : undefined,
    speed > 0 ? say("{0} msg/s", number(speed)) : undefined,
  ];
  const text = counts.filter((part) => part !== undefined).join(" · ");
  return {
    actors,
    down,
    text,
    message: messageFor(programs, text, background, {
      isEmpty: actors + down + warned + deadLetters + speed === 0,
      down,
    }),
    status: {
      ...statusFor(programs, {
        actors,
        down: sum(systems.map(({ system, trouble }) => (system.end === undefined ? trouble.down : 0))),
        now: background.now,
      }),
      ...(programs.some(({ isWatched, endedAt }) => isWatched && endedAt === undefined) && { isWatched: true }),
    },
  };
}

/** The answer to "what is wrong", the worst first. */
function messageFor(
  programs: readonly Summed[],
  text: string,
  { hasSource, refusals, now }: Background,
  { isEmpty, down }: { readonly isEmpty: boolean; readonly down: number },
): string {
  const refused = refusals.map((reason) => say("The actors cannot be shown. {0}.", reason));
  const isOver = programs.length > 0 && programs.every(({ endedAt }) => endedAt !== undefined);
  if (isOver) return [...programs.map(endingOf), ...refused].join(" ");
  if (programs.length === 0)
    return refused.at(-1) ?? (hasSource ? say("Not running. This is what the source says.") : "");
  const silent = programs.find(isSilent);
  if (silent) return silenceWords(silent);
  const circles = circlesOf(programs);
  if (circles.length > 0) return circleWords(circles);
  const paused = programs.filter(({ isPaused }) => isPaused === true);
  if (paused.length > 0) return pauseWords(paused);
  const failed = programs.find(({ tree }) => tree.failure !== undefined);
  if (failed) return endingOf(failed);
  const starting = programs.find(({ tree }) => tree.systems.length === 0);
  if (starting && isEmpty) return say("{0} is starting.", starting.title);
  const bottleneck = down > 0 ? undefined : worstBottleneck(programs, now);
  return bottleneck ? bottleneckWords(bottleneck) : text;
}

function isSilent<P extends Summed>(program: P): program is P & { readonly silence: Silence } {
  return program.silence !== undefined;
}

function silenceWords({ title, silence, pause }: Summed & { readonly silence: Silence }): string {
  const time = wholeSeconds(silence.ms);
  if (silence.isHalted)
    return say(
      "{0} does not answer for {1}: its process is stopped (Ctrl+Z or SIGSTOP) until it gets SIGCONT.",
      title,
      time,
    );
  if (silence.runner)
    return say("{0} has not let go for {1}: nobody else can run.", lastPart(silence.runner.path), time);
  return pause
    ? say("{0} does not answer for {1}: pause to see who.", title, time)
    : say("{0} does not answer for {1}: attach to see who.", title, time);
}

function pauseWords(paused: readonly Summed[]): string {
  const [{ runner } = {}] = paused;
  if (paused.length > 1 || !runner)
    return say(
      "Paused by the debugger: {0}. Time stands still for all actors.",
      paused.map(({ title }) => title).join(", "),
    );
  const name = lastPart(runner.path);
  return runner.messageType === undefined
    ? say("Paused in {0}. Time stands still for all actors.", name)
    : say("Paused in {0}, on {1}. Time stands still for all actors.", name, runner.messageType);
}

/** `Ended 14:03:21: order-desk gave up. The cause is cards.` */
function endingOf({ tree, title, endedAt }: Summed): string {
  const system = tree.failure;
  const at = system?.end?.at ?? endedAt ?? 0;
  const time = new Date(at).toTimeString().slice(0, 8);
  if (!system?.end) return say("Ended {0}: {1}.", time, title);
  const { cause } = system.end;
  const first = cause === undefined ? undefined : tree.row(cause)?.id;
  const how = say("Ended {0}: {1}.", time, howItEnded(system.name, system.end));
  return first === undefined || first === system.name ? how : `${how} ${say("The cause is {0}.", first)}`;
}

function howItEnded(name: string, { kind, text }: EndInfo): string {
  if (kind === "gaveUp") return say("{0} gave up", name);
  if (kind === "killed") return say("{0} was killed", name);
  const crash = /^crashed in \w+: (.*)$/s.exec(text)?.[1];
  return crash === undefined ? `${name} ${text}` : say("{0} failed: {1}", name, crash);
}

/** The names of those that wait for each other, circle by circle. */
function circlesOf(programs: readonly Summed[]): readonly (readonly string[])[] {
  return programs.flatMap(({ tree }) => tree.deadlocks.map((circle) => circle.map((key) => tree.row(key)?.id ?? key)));
}

/** That which holds up most. */
function worstBottleneck(programs: readonly Summed[], now: number): Bottleneck | undefined {
  const found = programs.flatMap(({ tree }) => bottleneckOf(tree, now) ?? []);
  return found.sort((one, other) => other.waiters.length - one.waiters.length)[0];
}

/**
 * | the worst of | text | background |
 * |---|---|---|
 * | no answer | `main.ts does not answer, 6 s`; a click pauses it | error |
 * | deadlock | `2 actors wait for each other` | warning |
 * | down, in a system that runs | `1 of 16 actors down` | warning |
 * | gave up | `order-desk gave up` | warning |
 * | paused | `Paused in cards on charge` | |
 * | restarted within a minute | `cards restarted 4/5` | |
 * | starting | `Actors starting` | |
 * | calm | `16 actors` | |
 */
function statusFor(
  programs: readonly Summed[],
  { actors, down, now }: { readonly actors: number; readonly down: number; readonly now: number },
): Status {
  const silent = programs.find(isSilent);
  if (silent) {
    const time = wholeSeconds(silent.silence.ms);
    return {
      icon: "flame",
      text: say("{0} does not answer, {1}", silent.title, time),
      background: "error",
      ...(silent.pause && silent.silence.isHalted !== true && { click: "pause" }),
    };
  }
  const circles = circlesOf(programs);
  if (circles.length > 0)
    return {
      icon: "sync-ignored",
      text: say("{0} actors wait for each other", circles.flat().length),
      background: "warning",
    };
  if (down > 0)
    return {
      icon: "error",
      text: counted(actors, "{1} of {0} actor down", "{1} of {0} actors down", number(down)),
      background: "warning",
    };
  const failed = programs.find(({ tree }) => tree.failure !== undefined)?.tree.failure;
  if (failed)
    return {
      icon: "circle-slash",
      text: failed.end?.kind === "gaveUp" ? say("{0} gave up", failed.name) : say("{0} failed", failed.name),
      background: "warning",
    };
  const paused = programs.find(({ isPaused }) => isPaused === true);
  if (paused) return { icon: "debug-pause", text: pausedAt(paused), background: undefined };
  const restarted = programs.map((program) => lastRestarted(program, now)).find((text) => text !== undefined);
  if (restarted !== undefined) return { icon: "debug-restart", text: restarted, background: undefined };
  if (actors === 0) return { icon: "loading~spin", text: say("Actors starting"), background: undefined };
  return { icon: "type-hierarchy", text: counted(actors, "{0} actor", "{0} actors"), background: undefined };
}

function pausedAt({ runner }: Summed): string {
  if (!runner) return say("Paused");
  const name = lastPart(runner.path);
  return runner.messageType === undefined
    ? say("Paused in {0}", name)
    : say("Paused in {0} on {1}", name, runner.messageType);
}

/** The last of those that failed within a minute, with what is left of its supervisor's patience. */
function lastRestarted({ tree }: Summed, now: number): string | undefined {
  let last: SeenRow | undefined;
  for (const key of tree.troubled) {
    const row = tree.row(key);
    if (row && hasFailedLately(row, now) && (row.lastEnd?.at ?? 0) >= (last?.lastEnd?.at ?? 0)) last = row;
  }
  if (!last) return undefined;
  const above = last.parent === undefined ? undefined : tree.row(last.parent)?.supervisor;
  return above && above.restartsInWindow > 0
    ? say("{0} restarted {1}/{2}", last.id, above.restartsInWindow, above.maxRestarts)
    : say("{0} restarted", last.id);
}
