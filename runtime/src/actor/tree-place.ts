/** A place in the tree of actors: parent, siblings, id and path. Knows nothing of what lives there. */

import { NameTakenError } from "../values/errors.ts";
import { broken } from "../values/invariant.ts";
import { Status } from "./status.ts";
import { Ties } from "./ties.ts";

/** Some actor was given an id that looks like those of actors without one. */
let isAnyIdLikeOurs = false;

/** From so many levels on, ids that were asked for are kept: of the place itself, and of every so manieth above it. */
const DEEP = 64;
const deepIds = new WeakMap<TreePlace, string>();

/** Children form a list through themselves, so that a hundred thousand of them come and go at a constant price. */
export abstract class TreePlace extends Status {
  declare readonly parent: TreePlace | undefined;
  declare protected ties: Ties<TreePlace> | undefined;
  declare protected older: TreePlace | undefined;
  declare protected younger: TreePlace | undefined;

  /** The runtime is at fault: it ends at once if it has not ended, and says so. */
  abstract fail(cause: unknown): void;

  /** Child id: its part of the path. */
  get childId(): string {
    return this.spec.id ?? `$${this.uid}`;
  }

  /** Path from the top of the system, the same for every incarnation. */
  get id(): string {
    return this.isDeep ? this.deepId() : this.endOfPath(Number.POSITIVE_INFINITY);
  }

  /** The end of its {@link id}, as many ids as so many characters need: the way to the top of a deep tree is long. */
  endOfPath(length: number): string {
    let path = this.childId;
    for (let place = this.parent; place !== undefined && path.length <= length; place = place.parent)
      path = `${place.childId}/${path}`;
    return path;
  }

  private get isDeep(): boolean {
    let place = this.parent;
    for (let levels = 1; place !== undefined && levels < DEEP; levels++) place = place.parent;
    return place !== undefined;
  }

  /** Continues the id of whoever above it is known: text is shared then, and no level pays for all above it. */
  private deepId(): string {
    const unknown: TreePlace[] = [];
    let place: TreePlace | undefined = this;
    for (; place !== undefined && !deepIds.has(place); place = place.parent) unknown.push(place);
    let id = place === undefined ? undefined : deepIds.get(place);
    for (let below = unknown.pop(); below !== undefined; below = unknown.pop()) {
      id = id === undefined ? below.childId : `${id}/${below.childId}`;
      if (unknown.length % DEEP === 0) deepIds.set(below, id);
    }
    return id as string;
  }

  /** Itself and all below it, however deep: parents before their children, siblings in start order. */
  get family(): readonly TreePlace[] {
    return this.familyDownTo(() => false);
  }

  /** The same, without whoever is below one of these. */
  protected familyDownTo(isLast: (place: TreePlace) => boolean): readonly TreePlace[] {
    const family: TreePlace[] = [];
    const waiting: TreePlace[] = [this];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      family.push(place);
      if (place !== this && isLast(place)) continue;
      for (let child = place.youngestChild; child !== undefined; child = child.older) waiting.push(child);
    }
    return family;
  }

  get youngestChild(): TreePlace | undefined {
    return this.ties?.youngestChild;
  }

  get olderSibling(): TreePlace | undefined {
    return this.older;
  }

  /** The child with that id. */
  childNamed(id: string): TreePlace | undefined {
    const named = this.ties?.namedChildren?.get(id);
    if (named !== undefined || !id.startsWith("$")) return named;
    for (let child = this.youngestChild; child !== undefined; child = child.older) {
      if (child.childId === id) return child;
    }
    return undefined;
  }

  /** Children in the order they were started. */
  get children(): readonly TreePlace[] {
    const children: TreePlace[] = [];
    for (let child = this.youngestChild; child !== undefined; child = child.older) children.push(child);
    return children.reverse();
  }

  /** Takes its place as the youngest child. @throws {NameTakenError} when a sibling has the id. */
  protected attach(parent: TreePlace): void {
    parent.ties ??= new Ties();
    const { ties } = parent;
    const { youngestChild } = ties;
    const { id } = this.spec;
    if (id !== undefined) this.takeId(id, parent, ties);
    else if (isAnyIdLikeOurs) this.avoidIds(ties);
    if (youngestChild !== undefined) {
      if (youngestChild.younger !== undefined) parent.breach("siblings");
      youngestChild.younger = this;
      this.older = youngestChild;
    }
    ties.youngestChild = this;
  }

  private takeId(id: string, parent: TreePlace, ties: Ties<TreePlace>): void {
    ties.namedChildren ??= new Map();
    isAnyIdLikeOurs ||= /^\$[0-9]+$/.test(id);
    const holder = parent.childNamed(id);
    if (holder !== undefined) throw new NameTakenError(id, holder.id);
    ties.namedChildren.set(id, this);
  }

  private avoidIds({ namedChildren }: Ties<TreePlace>): void {
    while (namedChildren?.has(this.childId) === true) this.uid = this.env.nextUid();
  }

  /** Stands behind its siblings from now on, as if it had come last. */
  becomeYoungest(): void {
    if (this.younger === undefined || this.parent === undefined) return;
    this.detach();
    this.attach(this.parent);
  }

  /** Leaves the tree. */
  protected detach(): void {
    const ties = this.parent?.ties;
    if (ties === undefined) return;
    const { older, younger } = this;
    const isLinked = (younger === undefined ? ties.youngestChild : younger.older) === this;
    if (!isLinked || (older !== undefined && older.younger !== this)) this.tellTorn();
    if (ties.youngestChild === this) ties.youngestChild = older;
    if (older !== undefined) older.younger = younger;
    if (younger !== undefined) younger.older = older;
    this.older = this.younger = undefined;
    const { id } = this.spec;
    if (id !== undefined && ties.namedChildren?.get(id) === this) ties.namedChildren.delete(id);
  }

  /** A sibling does not know it. */
  private tellTorn(): void {
    this.fail(broken("siblings", this.id));
  }
}
