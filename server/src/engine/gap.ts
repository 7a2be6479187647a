/**
 * What the analysis could not look at, so that nobody takes silence for health.
 *
 * | gap                                             | level   |
 * | ----------------------------------------------- | ------- |
 * | the runtime is not found, for a package         | error   |
 * | the messages of an actor are not known          | error   |
 * | what is written is no text that can be read     | error   |
 * | a file, or one it imports, has a syntax error   | error   |
 * | a folder without any source                     | error   |
 * | a file that speaks of actors and is left out    | warning |
 * | a file or a folder that nobody may read         | warning |
 * | a config file that is read with defaults        | warning |
 * | a settings file that is not understood          | warning |
 */
import type { FileFacts } from "../facts/file-facts.ts";
import type { Span } from "../source/span.ts";

export interface Gap {
  readonly kind: "runtime" | "messages" | "text" | "syntax" | "no-sources" | "left-out" | "config";
  readonly level: "error" | "warning";
  /** The file, or the folder without sources. */
  readonly path: string;
  readonly span?: Span;
  /** The folder of the package it is in. */
  readonly package: string;
  /** One line for people. */
  readonly text: string;
}

/** What is not read. */
export interface SkippedFile {
  readonly path: string;
  /** For people, after "the file" or "the folder". */
  readonly why: string;
  readonly isActorFile: boolean;
  readonly isFolder?: boolean;
}

/** What has to be known beyond the facts. */
export interface Surveyed {
  readonly files: readonly FileFacts[];
  readonly emptyFolders: readonly string[];
  readonly skipped: readonly SkippedFile[];
  readonly problems: readonly { readonly path: string; readonly text: string }[];
  /** What is wrong with settings files. */
  readonly settings?: readonly { readonly path: string; readonly text: string }[];
  packageOf(path: string): string;
}

/** In the order of the table, then of the paths. A runtime that is missing is told once for a package. */
export function gapsOf({ files, emptyFolders, skipped, problems, settings = [], packageOf }: Surveyed): readonly Gap[] {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const found = sorted.flatMap(({ path: reader, unread }) =>
    unread.map((one): Gap => {
      const { path = reader } = one;
      return { ...one, path, level: "error", package: packageOf(path) };
    }),
  );
  // A file is read for each that imports it.
  const gaps = [...new Map(found.map((gap) => [`${gap.path} ${gap.span?.start} ${gap.text}`, gap])).values()];
  const runtimes = new Map<string, Gap>();
  for (const gap of gaps) if (gap.kind === "runtime" && !runtimes.has(gap.package)) runtimes.set(gap.package, gap);
  return [
    ...runtimes.values(),
    ...gaps.filter(({ kind }) => kind !== "runtime"),
    ...emptyFolders.map((path): Gap => {
      return { kind: "no-sources", level: "error", path, package: path, text: "no TypeScript or JavaScript here" };
    }),
    ...skipped
      .filter(({ isActorFile }) => isActorFile)
      .map(({ path, why, isFolder }): Gap => {
        const text = `the ${isFolder ? "folder" : "file"} ${why}`;
        return { kind: "left-out", level: "warning", path, package: packageOf(path), text };
      }),
    ...[...problems, ...settings].map(({ path, text }): Gap => {
      const said = `${text}; defaults are used for what is not understood`;
      return { kind: "config", level: "warning", path, package: packageOf(path), text: said };
    }),
  ];
}
