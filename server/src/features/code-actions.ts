/** The fixes that apply at a place: those of the diagnostics there, and all safe ones of the file at once. */
import type { Diagnostic, Fix } from "../rules/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { TextEdit } from "../source/text-edit.ts";

export interface FixAction {
  readonly title: string;
  readonly diagnostic?: Diagnostic;
  readonly isPreferred: boolean;
  readonly edits: readonly TextEdit[];
}

export function fixesAt(diagnostics: readonly Diagnostic[], span: Span): readonly FixAction[] {
  return diagnostics
    .filter((diagnostic) => diagnostic.span.start <= span.end && span.start <= diagnostic.span.end)
    .flatMap((diagnostic) =>
      (diagnostic.fixes ?? []).map((fix, index) => ({
        title: fix.title,
        diagnostic,
        isPreferred: index === 0 && (fix.isSafe || fix.isObvious === true),
        edits: fix.edits,
      })),
    );
}

/** The safe fixes of a file that do not touch each other. */
export function safeFixes(diagnostics: readonly Diagnostic[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const fix of diagnostics.flatMap((diagnostic) => diagnostic.fixes?.slice(0, 1) ?? [])) {
    if (fix.isSafe && !overlaps(fix, taken)) taken.push(...fix.edits);
  }
  return taken;
}

function overlaps(fix: Fix, taken: readonly TextEdit[]): boolean {
  return fix.edits.some((edit) =>
    taken.some((one) => one.path === edit.path && one.span.start <= edit.span.end && edit.span.start <= one.span.end),
  );
}
