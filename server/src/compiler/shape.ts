/** The part of a file that other files can see the types of. Two versions of equal shape mean the same to all importers. */
import { ts } from "ts-morph";

/** The text without the function bodies that cannot change a type. JavaScript is taken whole: its bodies declare properties. */
export function shapeOf(file: ts.SourceFile): string {
  if (!file.fileName.endsWith("ts") && !file.fileName.endsWith("tsx")) return file.text;
  const parts: string[] = [];
  let from = 0;
  // A file that was only parsed does not know whose child a node is.
  const visit = (node: ts.Node, parent: ts.Node): void => {
    const body = ts.isFunctionLike(node) && "body" in node ? node.body : undefined;
    if (body !== undefined && ts.isBlock(body) && isOpaque(node as ts.FunctionLikeDeclaration, body, parent)) {
      parts.push(file.text.slice(from, body.pos));
      from = body.end;
      return;
    }
    ts.forEachChild(node, (child) => visit(child, node));
  };
  visit(file, file);
  parts.push(file.text.slice(from));
  return parts.join("{}");
}

function isOpaque(node: ts.FunctionLikeDeclaration, body: ts.Block, parent: ts.Node): boolean {
  if (ts.isConstructorDeclaration(node)) return !(ts.isClassLike(parent) && parent.members.some(isInferred));
  if (node.type !== undefined || ts.isSetAccessorDeclaration(node)) return true;
  if (node.asteriskToken !== undefined) return false;
  return !returnsValue(body);
}

/** A field without a type or a value has the type of what the constructor assigns to it. */
function isInferred(member: ts.ClassElement): boolean {
  return ts.isPropertyDeclaration(member) && member.type === undefined && member.initializer === undefined;
}

/** A function without `return value` is `void` (or never ends), whatever else it does. */
function returnsValue(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return node.expression !== undefined;
  if (ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, (child) => returnsValue(child) || undefined) ?? false;
}
