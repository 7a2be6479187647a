/** Finds where the variants of protocols are declared in a file: the literal types of discriminants. Syntax only. */
import { ts } from "ts-morph";
import { declarationId, forEachNode, spanOf } from "./symbols.ts";
import type { VariantDeclaration } from "./variant-declaration.ts";

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
      if (key !== undefined)
        found.push({
          id: `${declarationId(node)}:${key}`,
          span: spanOf(literal),
          full: spanOf(node.parent),
          fields: fieldsOf(node.parent, node),
        });
    }
  });
  return found;
}

function fieldsOf(parent: ts.Node, discriminant: ts.Node): readonly string[] {
  const members = ts.isTypeLiteralNode(parent) || ts.isInterfaceDeclaration(parent) ? parent.members : [];
  return members.flatMap((member) =>
    member !== discriminant &&
    ts.isPropertySignature(member) &&
    member.questionToken === undefined &&
    ts.isIdentifier(member.name)
      ? [member.name.text]
      : [],
  );
}
