/** Reads all facts of a file. A reader that fails on some code costs its own facts only. */

import { ts } from "ts-morph";
import type { FileFacts } from "./file-facts.ts";
import { readActors } from "./read-actors.ts";
import { readSupervisors } from "./read-supervisors.ts";
import { readSuppressions } from "./read-suppressions.ts";
import { RUNTIME_PACKAGE } from "./runtime-package.ts";
import type { SourceUnit } from "./source-unit.ts";

/** Never throws. */
export function extractFacts(source: Omit<SourceUnit, "reads">): FileFacts {
  const unit: SourceUnit = { ...source, reads: new Set() };
  const failures: string[] = [];
  /** Code that is being typed can have any form; what cannot be read is left out, and told. */
  const attempt = <T>(read: () => T, nothing: T): T => {
    try {
      return read();
    } catch (cause) {
      failures.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
      return nothing;
    }
  };
  const { actors, dispatches } = attempt(() => readActors(unit), { actors: [], dispatches: [] });
  return {
    path: unit.file.fileName,
    lacksRuntime: attempt(() => lacksRuntime(unit), false),
    actors,
    dispatches,
    supervisors: attempt(() => readSupervisors(unit), []),
    suppressions: attempt(() => readSuppressions(unit.file), []),
    reads: [...unit.reads],
    failures,
  };
}

function lacksRuntime(unit: SourceUnit): boolean {
  return unit.file.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === RUNTIME_PACKAGE &&
      unit.checker.getSymbolAtLocation(statement.moduleSpecifier) === undefined,
  );
}
