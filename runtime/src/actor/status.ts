/**
 * What an actor is doing: one state, and flags beside it. Knows what they are called, not what follows from them.
 *
 * The numbers stay within this file: an engine folds a constant of the same module into the code, and looks one of another module up
 * for each message.
 *
 * @see the status of a process in Erlang: waiting, runnable, running, suspended, exiting
 */

import type { Environment } from "../environment/environment.ts";
import type { Start } from "../values/actor.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import { broken, type Invariant } from "../values/invariant.ts";
import type { CellSpec } from "./cell-spec.ts";
import { ControlBlock } from "./control-block.ts";

/** Nothing to do. */
const IDLE = 0;
/** Has asked for a turn. */
const READY = 1;
/** Handles a letter, synchronously. */
const RUNNING = 2;
/** Handles a letter: a promise is under way. */
const WAITING = 3;
/** The bit of those that handle a letter, and of no others. */
const HANDLES = 2;
/** Its start function or `preStart` has not finished. */
const STARTING = 4;
/** Its children are ending, or its `postStop` runs. */
const STOPPING = 5;
/** Ended; whoever supervises it decides what comes next. Messages still queue. */
const ENDED = 8;
/** Ended, and stays so until it is started again: how every actor begins. */
const STOPPED = 9;
/** Has left the tree. */
const GONE = 12;
/** The bits in which the state is. */
const STATE = 15;

/** What people call the states. */
export type StatusName = "idle" | "ready" | "busy" | "waiting" | "starting" | "stopping" | "restarting" | "stopped";

const NAMES: Readonly<Record<number, StatusName>> = {
  [IDLE]: "idle",
  [READY]: "ready",
  [RUNNING]: "busy",
  [WAITING]: "waiting",
  [STARTING]: "starting",
  [STOPPING]: "stopping",
  [ENDED]: "restarting",
  [STOPPED]: "stopped",
  [GONE]: "stopped",
};

// Flags beside it.
const HOLDING = 1 << 4;
const UNLINKED = 1 << 5;
const TOUCHED = 1 << 6;
const SUSPENDED = 1 << 7;
const SUPERVISOR = 1 << 8;
const ENDS_TOGETHER = 1 << 9;
const KILLED_BY_ORDER = 1 << 10;
const UNBORN = 1 << 11;
const AWAITED = 1 << 12;
const ENDING = 1 << 13;
const TRACKED = 1 << 14;
const HANDED = 1 << 15;
const HANDLING = 1 << 16;
const ASYNCHRONOUS = 1 << 17;

/** The states after which one may get ready, as bits. An end may come after any: it must always be possible. */
const BEFORE_READY = (1 << IDLE) | (1 << RUNNING) | (1 << WAITING) | (1 << STARTING) | (1 << STOPPED);
const BEFORE_RUNNING = (1 << IDLE) | (1 << READY) | (1 << RUNNING);
const BEFORE_WAITING = 1 << RUNNING;
const BEFORE_STARTING = (1 << READY) | (1 << ENDED) | (1 << STOPPED);

/** It handles no more messages for now. */
const HINDERED = SUSPENDED | ENDING;
/** It says something of one life. */
const OF_ONE_LIFE = ENDING | KILLED_BY_ORDER | UNBORN | UNLINKED | TRACKED | ASYNCHRONOUS;
/** A message is not just handed to its handler. */
const UNUSUAL = AWAITED | TRACKED;
/** It was calm, has been handed a message and nothing else has happened. */
const CALMLY_HANDED = HANDED | READY;
/** It was calm, handles what it was handed and nothing else has happened. */
const CALMLY_HANDLING = HANDED | HANDLING | RUNNING;

export abstract class Status extends ControlBlock {
  /** Whom a fault is told of. */
  abstract readonly id: string;

  constructor(env: Environment, parent: ControlBlock | undefined, spec: CellSpec, start: Start<unknown> | undefined) {
    super(env, parent, spec, start, STOPPED);
  }

  /** Something does not hold here. Apart, so that to assert it costs a comparison and no room in what is compiled into a caller. */
  protected breach(invariant: Invariant): never {
    throw broken(invariant, this.id);
  }

  // --- The state ---

  private get state(): number {
    return this.status & STATE;
  }

  private set state(state: number) {
    this.status = (this.status & ~STATE) | state;
  }

  get statusName(): StatusName {
    return NAMES[this.state] ?? "stopped";
  }

  protected get isIdle(): boolean {
    return (this.status & STATE) === IDLE;
  }

  protected becomeIdle(): void {
    this.state = IDLE;
  }

  protected get isReady(): boolean {
    return this.state === READY;
  }

  /** What it is allows that it asks for a turn. */
  protected get mayGetReady(): boolean {
    return ((BEFORE_READY >> (this.status & STATE)) & 1) !== 0;
  }

  protected becomeReady(): void {
    this.state = READY;
  }

  protected get isRunning(): boolean {
    return this.state === RUNNING;
  }

  protected becomeRunning(): void {
    if (((BEFORE_RUNNING >> (this.status & STATE)) & 1) === 0) this.breach("status");
    this.state = RUNNING;
  }

  protected get isWaiting(): boolean {
    return this.state === WAITING;
  }

  protected becomeWaiting(): void {
    if (((BEFORE_WAITING >> (this.status & STATE)) & 1) === 0) this.breach("status");
    this.state = WAITING;
  }

  protected get isStarting(): boolean {
    return this.state === STARTING;
  }

  /** What the life before left behind does not count for the new one. */
  protected becomeStarting(): void {
    if (((BEFORE_STARTING >> (this.status & STATE)) & 1) === 0) this.breach("status");
    this.fate = undefined;
    this.status = (this.status & ~(STATE | OF_ONE_LIFE)) | STARTING;
  }

  protected get isStopping(): boolean {
    return this.state === STOPPING;
  }

  protected becomeStopping(): void {
    this.state = STOPPING;
  }

  protected becomeEnded(): void {
    this.state = ENDED;
  }

  protected becomeStopped(): void {
    this.state = STOPPED;
  }

  get isGone(): boolean {
    return this.state === GONE;
  }

  protected becomeGone(): void {
    this.state = GONE;
  }

  /** It ends, or has ended. */
  protected get isLeaving(): boolean {
    return this.state >= STOPPING;
  }

  get hasEnded(): boolean {
    return (this.status & STATE) >= ENDED;
  }

  /** What is sent to it is taken: it lives, or is about to be started again. */
  get isAlive(): boolean {
    return (this.status & STATE) <= ENDED;
  }

  // --- The letter in hand ---

  protected get hasLetterInHand(): boolean {
    return (this.status & (HANDLES | HOLDING)) !== 0;
  }

  /** It ends, or waits for the turn in which it will, with the letter in hand that it was handling. */
  protected hold(): void {
    if ((this.status & HANDLES) !== 0) this.status |= HOLDING;
  }

  protected letGo(): void {
    this.status &= ~HOLDING;
  }

  // --- Flags ---

  /** Why it is to end, or has ended. */
  protected get reason(): ExitReason | undefined {
    return this.fate;
  }

  /** It is to end, or ends, for that reason. */
  protected condemn(reason: ExitReason): void {
    this.fate = reason;
    this.status |= ENDING;
  }

  get isSuspended(): boolean {
    return (this.status & SUSPENDED) !== 0;
  }

  protected set isSuspended(on: boolean) {
    this.setFlag(SUSPENDED, on);
  }

  /** It is to end, or suspended. */
  protected get isHindered(): boolean {
    return (this.status & HINDERED) !== 0;
  }

  /** Its handler returns promises: it says so, or is believed to. */
  protected get isAsynchronous(): boolean {
    return (this.status & ASYNCHRONOUS) !== 0;
  }

  protected set isAsynchronous(on: boolean) {
    this.setFlag(ASYNCHRONOUS, on);
  }

  /** Its turns do not run in the scope of all: they may start something asynchronous. */
  protected get isTracked(): boolean {
    return (this.status & TRACKED) !== 0;
  }

  protected set isTracked(on: boolean) {
    this.setFlag(TRACKED, on);
  }

  /** Somebody may wait for room in its mailbox. */
  protected get isAwaited(): boolean {
    return (this.status & AWAITED) !== 0;
  }

  protected set isAwaited(on: boolean) {
    this.setFlag(AWAITED, on);
  }

  /** A message was handed over to it, of which there is no letter. */
  protected get isHanded(): boolean {
    return (this.status & HANDED) !== 0;
  }

  /** It was calm, and has been handed a message. */
  protected becomeHanded(): void {
    this.status = CALMLY_HANDED;
  }

  protected get isHandedCalmly(): boolean {
    return this.status === CALMLY_HANDED;
  }

  /** The turn has begun that came with what was handed over. */
  protected beginHandling(): void {
    this.status |= HANDLING;
  }

  /** It was calm, and handles what it was handed. */
  protected becomeHandling(): void {
    this.status = CALMLY_HANDLING;
  }

  protected get isHandlingCalmly(): boolean {
    return this.status === CALMLY_HANDLING;
  }

  /** It was calm, and is done with what it was handed. */
  protected calmDown(): void {
    this.status = IDLE;
  }

  /** What it was handed came with the present turn, and not with the coming one. */
  protected get isHandling(): boolean {
    return (this.status & HANDLING) !== 0;
  }

  /** What was handed over is done with, or in a letter. */
  protected becomeUnhanded(): void {
    this.status &= ~(HANDED | HANDLING);
  }

  /** It waits for messages, and nothing about it is out of the ordinary. */
  protected get isCalm(): boolean {
    return this.status === IDLE;
  }

  /** It is tracked or awaited. */
  protected get isUnusual(): boolean {
    return (this.status & UNUSUAL) !== 0;
  }

  /** False once it has unlinked itself from its parent. */
  get isLinkedToParent(): boolean {
    return (this.status & UNLINKED) === 0;
  }

  set isLinkedToParent(on: boolean) {
    this.setFlag(UNLINKED, !on);
  }

  get isSupervisor(): boolean {
    return (this.status & SUPERVISOR) !== 0;
  }

  set isSupervisor(on: boolean) {
    this.setFlag(SUPERVISOR, on);
  }

  /** Its children end all at once, not one after the other. */
  get endsChildrenTogether(): boolean {
    return (this.status & ENDS_TOGETHER) !== 0;
  }

  set endsChildrenTogether(on: boolean) {
    this.setFlag(ENDS_TOGETHER, on);
  }

  /** It was killed: no callback of it runs any more. */
  protected get isKilled(): boolean {
    return (this.status & KILLED_BY_ORDER) !== 0;
  }

  protected set isKilled(on: boolean) {
    this.setFlag(KILLED_BY_ORDER, on);
  }

  /** What it waits for to start has not finished: `postStop` has nothing to undo. */
  get isUnborn(): boolean {
    return (this.status & UNBORN) !== 0;
  }

  set isUnborn(on: boolean) {
    this.setFlag(UNBORN, on);
  }

  /** The probe knows that there is something to look at. */
  protected get isTouched(): boolean {
    return (this.status & TOUCHED) !== 0;
  }

  protected set isTouched(on: boolean) {
    this.setFlag(TOUCHED, on);
  }

  private setFlag(flag: number, on: boolean): void {
    this.status = on ? this.status | flag : this.status & ~flag;
  }
}
