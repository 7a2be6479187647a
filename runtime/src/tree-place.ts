/** A place in the tree of actors: parent, siblings, id and path. Knows nothing of what lives there. */
import type { CellSpec } from "./cell-spec.ts";
import type { Environment } from "./environment.ts";
import { NameTakenError } from "./errors.ts";

/** What a place below which others hang keeps of them. Made with the first child. */
class Offspring {
  youngest: TreePlace | undefined = undefined;
  /** Children with an id of their own; numbered ids cannot clash. */
  readonly named: Map<string, TreePlace> = new Map();
}

/** Children form a list through themselves, so that a hundred thousand of them come and go at a constant price. */
export abstract class TreePlace {
  readonly env: Environment;
  readonly parent: TreePlace | undefined;
  readonly uid: number;
  spec: CellSpec;
  #older: TreePlace | undefined = undefined;
  #younger: TreePlace | undefined = undefined;
  #offspring: Offspring | undefined = undefined;

  /** @throws {NameTakenError} when a sibling has the id. */
  constructor(env: Environment, parent: TreePlace | undefined, spec: CellSpec) {
    this.env = env;
    this.parent = parent;
    this.spec = spec;
    this.uid = env.nextUid();
    if (parent !== undefined) this.#attach(parent);
  }

  /** Child id: its part of the path. */
  get childId(): string {
    return this.spec.id ?? `$${this.uid}`;
  }

  /** Path from the top of the system, the same for every incarnation. */
  get id(): string {
    return this.parent === undefined ? this.childId : `${this.parent.id}/${this.childId}`;
  }

  get youngestChild(): TreePlace | undefined {
    return this.#offspring?.youngest;
  }

  get olderSibling(): TreePlace | undefined {
    return this.#older;
  }

  /** The child with that id. */
  childNamed(id: string): TreePlace | undefined {
    const named = this.#offspring?.named.get(id);
    if (named !== undefined || !id.startsWith("$")) return named;
    for (let child = this.youngestChild; child !== undefined; child = child.#older)
      if (child.childId === id) return child;
    return undefined;
  }

  /** Children in the order they were started. */
  get children(): readonly TreePlace[] {
    const children: TreePlace[] = [];
    for (let child = this.youngestChild; child !== undefined; child = child.#older) children.push(child);
    return children.reverse();
  }

  #attach(parent: TreePlace): void {
    parent.#offspring ??= new Offspring();
    const offspring = parent.#offspring;
    const { id } = this.spec;
    if (id !== undefined) {
      const holder = offspring.named.get(id);
      if (holder !== undefined) throw new NameTakenError(id, holder.id);
      offspring.named.set(id, this);
    }
    this.#older = offspring.youngest;
    if (offspring.youngest !== undefined) offspring.youngest.#younger = this;
    offspring.youngest = this;
  }

  /** Leaves the tree. */
  protected detach(): void {
    const { parent } = this;
    if (parent === undefined || parent.#offspring === undefined) return;
    const offspring = parent.#offspring;
    if (offspring.youngest === this) offspring.youngest = this.#older;
    if (this.#older !== undefined) this.#older.#younger = this.#younger;
    if (this.#younger !== undefined) this.#younger.#older = this.#older;
    this.#older = this.#younger = undefined;
    if (this.spec.id !== undefined && offspring.named.get(this.spec.id) === this) offspring.named.delete(this.spec.id);
  }
}
