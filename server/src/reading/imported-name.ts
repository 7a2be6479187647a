/** Names that a file imports, and how it gets one more. */
import { ts } from "ts-morph";
import type { TextEdit } from "../source/text-edit.ts";
import { RUNTIME_PACKAGE } from "./runtime-package.ts";
import type { SourceUnit } from "./source-unit.ts";
import { followAlias } from "./symbols.ts";

export interface ImportedName {
  /** What it is called in this file. */
  readonly name: string;
  /** What has to be changed for that; nothing when it is known already. */
  readonly edits: readonly TextEdit[];
}

/** A function of the runtime. @returns `undefined` when the file imports no values by name from there, or the name is taken. */
export function runtimeValue(unit: SourceUnit, name: string): ImportedName | undefined {
  const lists = importLists(unit).filter(({ module, isTypeOnly }) => module === RUNTIME_PACKAGE && !isTypeOnly);
  const known = lists
    .flatMap(({ elements }) => [...elements])
    .find((one) => !one.isTypeOnly && (one.propertyName ?? one.name).text === name);
  if (known !== undefined) return { name: known.name.text, edits: [] };
  const [list] = lists;
  const isTaken = unit.checker.resolveName(name, unit.file, ts.SymbolFlags.Value, false) !== undefined;
  return list === undefined || isTaken ? undefined : withElement(unit, list, name, name);
}

/** A type, if it has a name here or is exported by a module that is imported here. */
export function typeName(unit: SourceUnit, type: ts.Type): ImportedName | undefined {
  const symbol = type.aliasSymbol ?? type.symbol;
  if (symbol === undefined || symbol.name.startsWith("__") || (type.aliasTypeArguments?.length ?? 0) > 0)
    return undefined;
  const here = unit.checker.resolveName(symbol.name, unit.file, ts.SymbolFlags.Type, false);
  if (here !== undefined) return followAlias(unit, here) === symbol ? { name: symbol.name, edits: [] } : undefined;
  for (const list of importLists(unit)) {
    const module = unit.checker.getSymbolAtLocation(list.specifier);
    const exported = module === undefined ? [] : unit.checker.getExportsOfModule(module);
    const found = exported.find((one) => one.name === symbol.name && followAlias(unit, one) === symbol);
    if (found !== undefined)
      return withElement(unit, list, found.name, list.isTypeOnly ? found.name : `type ${found.name}`);
  }
  return undefined;
}

interface ImportList {
  readonly module: string;
  readonly specifier: ts.Expression;
  readonly isTypeOnly: boolean;
  readonly elements: readonly ts.ImportSpecifier[];
}

function importLists(unit: SourceUnit): readonly ImportList[] {
  return unit.file.statements.flatMap((statement): readonly ImportList[] => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings) || bindings.elements.length === 0) return [];
    const isTypeOnly = statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    const specifier = statement.moduleSpecifier;
    return [{ module: specifier.text, specifier, isTypeOnly, elements: bindings.elements }];
  });
}

function withElement(unit: SourceUnit, { elements }: ImportList, name: string, written: string): ImportedName {
  const end = elements.at(-1)?.end ?? 0;
  return { name, edits: [{ path: unit.file.fileName, span: { start: end, end }, newText: `, ${written}` }] };
}
