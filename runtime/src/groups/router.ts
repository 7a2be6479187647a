/** Sends messages to whoever has a name, is in a group or listens to a topic; what nobody takes becomes a dead letter. */
import type { Cell } from "../actor/cell.ts";
import { buryUnroutable } from "../actor/nowhere.ts";
import type { DeadLetters } from "../environment/dead-letters.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import type { ProcessGroups } from "./process-groups.ts";
import type { Topic, Topics } from "./topics.ts";

/**
 * | way | who gets it | when there is nobody |
 * |---|---|---|
 * | {@link direct} | the actor of that name, or at that path | dead letter `no_recipient` |
 * | {@link broadcast} | every member of a process group | dead letter `no_recipient` |
 * | {@link publish} | every subscriber of a topic | dead letter `no_recipient` |
 *
 * A recipient that is there and refuses (full, ended) makes a dead letter of its own, as with `tell`.
 */
export class MessageRouter {
  readonly #top: Cell;
  readonly #groups: ProcessGroups;
  readonly #topics: Topics;

  /** @internal A system has one. */
  constructor(top: Cell, groups: ProcessGroups, topics: Topics) {
    this.#top = top;
    this.#groups = groups;
    this.#topics = topics;
  }

  /** Counted, with the last ones kept; those of the whole system. */
  get deadLetters(): DeadLetters {
    return this.#top.env.deadLetters;
  }

  /**
   * Sends to the registered actor of that name, or the one at that path below the root, as it is now.
   *
   * @returns whether its mailbox took the message.
   */
  direct(nameOrPath: string, message: unknown): boolean {
    const recipient = this.#top.find(nameOrPath);
    if (recipient !== undefined) return asRecipient(recipient).tell(message);
    this.#bury(nameOrPath, message);
    return false;
  }

  /** Sends to every member of a process group, once each. @returns how many mailboxes took the message. */
  broadcast(group: string, message: unknown): number {
    const members = new Set(this.#groups.members(group));
    if (members.size === 0) this.#bury(`group ${group}`, message);
    let taken = 0;
    for (const member of members) if (asRecipient(member).tell(message)) taken++;
    return taken;
  }

  /** Sends to every subscriber of a topic. @returns how many mailboxes took the message. */
  publish<M>(on: Topic<M>, message: M): number {
    if (this.#topics.subscribers(on).length === 0) this.#bury(`topic ${on.name}`, message);
    return this.#topics.publish(on, message);
  }

  #bury(to: string, message: unknown): void {
    buryUnroutable(this.#top.env, `${this.#top.id}/${to}`, message);
  }
}

/** What a message means to an actor that was found by name is between the two. */
function asRecipient(ref: AnyActorRef): ActorRef<unknown> {
  return ref as ActorRef<unknown>;
}
