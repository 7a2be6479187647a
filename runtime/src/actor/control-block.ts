/**
 * What an actor consists of: all its fields, in one object, those that a message meets first. What they mean is the business of the
 * layers above, which add methods and no fields: so an actor is made in one go, has one shape, and an idle one stays small.
 *
 * @see the "process control block" of Erlang's run-time system
 */

import type { Environment } from "../environment/environment.ts";
import type { Actor, Start } from "../values/actor.ts";
import type { ExitReason } from "../values/exit-reason.ts";
import type { CellSpec } from "./cell-spec.ts";
import type { Incarnation } from "./incarnation.ts";
import { Mailbox } from "./mailbox.ts";
import type { Ties } from "./ties.ts";

/** What an actor may say of itself because the runtime cannot see it. */
export interface Hinted {
  /** Its handlers return promises. */
  readonly isAsynchronous?: boolean;
  /** What it is called, where its class does not say. */
  readonly definitionName?: string;
  /** It is a supervisor of the runtime's own: the functions of the user's that it calls are called in scopes of their own. */
  readonly isOfRuntime?: boolean;
}

/** What a user wrote of an actor, with what the runtime put around it. */
export type Behavior = Actor<unknown> & Hinted;

export abstract class ControlBlock extends Mailbox {
  /** What it is doing, in bits that `Status` has names for. */
  protected status: number;
  readonly env: Environment;
  /** The behavior of the incarnation that lives. Before the first, what a spawned actor begins with; a child's start is in its spec. */
  protected code: Behavior | Start<unknown> | undefined;
  protected life: Incarnation | undefined;
  /** Why it is to end, or has ended. */
  protected fate: ExitReason | undefined;
  spec: CellSpec;
  readonly parent: ControlBlock | undefined;
  protected ties: Ties<ControlBlock> | undefined;
  protected older: ControlBlock | undefined;
  protected younger: ControlBlock | undefined;
  uid: number;
  incarnation: number;
  protected bornTick: number;

  /** Assigns in the order in which the fields are to lie: what a message meets is then in one place. */
  constructor(
    env: Environment,
    parent: ControlBlock | undefined,
    spec: CellSpec,
    start: Start<unknown> | undefined,
    status: number,
  ) {
    super(spec.mailbox);
    this.status = status;
    this.env = env;
    this.code = start;
    this.life = undefined;
    this.fate = undefined;
    this.spec = spec;
    this.parent = parent;
    this.ties = undefined;
    this.older = undefined;
    this.younger = undefined;
    this.uid = env.nextUid();
    this.incarnation = 0;
    this.bornTick = 0;
  }
}
