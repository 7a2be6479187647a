/** A place in the tree of actors: parent, siblings, id and path. Knows nothing of what lives there. */

import { NameTakenError } from "../values/errors.ts";
import { Status } from "./status.ts";
import { Ties } from "./ties.ts";

/** Some actor was given an id that looks like those of actors without one. */
let isAnyIdLikeOurs = false;

/** Children form a list through themselves, so that a hundred thousand of them come and go at a constant price. */
export abstract class TreePlace extends Status {
  declare readonly parent: TreePlace | undefined;
  declare protected ties: Ties<TreePlace> | undefined;
  declare protected older: TreePlace | undefined;
  declare protected younger: TreePlace | undefined;

  /** Child id: its part of the path. */
  get childId(): string {
    return this.spec.id ?? `$${this.uid}`;
  }

  /** Path from the top of the system, the same for every incarnation. */
  get id(): string {
    return this.parent === undefined ? this.childId : `${this.parent.id}/${this.childId}`;
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
    const { id } = this.spec;
    if (id !== undefined) {
      ties.namedChildren ??= new Map();
      isAnyIdLikeOurs ||= /^\$[0-9]+$/.test(id);
      const holder = parent.childNamed(id);
      if (holder !== undefined) throw new NameTakenError(id, holder.id);
      ties.namedChildren.set(id, this);
    } else if (isAnyIdLikeOurs) {
      while (ties.namedChildren?.has(this.childId) === true) this.uid = this.env.nextUid();
    }
    this.older = ties.youngestChild;
    if (this.older !== undefined) this.older.younger = this;
    ties.youngestChild = this;
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
    const { older, younger, spec } = this;
    if (ties.youngestChild === this) ties.youngestChild = older;
    if (older !== undefined) older.younger = younger;
    if (younger !== undefined) younger.older = older;
    this.older = this.younger = undefined;
    if (spec.id !== undefined && ties.namedChildren?.get(spec.id) === this) ties.namedChildren.delete(spec.id);
  }
}
