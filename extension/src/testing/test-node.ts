/** The tests of the workspace as a tree: files, suites and tests, as the language server lists them. Pure. */
import { fileURLToPath } from "node:url";
import type { SourceRange, TestFileReport, TestList, TestReport, TestRunner } from "airssys-language-server/protocol";

/** `computed`: stands for those of a file whose titles only a run tells. */
export type TestKind = "file" | "suite" | "test" | "computed";

export interface TestNode {
  /** Stays the same while the file and the titles do. */
  readonly id: string;
  readonly kind: TestKind;
  readonly uri: string;
  readonly runner: TestRunner;
  /** From the outermost suite on; of a file none. */
  readonly titles: readonly string[];
  readonly range: SourceRange | undefined;
  /** It tries several orders of messages itself. */
  readonly explores: boolean;
  readonly children: readonly TestNode[];
}

/** @param isInside whether a file belongs to the workspace: what lies elsewhere is nobody's to run. */
export function testNodes({ files }: TestList, isInside: (uri: string) => boolean): readonly TestNode[] {
  return files.filter(({ uri }) => uri.startsWith("file:") && isInside(uri)).map(fileNode);
}

function fileNode({ uri, runner, items, hasComputed }: TestFileReport): TestNode {
  const below = (report: TestReport, above: readonly string[]): TestNode => {
    const titles = [...above, report.title];
    return {
      id: idOf(uri, titles),
      kind: report.isSuite ? "suite" : "test",
      uri,
      runner,
      titles,
      range: report.range,
      explores: report.explores,
      children: report.children.map((child) => below(child, titles)),
    };
  };
  const children = items.map((item) => below(item, []));
  const common = { uri, runner, titles: [], range: undefined, explores: false };
  const computed: TestNode = { ...common, id: `${uri}#computed`, kind: "computed", children: [] };
  return { ...common, id: uri, kind: "file", children: hasComputed ? [...children, computed] : children };
}

export function idOf(uri: string, titles: readonly string[]): string {
  return `${uri}#${JSON.stringify(titles)}`;
}

/** It and all below it. */
export function withBelow(node: TestNode): readonly TestNode[] {
  return [node, ...node.children.flatMap(withBelow)];
}

/** The innermost test whose text a line of a file belongs to, from 0. */
export function testAt(file: TestNode, line: number): TestNode | undefined {
  return withBelow(file)
    .filter(({ kind, range }) => kind === "test" && range !== undefined && isWithin(range, line))
    .at(-1);
}

function isWithin({ start, end }: SourceRange, line: number): boolean {
  return start.line <= line && line <= end.line;
}

/** Whether two names are of the same file: an address, or a path as a program says it. */
export function isSameFile(uri: string, file: string): boolean {
  return comparable(pathOf(uri)) === comparable(pathOf(file));
}

/** `C:` and `c:` are the same drive, `\` and `/` the same sign there. */
function comparable(path: string): string {
  return path.replace(/^([A-Za-z]):/, (drive) => drive.toLowerCase()).replaceAll(/(?<=^[a-z]:.*)\\/g, "/");
}

export function pathOf(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file.replace(/[?#].*$/, ""));
  } catch {
    return file; // of another machine
  }
}

/** What one run of one file is to run. */
export interface FileRun {
  readonly file: TestNode;
  /** Tests and suites; empty: all of the file. */
  readonly chosen: readonly TestNode[];
  /** Everything that is to get a result, by id. */
  readonly awaited: readonly TestNode[];
}

/**
 * | wanted                                        | is run                                              |
 * | --------------------------------------------- | --------------------------------------------------- |
 * | a file, or its tests with computed titles     | all of the file                                     |
 * | suites and tests of a file                    | those, without what stands in another one of them   |
 * | some without others                           | the tests one by one that are left                  |
 */
export function runsOf(
  files: readonly TestNode[],
  included: readonly string[] | undefined,
  excluded: readonly string[],
): readonly FileRun[] {
  const isOut = new Set(excluded);
  return files.flatMap((file): readonly FileRun[] => {
    const wanted = new Set<string>();
    const choose = (node: TestNode, isIn: boolean): void => {
      if (isOut.has(node.id)) return;
      const isWanted = isIn || included === undefined || included.includes(node.id);
      if (isWanted) wanted.add(node.id);
      for (const child of node.children) choose(child, isWanted);
    };
    choose(file, false);
    const all = withBelow(file);
    const awaited = all.filter(({ id }) => wanted.has(id));
    if (awaited.length === 0) return [];
    const isWhole = awaited.length === all.length || wanted.has(`${file.uri}#computed`);
    return [{ file, chosen: isWhole ? [] : outermost(file, wanted), awaited }];
  });
}

/** The nodes below which all are wanted. */
function outermost(node: TestNode, wanted: ReadonlySet<string>): readonly TestNode[] {
  const isWhole = node.kind !== "file" && withBelow(node).every(({ id }) => wanted.has(id));
  if (isWhole || (node.kind === "test" && wanted.has(node.id))) return [node];
  return node.children.flatMap((child) => outermost(child, wanted));
}
