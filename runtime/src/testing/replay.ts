/** Runs one life of one actor again, as it was recorded: the same messages, the same time and chance, the same answers; and compares what it sends. */

import { userFrames } from "../environment/user-frames.ts";
import { handlerFor } from "../inspect/message-stop.ts";
import { canPause, Pauser } from "../inspect/pauser.ts";
import { type RecordedLife, recordedLives } from "../recording/recorded-life.ts";
import { type RecordedValue, recordValue } from "../recording/recorded-value.ts";
import { type RecordedMessage, Recording } from "../recording/recording.ts";
import { reviveValue } from "../recording/revived-value.ts";
import type { Actor, Definition, Start } from "../values/actor.ts";
import type { Clock } from "../values/clock.ts";
import { InvalidArgumentError, typeOf } from "../values/errors.ts";
import { describeExit } from "../values/exit-reason.ts";
import { readFields } from "../values/fields.ts";
import { isInstance } from "../values/instance.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { describeValue, safeText } from "../values/safe-text.ts";
import { isLater } from "../values/thenable.ts";
import { BehaviorKit, makeFrom } from "./behavior-kit.ts";
import type { Effect } from "./effect.ts";
import { EffectRef, type RefEffect } from "./effect-ref.ts";
import { ReplayError } from "./errors.ts";
import { VirtualClock } from "./virtual-clock.ts";

export interface ReplayOptions<M> {
  /** With values, and with the begin of the life: a program that was recorded from its start has both (`AIRSSYS_RECORD_VALUES=1`). */
  readonly recording: Recording;
  /** Path of the actor, such as `order-desk/dispatch`. */
  readonly actor: string;
  /** Default: the first one in the recording. */
  readonly incarnation?: number;
  /** As in its child spec. */
  readonly start: Start<M>;
  /** Number of a message: a debugger that is attached stops in its handler. Default: nowhere. */
  readonly stopAt?: number;
  /** Milliseconds of the machine that a handler may wait for something that was not recorded; default 5,000. */
  readonly withinMs?: number;
}

/** Something that it did and had not done, or the other way round. At least one of both is there. */
export interface ReplayDifference {
  /** Number of the message it handled. */
  readonly seq: number;
  /** Such as `pack to order-desk/packer: {"type":"pack"}`. */
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
  /** Where the program has sent what differs, as `file:line:column`; absent where it sent nothing, or not by a ref. */
  readonly at?: string;
}

export interface ReplayReport {
  /** Messages it handled again. */
  readonly messages: number;
  /** Messages that it had handled. */
  readonly recorded: number;
  readonly differences: readonly ReplayDifference[];
  /** Why it did not go on, and at which message. */
  readonly stopped: { readonly seq: number; readonly reason: string } | undefined;
  /** What of the messages could not be made again, in words: what differs may come from that. */
  readonly losses: readonly string[];
}

/**
 * Nothing but the actor runs: what it sends is compared, and reaches nobody. Break in its handler, and it stands there on the messages as
 * they were recorded.
 *
 * @throws {InvalidArgumentError} as a rejection, with every fault of the options.
 * @throws {ReplayError} as a rejection, when the recording has no values, or not the begin of that life.
 */
export async function replayActor<M>(options: ReplayOptions<M>): Promise<ReplayReport> {
  const own = ownOptions(options);
  const { recording, actor, start, stopAt, withinMs = WITHIN_MS } = own;
  const { before, messages } = lifeOf(own);
  const stage = new ReplayStage(recording, actor, before);
  const stop = new HandlerStop(start);
  const kit = await BehaviorKit.startAsync(stop.start, {
    ...{ id: actor, names: stage.names, clock: stage.clock, random: () => stage.random() },
  });
  stage.kit = kit as BehaviorKit<unknown>;
  let done = 0;
  for (const message of messages) {
    if (!kit.isAlive) return stage.report(done, messages, message, "the actor has ended before it");
    const given = stage.begin(message);
    if (message.seq === stopAt) stop.arm(message.type);
    const isOver = await within(withinMs, kit.runAsync(given.message as M, given.sender));
    stop.disarm();
    done++;
    stage.compare(message, kit.exitReason === undefined ? undefined : describeExit(kit.exitReason));
    if (!isOver) return stage.report(done, messages, message, "its handler waits for something that was not recorded");
  }
  return stage.report(done, messages, undefined, "");
}

const WITHIN_MS = 5_000;
const OPTIONS = ["recording", "actor", "incarnation", "start", "stopAt", "withinMs"];

/** Reads the options, each once. @throws {InvalidArgumentError} */
function ownOptions<M>(options: ReplayOptions<M>): ReplayOptions<M> {
  const own = typeof options === "object" && options !== null ? readFields(options, OPTIONS) : undefined;
  if (own === undefined)
    throw new InvalidArgumentError("replayActor", [`options must be an object, got ${describeValue(options)}`]);
  const { recording, actor, incarnation, stopAt, withinMs } = own;
  const isCount = (value: unknown): boolean => value === undefined || (typeof value === "number" && value > 0);
  const faults = [
    ...(isInstance(recording, Recording) ? [] : [`recording must be a Recording, got ${describeValue(recording)}`]),
    ...(typeof actor === "string" ? [] : [`actor must be a path, got ${describeValue(actor)}`]),
    ...(isCount(incarnation) ? [] : [`incarnation must be a number > 0, got ${safeText(incarnation)}`]),
    ...(stopAt === undefined || Number.isSafeInteger(stopAt)
      ? []
      : [`stopAt must be the number of a message, got ${safeText(stopAt)}`]),
    ...(isCount(withinMs) ? [] : [`withinMs must be a number > 0, got ${safeText(withinMs)}`]),
  ];
  if (faults.length > 0) throw new InvalidArgumentError("replayActor", faults);
  return own;
}

/** The life that is meant. @throws {ReplayError} */
function lifeOf<M>({ recording, actor, incarnation }: ReplayOptions<M>): RecordedLife {
  if (recording.head.payloads !== "values") throw new ReplayError(actor, "the values of messages were not recorded");
  const life = recordedLives(recording).find(
    (each) => each.actor === actor && (incarnation === undefined || each.incarnation === incarnation),
  );
  if (life === undefined) throw new ReplayError(actor, "the begin of that life is not in the recording");
  return life;
}

interface Sent {
  readonly to: string;
  readonly message: unknown;
  /** `file:line:column` of who sent it. */
  readonly at?: string | undefined;
}

class ReplayStage {
  /** Names as they stood in the turn that is replayed. */
  readonly names: Record<string, AnyActorRef> = {};
  readonly clock: Clock;
  kit: BehaviorKit<unknown> | undefined;
  readonly #recording: Recording;
  readonly #actor: string;
  readonly #refs = new Map<string, AnyActorRef>();
  readonly #differences: ReplayDifference[] = [];
  readonly #losses = new Set<string>();
  #clockReadings: number[] = [];
  #randomReadings: number[] = [];
  #lastMs: number;
  #sent: Sent[] = [];
  #expected: readonly RecordedMessage[];
  #effects = 0;
  /** Messages that it got from itself though no turn sent them. */
  readonly #unprompted: string[];
  /** Questions that it has not answered yet, with what they were answered. */
  readonly #putOff: { readonly seq: number; readonly was: string | undefined }[] = [];

  /** @param before what it sent in its `preStart` */
  constructor(recording: Recording, actor: string, before: readonly RecordedMessage[]) {
    this.#expected = before;
    this.#recording = recording;
    this.#actor = actor;
    this.#lastMs = recording.head.startedAt;
    this.#unprompted = [...recording].flatMap(({ from, to, cause, type, seq }) =>
      from?.path === actor && to.path === actor && cause < 0 ? [sendText(actor, type, recording.valueOf(seq))] : [],
    );
    const timers = new VirtualClock();
    const now = (): number => {
      this.#lastMs = this.#clockReadings.shift() ?? this.#lastMs;
      return this.#lastMs;
    };
    this.clock = {
      now,
      monotonicMs: now,
      setTimer: (callback, delayMs) => timers.setTimer(callback, delayMs),
      clearTimer: (timer) => timers.clearTimer(timer),
      keepAlive: (timer, on) => timers.keepAlive(timer, on),
    };
    for (const { seq, to } of recording)
      if (to.path === actor)
        for (const [name, path] of recording.readingsOf(seq).found)
          if (path !== null) this.names[name] ??= this.#ref(path);
    // Whom it looked up outside of turns is not recorded, but whom it then sent something is.
    for (const { from, to } of recording)
      if (from?.path === actor) this.names[to.path.slice(to.path.lastIndexOf("/") + 1)] ??= this.#ref(to.path);
  }

  random(): number {
    return this.#randomReadings.shift() ?? 0;
  }

  /** Sets the stage for a message. @returns it, and who sent it. */
  begin({ seq, from }: RecordedMessage): { readonly message: unknown; readonly sender: AnyActorRef | undefined } {
    const { clock, random, found } = this.#recording.readingsOf(seq);
    this.#clockReadings = [...clock];
    this.#randomReadings = [...random];
    for (const [name, path] of found) {
      if (path === null) delete this.names[name];
      else this.names[name] = this.#ref(path);
    }
    this.#sent = [];
    this.#effects = this.kit?.effects.length ?? 0;
    this.#expected = [...this.#recording].filter(
      ({ cause, from: sender }) => cause === seq && sender?.path === this.#actor,
    );
    return { message: this.#revive(seq, this.#recording.valueOf(seq)), sender: from && this.#ref(from.path) };
  }

  #revive(seq: number, value: RecordedValue | undefined): unknown {
    const { value: message, losses } = reviveValue(value, (path) => this.#ref(path));
    for (const loss of losses) this.#losses.add(`message ${seq}: ${loss}`);
    return message;
  }

  /** What is sent there is compared, and answered as it was. */
  #ref(path: string): AnyActorRef {
    const known = this.#refs.get(path) ?? (new EffectRef(path, (effect) => this.#note(effect)) as AnyActorRef);
    this.#refs.set(path, known);
    return known;
  }

  #note(effect: RefEffect): void {
    const { to, message } = effect;
    const nth = this.#sent.push({ to: to.id, message, at: placeHere() }) - 1;
    if (effect.type !== "asked") return;
    const asked = this.#expected[nth];
    // What was not asked then has no answer: the handler waits, and the replay ends there.
    if (asked === undefined || asked.to.path !== to.id) return;
    const answer = this.#recording.replyTo(asked.seq);
    if (answer !== undefined) effect.reply(this.#revive(asked.seq, answer));
    else if (asked.answer === "failed") effect.fail(new ReplayError(to.id, "the question failed when it was recorded"));
  }

  compare(message: RecordedMessage, ended: string | undefined): void {
    const fresh = this.kit?.effects.slice(this.#effects) ?? [];
    this.#compareSends(message, fresh);
    this.#compareReplies(message, fresh);
    const { seq, outcome } = message;
    const crash = ended?.startsWith("crashed") === true ? ended : undefined;
    const crashed = outcome === "crashed" ? `crash: ${this.#recording.noteOf(seq) ?? ""}` : undefined;
    if ((crashed === undefined) !== (crash === undefined)) this.#differ(seq, crashed, crash);
  }

  #compareSends({ seq }: RecordedMessage, fresh: readonly Effect[]): void {
    const own = fresh.filter((effect): effect is Extract<Effect, { type: "sent" | "asked" }> => "to" in effect);
    const ownSends = own
      .filter(({ to, message }) => !this.#isToItself(to, message))
      .map(({ to, message }) => ({ to: to.id, message, at: undefined }));
    const replayed: readonly Sent[] = [...this.#sent, ...ownSends];
    const was = this.#expected.map(({ to, type, seq: number }) =>
      sendText(to.path, type, this.#recording.valueOf(number)),
    );
    const is = replayed.map(sentText);
    for (let nth = 0; nth < Math.max(was.length, is.length); nth++)
      this.#differ(seq, was[nth], is[nth], replayed[nth]?.at);
  }

  /** What comes of work that no turn waited for it was told by a message of its own, and is told again. */
  #isToItself(to: AnyActorRef, message: unknown): boolean {
    if (to.id !== this.#actor) return false;
    const at = this.#unprompted.indexOf(sentText({ to: to.id, message }));
    if (at >= 0) this.#unprompted.splice(at, 1);
    return at >= 0;
  }

  /** A reply that was put off comes in another turn: the first one that is the same is that. */
  #compareReplies({ seq, answer }: RecordedMessage, fresh: readonly Effect[]): void {
    const given = fresh.flatMap((effect) =>
      effect.type === "replied" ? [replyText(recordValue(effect.value, { refOf }))] : [],
    );
    if (answer !== "none") {
      const recorded = this.#recording.replyTo(seq);
      const was = recorded === undefined ? undefined : replyText(recorded);
      const isPutOff = given.length === 0 && fresh.some(({ type }) => type === "replyDeferred");
      if (isPutOff) this.#putOff.push({ seq, was });
      else this.#differ(seq, was, given.shift());
    }
    for (const reply of given) {
      const same = this.#putOff.findIndex(({ was }) => was === reply);
      const [question] = this.#putOff.splice(Math.max(0, same), 1);
      if (question !== undefined) this.#differ(question.seq, question.was, reply);
    }
  }

  #differ(seq: number, recorded: string | undefined, replayed: string | undefined, at?: string): void {
    if (recorded === replayed) return;
    this.#differences.push({ seq, recorded, replayed, ...(at === undefined ? {} : { at }) });
  }

  report(
    done: number,
    messages: readonly RecordedMessage[],
    at: RecordedMessage | undefined,
    reason: string,
  ): ReplayReport {
    // Who stopped before the end may have answered later.
    if (at === undefined) for (const { seq, was } of this.#putOff) this.#differ(seq, was, undefined);
    return {
      messages: done,
      recorded: messages.length,
      differences: this.#differences,
      stopped: at && { seq: at.seq, reason },
      losses: [...this.#losses],
    };
  }
}

/** Where the program's own code stands that sends something. */
function placeHere(): string | undefined {
  const [frame = ""] = userFrames(new Error().stack, true);
  return /\(?([^\s(]+:\d+:\d+)\)?$/.exec(frame)?.[1];
}

/** Stops the debugger in the handler of one message. */
class HandlerStop<M> {
  readonly #start: Start<M>;
  readonly #pauser = new Pauser();
  #behavior: Actor<M> | undefined;

  constructor(start: Start<M>) {
    this.#start = start;
  }

  /** The same actor, of which it is known what it is. */
  readonly start: Start<M> = () => {
    const made = makeFrom(this.#start);
    const keep = (behavior: unknown): unknown => {
      this.#behavior = behavior as Actor<M>;
      return behavior;
    };
    return (isLater(made) ? Promise.resolve(made).then(keep) : keep(made)) as ReturnType<Definition<M>["create"]>;
  };

  arm(messageType: string): void {
    if (!canPause() || this.#behavior === undefined) return;
    this.#pauser.breakIn(handlerFor({ behavior: this.#behavior as Actor<unknown> }, messageType));
  }

  disarm(): void {
    this.#pauser.close();
  }
}

function refOf(value: object): { readonly actor: string; readonly incarnation: number } | undefined {
  return value instanceof EffectRef ? { actor: value.id, incarnation: value.incarnation } : undefined;
}

function sendText(to: string, type: string, value: RecordedValue | undefined): string {
  return `${type} to ${to}: ${value === undefined ? "(no value)" : valueText(value)}`;
}

function sentText({ to, message }: Sent): string {
  return sendText(to, typeOf(message) ?? "", recordValue(message, { refOf }));
}

function replyText(value: RecordedValue): string {
  return `reply: ${valueText(value)}`;
}

/** Lives of refs are not compared: in a replay each is the first. */
function valueText(value: RecordedValue): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "object" && part !== null && (part as { $?: unknown }).$ === "ref"
      ? { $: "ref", actor: (part as { actor?: unknown }).actor }
      : part,
  );
}

/** Time in which a debugger holds the program counts once: it passes between two of these. */
const STEPS = 10;

/** @returns whether it settled in that time. */
async function within(ms: number, pending: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const settled = pending.then(
    () => {
      isOver = true;
    },
    () => {
      isOver = true;
    },
  );
  for (let step = 0; step < STEPS && !isOver; step++) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms / STEPS);
    });
    await Promise.race([settled, passed]);
    clearTimeout(timer);
  }
  return isOver;
}
