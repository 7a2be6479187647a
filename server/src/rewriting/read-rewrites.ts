/** Reads how else the code at a place could be written. A reader that fails on some code offers nothing there. */
import { ts } from "ts-morph";
import type { FileFacts } from "../facts/file-facts.ts";
import type { Rewrite } from "../facts/rewrite.ts";
import type { SourceUnit } from "../reading/source-unit.ts";
import { supervisorRewrite } from "../reading/supervisor-rewrite.ts";
import { forEachNode } from "../reading/symbols.ts";
import { switchRewrite } from "./switch-rewrite.ts";
import { tableRewrite } from "./table-rewrite.ts";

/** Never throws. */
export function readRewrites(unit: SourceUnit, facts: FileFacts, offset: number): readonly Rewrite[] {
  try {
    if (!/\.[cm]?tsx?$/.test(unit.file.fileName)) return [];
    return [...handlerRewrites(unit, facts, offset), ...spawnRewrites(unit, offset)];
  } catch {
    // Code that is being typed can have any form.
    return [];
  }
}

/** In the head of `handleMessage`, of its `switch` or of a clause, and in the head of the map or of a handler. */
function handlerRewrites(unit: SourceUnit, facts: FileFacts, offset: number): readonly Rewrite[] {
  const handler = handlerAround(unit.file, offset);
  if (handler === undefined) return [];
  return [tableRewrite, switchRewrite].flatMap((rewrite) => rewrite(unit, facts, handler) ?? []);
}

/** On the word `spawn`, and on what comes before it in its statement. */
function spawnRewrites(unit: SourceUnit, offset: number): readonly Rewrite[] {
  let found: ts.CallExpression | undefined;
  forEachNode(unit.file, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const { name } = node.expression;
    if (name.text !== "spawn" || offset > name.end) return;
    const statement = ts.findAncestor(node, ts.isStatement);
    if (statement !== undefined && statement.getStart() <= offset) found = node;
  });
  const rewrite = found === undefined ? undefined : supervisorRewrite(unit, found);
  return rewrite === undefined ? [] : [rewrite];
}

function handlerAround(file: ts.SourceFile, offset: number): ts.MethodDeclaration | undefined {
  let found: ts.MethodDeclaration | undefined;
  forEachNode(file, (node) => {
    if (!ts.isClassLike(node) || offset < node.getStart() || node.end < offset) return;
    const handler = node.members.find(
      (member): member is ts.MethodDeclaration =>
        ts.isMethodDeclaration(member) && member.name.getText() === "handleMessage",
    );
    if (handler !== undefined && (isHead(handler, offset) || node.members.some((one) => isTableHead(one, offset))))
      found = handler;
  });
  return found;
}

function isHead(handler: ts.MethodDeclaration, offset: number): boolean {
  const { body } = handler;
  return body !== undefined && handler.getStart() <= offset && offset <= body.end && !isInside(body, offset);
}

/** Within the statements of a clause: what is asked for there is something else. */
function isInside(body: ts.Block, offset: number): boolean {
  let inside = false;
  forEachNode(body, (node) => {
    const statements = ts.isCaseOrDefaultClause(node) ? node.statements : [];
    const [first] = statements;
    if (first !== undefined && first.getStart() < offset && offset < node.end) inside = true;
  });
  return inside;
}

function isTableHead(member: ts.ClassElement, offset: number): boolean {
  const literal = ts.isPropertyDeclaration(member) ? member.initializer : undefined;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return false;
  if (member.getStart() <= offset && offset <= literal.getStart() + 1) return true;
  return literal.properties.some(({ name }) => name !== undefined && name.getStart() <= offset && offset <= name.end);
}
