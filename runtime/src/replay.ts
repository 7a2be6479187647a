/**
 * The door `airssys-rt/replay`, to be loaded before a program (`node --import airssys-rt/replay main.ts`): where `AIRSSYS_REPLAY` says so,
 * one life of one actor of a recording is run again in the place of the program. The program's code runs up to the start of its system;
 * nothing of the system does.
 */
import fs from "node:fs";
import { ENV_REPLAY, offerReplay } from "./inspect/replays.ts";
import { readRecording } from "./recording/read-recording.ts";
import type { AnyChildSpec, SupervisorDefinition } from "./spec/child-spec.ts";
import { type ReplayReport, replayActor } from "./testing/replay.ts";
import { DEFINITION, type Start } from "./values/actor.ts";
import { InvalidArgumentError } from "./values/errors.ts";
import { isFields, readField } from "./values/fields.ts";
import { messageOf } from "./values/safe-text.ts";

/** What `AIRSSYS_REPLAY` holds, as JSON. */
export interface ReplayWish {
  /** Path of the recording. */
  readonly recording: string;
  /** Path of the actor. */
  readonly actor: string;
  /** Default: the first life in the recording. */
  readonly incarnation?: number;
  /** Number of the message in whose handler a debugger is to stop. Default: nowhere. */
  readonly stopAt?: number;
  /** File that is empty while it runs, and holds a {@link ReplayOutcome} as JSON when it is over. Default: none. */
  readonly report?: string;
}

/** `refused`: why nothing was replayed, in words for people, and which of the reasons it is. */
export type ReplayOutcome =
  | { readonly report: ReplayReport }
  | { readonly refused: string; readonly reason: "noActor" | "otherSystem" | "notStarted" | "failed" };

export { ENV_REPLAY, NoReplayError } from "./inspect/replays.ts";

const text = process.env[ENV_REPLAY] ?? "";
if (text !== "") {
  const wish = readWish(text);
  if (wish.report !== undefined) fs.writeFileSync(wish.report, "", { mode: 0o600 });
  offerReplay((system, root) => run(wish, system, root));
  process.on("exit", () => {
    tell(wish, { refused: "the program ended before it started a system", reason: "notStarted" });
  });
}

let isTold = false;

/** @throws {InvalidArgumentError} for what is no wish. */
function readWish(wished: string): ReplayWish {
  let wish: unknown;
  try {
    wish = JSON.parse(wished);
  } catch {
    wish = undefined;
  }
  const { recording, actor } = (wish ?? {}) as Partial<ReplayWish>;
  if (typeof recording !== "string" || typeof actor !== "string")
    throw new InvalidArgumentError(ENV_REPLAY, ['must be JSON with "recording" and "actor"']);
  return wish as ReplayWish;
}

async function run(wish: ReplayWish, system: string, root: SupervisorDefinition): Promise<void> {
  tell(wish, await outcomeOf(wish, system, root));
  process.exit(process.exitCode ?? 0);
}

async function outcomeOf(wish: ReplayWish, system: string, root: SupervisorDefinition): Promise<ReplayOutcome> {
  const { actor, incarnation, stopAt } = wish;
  const [first, ...parts] = actor.split("/");
  if (first !== system)
    return { refused: `the program starts the system ${system}, and ${actor} is in another`, reason: "otherSystem" };
  const start = startAt(root, parts);
  if (start === undefined)
    return { refused: `no supervisor of the program has a child at ${actor}`, reason: "noActor" };
  try {
    const recording = await readRecording(fs.createReadStream(wish.recording));
    const lives = {
      ...(incarnation === undefined ? {} : { incarnation }),
      ...(stopAt === undefined ? {} : { stopAt }),
    };
    return { report: await replayActor({ recording, actor, start, ...lives }) };
  } catch (error) {
    return { refused: messageOf(error), reason: "failed" };
  }
}

/** As the specs say it, of which none has started; `undefined` where they have no such child, or only a template for it. */
function startAt(root: SupervisorDefinition, parts: readonly string[]): Start<unknown> | undefined {
  let at: Start<unknown> = root;
  for (const part of parts) {
    if (!isSupervisor(at) || at.spec.strategy === "simple_one_for_one") return undefined;
    const child: AnyChildSpec | undefined = at.spec.children.find(({ id }) => id === part);
    if (child === undefined) return undefined;
    at = child.start;
  }
  return isSupervisor(at) ? undefined : at;
}

function isSupervisor(start: unknown): start is SupervisorDefinition {
  return isFields(start) && readField(start, DEFINITION) === "supervisor";
}

/** Once: in words on standard output, and as data for whoever asked. */
function tell({ actor, report: file }: ReplayWish, outcome: ReplayOutcome): void {
  if (isTold) return;
  isTold = true;
  for (const line of linesOf(actor, outcome)) console.log(line);
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(outcome), { mode: 0o600 });
}

function linesOf(actor: string, outcome: ReplayOutcome): readonly string[] {
  if ("refused" in outcome) return [`${actor} was not replayed: ${outcome.refused}`];
  const { messages, recorded, differences, stopped, losses } = outcome.report;
  return [
    `${actor} was replayed: ${messages} of ${recorded} messages, ${differences.length} differences`,
    ...differences.map(
      ({ seq, recorded: was, replayed, at }) =>
        `  message ${seq}: recorded ${was ?? "nothing"}, now ${replayed ?? "nothing"}${at === undefined ? "" : ` (${at})`}`,
    ),
    ...(stopped === undefined ? [] : [`  it ended at message ${stopped.seq}: ${stopped.reason}`]),
    ...losses.map((loss) => `  not as it was: ${loss}`),
  ];
}
