/**
 * What an actor consists of: all its fields, in one object, those that a message meets first. What they mean is the business of the
 * layers above, which add methods and no fields: so an actor is made in one go, has one shape, and an idle one stays small.
 *
 * @see the "process control block" of Erlang's run-time system
 */
import type { Actor, Start } from "./actor.ts";
import type { CellSpec } from "./cell-spec.ts";
import type { Environment } from "./environment.ts";
import type { ExitReason } from "./exit-reason.ts";
import type { Incarnation } from "./incarnation.ts";
import { Mailbox } from "./mailbox.ts";
import type { Ties } from "./ties.ts";

/** What an actor may say of itself because the runtime cannot see it. */
export interface Hinted {
  /** Its handlers return promises. */
  readonly isAsynchronous?: boolean;
  /** What it is called, where its class does not say. */
  readonly definitionName?: string;
}

/** What a user wrote of an actor, with what the runtime put around it. */
export type Behavior = Actor<unknown> & Hinted;

/** Ended, and stays so until it is started again: how every actor begins. */
export const STOPPED = 7;

export abstract class ControlBlock extends Mailbox {
  state: number = STOPPED;
  /** Bits, each with an accessor. */
  protected flags = 0;
  readonly env: Environment;
  /** Why it is to end, or has ended. */
  protected fate: ExitReason | undefined = undefined;
  /** The behavior of the incarnation that lives. Before the first, what a spawned actor begins with; a child's start is in its spec. */
  protected code: Behavior | Start<unknown> | undefined;
  protected life: Incarnation | undefined = undefined;
  spec: CellSpec;
  readonly parent: ControlBlock | undefined;
  protected ties: Ties<ControlBlock> | undefined = undefined;
  protected older: ControlBlock | undefined = undefined;
  protected younger: ControlBlock | undefined = undefined;
  readonly uid: number;
  incarnation = 0;
  protected bornTick = 0;

  constructor(env: Environment, parent: ControlBlock | undefined, spec: CellSpec, start: Start<unknown> | undefined) {
    super(spec.mailbox);
    this.env = env;
    this.spec = spec;
    this.parent = parent;
    this.uid = env.nextUid();
    this.code = start;
  }
}
