/** The tests of all files that use the testkit, with their places. */
import type { ProgramIndex } from "../facts/program-index.ts";
import type { TestCase } from "../facts/test-file.ts";
import type { SourceSpan, TestFileReport, TestList, TestReport } from "../protocol.ts";
import type { FileSpan } from "../source/span.ts";

export function testList(
  index: ProgramIndex,
  locate: (place: FileSpan) => SourceSpan,
  complete: TestList["complete"],
): TestList {
  const files = index.files.flatMap(({ path, tests }): readonly TestFileReport[] => {
    if (tests === undefined) return [];
    const placed = ({ title, span, isSuite, explores, children }: TestCase): TestReport => ({
      title,
      range: locate({ path, span }).range,
      isSuite,
      explores,
      children: children.map(placed),
    });
    const { runner, cases, hasComputed } = tests;
    const { uri } = locate({ path, span: { start: 0, end: 0 } });
    return [{ uri, runner, items: cases.map(placed), hasComputed }];
  });
  return { files: files.sort((one, other) => (one.uri < other.uri ? -1 : 1)), complete };
}
