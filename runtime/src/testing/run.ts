/** One run of a program under exploration: what happens in it, step by step, and what each step uses. Chooses nothing itself. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { Incarnation } from "../actor/incarnation.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import type { Environment } from "../environment/environment.ts";
import type { Letter } from "../environment/letter.ts";
import type { Task, Trace } from "../environment/trace.ts";
import type { Runnable } from "../environment/turns.ts";
import type { Actor } from "../values/actor.ts";
import { currentScope, currentTurn } from "../values/async-scope.ts";
import { typeOf } from "../values/errors.ts";
import type { DeadLetter, RuntimeEvent } from "../values/event.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { Signal } from "../values/signal.ts";
import type { Coverage } from "./coverage.ts";
import { type Aspect, aspectOf, type Things } from "./dependence.ts";
import type { History } from "./history.ts";
import type { Observer } from "./observer.ts";
import { Place } from "./place.ts";
import type { RunNotes } from "./run-notes.ts";
import { choiceOf } from "./schedule.ts";
import { SeededRandom } from "./seeded-random.ts";
import { troubleOf, unanswered } from "./trouble.ts";
import { TurnEvent } from "./turn-event.ts";
import { labelOf, messageName } from "./waits.ts";
import { type CellWatch, trapsExits, watchCell } from "./watched-cell.ts";

/** Chooses whose turn is next. */
export interface Chooser {
  /** @param ready those who are ready, at least one, in the order in which they became it. @returns the place in that list. */
  choose(ready: readonly Place[], run: Run): number;
}

/** Steps kept of one run; of a longer one only how it went on is known. */
export const STEPS_KEPT = 20_000;

/** Steps times actors of which orders are looked for: for each of them a number is kept. */
const LARGEST = 10_000_000;

/** Messages that reached nobody, of one run, that are told. */
const UNTAKEN_KEPT = 20;

/** What others change of an actor, and each turn of its own depends on. */
const READ_BY_TURN = ["life", "control", "replies"] as const;

/** Sentences about trouble that are kept. */
const TROUBLES_KEPT = 12;

/** What stands for nobody's turn: the test, which asks too. */
const OUTSIDE = "(the test)";

export class Run implements CellWatch, Trace {
  readonly seed: number;
  readonly things: Things;
  readonly #coverage: Coverage;
  readonly #chooser: Chooser;
  readonly #places = new Map<Cell, Place>();
  readonly #systems: Environment[] = [];
  readonly #sentIn = new Map<Place, Map<number, number>>();
  readonly #signalledIn = new Map<Letter, number>();
  readonly #outside: number;
  /** When the questions that expire in this step were due. */
  readonly #expired = new Set<number>();
  /** Every step, in order; at most {@link STEPS_KEPT}. */
  readonly events: TurnEvent[] = [];
  readonly choices: number[] = [];
  /** The step that is under way. */
  now: TurnEvent = new TurnEvent(0, undefined, undefined);
  /** Turns begun. */
  turnCount = 0;
  /** Somebody has drawn a number: another seed may lead elsewhere. */
  hasChance = false;
  /** Something counts from now on that did not before. */
  hasWoken = false;
  /** What is out of control in it, in words. */
  readonly obstacles: Set<string> = new Set();
  /** Its messages are not frozen. */
  sharesMessages = false;
  /** The test has declared what is shared. */
  hasShared = false;
  /** The test has looked at what reached nobody. */
  looksAtDeadLetters = false;
  /** What went wrong, in sentences, in order; at most {@link TROUBLES_KEPT}, the last ones. */
  readonly troubles: string[] = [];
  /** Messages that reached nobody, in sentences. */
  readonly untaken: string[] = [];
  /** Questions that were taken and have no answer. */
  readonly #owed = new Set<PendingAsk>();
  /** The turn, from 1, in which a debugger is to stop. */
  stopAt: number | undefined = undefined;
  /** Somebody wants to know where things are. */
  notes: RunNotes | undefined = undefined;
  /** What the test looks at after each step. */
  readonly observers: Observer[] = [];
  /** What is asked of those whose answers are compared with those of a model. */
  readonly histories: Map<Cell, History> = new Map();
  /** What an observer has found. What happens after it is none of this run. */
  violation: Error | undefined = undefined;
  /** Names that somebody looked for in vain, and who. */
  readonly #missed = new Map<string, string>();

  constructor(seed: number, things: Things, coverage: Coverage, chooser: Chooser) {
    this.seed = seed;
    this.things = things;
    this.#coverage = coverage;
    this.#chooser = chooser;
    this.#outside = things.of(OUTSIDE, "replies");
    this.events.push(this.now);
  }

  // --- What it hears of ---

  /** For `ActorSystemOptions.instrument`: sees each actor in the step in which it begins, the root of each system first. */
  readonly instrument = (_behavior: Actor<unknown>, actor: AnyActorRef): void => {
    const cell = cellOf(actor);
    if (!this.#systems.includes(cell.env)) this.#attach(cell.env);
    this.placeOf(cell);
  };

  get systemCount(): number {
    return this.#systems.length;
  }

  /** Hears of every message. Whoever else wants to, as a debugger does, hears of it after this. */
  #attach(env: Environment): void {
    this.#systems.push(env);
    const before = env.trace;
    env.trace = this;
    let both: Trace = before === undefined ? this : new Heard(this, before);
    Object.defineProperty(env, "trace", {
      get: () => both,
      set: (other: Trace | undefined) => {
        both = other === undefined ? this : new Heard(this, other);
      },
    });
  }

  /** For `ActorSystemOptions.onEvent`. */
  hear(event: RuntimeEvent): void {
    if (this.violation !== undefined) return;
    if (event.type === "started" || event.type === "ended") this.#livesAnew(cellOf(event.actor), event.type);
    else if (event.type === "deadLetter") this.#refused(event);
    const trouble = troubleOf(event);
    if (trouble === undefined) return;
    this.#trouble(trouble);
    const isUntaken = event.type === "deadLetter" && event.reason !== "late_reply";
    if (isUntaken && this.untaken.length < UNTAKEN_KEPT) this.untaken.push(trouble.slice(0, -1));
  }

  #trouble(text: string): void {
    if (this.troubles.includes(text)) return;
    this.troubles.push(text);
    if (this.troubles.length > TROUBLES_KEPT) this.troubles.shift();
  }

  /** Questions that were taken and are not answered, in words. */
  get owed(): readonly string[] {
    return [...this.#owed].filter(({ isPending }) => isPending).map(owes);
  }

  /** An actor that was spawned has its name, and takes messages, before it starts. */
  #livesAnew(cell: Cell, change: "started" | "ended"): void {
    const place = this.placeOf(cell);
    if (change === "started" && cell.spec.restart === undefined) return;
    this.now.use(aspectOf(place.base, "life"), true);
    if (change === "ended") this.now.use(aspectOf(place.base, "replies"), true);
    this.#changesNames(cell, place);
    this.#shows(place);
  }

  /** Who looks after each step may see a difference. */
  #shows(place: Place): void {
    for (const observer of this.observers) if (observer.seesActor(place)) this.now.use(observer.thing, true);
  }

  #changesNames(cell: Cell, place: Place): void {
    for (const name of [place.label, cell.spec.name]) {
      if (name === undefined) continue;
      this.usesName(name, true);
      if (!cell.hasEnded) this.#nameComes(name);
    }
  }

  #refused({ envelope, reason }: DeadLetter): void {
    if (reason !== "mailbox_full" && reason !== "dropped") return;
    const place = this.placeOf(cellOf(envelope.recipient));
    this.#comes(place);
    this.#wake(aspectOf(place.base, "room"));
  }

  /** A message comes to a mailbox, and may fill it. */
  #comes(place: Place): void {
    this.#act(aspectOf(place.base, "mailbox"), true);
    const room = aspectOf(place.base, "room");
    this.now.use(room, false);
    if (++place.sentTo > place.cell.mailboxCapacity) this.#wake(room);
  }

  #wake(thing: number): void {
    if (this.things.wake(thing)) this.hasWoken = true;
  }

  sent(letter: Letter): void {
    const to = this.placeOf(letter.recipient as unknown as Cell);
    const from = this.#senderOf(letter);
    if (from !== undefined) this.#joins(from);
    this.#comes(to);
    const type = typeOf(letter.message) ?? "a message";
    this.now.sent.push({ from, to, type });
    this.notes?.sends(from, to, type);
    this.#noteSent(to, letter.seq);
    if (letter instanceof PendingAsk) this.#asked(letter, from);
    const history = this.histories.get(to.cell);
    if (history !== undefined && from !== to) this.#recorded(history, letter, from);
  }

  /** Beginnings are compared with ends: which came first of two of either is no matter. */
  #recorded(history: History, letter: Letter, from: Place | undefined): void {
    this.now.use(history.thing, false);
    history.begins(letter, from?.label ?? "the test");
    if (!(letter instanceof PendingAsk)) return;
    letter.whenSettled((hasFailed) => {
      if (letter.isGivenUp) return;
      this.now.use(history.thing, true);
      history.ends(letter, hasFailed);
    });
  }

  replied(letter: Letter, value: unknown): void {
    this.histories.get(letter.recipient as unknown as Cell)?.isAnswered(letter, value);
  }

  #noteSent(to: Place, seq: number): void {
    let sentIn = this.#sentIn.get(to);
    if (sentIn === undefined) {
      sentIn = new Map();
      this.#sentIn.set(to, sentIn);
    }
    sentIn.set(seq, this.now.index);
  }

  #senderOf({ sender }: Letter): Place | undefined {
    return sender === undefined ? undefined : this.#places.get(sender as unknown as Cell);
  }

  #asked(ask: PendingAsk, from: Place | undefined): void {
    const replies = from === undefined ? this.#outside : aspectOf(from.base, "replies");
    const due = this.#momentIn(ask.batch.delayMs);
    this.now.use(due, true);
    ask.whenSettled(() => {
      this.now.use(replies, true);
      if (ask.isGivenUp) this.#givenUp(ask);
      this.#owed.delete(ask);
      if (!ask.isGivenUp || this.now.place !== undefined) return;
      if (this.#expired.has(due)) this.#wake(due);
      this.#expired.add(due);
    });
  }

  /** Nobody has answered it: in time, if its recipient lives. */
  #givenUp(ask: PendingAsk): void {
    const { cell } = this.placeOf(ask.recipient as unknown as Cell);
    const isLate = this.now.place === undefined && !cell.hasEnded;
    if (isLate) this.#trouble(unanswered(ask, cell, ask.batch.delayMs, this.#owed.has(ask)));
  }

  begins(letter: Letter): Task | undefined {
    if (this.violation !== undefined) return undefined;
    if (letter instanceof PendingAsk) this.#owed.add(letter);
    this.#takes(letter, this.#senderOf(letter), typeOf(letter.message) ?? "a message", this.#causeOf(letter));
    return undefined;
  }

  #causeOf({ recipient, seq }: Letter): number | undefined {
    return this.#sentIn.get(this.placeOf(recipient as unknown as Cell))?.get(seq);
  }

  returned(): void {}

  ended(): void {}

  #takes(letter: Letter, from: Place | undefined, type: string, cause: number | undefined): void {
    const to = this.placeOf(letter.recipient as unknown as Cell);
    if (cause !== undefined) this.now.causes.add(cause);
    this.now.taken = { from, to, type };
    this.notes?.takes(from, to, type, this.turnCount);
    to.history = mixed(to.history, this.things.baseOf(`${from?.key ?? OUTSIDE} ${type}`));
    if (to.lastType !== undefined) this.#coverage.addPair(to.label, to.lastType, type);
    to.lastType = type;
  }

  // --- CellWatch ---

  uses(cell: Cell, aspect: Aspect, isChange: boolean): void {
    this.#act(aspectOf(this.placeOf(cell).base, aspect), isChange);
  }

  usesName(name: string, isChange: boolean): void {
    this.#act(this.things.of(`the name ${name}`, "value"), isChange);
  }

  /** Something else that several can use, by its name: a group, a topic, a declared object. */
  usesValue(name: string, isChange: boolean): void {
    this.#act(this.things.of(name, "value"), isChange);
    if (!isChange) return;
    for (const observer of this.observers) if (observer.seesShared(name)) this.now.use(observer.thing, true);
  }

  tied(cell: Cell, other: Cell): void {
    this.uses(other, "life", false);
    for (const one of [cell, other]) this.uses(one, "ties", true);
  }

  signalled(cell: Cell, letter: Letter): void {
    this.uses(cell, "mailbox", true);
    this.#signalledIn.set(letter, this.now.index);
  }

  takesSignal(_cell: Cell, letter: Letter): void {
    if (this.violation !== undefined) return;
    const { type } = letter.message as Signal;
    this.#takes(letter, this.#senderOf(letter), type, this.#signalledIn.get(letter));
  }

  /** Somebody has looked for a name. */
  looked(name: string, found: AnyActorRef | undefined): void {
    this.usesName(name, false);
    if (found !== undefined) this.placeOf(cellOf(found));
    else this.#missed.set(name, this.#actor()?.label ?? "the test");
  }

  /** A name is taken: whoever looked for it before found nobody. */
  #nameComes(name: string): void {
    const who = this.#missed.get(name);
    if (who === undefined) return;
    this.#missed.delete(name);
    this.#trouble(`${who} looked for ${name} before it was there, and found nobody.`);
  }

  met(actor: AnyActorRef): void {
    this.placeOf(cellOf(actor));
  }

  /** Whoever acts right now uses something. */
  #act(thing: number, isChange: boolean): void {
    const actor = this.#actor();
    if (actor !== undefined) this.#joins(actor);
    this.now.use(thing, isChange);
  }

  #joins(place: Place): void {
    if (this.now.join(place)) this.#dependsOnItself(place);
  }

  #dependsOnItself(place: Place): void {
    for (const aspect of READ_BY_TURN) this.now.use(aspectOf(place.base, aspect), false);
    this.#shows(place);
  }

  /** Whose turn runs, or whose continuation; `undefined` for the test. */
  #actor(): Place | undefined {
    for (const { running } of this.#systems) if (running !== undefined) return this.#places.get(running as Cell);
    const owner = currentScope()?.owner;
    const cell = owner instanceof Incarnation ? (owner.self as unknown as Cell) : (currentTurn() as Cell | undefined);
    return cell === undefined ? undefined : this.#places.get(cell);
  }

  // --- Actors ---

  /** An actor of this run; it is watched from now on. */
  placeOf(cell: Cell): Place {
    return this.#places.get(cell) ?? this.#meet(cell);
  }

  get places(): Iterable<Place> {
    return this.#places.values();
  }

  #meet(cell: Cell): Place {
    const parent = cell.parent as Cell | undefined;
    if (parent === undefined) return this.#place(cell, this.#rootKey(cell), cell.id);
    const above = this.placeOf(parent);
    // Siblings without an id are counted in the order they were made, whoever is seen first.
    const unmet: Cell[] = [];
    for (let one: Cell | undefined = cell; one !== undefined; one = one.olderSibling as Cell | undefined) {
      if (this.#places.has(one)) break;
      if (one === cell || one.spec.id === undefined) unmet.push(one);
    }
    for (const one of unmet.reverse()) {
      const id = one.spec.id ?? `$${++above.unnamed}`;
      this.#place(one, `${above.key}/${id}`, parent.parent === undefined ? id : `${above.label}/${id}`);
    }
    return this.#places.get(cell) as Place;
  }

  #rootKey({ env, id }: Cell): string {
    const at = this.#systems.indexOf(env);
    return at < 1 ? id : `${id}#${at + 1}`;
  }

  #place(cell: Cell, key: string, label: string): Place {
    const place = new Place(cell, key, label, this.things.baseOf(key), this.#places.size);
    this.#places.set(cell, place);
    watchCell(cell, this);
    this.#changesNames(cell, place);
    return place;
  }

  /** Of its own for each actor, so that what it draws does not depend on who else draws. */
  readonly random = (): number => {
    const place = this.#actor() ?? this.#places.values().next().value;
    this.hasChance = true;
    if (place === undefined) return 0.5;
    place.random ??= new SeededRandom(mixed(this.seed | 0, hashOf(place.key)));
    return place.random.next();
  };

  // --- Time ---

  #clockMs: () => number = () => 0;

  /** Where virtual time is read. */
  readsClock(read: () => number): void {
    this.#clockMs = read;
  }

  #momentIn(delayMs: number): number {
    return this.things.of(`${this.#clockMs() + delayMs} ms`, "moment");
  }

  /** A timer was set. @returns what to call when it fires. */
  setsTimer(delayMs: number): () => void {
    const moment = this.#momentIn(Math.max(0, delayMs || 0));
    this.now.use(moment, true);
    return () => {
      if (this.#lastFired === moment) this.#wake(moment);
      this.#lastFired = moment;
    };
  }

  #lastFired = -1;

  // --- Turns ---

  ready(runnable: Runnable): void {
    this.placeOf(runnable as Cell).readyBy = this.now.index;
  }

  /** Hears whenever nobody is ready. */
  onRest: () => void = () => {};

  /** Nobody is ready. */
  rests(): void {
    this.onRest();
    if (this.violation !== undefined) return;
    this.#look();
    if (this.now.place === undefined && this.now.footprint.size === 0) return;
    if (this.violation === undefined) this.#begin(undefined, undefined);
  }

  /** A step is over: what observers see of it. */
  #look(): void {
    for (const observer of this.observers) this.violation ??= observer.look(this.#afterNow());
  }

  /** After which step, in words. */
  #afterNow(): string {
    const { place, taken } = this.now;
    if (place === undefined) return "while nobody has a turn";
    return taken === undefined ? `after a turn of ${place.label}` : `after ${place.label} took ${taken.type}`;
  }

  /** Chooses whose turn is next, and begins it. @returns the place in the list. */
  choose(ready: readonly Runnable[]): number {
    this.#look();
    if (this.violation !== undefined) return 0;
    const places = ready.map((runnable) => this.placeOf(runnable as Cell));
    const at = this.#chooser.choose(places, this);
    const place = places[at] as Place;
    if (places.length > 1) this.choices.push(choiceOf(places.length, rankOf(place, places)));
    this.#begin(this.turnCount++, place);
    if (place.readyBy !== undefined) this.now.causes.add(place.readyBy);
    this.#dependsOnItself(place);
    this.now.use(aspectOf(place.base, "room"), true);
    return at;
  }

  #begin(turn: number | undefined, place: Place | undefined): void {
    this.#expired.clear();
    if (this.now.place !== undefined) this.#noteTraps(this.now.place);
    this.now = new TurnEvent(this.now.index + 1, turn, place);
    if (this.events.length < STEPS_KEPT) this.events.push(this.now);
  }

  #noteTraps(place: Place): void {
    const traps = trapsExits(place.cell);
    if (traps === place.trapsExits) return;
    place.trapsExits = traps;
    this.now.use(aspectOf(place.base, "trap"), true);
  }

  /** Whether the run was too large to look for other orders of it. */
  get isClipped(): boolean {
    return this.now.index >= STEPS_KEPT || this.events.length * this.#places.size > LARGEST;
  }

  /** By actor, who sent what it handled, one after the other, in one text. */
  get signature(): string {
    let sum = 0;
    let mix = 0;
    for (const { base, history } of this.#places.values()) {
      if (history === 0) continue;
      const one = mixed(history, base);
      sum = (sum + one) | 0;
      mix ^= Math.imul(one, 0x9e3779b1);
    }
    return `${sum} ${mix}`;
  }
}

function owes(ask: PendingAsk): string {
  const who = ask.sender === undefined ? "the test" : labelOf(ask.sender);
  return `${labelOf(ask.recipient)} owes ${who} an answer to ${messageName(ask.message)}`;
}

/** How many of them come before it when they are sorted by path. */
function rankOf(place: Place, places: readonly Place[]): number {
  let rank = 0;
  for (const other of places) if (other.key < place.key) rank++;
  return rank;
}

function mixed(history: number, value: number): number {
  const mix = Math.imul(history ^ (value + 0x9e3779b9), 0x85ebca6b);
  return (mix ^ (mix >>> 15)) | 0;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Two who hear of every message. */
class Heard implements Trace {
  readonly #first: Trace;
  readonly #second: Trace;

  constructor(first: Trace, second: Trace) {
    this.#first = first;
    this.#second = second;
  }

  sent(letter: Letter): void {
    this.#first.sent(letter);
    this.#second.sent(letter);
  }

  begins(letter: Letter): Task | undefined {
    this.#first.begins(letter);
    return this.#second.begins(letter);
  }

  returned(letter: Letter): void {
    this.#second.returned(letter);
  }

  ended(letter: Letter, hasCrashed: boolean): void {
    this.#second.ended(letter, hasCrashed);
  }

  replied(ask: Letter, value: unknown): void {
    this.#first.replied?.(ask, value);
    this.#second.replied?.(ask, value);
  }

  found(name: string, ref: AnyActorRef | undefined): void {
    this.#second.found?.(name, ref);
  }
}
