/** Every function, constructor and method that the doors of the runtime open, as the reviewed snapshot of the API has them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const DOORS = ["index", "spec", "testing", "inspect", "os"] as const;

const snapshots = path.resolve(import.meta.dirname, "../../repo/api");

/** `name`, `Class` for its constructor, `Class.static`, `Class#method`; sorted, each once. */
export function entryPoints(): readonly string[] {
  return [...new Set(DOORS.flatMap(entryPointsOf))].sort();
}

function entryPointsOf(door: string): readonly string[] {
  const text = readFileSync(path.join(snapshots, `${door}.txt`), "utf8");
  const source = ts.createSourceFile(`${door}.d.ts`, text, ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) return [nameOf(statement)];
    if (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      const owner = nameOf(statement);
      return statement.members.flatMap((member) => memberOf(owner, member));
    }
    return [];
  });
}

function memberOf(owner: string, member: ts.ClassElement | ts.TypeElement): readonly string[] {
  if (ts.isConstructorDeclaration(member)) return [owner];
  const isStatic =
    ts.canHaveModifiers(member) && ts.getModifiers(member)?.some((it) => it.kind === ts.SyntaxKind.StaticKeyword);
  const isCallable =
    ts.isMethodDeclaration(member) ||
    ts.isMethodSignature(member) ||
    ts.isSetAccessor(member) ||
    ((ts.isPropertyDeclaration(member) || ts.isPropertySignature(member)) && isFunction(member.type));
  return isCallable ? [`${owner}${isStatic === true ? "." : "#"}${nameOf(member)}`] : [];
}

function isFunction(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && ts.isFunctionTypeNode(type);
}

function nameOf(node: { readonly name?: ts.Node | undefined }): string {
  return node.name?.getText() ?? "default";
}
