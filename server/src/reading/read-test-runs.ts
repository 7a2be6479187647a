/** Reads what the tests of a file run in virtual time, where they sleep on the clock of the machine, and which test systems nobody stops. */
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type { StaticValue } from "../facts/static-value.ts";
import type { TestRun } from "../facts/test-run.ts";
import { startableOf } from "./definitions.ts";
import { evaluate } from "./evaluate.ts";
import { isSleep } from "./sleeping.ts";
import type { SourceUnit } from "./source-unit.ts";
import { enclosingFunction, forEachNode, runtimeCallee, spanOf } from "./symbols.ts";

const KIT = ["BehaviorKit.start", "BehaviorKit.startAsync"] as const;
const SYSTEMS = ["TestSystem.start", "World.start"] as const;
const TIME = ["TestSystem.advance", "TestSystem.settle"] as const;
const SPAWN = "ActorSystem.spawn";
const TESTING = /\b(?:TestSystem|BehaviorKit|replayActor|World|explore)\b/;

export interface TestRuns {
  readonly runs: readonly TestRun[];
  readonly incidents: readonly Incident[];
}

export function readTestRuns(unit: SourceUnit): TestRuns {
  if (!TESTING.test(unit.file.text)) return { runs: [], incidents: [] };
  const runs: TestRun[] = [];
  const incidents: Incident[] = [];
  /** Functions that have time at their disposal. */
  const inVirtualTime = new Set<ts.Node | undefined>();
  const sleeps: ts.AwaitExpression[] = [];
  forEachNode(unit.file, (node) => {
    if (ts.isAwaitExpression(node) && isSleep(unit, node.expression)) sleeps.push(node);
    if (!ts.isCallExpression(node)) return;
    const callee = runtimeCallee(unit, node, ...KIT, ...SYSTEMS, ...TIME, "replayActor", SPAWN);
    if (callee === undefined) return;
    if (callee !== SPAWN || isOfTest(unit, node)) runs.push(...startedBy(unit, node, callee));
    const ownsTime = callee === "TestSystem.start" || callee === "World.start" || isOfTime(callee);
    if (ownsTime && !isUnderCondition(node)) inVirtualTime.add(enclosingFunction(node));
    if (callee === "TestSystem.start") incidents.push(...unstopped(node));
  });
  for (const sleep of sleeps)
    if (inVirtualTime.has(enclosingFunction(sleep))) incidents.push(incident("real-wait", sleep));
  return { runs, incidents };
}

function incident(kind: Incident["kind"], node: ts.Node, more: Partial<Incident> = {}): Incident {
  return { kind, span: spanOf(node), subject: "", actor: "", ...more };
}

function isOfTime(callee: string): boolean {
  return TIME.some((one) => one === callee);
}

/** What is done only sometimes: the same function may run on the clock of the machine. */
function isUnderCondition(node: ts.Node): boolean {
  const around = enclosingFunction(node);
  for (let at = node; at !== around && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    const isBranch =
      (ts.isIfStatement(parent) && at !== parent.expression) ||
      (ts.isConditionalExpression(parent) && at !== parent.condition) ||
      (ts.isBinaryExpression(parent) &&
        at === parent.right &&
        parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) ||
      ts.isCaseOrDefaultClause(at) ||
      ts.isOptionalChain(at);
    if (isBranch) return true;
  }
  return false;
}

/** `test.system.spawn(…)`: of a test system, whatever else starts in the file. */
function isOfTest(unit: SourceUnit, { expression }: ts.CallExpression): boolean {
  const system = ts.isPropertyAccessExpression(expression) ? expression.expression : undefined;
  if (system === undefined || !ts.isPropertyAccessExpression(system) || system.name.text !== "system") return false;
  return unit.runtime.nameOf(unit.checker.getTypeAtLocation(system.expression).symbol) === "TestSystem";
}

function startedBy(unit: SourceUnit, call: ts.CallExpression, callee: string): readonly TestRun[] {
  const [first] = call.arguments;
  if (first === undefined || isOfTime(callee)) return [];
  const isGiven = callee === SPAWN || KIT.some((one) => one === callee);
  const field = callee === "replayActor" ? "start" : "root";
  const value: StaticValue | undefined = isGiven ? evaluate(unit, first) : evaluate(unit, first).fields?.[field];
  const id = (value?.startable ?? (isGiven ? startableOf(unit, first) : undefined))?.id;
  return id === undefined
    ? []
    : [{ starts: id, isInSystem: callee === SPAWN || SYSTEMS.some((one) => one === callee) }];
}

/**
 * | a test system | is |
 * |---|---|
 * | held by `await using` | stopped |
 * | in a constant of which only other members than `stop` are used | never stopped |
 * | started by a statement of its own | never stopped |
 * | anywhere else: given away, assigned, returned | not known |
 */
function unstopped(call: ts.CallExpression): readonly Incident[] {
  const whole = ts.isAwaitExpression(call.parent) ? call.parent : undefined;
  if (whole === undefined) return [];
  const { parent } = whole;
  if (ts.isExpressionStatement(parent)) return [incident("test-not-stopped", call.expression)];
  const list = ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.parent : undefined;
  if (list === undefined || !ts.isVariableDeclarationList(list) || !ts.isVariableDeclaration(parent)) return [];
  const isHeld = (list.flags & ts.NodeFlags.Using) !== 0;
  const isOpen = !ts.isVariableStatement(list.parent) || list.parent.modifiers !== undefined;
  if (isHeld || isOpen || mayStop(parent)) return [];
  const keyword = { start: list.getStart(), end: parent.name.getStart() };
  const isAlone = list.declarations.length === 1 && (list.flags & ts.NodeFlags.Const) !== 0;
  return [
    incident("test-not-stopped", parent.name, isAlone ? { edit: { span: keyword, newText: "await using " } } : {}),
  ];
}

/** Whether something beside its other members is used of what a variable holds. */
function mayStop({ name }: ts.VariableDeclaration): boolean {
  let may = false;
  forEachNode(enclosingFunction(name) ?? name.getSourceFile(), (node) => {
    if (!ts.isIdentifier(node) || node.text !== name.getText() || node === name) return;
    const access = node.parent;
    // A member or a property with that name is another.
    if ((ts.isPropertyAccessExpression(access) || ts.isPropertyAssignment(access)) && access.name === node) return;
    may ||= !isOther(node, access);
  });
  return may;
}

/** `test.advance`, `test.system.whereis`; not `test.stop`, `test.system.stop`, and not `test.system` given away. */
function isOther(node: ts.Node, access: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(access) || access.expression !== node || access.name.text === "stop") return false;
  return access.name.text !== "system" || isOther(access, access.parent);
}
