/** What an actor takes in its start and gives back for a message only: after a crash it is still taken. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { rootOf } from "./mutated-names.ts";
import { isOwnMember } from "./own-member.ts";
import type { SourceUnit } from "./source-unit.ts";
import { reachedFromStart } from "./start-code.ts";
import { skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";
import { isWholeActor } from "./whole-actor.ts";

const CLOSING = new Set(["close", "destroy", "disconnect", "terminate"]);
/** With any of these the actor has thought of its end. */
const ENDING = /^(?:signal|abort|dispose|asyncDispose|handleSignal)$/;

/** Something that was taken, and where. */
interface Held {
  /** As it is written: `taken`, `this.#server`. */
  readonly name: string;
  readonly node: ts.Node;
}

/**
 * | a start | given back | told |
 * |---|---|---|
 * | puts something into a set or map of the module, and refuses to start when it is there | `taken.delete(…)` in a handler | there |
 * | puts a server, a socket, a worker or a watcher of Node into a field | `this.#server.close()` in a handler | there |
 * | the same in an actor with a `postStop`, a `handleSignal`, or its signal | anywhere | nothing |
 * | the same, given back nowhere, or by the start itself | | nothing: it may be meant to stay |
 */
export function readHeldResources(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  return [...new Set(code.map(({ owner }) => owner))].flatMap((owner): readonly Incident[] => {
    const own = code.filter((one) => one.owner === owner);
    if (!ts.isClassLike(owner) || own.some(({ kind }) => kind === "stop") || !isWholeActor(unit, owner)) return [];
    if (someNode(owner, (node) => ts.isMemberName(node) && ENDING.test(node.text))) return [];
    const start = reachedFromStart(own);
    const held = [...start].flatMap((one) => takenIn(unit, one));
    return own
      .filter((one) => !start.has(one) && one.kind !== "constructor")
      .flatMap((one) => givenBackIn(one))
      .flatMap(({ name, node }): readonly Incident[] => {
        const taken = held.find((one) => one.name === name);
        if (taken === undefined) return [];
        const other = { path: taken.node.getSourceFile().fileName, span: spanOf(taken.node) };
        const { actor } = own[0] as Callback;
        return [{ kind: "held-resource", span: spanOf(node), subject: name, other, actor }];
      });
  });
}

function takenIn(unit: SourceUnit, { node }: Callback): readonly Held[] {
  const found: Held[] = [];
  visitCode(node.body, (one, depth) => {
    if (depth > 0) return;
    const assigned =
      ts.isBinaryExpression(one) && one.operatorToken.kind === ts.SyntaxKind.EqualsToken && isOwnMember(one.left)
        ? one.left
        : undefined;
    if (assigned !== undefined && isResource(unit, assigned)) found.push({ name: assigned.getText(), node: one });
    if (!ts.isCallExpression(one) || !ts.isPropertyAccessExpression(one.expression)) return;
    const { name, expression } = one.expression;
    const isAdded = (name.text === "add" || name.text === "set") && isOfModule(unit, expression);
    if (isAdded && refuses(node, expression.getText())) found.push({ name: expression.getText(), node: one });
  });
  return found;
}

/** Whether a start throws where something is there already. */
function refuses(start: ts.Node, collection: string): boolean {
  return someNode(
    start,
    (node) =>
      ts.isIfStatement(node) &&
      someNode(
        node.expression,
        (one) => ts.isCallExpression(one) && one.expression.getText() === `${collection}.has`,
      ) &&
      someNode(node.thenStatement, ts.isThrowStatement),
  );
}

function isOfModule(unit: SourceUnit, collection: ts.Expression): boolean {
  const root = rootOf(collection);
  const declaration = root === undefined ? undefined : symbolOf(unit, root)?.valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    ts.isSourceFile(declaration.parent.parent.parent)
  );
}

/** A value of a class of Node's that has to be closed. */
function isResource(unit: SourceUnit, field: ts.Expression): boolean {
  const type = unit.checker.getNonNullableType(unit.checker.getTypeAtLocation(field));
  const declaration = type.symbol?.declarations?.[0];
  if (declaration === undefined || ![...CLOSING].some((name) => type.getProperty(name) !== undefined)) return false;
  for (let at: ts.Node = declaration; at.parent !== undefined; at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return /^(?:node:)?(?:net|http|https|http2|tls|dgram|fs|worker_threads)$/.test(at.name.text);
  return false;
}

function givenBackIn({ node }: Callback): readonly Held[] {
  const found: Held[] = [];
  visitCode(node.body, (one) => {
    if (!ts.isCallExpression(one) || !ts.isPropertyAccessExpression(one.expression)) return;
    const { name, expression } = one.expression;
    const holder = skipOuter(expression);
    const isBack = isOwnMember(holder) ? CLOSING.has(name.text) : name.text === "delete";
    if (isBack) found.push({ name: holder.getText(), node: one });
  });
  return found;
}
