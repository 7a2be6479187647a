/** Members of the class around, as code names them. */
import { ts } from "ts-morph";

/** `this.name`, `this.#name` */
export function isOwnMember(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}
