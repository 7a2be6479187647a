/** Findings with lines and columns, as all formats print them. */
import path from "node:path";
import type { Gap } from "../engine/gap.ts";
import type { SourceRange } from "../protocol.ts";
import type { Diagnostic, Severity } from "../rules/diagnostic.ts";
import type { FileSystem } from "../source/file-system.ts";
import { LineMap } from "../source/line-map.ts";
import { pathOfNative } from "../source/path-uri.ts";

export interface Report {
  /** With `/`, relative to the folder the check was started in; for code hosts, to the root of the repository. */
  readonly file: string;
  readonly range: SourceRange;
  readonly rule: string;
  readonly code: number;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly { readonly file: string; readonly range: SourceRange; readonly message: string }[];
  /** The line as it stands, for people. */
  readonly sourceLine: string;
  readonly isFixable: boolean;
}

/** What could not be looked at. */
export interface GapReport {
  readonly kind: Gap["kind"];
  readonly level: Gap["level"];
  /** As in {@link Report}; the folder, where there is no file. */
  readonly file: string;
  readonly range?: SourceRange;
  readonly message: string;
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly others: number;
  readonly files: number;
  readonly actors: number;
  readonly milliseconds: number;
  readonly fixed: number;
  /** Findings that `--fix` would take away. */
  readonly fixable: number;
  /** Places that could not be looked at. */
  readonly unread: number;
}

/** Turns offsets into lines and columns, and paths into names below a folder. Reads each file once. */
export class Reporter {
  readonly #root: string;
  readonly #files: FileSystem;
  readonly #texts = new Map<string, { readonly map: LineMap; readonly lines: readonly string[] }>();

  /** @param root absolute, with `/`. */
  constructor(root: string, files: FileSystem) {
    this.#root = root;
    this.#files = files;
  }

  report(found: Diagnostic): Report {
    const range = this.#textOf(found.path).map.range(found.span);
    return {
      file: this.nameOf(found.path),
      range,
      rule: found.rule,
      code: found.code,
      severity: found.severity,
      message: found.message,
      related: (found.related ?? []).map((place) => ({
        file: this.nameOf(place.path),
        range: this.#textOf(place.path).map.range(place.span),
        message: place.message,
      })),
      sourceLine: this.#textOf(found.path).lines[range.start.line] ?? "",
      isFixable: found.fixes?.some((fix) => fix.isSafe) ?? false,
    };
  }

  gap({ kind, level, path: file, span, text }: Gap): GapReport {
    return {
      kind,
      level,
      file: this.nameOf(file) || ".",
      ...(span === undefined ? {} : { range: this.#textOf(file).map.range(span) }),
      message: text,
    };
  }

  nameOf(file: string): string {
    return pathOfNative(path.relative(this.#root, file));
  }

  /** The other way round. */
  pathOf(name: string): string {
    return pathOfNative(path.resolve(this.#root, name));
  }

  #textOf(file: string): { readonly map: LineMap; readonly lines: readonly string[] } {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = this.#files.read(file) ?? "";
    const entry = { map: new LineMap(text), lines: text.split(/\r\n|\r|\n/) };
    this.#texts.set(file, entry);
    return entry;
  }
}
