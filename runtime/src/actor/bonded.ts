/** Links and monitors between actors, and the signals that travel along them. Knows nothing of turns. */

import { type ExitReason, NOPROC } from "../values/exit-reason.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { Monitor } from "../values/signal.ts";
import { Ties } from "./ties.ts";
import { TreePlace } from "./tree-place.ts";

/**
 * An actor that is tied to others.
 *
 * A link is one per pair, in both directions. The link to the parent is there from birth and costs nothing: it is a flag.
 * @see https://www.erlang.org/doc/system/ref_man_processes.html, "Links", "Monitors"
 */
export abstract class Bonded extends TreePlace {
  abstract readonly asRef: AnyActorRef;
  /** An exit signal arrives along a link, or was sent. */
  abstract receiveExit(from: Bonded, incarnation: number, reason: ExitReason): void;
  abstract receiveDown(monitor: Monitor, from: Bonded, incarnation: number, reason: ExitReason): void;

  private get madeTies(): Ties<TreePlace> {
    this.ties ??= new Ties();
    return this.ties;
  }

  link(other: Bonded): void {
    if (other === this || this.relinksKin(other)) return;
    if (other.hasEnded) {
      this.receiveExit(other, other.incarnation, NOPROC);
      return;
    }
    addTo(this.madeTies, other);
    addTo(other.madeTies, this);
  }

  unlink(other: Bonded): void {
    if (other === this.parent) this.isLinkedToParent = false;
    else if (other.parent === this) other.isLinkedToParent = false;
    this.ties?.links?.delete(other);
    other.ties?.links?.delete(this);
  }

  /** Linking parent and child again undoes an unlink. */
  private relinksKin(other: Bonded): boolean {
    if (other === this.parent) this.isLinkedToParent = true;
    else if (other.parent === this && !other.hasEnded) other.isLinkedToParent = true;
    else return false;
    return true;
  }

  monitor(other: Bonded): Monitor {
    const monitor: Monitor = { monitorId: this.env.nextUid(), ref: other.asRef };
    if (other.hasEnded) {
      this.receiveDown(monitor, other, other.incarnation, NOPROC);
      return monitor;
    }
    const mine = this.madeTies;
    const others = other.madeTies;
    mine.watching ??= new Map();
    mine.watching.set(monitor, other);
    others.watchers ??= new Map();
    others.watchers.set(monitor, this);
    return monitor;
  }

  demonitor(monitor: Monitor): void {
    const target = this.ties?.watching?.get(monitor) as Bonded | undefined;
    if (target === undefined) return;
    this.ties?.watching?.delete(monitor);
    target.ties?.watchers?.delete(monitor);
  }

  /** Calls back once, when the current incarnation has ended. It must have begun. @returns what ends the wait. */
  onEnd(listener: (reason: ExitReason) => void): () => void {
    const ties = this.madeTies;
    ties.endListeners = [...ties.endListeners, listener];
    return () => {
      ties.endListeners = ties.endListeners.filter((other) => other !== listener);
    };
  }

  get linkedRefs(): readonly AnyActorRef[] {
    return [...(this.ties?.links ?? [])].map((other) => (other as Bonded).asRef);
  }

  get watchedRefs(): readonly AnyActorRef[] {
    return [...(this.ties?.watching?.values() ?? [])].map((other) => (other as Bonded).asRef);
  }

  /** Those that watch it. */
  get watcherRefs(): readonly AnyActorRef[] {
    return [...(this.ties?.watchers?.values() ?? [])].map((other) => (other as Bonded).asRef);
  }

  /** Cuts all ties of an incarnation that has ended but those to its children, and tells everybody at the other end. */
  protected sever(incarnation: number, reason: ExitReason): void {
    const { ties } = this;
    if (ties !== undefined) this.cut(ties, incarnation, reason);
  }

  private cut(ties: Ties<TreePlace>, incarnation: number, reason: ExitReason): void {
    const { watching, links, watchers, endListeners } = ties;
    ties.watching = ties.links = ties.watchers = undefined;
    ties.endListeners = [];
    if (watching !== undefined)
      for (const [monitor, target] of watching) (target as Bonded).ties?.watchers?.delete(monitor);
    for (const place of links ?? []) {
      const other = place as Bonded;
      other.ties?.links?.delete(this);
      other.receiveExit(this, incarnation, reason);
    }
    for (const [monitor, place] of watchers ?? []) {
      const watcher = place as Bonded;
      watcher.ties?.watching?.delete(monitor);
      watcher.receiveDown(monitor, this, incarnation, reason);
    }
    for (const listener of endListeners) listener(reason);
  }
}

function addTo(ties: Ties<TreePlace>, other: Bonded): void {
  ties.links ??= new Set();
  ties.links.add(other);
}
