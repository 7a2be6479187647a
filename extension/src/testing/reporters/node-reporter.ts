/** A reporter of Node's test runner that tells the editor of each test, and prints nothing. */
import { tellTest } from "./event-line.ts";

interface RunnerEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly nesting?: number;
    readonly file?: string;
    readonly skip?: unknown;
    readonly todo?: unknown;
    readonly details?: { readonly duration_ms?: number; readonly type?: string; readonly error?: unknown };
  };
}

/** What Node itself says of a test: why it failed is its cause, or it has failed because those in it have. */
function causeOf(error: unknown): unknown {
  const { cause, failureType } = (error ?? {}) as { readonly cause?: unknown; readonly failureType?: unknown };
  return failureType === "subtestsFailed" ? { message: "" } : (cause ?? error);
}

export default async function* nodeReporter(source: AsyncIterable<RunnerEvent>): AsyncGenerator<string> {
  const begun: string[] = [];
  const reported: string[] = [];
  for await (const { type, data } of source) {
    const { name = "", nesting = 0, file, details } = data;
    // What begins is told when it does; what ends, in the order of the text.
    const path = type === "test:dequeue" ? begun : reported;
    if (type === "test:dequeue" || type === "test:start") path.splice(nesting, path.length, name);
    if (type === "test:dequeue") tellTest({ file, titles: [...begun], state: "running" });
    if (type !== "test:pass" && type !== "test:fail") continue;
    const titles = [...reported.slice(0, nesting), name];
    // A test that is still to be done may fail.
    const isLeftOut = data.skip !== undefined || (data.todo !== undefined && type === "test:fail");
    tellTest({
      file,
      titles,
      state: isLeftOut ? "skipped" : type === "test:pass" ? "passed" : "failed",
      isSuite: details?.type === "suite",
      ms: details?.duration_ms,
      ...(type === "test:fail" && { error: causeOf(details?.error) }),
    });
  }
  yield "";
}
