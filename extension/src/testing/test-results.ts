/** What is known of the tests of one file while they run, from what their runner and their explorations tell. Pure. */
import type { ExplorationFailed, ExplorationPassed, ReportedError, TestEvent, TestReported } from "./test-event.ts";
import { type FileRun, idOf, isSameFile, type TestNode, testAt, withBelow } from "./test-node.ts";

/** Something that is to be shown of a test. */
export type Change =
  | { readonly kind: "running"; readonly node: TestNode }
  | { readonly kind: "passed" | "skipped"; readonly node: TestNode; readonly ms: number | undefined }
  | {
      readonly kind: "failed";
      readonly node: TestNode;
      readonly ms: number | undefined;
      readonly error: ReportedError;
      /** Of the exploration that failed in it. */
      readonly exploration: ExplorationFailed | undefined;
    }
  | { readonly kind: "exploring"; readonly node: TestNode; readonly runs: number }
  | { readonly kind: "explored"; readonly node: TestNode; readonly passed: readonly ExplorationPassed[] };

export class TestResults {
  readonly #run: FileRun;
  readonly #awaited: ReadonlyMap<string, TestNode>;
  readonly #computed: TestNode | undefined;
  readonly #done = new Set<string>();
  readonly #passed = new Map<string, ExplorationPassed[]>();
  readonly #failed = new Map<string, ExplorationFailed>();
  #current: TestNode | undefined;
  #hasComputedFailed = false;

  constructor(run: FileRun) {
    this.#run = run;
    this.#awaited = new Map(run.awaited.map((node) => [node.id, node]));
    this.#computed = run.awaited.find(({ kind }) => kind === "computed");
  }

  /** Awaited tests without a result. */
  get missing(): readonly TestNode[] {
    return this.#run.awaited.filter(({ kind, id }) => (kind === "test" || kind === "computed") && !this.#done.has(id));
  }

  take(event: TestEvent): readonly Change[] {
    return event.event === "test" ? this.#reported(event) : this.#explored(event);
  }

  #reported({ titles, state, isSuite, ms, error }: TestReported): readonly Change[] {
    const id = idOf(this.#run.file.uri, titles);
    const known = withBelow(this.#run.file).some((one) => one.id === id);
    const node = this.#awaited.get(id);
    if (known && (node === undefined || node.kind !== "test")) return this.#suiteFailed(node, state, error);
    if (node === undefined) return isSuite ? [] : this.#ofComputed(state, ms, error);
    if (state === "running") {
      this.#current = node;
      return this.#done.has(id) ? [] : [{ kind: "running", node }];
    }
    this.#done.add(id);
    if (state !== "failed") return [{ kind: state, node, ms }];
    const exploration = this.#failed.get(id);
    return [{ kind: "failed", node, ms, error: error ?? NO_ERROR, exploration }];
  }

  /** A hook that throws fails the suite, and nothing in it runs. */
  #suiteFailed(
    node: TestNode | undefined,
    state: TestReported["state"],
    error: ReportedError | undefined,
  ): readonly Change[] {
    if (node === undefined || state !== "failed" || error === undefined || error.message === "") return [];
    return withBelow(node)
      .filter(({ id, kind }) => kind === "test" && this.#awaited.has(id) && !this.#done.has(id))
      .map((test) => {
        this.#done.add(test.id);
        return { kind: "failed", node: test, ms: undefined, error, exploration: undefined };
      });
  }

  /** Tests whose titles only the run tells stand together as one. */
  #ofComputed(
    state: TestReported["state"],
    ms: number | undefined,
    error: ReportedError | undefined,
  ): readonly Change[] {
    const node = this.#computed;
    if (node === undefined || this.#hasComputedFailed) return [];
    if (state === "running") {
      this.#current = node;
      return [{ kind: "running", node }];
    }
    this.#done.add(node.id);
    if (state !== "failed") return [{ kind: state, node, ms }];
    this.#hasComputedFailed = true;
    return [{ kind: "failed", node, ms, error: error ?? NO_ERROR, exploration: this.#failed.get(node.id) }];
  }

  #explored(event: Exclude<TestEvent, TestReported>): readonly Change[] {
    const node = this.#nodeOf(event.place);
    if (node === undefined) return [];
    if (event.event === "exploring") return [{ kind: "exploring", node, runs: event.runs }];
    if (event.event === "failed") {
      this.#failed.set(node.id, event);
      return [];
    }
    const passed = [...(this.#passed.get(node.id) ?? []), event];
    this.#passed.set(node.id, passed);
    return [{ kind: "explored", node, passed }];
  }

  /** The test in whose text it stands; else the one that runs. */
  #nodeOf(place: { readonly file: string; readonly line: number } | undefined): TestNode | undefined {
    const { file } = this.#run;
    const isHere = place !== undefined && isSameFile(file.uri, place.file);
    const found = isHere ? testAt(file, place.line - 1) : undefined;
    return (found && this.#awaited.get(found.id)) ?? this.#current;
  }
}

const NO_ERROR: ReportedError = { message: "", stack: "" };
