/** Publish and subscribe: messages to whoever listens to a topic. Built on top of actors; nothing below knows of it. */

import { InvalidArgumentError } from "../values/errors.ts";
import { isFields, readField } from "../values/fields.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import { Roster } from "./roster.ts";

declare const MESSAGE: unique symbol;

/** A topic on which messages of type `M` are published. A value: two of the same name are the same topic. */
export interface Topic<M> {
  readonly name: string;
  /** For the compiler only. */
  readonly [MESSAGE]?: (message: M) => void;
}

/**
 * Names a topic, once and for all with the type of its messages.
 *
 * @throws {InvalidArgumentError} for an empty name.
 * @example
 * const prices = topic<{ readonly type: "price"; readonly cents: number }>("prices");
 * system.topics.subscribe(prices, display);
 * system.topics.publish(prices, { type: "price", cents: 199 });
 */
export function topic<M>(name: string): Topic<M> {
  if (typeof name !== "string" || name === "") throw new InvalidArgumentError("topic", ["the name must not be empty"]);
  return { name };
}

/**
 * Topics of one system. A subscriber gets each message once, in the order they are published by one publisher, until it
 * unsubscribes or its incarnation ends; the next incarnation subscribes again, in its `preStart`, if it wants to.
 */
export class Topics {
  readonly #roster: Roster = new Roster();

  /**
   * Subscribes an actor; once is enough, twice changes nothing.
   *
   * @returns false when the actor has ended; it is not subscribed then.
   * @throws {InvalidArgumentError} when it is no actor; and, as every method, for what {@link topic} has not made.
   */
  subscribe<M>(to: Topic<M>, subscriber: ActorRef<M>): boolean {
    const name = nameOf(to);
    return this.#roster.has(name, subscriber) || this.#roster.add(name, subscriber);
  }

  /** @returns false when the actor was not subscribed. */
  unsubscribe<M>(from: Topic<M>, subscriber: AnyActorRef): boolean {
    return this.#roster.remove(nameOf(from), subscriber);
  }

  /**
   * Sends a message to all subscribers, by reference: one object for all.
   *
   * @returns how many mailboxes took it. The others have it as a dead letter; 0 with no subscriber, and then it is nowhere.
   */
  publish<M>(on: Topic<M>, message: M): number {
    let taken = 0;
    for (const subscriber of this.subscribers(on)) if (subscriber.tell(message)) taken++;
    return taken;
  }

  /** Who is subscribed, in the order they subscribed. */
  subscribers<M>(to: Topic<M>): readonly ActorRef<M>[] {
    return [...this.#roster.actors(nameOf(to))] as readonly AnyActorRef[] as readonly ActorRef<M>[];
  }

  /** Names of the topics that have subscribers. */
  names(): readonly string[] {
    return this.#roster.keys();
  }
}

/** A name alone is no topic: all names would be the same one. */
function nameOf(of: Topic<never>): string {
  const name = isFields(of) ? readField(of, "name") : undefined;
  if (typeof name !== "string")
    throw new InvalidArgumentError("topic", [`expected what topic() returns, got ${describeValue(of)}`]);
  return name;
}
