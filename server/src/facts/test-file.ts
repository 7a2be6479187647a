/** The tests of a file that use the testkit, as its text says them. Plain data. */
import type { TestRunner } from "../protocol.ts";
import type { Span } from "../source/span.ts";

export interface TestCase {
  readonly title: string;
  /** The whole call. */
  readonly span: Span;
  /** Tests stand in it. */
  readonly isSuite: boolean;
  /** It, or a test in it, tries several orders of messages itself. */
  readonly explores: boolean;
  readonly children: readonly TestCase[];
}

export interface TestFile {
  readonly runner: TestRunner;
  /** In the order of the text; of tests with the same title in the same suite one. */
  readonly cases: readonly TestCase[];
  /** There are others whose titles only a run would tell. */
  readonly hasComputed: boolean;
}
