/** Named groups of actors that come and go. Built on top of actors; nothing below knows of it. */

import { InvalidArgumentError } from "../values/errors.ts";
import type { ActorRef, AnyActorRef } from "../values/ref.ts";
import { describeValue } from "../values/safe-text.ts";
import { Roster } from "./roster.ts";

/** What somebody who watches a group is sent. */
export interface GroupChange {
  readonly type: "joined" | "left";
  readonly group: string;
  /** Each as often as it joined or left. */
  readonly members: readonly AnyActorRef[];
}

/** What {@link ProcessGroups.monitor} gives back. */
export interface GroupMonitor {
  /** The members at the moment the watch began. */
  readonly members: readonly AnyActorRef[];
  /** Ends this watch, once; messages that are on their way still arrive. */
  readonly end: () => void;
}

/**
 * Process groups: an actor joins and leaves, and leaves all of them when its incarnation ends. The next incarnation joins again,
 * in its `preStart`, if it wants to. A group is there as long as it has members.
 *
 * @see OTP `pg`: https://www.erlang.org/doc/apps/kernel/pg.html
 */
export class ProcessGroups {
  readonly #roster: Roster;
  readonly #watchers: Roster = new Roster();

  constructor() {
    this.#roster = new Roster((group, actor, times) =>
      this.#tellWatchers("left", group, new Array<AnyActorRef>(times).fill(actor)),
    );
  }

  /**
   * Makes an actor a member, or a member once more: it must then leave as often.
   *
   * @returns false when the actor has ended; it has not joined then.
   * @throws {InvalidArgumentError} when it is no actor, or the group no text.
   */
  join(group: string, actor: AnyActorRef): boolean {
    checkGroup(group);
    if (!this.#roster.add(group, actor)) return false;
    this.#tellWatchers("joined", group, [actor]);
    return true;
  }

  /** Takes back one {@link join}. @returns false when the actor is no member (OTP's `not_joined`). */
  leave(group: string, actor: AnyActorRef): boolean {
    checkGroup(group);
    return this.#roster.remove(group, actor);
  }

  /** The members in the order they joined first, each as often as it has joined. */
  members(group: string): readonly AnyActorRef[] {
    checkGroup(group);
    return [...this.#roster.members(group)];
  }

  /** The groups that have members (OTP's `which_groups`). */
  groups(): readonly string[] {
    return this.#roster.keys();
  }

  /**
   * Sends `watcher` a {@link GroupChange} for every change of a group from now on, until its incarnation ends. Between the members
   * given back and the first message nothing is missed.
   *
   * @throws {InvalidArgumentError} when the watcher is no actor, or the group no text.
   */
  monitor(group: string, watcher: ActorRef<GroupChange>): GroupMonitor {
    checkGroup(group);
    let isOver = !this.#watchers.add(group, watcher);
    const life = lifeOf(watcher);
    const end = (): void => {
      // What its next incarnation watches is not this watch.
      if (!isOver && lifeOf(watcher) === life) this.#watchers.remove(group, watcher);
      isOver = true;
    };
    return { members: this.members(group), end };
  }

  #tellWatchers(type: GroupChange["type"], group: string, members: readonly AnyActorRef[]): void {
    for (const watcher of this.#watchers.members(group))
      (watcher as ActorRef<GroupChange>).tell({ type, group, members });
  }
}

/** The incarnation that a watch is of; what is watched before the first is for the first. */
function lifeOf(watcher: AnyActorRef): number {
  return Math.max(1, watcher.incarnation);
}

function checkGroup(group: unknown): void {
  if (typeof group !== "string")
    throw new InvalidArgumentError("group", [`the name must be text, got ${describeValue(group)}`]);
}
