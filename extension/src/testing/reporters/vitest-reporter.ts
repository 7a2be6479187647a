/** A reporter of Vitest that tells the editor of each test, in the words of Vitest 3 and later, and of those before. */
import { tellTest } from "./event-line.ts";

/** Vitest 3 and later. */
interface TestCase {
  readonly name: string;
  readonly parent: { readonly type: string; readonly name?: string; readonly parent?: TestCase["parent"] };
  readonly module: { readonly moduleId: string };
  result(): { readonly state: string; readonly errors?: readonly unknown[] };
  diagnostic(): { readonly duration?: number } | undefined;
}

/** Before. */
interface Task {
  readonly type: string;
  readonly name: string;
  readonly mode?: string;
  readonly filepath?: string;
  readonly tasks?: readonly Task[];
  readonly result?: { readonly state?: string; readonly duration?: number; readonly errors?: readonly unknown[] };
}

export default class VitestReporter {
  #isNew = false;

  onTestCaseReady(test: TestCase): void {
    this.#isNew = true;
    tellTest({ file: test.module.moduleId, titles: titlesOf(test), state: "running" });
  }

  onTestCaseResult(test: TestCase): void {
    this.#isNew = true;
    const { state, errors = [] } = test.result();
    tellTest({
      file: test.module.moduleId,
      titles: titlesOf(test),
      state: state === "passed" ? "passed" : state === "failed" ? "failed" : "skipped",
      ms: test.diagnostic()?.duration,
      ...(state === "failed" && { error: errors[0] ?? { message: "" } }),
    });
  }

  onFinished(files: readonly Task[] = []): void {
    if (this.#isNew) return;
    for (const file of files) for (const task of file.tasks ?? []) this.#tell(task, [], file.filepath);
  }

  #tell({ name, type, mode, tasks, result }: Task, above: readonly string[], file: string | undefined): void {
    const titles = [...above, name];
    if (type === "suite") {
      for (const task of tasks ?? []) this.#tell(task, titles, file);
      return;
    }
    const { state, duration, errors = [] } = result ?? {};
    // What a pattern left out is nobody's result.
    if (state === undefined && mode !== "skip" && mode !== "todo") return;
    tellTest({
      file,
      titles,
      state: state === "pass" ? "passed" : state === "fail" ? "failed" : "skipped",
      ms: duration,
      ...(state === "fail" && { error: errors[0] ?? { message: "" } }),
    });
  }
}

function titlesOf({ name, parent }: TestCase): readonly string[] {
  const titles = [name];
  for (let at: TestCase["parent"] | undefined = parent; at?.type === "suite"; at = at.parent)
    titles.unshift(at.name ?? "");
  return titles;
}
