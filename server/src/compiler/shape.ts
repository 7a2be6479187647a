/** The part of a file that other files can see the types of. Two versions of equal shape mean the same to all importers. */
import { ts } from "ts-morph";

/** The text without the function bodies that cannot change a type. JavaScript is taken whole: its bodies declare properties. */
export function shapeOf(file: ts.SourceFile): string {
  if (!file.fileName.endsWith("ts") && !file.fileName.endsWith("tsx")) return file.text;
  const parts: string[] = [];
  let from = 0;
  const visit = (node: ts.Node): void => {
    const body = ts.isFunctionLike(node) && "body" in node ? node.body : undefined;
    if (body !== undefined && ts.isBlock(body) && isOpaque(node as ts.FunctionLikeDeclaration, body)) {
      parts.push(file.text.slice(from, body.pos));
      from = body.end;
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  parts.push(file.text.slice(from));
  return parts.join("{}");
}

function isOpaque(node: ts.FunctionLikeDeclaration, body: ts.Block): boolean {
  if (node.type !== undefined || ts.isConstructorDeclaration(node) || ts.isSetAccessorDeclaration(node)) return true;
  if (node.asteriskToken !== undefined) return false;
  return !returnsValue(body);
}

/** A function without `return value` is `void` (or never ends), whatever else it does. */
function returnsValue(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return node.expression !== undefined;
  if (ts.isThrowStatement(node)) return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, (child) => returnsValue(child) || undefined) ?? false;
}
