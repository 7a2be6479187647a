/** Functions and methods that the code of actors calls, also of other files: what they are called in all files, and those nobody here calls. */
import { ts } from "ts-morph";
import type { Callback, FunctionWithBody } from "./actor-code.ts";
import { isContextType } from "./context-type.ts";
import { mayBeFunction } from "./runtime-words.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, runtimeCallee, symbolOf } from "./symbols.ts";

/** Id of a function with a name, or of a method, equal in all files. */
export function functionId(node: ts.Node): string | undefined {
  const isValue = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  const named = isValue ? node.parent : node;
  if (ts.isFunctionDeclaration(named)) return named.name === undefined ? undefined : declarationId(named);
  if (ts.isVariableDeclaration(named)) return declarationId(named);
  const isMember = ts.isMethodDeclaration(named) || ts.isPropertyDeclaration(named);
  if (!isMember || !ts.isClassLike(named.parent)) return undefined;
  return `${declarationId(named.parent)}.${named.name.getText()}`;
}

/**
 * The functions at the top of a file, and the methods of its classes, that are no code of an actor of the file: actors of other files may
 * call them. Each stands for itself.
 */
export function readSharedFunctions(unit: SourceUnit, code: readonly Callback[]): readonly Callback[] {
  const taken = new Set<ts.Node>(code.map(({ node }) => node));
  const owners = new Set<ts.Node>(code.map(({ owner }) => owner));
  return functionsOf(unit.file).flatMap((node): readonly Callback[] => {
    const id = taken.has(node) || owners.has(node.parent) ? undefined : functionId(node);
    const owner = ts.isClassLike(node.parent) ? node.parent : undefined;
    return id === undefined
      ? []
      : [{ actor: id, kind: "helper", node, owner: owner ?? (node as ts.Expression), messageAt: 0 }];
  });
}

function functionsOf(file: ts.SourceFile): readonly FunctionWithBody[] {
  return file.statements.flatMap((statement): readonly FunctionWithBody[] => {
    if (ts.isFunctionDeclaration(statement)) return withBody(statement);
    if (ts.isClassDeclaration(statement))
      return statement.members.flatMap((member) => (ts.isMethodDeclaration(member) ? withBody(member) : []));
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.flatMap(({ initializer }) =>
      initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
        ? withBody(initializer)
        : [],
    );
  });
}

function withBody(node: ts.FunctionLikeDeclaration): readonly FunctionWithBody[] {
  return node.body === undefined ? [] : [node as FunctionWithBody];
}

/** A function of another file of the project that a call gives the context of the actor to. */
export function functionElsewhere(unit: SourceUnit, call: ts.CallExpression): FunctionWithBody | undefined {
  if (call.arguments.length === 0) return undefined;
  const value = calledValue(unit, call);
  const isElsewhere = value !== undefined && ts.isFunctionLike(value) && value.getSourceFile() !== unit.file;
  if (!isElsewhere || !takesContext(unit, value)) return undefined;
  return withBody(value as ts.FunctionLikeDeclaration)[0];
}

function takesContext(unit: SourceUnit, { parameters }: ts.SignatureDeclaration): boolean {
  return parameters.some(
    ({ type }) => type !== undefined && isContextType(unit, unit.checker.getTypeFromTypeNode(type)),
  );
}

/** Id of the function or method of the project that a call calls. */
export function calledFunction(unit: SourceUnit, call: ts.CallExpression): string | undefined {
  const value = calledValue(unit, call);
  return value === undefined || runtimeCallee(unit, call) !== undefined ? undefined : functionId(value);
}

function calledValue(unit: SourceUnit, { expression: callee }: ts.CallExpression): ts.Node | undefined {
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isMemberName(name) || !mayBeFunction(name, unit.runtimeWords)) return undefined;
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || declaration.getSourceFile().isDeclarationFile) return undefined;
  if (!isTopLevel(declaration)) return undefined;
  return ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
}

function isTopLevel(declaration: ts.Declaration): boolean {
  const { parent } = declaration;
  if (ts.isSourceFile(parent) || ts.isClassLike(parent)) return true;
  return ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent);
}
