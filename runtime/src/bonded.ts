/** Links and monitors between actors, and the signals that travel along them. Knows nothing of turns. */

import type { CellSpec } from "./cell-spec.ts";
import type { Environment } from "./environment.ts";
import { type ExitReason, NOPROC } from "./exit-reason.ts";
import type { AnyActorRef } from "./ref.ts";
import type { Monitor } from "./signal.ts";
import { TreePlace } from "./tree-place.ts";

/** What ties one incarnation to others, apart from its place in the tree. Made with the first tie. */
class Bonds {
  readonly links: Set<Bonded> = new Set();
  /** Watches of others over this actor. */
  readonly watchers: Map<Monitor, Bonded> = new Map();
  /** Its own watches over others. */
  readonly watching: Map<Monitor, Bonded> = new Map();
  /** Called once, when this incarnation has ended, after the signals. */
  endListeners: ((reason: ExitReason) => void)[] = [];
}

/**
 * An actor that is tied to others.
 *
 * A link is one per pair, in both directions. The link to the parent is there from birth and costs nothing: it is a flag.
 * @see https://www.erlang.org/doc/system/ref_man_processes.html, "Links", "Monitors"
 */
export abstract class Bonded extends TreePlace {
  /** False once it has unlinked itself from its parent. */
  isLinkedToParent = true;
  #bonds: Bonds | undefined = undefined;

  constructor(env: Environment, parent: TreePlace | undefined, spec: CellSpec) {
    super(env, parent, spec);
  }

  abstract readonly asRef: AnyActorRef;
  abstract readonly hasEnded: boolean;
  abstract readonly incarnation: number;
  /** An exit signal arrives along a link, or was sent. */
  abstract receiveExit(from: Bonded, incarnation: number, reason: ExitReason): void;
  abstract receiveDown(monitor: Monitor, from: Bonded, incarnation: number, reason: ExitReason): void;

  get #ties(): Bonds {
    this.#bonds ??= new Bonds();
    return this.#bonds;
  }

  link(other: Bonded): void {
    if (other === this || this.#isKin(other)) return;
    if (other.hasEnded) {
      this.receiveExit(other, other.incarnation, NOPROC);
      return;
    }
    this.#ties.links.add(other);
    other.#ties.links.add(this);
  }

  unlink(other: Bonded): void {
    if (other === this.parent) this.isLinkedToParent = false;
    else if (other.parent === this) other.isLinkedToParent = false;
    this.#bonds?.links.delete(other);
    other.#bonds?.links.delete(this);
  }

  /** Linking parent and child again undoes an unlink. */
  #isKin(other: Bonded): boolean {
    if (other === this.parent) this.isLinkedToParent = true;
    else if (other.parent === this) other.isLinkedToParent = true;
    else return false;
    return true;
  }

  monitor(other: Bonded): Monitor {
    const monitor: Monitor = { monitorId: this.env.nextUid(), ref: other.asRef };
    if (other.hasEnded) this.receiveDown(monitor, other, other.incarnation, NOPROC);
    else {
      this.#ties.watching.set(monitor, other);
      other.#ties.watchers.set(monitor, this);
    }
    return monitor;
  }

  demonitor(monitor: Monitor): void {
    const target = this.#bonds?.watching.get(monitor);
    if (target === undefined) return;
    this.#ties.watching.delete(monitor);
    target.#ties.watchers.delete(monitor);
  }

  /** Calls back once, when the current incarnation has ended. It must have begun. @returns what ends the wait. */
  onEnd(listener: (reason: ExitReason) => void): () => void {
    const ties = this.#ties;
    ties.endListeners.push(listener);
    return () => {
      ties.endListeners = ties.endListeners.filter((other) => other !== listener);
    };
  }

  get linkedRefs(): readonly AnyActorRef[] {
    return this.#bonds === undefined ? [] : [...this.#bonds.links].map((other) => other.asRef);
  }

  get watchedRefs(): readonly AnyActorRef[] {
    return this.#bonds === undefined ? [] : [...this.#bonds.watching.values()].map((other) => other.asRef);
  }

  /** Cuts all ties of an incarnation that has ended, and tells everybody at the other end. */
  protected sever(incarnation: number, reason: ExitReason): void {
    const bonds = this.#bonds;
    if (bonds === undefined) return;
    this.#bonds = undefined;
    for (const [monitor, target] of bonds.watching) target.#bonds?.watchers.delete(monitor);
    for (const other of bonds.links) {
      other.#bonds?.links.delete(this);
      other.receiveExit(this, incarnation, reason);
    }
    for (const [monitor, watcher] of bonds.watchers) {
      watcher.#bonds?.watching.delete(monitor);
      watcher.receiveDown(monitor, this, incarnation, reason);
    }
    for (const listener of bonds.endListeners) listener(reason);
  }
}
