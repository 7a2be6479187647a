/** Reads security contexts, who holds them, and what is asked under them, as far as it is written there. */
import type { ArgumentPattern, FilePermission, SingleArgument } from "airssys-rt/spec";
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type {
  ContextFact,
  FileGrantFact,
  HolderFact,
  OsRequestFact,
  RunGrantFact,
  RunGrantRest,
  SecurityFacts,
} from "../facts/security-fact.ts";
import { type StaticValue, UNKNOWN } from "../facts/static-value.ts";
import type { FileSpan } from "../source/span.ts";
import { evaluate, propertyName } from "./evaluate.ts";
import { shellScript } from "./read-child-processes.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, runtimeCallee, skipOuter, spanOf, symbolOf } from "./symbols.ts";

const MAKERS = new Set(["SecurityContext.create", "SecurityContext.narrow"]);
const HOLDERS: Readonly<Record<string, HolderFact["kind"]>> = { files: "files", processManager: "processManager" };
const NAMES = new Set(["create", "narrow", "files", "processManager", "osProcess", "ask", "tell", "tellAsync"]);
const PERMISSIONS: ReadonlySet<unknown> = new Set(["read", "list", "write", "delete"]);

export function readSecurity(unit: SourceUnit): SecurityFacts & { readonly incidents: readonly Incident[] } {
  const contexts: ContextFact[] = [];
  const holders: HolderFact[] = [];
  const requests: OsRequestFact[] = [];
  const incidents: Incident[] = [];
  const options = (argument: ts.Expression | undefined): void => {
    if (argument !== undefined)
      incidents.push(...inheritedEnvironment(unit, argument), ...shellCommand(unit, argument));
  };
  const usesDoor = unit.file.text.includes("airssys-rt/os");
  forEachNode(unit.file, (node) => {
    if (!ts.isCallExpression(node) || !mayBeMeant(node, usesDoor)) return;
    const callee = runtimeCallee(unit, node) ?? "";
    const [argument] = node.arguments;
    if (MAKERS.has(callee)) {
      contexts.push(readContext(unit, node, callee));
      options(argument);
    } else if (HOLDERS[callee] !== undefined) {
      holders.push({ kind: HOLDERS[callee], context: contextOf(unit, argument) });
    } else if (callee === "osProcess") {
      requests.push(...readSpec(unit, argument));
      options(argument);
    } else if (/^ActorRef\.(?:ask|tell|tellAsync)$/.test(callee)) {
      const kind = argument === undefined ? undefined : receiverOf(unit, node);
      if (kind === undefined || argument === undefined) return;
      requests.push(...readMessage(unit, argument));
      options(argument);
    }
  });
  return { contexts, holders, requests, incidents };
}

/** By the name first: to ask what a call means costs most. */
function mayBeMeant({ expression }: ts.CallExpression, usesDoor: boolean): boolean {
  const callee = skipOuter(expression);
  if (ts.isPropertyAccessExpression(callee)) return NAMES.has(callee.name.text);
  return ts.isIdentifier(callee) && (usesDoor || NAMES.has(callee.text));
}

/** The context that an expression means; `undefined` when the source does not say which. */
function contextOf(unit: SourceUnit, expression: ts.Expression | undefined): string | undefined {
  const node = expression === undefined ? undefined : madeBy(unit, expression);
  return node === undefined ? undefined : idOf(node);
}

/** The call of a constant, or the expression itself. */
function madeBy(unit: SourceUnit, expression: ts.Expression): ts.CallExpression | undefined {
  let node = skipOuter(expression);
  if (ts.isIdentifier(node)) {
    const declaration = symbolOf(unit, node)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
      return undefined;
    // `using` and `await using` are constants, too.
    if (!(declaration.parent.flags & (ts.NodeFlags.Const | ts.NodeFlags.Using))) return undefined;
    const file = declaration.getSourceFile();
    if (file !== unit.file) unit.reads.add(file.fileName);
    node = skipOuter(declaration.initializer);
  }
  return ts.isCallExpression(node) && MAKERS.has(runtimeCallee(unit, node) ?? "") ? node : undefined;
}

function idOf(call: ts.CallExpression): string {
  return `${call.getSourceFile().fileName}@${call.getStart()}`;
}

function readContext(unit: SourceUnit, call: ts.CallExpression, callee: string): ContextFact {
  const [argument] = call.arguments;
  const options: StaticValue =
    argument === undefined ? { value: UNKNOWN, places: [], why: "it has no options" } : evaluate(unit, argument);
  const isNarrowed = callee === "SecurityContext.narrow";
  const receiver = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined;
  const wider = isNarrowed ? contextOf(unit, receiver) : undefined;
  const { parent } = call;
  const env = fieldOf(options, "env");
  return {
    id: idOf(call),
    place: { path: unit.file.fileName, span: spanOf(call.expression) },
    isNarrowed,
    ...(wider === undefined ? {} : { narrowedFrom: wider }),
    name: ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name.text : undefined,
    files: listOf(fieldOf(options, "files"), fileGrant),
    run: listOf(fieldOf(options, "run"), runGrant),
    env: textsOf(env),
    envPlaces: placesOf(env),
  };
}

/** A field that is given, one that is not (`absent`), or one that nobody knows (`undefined`). */
type Field = StaticValue | "absent" | undefined;

function fieldOf(object: StaticValue, name: string): Field {
  const field = object.fields?.[name];
  if (field !== undefined && field.value !== undefined) return field;
  return object.fields === undefined || object.why !== undefined ? undefined : "absent";
}

function listOf<T>(field: Field, read: (item: StaticValue) => T): readonly T[] | undefined {
  if (field === "absent") return [];
  return field?.items?.map(read);
}

function fileGrant(item: StaticValue): FileGrantFact {
  const [path, allow] = [fieldOf(item, "path"), fieldOf(item, "allow")];
  const permissions = allow === "absent" ? undefined : allow?.items?.map(({ value }) => value);
  const symlinks = fieldOf(item, "symlinks");
  return {
    path: textOf(path),
    allow:
      permissions?.every((one): one is FilePermission => PERMISSIONS.has(one)) === true
        ? (permissions as readonly FilePermission[])
        : undefined,
    symlinks: symlinks === "absent" ? "deny" : (textOf(symlinks) as FileGrantFact["symlinks"]),
    pathPlace: path === "absent" || path === undefined ? undefined : placeOf(path),
    place: placeOf(item),
  };
}

function runGrant(item: StaticValue): RunGrantFact {
  const command = fieldOf(item, "command");
  const list = fieldOf(item, "args");
  const items = list === "absent" ? [] : list?.items;
  const patterns = items?.map(patternOf);
  return {
    command: textOf(command),
    args: patterns?.every((one) => one !== undefined) === true ? (patterns as readonly ArgumentPattern[]) : undefined,
    argPlaces: items?.map(placeOf) ?? [],
    rest: restOf(item),
    place: command === "absent" || command === undefined ? placeOf(item) : placeOf(command),
  };
}

function restOf(item: StaticValue): RunGrantRest | undefined {
  const [cwd, env, dangerous, pin] = ["cwd", "env", "dangerous", "pin"].map((name) => fieldOf(item, name));
  const names = env === "absent" ? [] : env?.items?.map(({ value }) => value);
  if (cwd === undefined || dangerous === undefined || pin === undefined || !names?.every(isText)) return undefined;
  return {
    ...(cwd === "absent" ? {} : { cwd: String(cwd.value) }),
    ...(env === "absent" ? {} : { env: names }),
    ...(dangerous === "absent" ? {} : { dangerous: dangerous.value === true }),
    ...(pin === "absent" ? {} : { pin: pin.value === true }),
  };
}

/** A pattern of which everything is known. */
function patternOf(item: StaticValue): ArgumentPattern | undefined {
  if (isText(item.value)) return item.value;
  if (item.fields === undefined || item.why !== undefined) return undefined;
  const { rest, max } = item.fields;
  if (rest !== undefined) {
    const single = patternOf(rest);
    return single === undefined || (typeof single === "object" && "rest" in single) || typeof max?.value !== "number"
      ? undefined
      : { rest: single, max: max.value };
  }
  return isKnown(item) ? (item.value as SingleArgument) : undefined;
}

/** Whether nothing in a value is unknown, and it has the shape of a pattern. */
function isKnown({ value, fields }: StaticValue): boolean {
  const oneOf = fields?.["oneOf"];
  const integer = fields?.["integer"];
  if (Object.values(fields ?? {}).some((field) => field.value === UNKNOWN)) return false;
  if (oneOf !== undefined) return oneOf.items?.every((one) => isText(one.value)) === true;
  if (integer !== undefined)
    return integer.items?.length === 2 && integer.items.every((one) => typeof one.value === "number");
  const { matches, path } = value as { readonly matches?: unknown; readonly path?: unknown };
  return matches instanceof RegExp || path === "read" || path === "write";
}

function textsOf(field: Field): Readonly<Record<string, string>> | undefined {
  if (field === "absent") return {};
  if (field?.fields === undefined || field.why !== undefined) return undefined;
  const entries = Object.entries(field.fields).map(([name, { value }]) => [name, value] as const);
  return entries.every((entry): entry is [string, string] => isText(entry[1]))
    ? Object.fromEntries(entries)
    : undefined;
}

function placesOf(field: Field): Readonly<Record<string, FileSpan>> {
  if (field === "absent" || field?.fields === undefined) return {};
  return Object.fromEntries(Object.entries(field.fields).map(([name, value]) => [name, placeOf(value)]));
}

function readSpec(unit: SourceUnit, argument: ts.Expression | undefined): readonly OsRequestFact[] {
  if (argument === undefined) return [];
  const security = propertyOf(argument, "security");
  const context = contextOf(unit, security);
  const request = processRequest(evaluate(unit, argument));
  return request === undefined ? [] : [{ by: "osProcess", ...(context === undefined ? {} : { context }), ...request }];
}

/** Whose messages they are: the type says it, whatever the ref is called. */
function receiverOf(unit: SourceUnit, call: ts.CallExpression): HolderFact["kind"] | undefined {
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined;
  const { checker } = unit;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(skipOuter(call.expression.expression)));
  const [message] = checker.getTypeArguments(type as ts.TypeReference) ?? [];
  const name = unit.runtime.nameOf(message?.aliasSymbol);
  return name === "ProcessManagerMessage" ? "processManager" : name === "FileMessage" ? "files" : undefined;
}

function readMessage(unit: SourceUnit, argument: ts.Expression): readonly OsRequestFact[] {
  const message = evaluate(unit, argument);
  const type = textOf(fieldOf(message, "type"));
  if (type === undefined) return [];
  if (type === "run" || type === "spawnProcess") {
    const request = processRequest(message);
    return request === undefined ? [] : [{ by: "message", ...request }];
  }
  if (type !== "fileOperation") return fileRequests(message, type);
  const operation = fieldOf(message, "operation");
  const inner = operation === "absent" || operation === undefined ? undefined : textOf(fieldOf(operation, "type"));
  return inner === undefined ? [] : fileRequests(operation as StaticValue, inner);
}

function processRequest(options: StaticValue): Pick<OsRequestFact, "operation" | "target" | "args"> | undefined {
  const command = fieldOf(options, "command");
  if (command === "absent" || command === undefined || !isText(command.value)) return undefined;
  const list = fieldOf(options, "args");
  const items = list === "absent" ? [] : list?.items;
  const args = items?.map((item) => ({ value: isText(item.value) ? item.value : undefined, place: placeOf(item) }));
  return {
    operation: "spawn",
    target: { value: command.value, place: placeOf(command) },
    ...(args === undefined ? {} : { args }),
  };
}

/** A move is two: from where, and to where. */
function fileRequests(message: StaticValue, operation: string): readonly OsRequestFact[] {
  const path = fieldOf(message, "path");
  if (path === "absent" || path === undefined || !isText(path.value)) return [];
  return [{ by: "message", operation, target: { value: path.value, place: placeOf(path) } }];
}

/** `process.env` as the environment of something: what this program knows, others get to know. */
function inheritedEnvironment(unit: SourceUnit, argument: ts.Expression): readonly Incident[] {
  const env = propertyOf(argument, "env");
  const whole = env === undefined ? undefined : wholeEnvironment(unit, env);
  return whole === undefined
    ? []
    : [{ kind: "inherited-environment", span: spanOf(whole), subject: whole.getText(), actor: "" }];
}

function wholeEnvironment(unit: SourceUnit, expression: ts.Expression): ts.Expression | undefined {
  const node = skipOuter(expression);
  if (isProcessEnv(unit, node)) return node;
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  return node.properties
    .filter(ts.isSpreadAssignment)
    .map(({ expression: spread }) => skipOuter(spread))
    .find((spread) => isProcessEnv(unit, spread));
}

function isProcessEnv(unit: SourceUnit, node: ts.Expression): boolean {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(name) || name.text !== "env") return false;
  const declared = symbolOf(unit, name)?.declarations?.[0]?.getSourceFile();
  if (declared?.isDeclarationFile !== true) return false;
  return !ts.isPropertyAccessExpression(node) || /^(?:globalThis\.)?process$/.test(node.expression.getText());
}

/** A shell among what is run, with a script that is put together. */
function shellCommand(unit: SourceUnit, argument: ts.Expression): readonly Incident[] {
  const [command, args] = [propertyOf(argument, "command"), propertyOf(argument, "args")];
  const script = command === undefined || args === undefined ? undefined : shellScript(unit, command, args);
  return script === undefined
    ? []
    : [{ kind: "shell-command", span: spanOf(script.at), subject: script.subject, actor: "" }];
}

/** What an object literal says of a property. */
function propertyOf(argument: ts.Expression, wanted: string): ts.Expression | undefined {
  const literal = skipOuter(argument);
  if (!ts.isObjectLiteralExpression(literal)) return undefined;
  for (const property of literal.properties) {
    if (property.name === undefined || propertyName(property.name) !== wanted) continue;
    if (ts.isPropertyAssignment(property)) return property.initializer;
    if (ts.isShorthandPropertyAssignment(property)) return property.name;
  }
  return undefined;
}

function placeOf({ places }: StaticValue): FileSpan {
  return places[0] ?? { path: "", span: { start: 0, end: 0 } };
}

function textOf(field: Field): string | undefined {
  return field !== "absent" && field !== undefined && isText(field.value) ? field.value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
