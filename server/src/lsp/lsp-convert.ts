/** Plain data of the analysis to the types of the LSP. */
import {
  type CodeAction,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { Action, RangedDiagnostic, RangedEdit } from "../analysis/analysis-calls.ts";
import { SELECT_COMMAND } from "../protocol.ts";
import type { Severity } from "../rules/diagnostic.ts";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What the conversion must know of files. */
export interface Places {
  /** `undefined` for what is not a file. */
  pathOf(uri: string): string | undefined;
  uriOf(path: string): string;
  /** Whether the client shows places that belong to a diagnostic. */
  showsRelated(): boolean;
  /** Whether the client selects a range when it is told to. */
  selects(): boolean;
  /** The page of a rule, when it is there. */
  pageOf(rule: string): string | undefined;
}

export function toLspDiagnostic(diagnostic: RangedDiagnostic, places: Places): Diagnostic {
  const href = places.pageOf(diagnostic.rule);
  return {
    range: diagnostic.range,
    severity: SEVERITIES[diagnostic.severity],
    code: diagnostic.rule,
    ...(href === undefined ? {} : { codeDescription: { href } }),
    source: "airssys",
    message: diagnostic.message,
    ...(diagnostic.isUnnecessary ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    ...(diagnostic.related.length === 0 || !places.showsRelated()
      ? {}
      : {
          relatedInformation: diagnostic.related.map(({ path, range, message }) => ({
            location: { uri: places.uriOf(path), range },
            message,
          })),
        }),
  };
}

export function toCodeAction(action: Action, places: Places): CodeAction {
  return {
    title: action.title,
    kind: action.kind,
    ...(action.fixes === undefined ? {} : { diagnostics: [toLspDiagnostic(action.fixes, places)] }),
    ...(action.isPreferred ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(action.edits, places),
    ...(action.selection === undefined || !places.selects()
      ? {}
      : {
          command: {
            title: action.title,
            command: SELECT_COMMAND,
            arguments: [places.uriOf(action.selection.path), action.selection.range],
          },
        }),
  };
}

export function toWorkspaceEdit(edits: readonly RangedEdit[], places: Places): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { path, range, newText } of edits) {
    const uri = places.uriOf(path);
    const list = changes[uri] ?? [];
    list.push({ range, newText });
    changes[uri] = list;
  }
  return { changes };
}
