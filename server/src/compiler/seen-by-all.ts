/** Files that every file of a program sees, whether it imports them or not: scripts, JavaScript, and modules that add to the globals or to other modules. */
import { ts } from "ts-morph";

/** Of a file that is parsed. */
export function isSeenByAll(file: ts.SourceFile): boolean {
  return (
    !ts.isExternalModule(file) ||
    !/\.[cm]?tsx?$/.test(file.fileName) ||
    file.statements.some((statement) => ts.isNamespaceExportDeclaration(statement) || isAugmentation(statement))
  );
}

/** The same of a text that nobody has parsed. */
export function isTextSeenByAll(path: string, text: string): boolean {
  return isSeenByAll(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
}

function isAugmentation(statement: ts.Statement): boolean {
  return (
    ts.isModuleDeclaration(statement) &&
    (ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0)
  );
}
