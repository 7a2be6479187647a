/** Finds where the variants of protocols are declared in a file: the literal types of discriminants. Syntax only. */
import { ts } from "ts-morph";
import type { UnionRoom, VariantDeclaration } from "../facts/variant-declaration.ts";
import { propertyName } from "./evaluate.ts";
import { indentAt } from "./indentation.ts";
import { declarationId, forEachNode, spanOf } from "./symbols.ts";

export function readVariantDeclarations(file: ts.SourceFile): readonly VariantDeclaration[] {
  const found: VariantDeclaration[] = [];
  forEachNode(file, (node) => {
    if (!ts.isPropertySignature(node) && !ts.isPropertyDeclaration(node)) return;
    const type = ts.isPropertyDeclaration(node) ? (node.type ?? node.initializer) : node.type;
    if (type === undefined) return;
    for (const one of ts.isUnionTypeNode(type) ? type.types : [type]) {
      const literal = ts.isLiteralTypeNode(one) ? one.literal : one;
      const key = ts.isStringLiteralLike(literal)
        ? `s:${literal.text}`
        : ts.isNumericLiteral(literal)
          ? `n:${literal.text}`
          : undefined;
      if (key === undefined) continue;
      const room = roomBeside(file, node.parent);
      found.push({
        id: `${declarationId(node)}:${key}`,
        span: spanOf(literal),
        discriminant: propertyName(node.name) ?? "",
        ...(room === undefined ? {} : { room }),
      });
    }
  });
  return found;
}

function roomBeside(file: ts.SourceFile, declared: ts.Node): UnionRoom | undefined {
  if (ts.isTypeLiteralNode(declared)) return roomAfter(declared);
  const name = ts.isInterfaceDeclaration(declared) || ts.isClassLike(declared) ? declared.name?.text : undefined;
  if (name === undefined) return undefined;
  const rooms: UnionRoom[] = [];
  for (const statement of file.statements) {
    if (!ts.isTypeAliasDeclaration(statement)) continue;
    forEachNode(statement.type, (node) => {
      const room = ts.isTypeReferenceNode(node) && node.typeName.getText() === name ? roomAfter(node) : undefined;
      if (room !== undefined) rooms.push(room);
    });
  }
  const [only, ...others] = rooms;
  return others.length === 0 ? only : undefined;
}

/** After the member of a named union that a type is, or is marked as a question in. */
function roomAfter(node: ts.TypeNode): UnionRoom | undefined {
  let member: ts.Node = node;
  while (ts.isTypeReferenceNode(member.parent) || ts.isParenthesizedTypeNode(member.parent)) member = member.parent;
  const union = ts.isUnionTypeNode(member.parent) ? member.parent : member;
  if (!ts.isTypeAliasDeclaration(union.parent)) return undefined;
  const file = node.getSourceFile();
  const { text } = file;
  const isListed = /(?:^|\n)[ \t]*\|[ \t]*$/.test(text.slice(0, member.getStart()));
  const lead = isListed ? `\n${indentAt(file, member.getStart())}| ` : " | ";
  return { at: member.end, lead, union: declarationId(union.parent) };
}
