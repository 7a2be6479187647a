/** What an object of options says of one of them: in its literal, in a constant that is given or spread, the last word counts. */
import { ts } from "ts-morph";
import { propertyName } from "./evaluate.ts";
import { mutatedNames } from "./mutated-names.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, symbolOf } from "./symbols.ts";

/** Constants that are looked through, one after the other. */
const MAX_DEPTH = 12;

/** @returns the expression of the option, through constants; `undefined` where the source does not say it. */
export function givenOption(unit: SourceUnit, options: ts.Expression, wanted: string): ts.Expression | undefined {
  return find(unit, options, wanted, MAX_DEPTH);
}

function find(unit: SourceUnit, options: ts.Expression, wanted: string, depth: number): ts.Expression | undefined {
  const literal = meant(unit, options);
  if (depth === 0 || !ts.isObjectLiteralExpression(literal)) return undefined;
  for (const property of literal.properties.toReversed()) {
    if (ts.isSpreadAssignment(property)) {
      const spread = find(unit, property.expression, wanted, depth - 1);
      if (spread !== undefined) return spread;
    } else if (property.name !== undefined && propertyName(property.name) === wanted) {
      if (ts.isPropertyAssignment(property)) return property.initializer;
      return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
    }
  }
  return undefined;
}

/** What a constant was made of, in whichever file, also one that is kept in an object; else the expression itself. */
export function meant(unit: SourceUnit, expression: ts.Expression): ts.Expression {
  let node = skipOuter(expression);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next = step(unit, node);
    if (next === undefined) return node;
    const file = next.getSourceFile();
    if (file !== unit.file) unit.reads.add(file.fileName);
    node = skipOuter(next);
  }
  return node;
}

function step(unit: SourceUnit, node: ts.Expression): ts.Expression | undefined {
  const name = ts.isPropertyAccessExpression(node) ? node.name : ts.isIdentifier(node) ? node : undefined;
  const declaration = name === undefined ? undefined : symbolOf(unit, name)?.valueDeclaration;
  if (declaration !== undefined && ts.isVariableDeclaration(declaration)) return constantOf(declaration);
  // A name of an object; that of a module is a variable.
  return ts.isPropertyAccessExpression(node) ? givenOption(unit, node.expression, node.name.text) : undefined;
}

/** `using` and `await using` are constants, too. What is changed after it is made says nothing. */
function constantOf({ name, parent, initializer }: ts.VariableDeclaration): ts.Expression | undefined {
  const isConstant = (parent.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using)) !== 0;
  if (!isConstant || !ts.isIdentifier(name) || mutatedNames(name.getSourceFile()).has(name.text)) return undefined;
  return initializer;
}
