/** The supervision trees of the source, as the language server knows them. Pure: the question itself is handed in. */
import { EventEmitter } from "node:events";
import type { SourceSpan, StaticNode, SupervisionTree } from "airssys-language-server/protocol";

const NOTHING: SupervisionTree = { roots: [], actors: [], complete: false };

export class Sources extends EventEmitter<{ changed: [] }> {
  #tree: SupervisionTree = NOTHING;
  #ask: (() => Promise<SupervisionTree>) | undefined;
  #isAsking = false;
  #isStale = true;
  #isWanted = false;
  readonly #isInside: (uri: string) => boolean;
  #inside: readonly StaticNode[] = [];

  /** @param isInside whether a file belongs to the workspace; the server also knows programs that lie elsewhere and were run */
  constructor(isInside: (uri: string) => boolean = () => true) {
    super();
    this.#isInside = isInside;
  }

  /** The trees of the workspace. */
  get inside(): readonly StaticNode[] {
    return this.#inside;
  }

  get tree(): SupervisionTree {
    return this.#tree;
  }

  /** Where actors of that name are defined. */
  definitions(name: string): readonly SourceSpan[] {
    return this.#tree.actors.filter((actor) => actor.name === name).map((actor) => actor.source);
  }

  /** The language server is there (`ask`), or gone (`undefined`). */
  connect(ask: (() => Promise<SupervisionTree>) | undefined): void {
    this.#ask = ask;
    if (!ask) this.#set(NOTHING);
    this.expire();
  }

  /** Somebody looks, or nobody does: then nothing is asked. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    void this.#update();
  }

  /** What is known may be wrong now. */
  expire(): void {
    this.#isStale = true;
    void this.#update();
  }

  /** The tree as it is now, asked for if need be. */
  async current(): Promise<SupervisionTree> {
    if (this.#isStale) await this.#update(true);
    return this.#tree;
  }

  async #update(isWanted: boolean = this.#isWanted): Promise<void> {
    const ask = this.#ask;
    if (!ask || !isWanted || this.#isAsking || !this.#isStale) return;
    this.#isAsking = true;
    this.#isStale = false;
    try {
      const tree = await ask();
      if (ask === this.#ask) this.#set(tree);
    } catch {
      this.#isStale = true; // the server ended meanwhile; its successor connects again
      return;
    } finally {
      this.#isAsking = false;
    }
    if (this.#isStale) await this.#update();
  }

  #set(tree: SupervisionTree): void {
    this.#tree = tree;
    this.#inside = tree.roots.filter(({ spec }) => this.#isInside(spec.uri));
    this.emit("changed");
  }
}
