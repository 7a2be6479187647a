/** All programs in one line above the rows, and in one item of the status bar: what is wrong, the worst first. Pure. */

import { hasFailedLately } from "../programs/health.ts";
import type { LiveProgram, Silence } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";
import { count, duration } from "../text.ts";
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
}

type Summed = Pick<LiveProgram, "tree" | "title"> &
  Partial<Pick<LiveProgram, "isPaused" | "runner" | "silence" | "endedAt" | "pause">>;

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
    down > 0 ? `${down.toLocaleString("en-US")} down` : undefined,
    warned > 0 ? `${warned.toLocaleString("en-US")} in trouble` : undefined,
    down + warned === 0 ? count(actors, "actor") : undefined,
    deadLetters > 0 ? count(deadLetters, "dead letter") : undefined,
    speed > 0 ? `${speed.toLocaleString("en-US")} msg/s` : undefined,
  ];
  const text = counts.filter((part) => part !== undefined).join(" · ");
  return {
    actors,
    down,
    text,
    message: messageFor(programs, text, background),
    status: statusFor(programs, { actors, down, now: background.now }),
  };
}

/** The answer to "what is wrong", the worst first. */
function messageFor(programs: readonly Summed[], text: string, { hasSource, refusals }: Background): string {
  const refused = refusals.map((reason) => `The actors cannot be shown. ${reason}.`);
  const isOver = programs.length > 0 && programs.every(({ endedAt }) => endedAt !== undefined);
  if (isOver) return [...programs.map(endingOf), ...refused].join(" ");
  if (programs.length === 0) return refused.at(-1) ?? (hasSource ? "Not running. This is what the source says." : "");
  const silent = programs.find(isSilent);
  if (silent) return silenceWords(silent);
  const deadlock = deadlockOf(programs);
  if (deadlock.length > 0)
    return `${listed(deadlock)} wait for each other: ${deadlock.length === 2 ? "neither" : "none"} can go on.`;
  const paused = programs.filter(({ isPaused }) => isPaused === true);
  if (paused.length > 0) return pauseWords(paused);
  const failed = programs.find(({ tree }) => tree.failure !== undefined);
  if (failed) return endingOf(failed);
  const starting = programs.find(({ tree }) => tree.systems.length === 0);
  if (starting && text === "0 actors") return `${starting.title} is starting.`;
  return text;
}

function isSilent<P extends Summed>(program: P): program is P & { readonly silence: Silence } {
  return program.silence !== undefined;
}

function silenceWords({ title, silence, pause }: Summed & { readonly silence: Silence }): string {
  const time = duration(Math.floor(silence.ms / 1_000) * 1_000);
  if (silence.runner) return `${lastPart(silence.runner.path)} has not let go for ${time}: nobody else can run.`;
  return `${title} does not answer for ${time}: ${pause ? "pause" : "attach"} to see who.`;
}

function pauseWords(paused: readonly Summed[]): string {
  const [{ runner } = {}] = paused;
  if (paused.length > 1 || !runner)
    return `Paused by the debugger: ${paused.map(({ title }) => title).join(", ")}. Time stands still for all actors.`;
  const message = runner.messageType === undefined ? "" : `, on ${runner.messageType}`;
  return `Paused in ${lastPart(runner.path)}${message}. Time stands still for all actors.`;
}

/** `Ended 14:03:21: order-desk gave up. The cause is cards.` */
function endingOf({ tree, title, endedAt }: Summed): string {
  const system = tree.failure;
  const at = system?.end?.at ?? endedAt ?? 0;
  const time = new Date(at).toTimeString().slice(0, 8);
  if (!system?.end) return `Ended ${time}: ${title}.`;
  const { cause, kind, text } = system.end;
  const first = cause === undefined ? undefined : tree.row(cause)?.id;
  const how =
    kind === "gaveUp" ? "gave up" : kind === "killed" ? "was killed" : text.replace(/^crashed in \w+: /, "failed: ");
  return `Ended ${time}: ${system.name} ${how}.${first === undefined || first === system.name ? "" : ` The cause is ${first}.`}`;
}

function deadlockOf(programs: readonly Summed[]): readonly string[] {
  for (const { tree } of programs) {
    const names = tree.deadlock.map((key) => tree.row(key)?.id ?? key);
    if (names.length > 0) return names;
  }
  return [];
}

/** `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  const [last, ...others] = [...names].reverse();
  return others.length === 0 ? (last ?? "") : `${others.reverse().join(", ")} and ${last}`;
}

/**
 * | the worst of | text | background |
 * |---|---|---|
 * | no answer | `main.ts does not answer, 6 s` | error |
 * | deadlock | `2 actors wait for each other` | warning |
 * | down | `1 of 16 actors down` | warning |
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
    const time = duration(Math.floor(silent.silence.ms / 1_000) * 1_000);
    return { icon: "flame", text: `${silent.title} does not answer, ${time}`, background: "error" };
  }
  const deadlock = deadlockOf(programs);
  if (deadlock.length > 0)
    return { icon: "sync-ignored", text: `${deadlock.length} actors wait for each other`, background: "warning" };
  const failed = programs.find(({ tree }) => tree.failure !== undefined)?.tree.failure;
  if (failed)
    return {
      icon: "circle-slash",
      text: `${failed.name} ${failed.end?.kind === "gaveUp" ? "gave up" : "failed"}`,
      background: "warning",
    };
  if (down > 0) return { icon: "error", text: `${down} of ${count(actors, "actor")} down`, background: "warning" };
  const paused = programs.find(({ isPaused }) => isPaused === true);
  if (paused) {
    const { runner } = paused;
    const at =
      runner && ` in ${lastPart(runner.path)}${runner.messageType === undefined ? "" : ` on ${runner.messageType}`}`;
    return { icon: "debug-pause", text: `Paused${at ?? ""}`, background: undefined };
  }
  const restarted = programs.map((program) => lastRestarted(program, now)).find((text) => text !== undefined);
  if (restarted !== undefined) return { icon: "debug-restart", text: restarted, background: undefined };
  if (actors === 0) return { icon: "loading~spin", text: "Actors starting", background: undefined };
  return { icon: "type-hierarchy", text: count(actors, "actor"), background: undefined };
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
  const used = above && above.restartsInWindow > 0 ? ` ${above.restartsInWindow}/${above.maxRestarts}` : "";
  return `${last.id} restarted${used}`;
}
