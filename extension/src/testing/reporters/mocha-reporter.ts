/** A reporter of Mocha that tells the editor of each test, and prints a line for people. */
import { tellTest } from "./event-line.ts";

interface MochaTest {
  readonly file?: string;
  readonly duration?: number;
  readonly title: string;
  titlePath(): string[];
  fullTitle(): string;
  isPending?(): boolean;
}

interface MochaRunner {
  on(event: string, listener: (test: MochaTest, error?: unknown) => void): MochaRunner;
}

export default class MochaReporter {
  constructor(runner: MochaRunner) {
    const print = (mark: string, test: MochaTest): void => void process.stdout.write(`${mark} ${test.fullTitle()}\n`);
    const tell = (test: MochaTest, state: "running" | "passed" | "failed" | "skipped", error?: unknown): void =>
      tellTest({
        file: test.file,
        titles: test.titlePath(),
        state,
        ms: test.duration,
        ...(error !== undefined && { error }),
      });
    runner
      .on("test", (test) => tell(test, "running"))
      .on("pass", (test) => {
        print("✔", test);
        tell(test, "passed");
      })
      .on("pending", (test) => {
        print("-", test);
        tell(test, "skipped");
      })
      .on("fail", (test, error) => {
        print("✖", test);
        process.stdout.write(`${String((error as { stack?: unknown } | undefined)?.stack ?? error)}\n`);
        tell(test, "failed", error);
      });
  }
}
