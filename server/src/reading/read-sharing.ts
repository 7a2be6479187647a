/** Reads objects that two actors can see: changed after they were sent, state given away, variables of the module. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { ModuleAccess } from "../facts/module-access.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { propertyName } from "./evaluate.ts";
import { isAssignment, isChangingMethod, rootOf } from "./mutated-names.ts";
import { readLeakedState } from "./read-leaked-state.ts";
import type { SourceUnit } from "./source-unit.ts";
import { declarationId, runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

const SENDING = ["ActorRef.tell", "ActorRef.tellAsync", "ActorRef.ask", "ActorContext.reply", "ReplyPort.reply"];
const MUTABLE = new Set(["Array", "Map", "Set", "Uint8Array", "Int32Array", "Float64Array", "Buffer"]);

export function readSharing(
  unit: SourceUnit,
  code: readonly Callback[],
): { incidents: readonly Incident[]; accesses: readonly ModuleAccess[] } {
  const incidents: Incident[] = [];
  const accesses: ModuleAccess[] = [];
  const names = outerNames(unit.file);
  const modules = moduleNames(unit.file);
  for (const callback of code) {
    visitCode(callback.node.body, (node) => {
      if (ts.isCallExpression(node) && runtimeCallee(unit, node, ...SENDING) !== undefined)
        incidents.push(...sentObjects(unit, node, callback, code));
      if (ts.isIdentifier(node) && names.has(node.text)) accesses.push(...moduleAccess(unit, node, callback));
      const member = memberOfModule(node, modules);
      if (member !== undefined) accesses.push(...moduleAccess(unit, member, callback));
    });
  }
  return { incidents, accesses };
}

/** Names of variables at the top of the file, and imported ones: only these can be variables of a module. */
function outerNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) names.add(name.text);
    } else if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamedImports(bindings))
        for (const { name } of bindings.elements) names.add(name.text);
    }
  }
  return names;
}

/** Names of whole modules: `import * as state`. */
function moduleNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = file.statements.flatMap((statement) => {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return bindings !== undefined && ts.isNamespaceImport(bindings) ? [bindings.name.text] : [];
  });
  return new Set(names);
}

/** `state.cache` of `import * as state`. */
function memberOfModule(node: ts.Node, modules: ReadonlySet<string>): ts.PropertyAccessExpression | undefined {
  if (modules.size === 0 || !ts.isPropertyAccessExpression(node)) return undefined;
  return ts.isIdentifier(node.expression) && modules.has(node.expression.text) ? node : undefined;
}

function sentObjects(
  unit: SourceUnit,
  call: ts.CallExpression,
  callback: Callback,
  code: readonly Callback[],
): readonly Incident[] {
  const [message] = call.arguments;
  // What an actor tells itself stays with it.
  if (message === undefined || /\.self\./.test(call.expression.getText())) return [];
  return sentValues(message).flatMap((value): readonly Incident[] => {
    const node = skipOuter(value);
    if (!ts.isPropertyAccessExpression(node) && !ts.isIdentifier(node)) return [];
    // The type is asked for last: it costs most.
    const leaked = readLeakedState(unit, call, node, callback, code);
    if (leaked.length > 0) return isMutable(unit, node) || isPlainObject(unit, node) ? leaked : [];
    if (!ts.isIdentifier(node)) return [];
    return isMutable(unit, node) || isPlainObject(unit, node) ? changedLater(unit, call, node, callback) : [];
  });
}

/** The message itself and the values of its properties. */
function sentValues(message: ts.Expression): readonly ts.Expression[] {
  const node = skipOuter(message);
  if (!ts.isObjectLiteralExpression(node)) return [node];
  return node.properties.flatMap((property) => {
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isPropertyAssignment(property) && propertyName(property.name) !== undefined ? [property.initializer] : [];
  });
}

function isMutable(unit: SourceUnit, node: ts.Expression): boolean {
  const type = unit.checker.getTypeAtLocation(node);
  return (
    type.symbol !== undefined &&
    MUTABLE.has(type.symbol.name) &&
    type.symbol.declarations?.some((one) => one.getSourceFile().isDeclarationFile) === true
  );
}

/** An object of a type that the project writes down, and that is data: no class, nothing that can be called. */
function isPlainObject(unit: SourceUnit, node: ts.Expression): boolean {
  const type = unit.checker.getTypeAtLocation(node);
  const isData =
    ((type.symbol?.flags ?? 0) &
      (ts.SymbolFlags.TypeLiteral | ts.SymbolFlags.Interface | ts.SymbolFlags.ObjectLiteral)) !==
    0;
  return (
    isData &&
    type.symbol.declarations?.every((one) => !one.getSourceFile().isDeclarationFile) === true &&
    type.getCallSignatures().length === 0
  );
}

/** A local variable that is changed in a statement after the send, in the same run of statements. */
function changedLater(unit: SourceUnit, call: ts.CallExpression, name: ts.Identifier, callback: Callback): Incident[] {
  const symbol = symbolOf(unit, name);
  const declaration = symbol?.valueDeclaration;
  if (
    symbol === undefined ||
    declaration === undefined ||
    !ts.isVariableDeclaration(declaration) ||
    !isWithin(declaration, callback.node)
  )
    return [];
  for (let at: ts.Node = call; at !== callback.node; at = at.parent) {
    const { parent } = at;
    if (parent === undefined || ts.isFunctionLike(at)) return [];
    if (!ts.isBlock(parent) && !ts.isCaseOrDefaultClause(parent)) continue;
    const later = parent.statements.slice(parent.statements.indexOf(at as ts.Statement) + 1);
    for (const statement of later) {
      if (!ts.isExpressionStatement(statement)) {
        if (someNode(statement, (node) => ts.isIdentifier(node) && symbolOf(unit, node) === symbol)) return [];
        continue;
      }
      const change = changeIn(statement, (root) => ts.isIdentifier(root) && symbolOf(unit, root) === symbol);
      if (change === "reassigned") return [];
      if (change === undefined) continue;
      const other = { path: unit.file.fileName, span: spanOf(call) };
      return [{ kind: "mutation-after-send", span: spanOf(change), subject: name.text, other, actor: callback.actor }];
    }
    if (leaves(parent.statements.at(-1))) return [];
  }
  return [];
}

/** Whether what comes after the block is not what runs after it. */
function leaves(last: ts.Statement | undefined): boolean {
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isBreakOrContinueStatement(last))
  );
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= node.pos && node.end <= outer.end;
}

/** The expression in a statement that changes the object `isTarget` names, or one in it: `x.push(…)`, `x[0] = …`, `x.rows.push(…)`. */
function changeIn(
  statement: ts.ExpressionStatement,
  isTarget: (node: ts.Node) => boolean,
): ts.Expression | "reassigned" | undefined {
  const { expression } = statement;
  if (ts.isBinaryExpression(expression) && isAssignment(expression.operatorToken.kind)) {
    if (isTarget(expression.left)) return "reassigned";
    const { left } = expression;
    return isPartOf(left, isTarget) ? expression : undefined;
  }
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return undefined;
  const { name, expression: target } = expression.expression;
  const isChanged = isChangingMethod(name.text) && (isTarget(target) || isPartOf(target, isTarget));
  return isChanged ? expression : undefined;
}

/** `x[0]`, `x.rows`, `x.rows[0]` */
function isPartOf(node: ts.Expression, isTarget: (node: ts.Node) => boolean): boolean {
  const root = rootOf(node);
  return root !== undefined && root !== node && isTarget(root);
}

function moduleAccess(
  unit: SourceUnit,
  node: ts.Identifier | ts.PropertyAccessExpression,
  callback: Callback,
): readonly ModuleAccess[] {
  const name = ts.isIdentifier(node) ? node : node.name;
  const isName =
    (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
    (ts.isPropertyAssignment(node.parent) && node.parent.name === node);
  if (isName) return [];
  const declaration = symbolOf(unit, name)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isModuleVariable(declaration)) return [];
  const isConst = (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
  if (isConst && !isMutable(unit, node)) return [];
  return [
    {
      variable: declarationId(declaration),
      name: name.text,
      actor: callback.actor,
      span: spanOf(node),
      isWrite: isWrite(node, isConst),
    },
  ];
}

function isModuleVariable(declaration: ts.VariableDeclaration): boolean {
  return ts.isSourceFile(declaration.parent.parent.parent) && !declaration.getSourceFile().isDeclarationFile;
}

function isWrite(node: ts.Identifier | ts.PropertyAccessExpression, isConst: boolean): boolean {
  const { parent } = node;
  if (!isConst) {
    if (ts.isBinaryExpression(parent) && parent.left === node && isAssignment(parent.operatorToken.kind)) return true;
    const isStep = ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent);
    if (
      isStep &&
      (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)
    )
      return true;
  }
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    return (
      isChangingMethod(parent.name.text) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent
    );
  }
  const isElement = ts.isElementAccessExpression(parent) && parent.expression === node;
  return (
    isElement &&
    ts.isBinaryExpression(parent.parent) &&
    parent.parent.left === parent &&
    isAssignment(parent.parent.operatorToken.kind)
  );
}
