/** A second copy of the runtime in one program: what one copy makes is nothing to the other. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { RUNTIME_PACKAGE } from "./runtime-package.ts";
import type { Checker, SourceUnit } from "./source-unit.ts";
import { spanOf } from "./symbols.ts";

/** By file: the folders of the copies that it and what it imports have. A file is one text; where its imports lead is asked of each program. */
const known = new WeakMap<Checker, Map<ts.SourceFile, ReadonlySet<string>>>();

/**
 * The imports through which a file gets another copy than its own, or two copies where it has none itself. Types alone do not count: nothing
 * of them is there when the program runs.
 */
export function readOtherRuntimes(unit: SourceUnit): readonly Incident[] {
  // What the program's own files have is the first copy, and what a package brings the second.
  const imports = importsOf(unit.file).toSorted(
    (a, b) => Number(b.text.startsWith(".")) - Number(a.text.startsWith(".")),
  );
  const own = imports.map((one) => ownCopy(unit, one)).find((one) => one !== undefined);
  let first = own;
  for (const specifier of imports) {
    for (const copy of copiesBehind(unit, specifier)) {
      first ??= copy;
      if (copy === first) continue;
      const subject = `${copy} besides ${first}`;
      return [{ kind: "other-runtime", span: spanOf(specifier), subject, actor: "" }];
    }
  }
  return [];
}

/** The copy that an import names itself. */
function ownCopy(unit: SourceUnit, specifier: ts.StringLiteral): string | undefined {
  if (specifier.text !== RUNTIME_PACKAGE && !specifier.text.startsWith(`${RUNTIME_PACKAGE}/`)) return undefined;
  const file = moduleOf(unit, specifier);
  return file === undefined ? undefined : unit.runtime.folderOf(file.fileName);
}

function copiesBehind(unit: SourceUnit, specifier: ts.StringLiteral): ReadonlySet<string> {
  const own = ownCopy(unit, specifier);
  if (own !== undefined) return new Set([own]);
  const file = moduleOf(unit, specifier);
  return file === undefined ? new Set() : copiesIn(unit, file);
}

function copiesIn(unit: SourceUnit, file: ts.SourceFile): ReadonlySet<string> {
  const files = known.get(unit.checker) ?? new Map<ts.SourceFile, ReadonlySet<string>>();
  known.set(unit.checker, files);
  const found = files.get(file);
  if (found !== undefined) return found;
  // A circle of imports is looked at once.
  const copies = new Set<string>();
  files.set(file, copies);
  for (const specifier of importsOf(file)) for (const copy of copiesBehind(unit, specifier)) copies.add(copy);
  return copies;
}

function moduleOf(unit: SourceUnit, specifier: ts.StringLiteral): ts.SourceFile | undefined {
  const declaration = unit.checker.getSymbolAtLocation(specifier)?.declarations?.[0];
  return declaration !== undefined && ts.isSourceFile(declaration) ? declaration : undefined;
}

/** What a file loads when it runs. */
function importsOf(file: ts.SourceFile): readonly ts.StringLiteral[] {
  return file.statements.flatMap((statement) => {
    const isLoaded =
      (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly !== true) ||
      (ts.isExportDeclaration(statement) && !statement.isTypeOnly);
    if (!isLoaded || statement.moduleSpecifier === undefined) return [];
    return ts.isStringLiteral(statement.moduleSpecifier) ? [statement.moduleSpecifier] : [];
  });
}
