/** Reads security contexts, who holds them, and what is asked under them, as far as it is written there. */
import { type ArgumentPattern, type FilePermission, pathParts, type SingleArgument } from "airssys-rt/spec";
import { ts } from "ts-morph";
import type { Incident } from "../facts/incident.ts";
import type {
  ContextFact,
  FileGrantFact,
  HolderFact,
  OsRequestFact,
  PlacedText,
  ProcessRequestFact,
  RunGrantFact,
  RunGrantRest,
  SecurityFacts,
} from "../facts/security-fact.ts";
import { type StaticValue, UNKNOWN } from "../facts/static-value.ts";
import type { FileSpan } from "../source/span.ts";
import { evaluate } from "./evaluate.ts";
import { givenOption, meant } from "./given-option.ts";
import { shellScript } from "./read-child-processes.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, runtimeCallee, skipOuter, spanOf, symbolOf } from "./symbols.ts";

const MAKERS: readonly string[] = ["SecurityContext.create", "SecurityContext.narrow"];
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
    if (MAKERS.includes(callee)) {
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

/** The call that made it: itself, or that of a constant. */
function madeBy(unit: SourceUnit, expression: ts.Expression): ts.CallExpression | undefined {
  const node = meant(unit, expression);
  return ts.isCallExpression(node) && runtimeCallee(unit, node, ...MAKERS) !== undefined ? node : undefined;
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
  const base = textOf(fieldOf(options, "base"));
  return {
    id: idOf(call),
    place: { path: unit.file.fileName, span: spanOf(call.expression) },
    isNarrowed,
    base: base !== undefined && pathParts(base)?.isAbsolute === true ? base : undefined,
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
  const context = contextOf(unit, givenOption(unit, argument, "security"));
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

type ProcessRequest = Pick<ProcessRequestFact, "operation" | "command" | "args" | "env">;

function processRequest(options: StaticValue): ProcessRequest | undefined {
  const command = placedText(fieldOf(options, "command"));
  if (command === undefined) return undefined;
  const list = fieldOf(options, "args");
  const items = list === "absent" ? [] : list?.items;
  const args = items?.map((item) => ({ value: isText(item.value) ? item.value : undefined, place: placeOf(item) }));
  const env = Object.entries(placesOf(fieldOf(options, "env"))).map(([value, place]) => ({ value, place }));
  return { operation: "spawn", command, ...(args === undefined ? {} : { args }), env };
}

/** A move has two: from where, and to where. (That of `readChunks` is a ref, and no text.) */
function fileRequests(message: StaticValue, operation: string): readonly OsRequestFact[] {
  const paths = (["path", "to"] as const).flatMap((field) => {
    const found = placedText(fieldOf(message, field));
    return found === undefined ? [] : [{ field, ...found }];
  });
  return paths.length === 0 ? [] : [{ by: "message", operation, paths }];
}

function placedText(field: Field): PlacedText | undefined {
  const value = textOf(field);
  return value === undefined ? undefined : { value, place: placeOf(field as StaticValue) };
}

/** `process.env` as the environment of something: what this program knows, others get to know. */
function inheritedEnvironment(unit: SourceUnit, argument: ts.Expression): readonly Incident[] {
  const env = givenOption(unit, argument, "env");
  const whole = env === undefined ? undefined : wholeEnvironment(unit, env);
  if (env === undefined || whole === undefined) return [];
  // Where it is handed on, not where a constant is made of it.
  const at = [whole, env].find((node) => isWithin(node, argument));
  const subject = (at ?? whole).getText();
  return [{ kind: "inherited-environment", span: spanOf(at ?? argument), subject, actor: "" }];
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && outer.pos <= node.pos && node.end <= outer.end;
}

/** `process.env` itself, or what it is spread or copied into. */
function wholeEnvironment(unit: SourceUnit, expression: ts.Expression, depth = 0): ts.Expression | undefined {
  const given = skipOuter(expression);
  if (depth > 8 || isProcessEnv(unit, given)) return depth > 8 ? undefined : given;
  const node = meant(unit, given);
  if (isProcessEnv(unit, node)) return node;
  const copied = ts.isObjectLiteralExpression(node)
    ? node.properties.filter(ts.isSpreadAssignment).map((spread) => spread.expression)
    : ts.isCallExpression(node) && /^(?:Object\.assign|structuredClone)$/.test(node.expression.getText())
      ? node.arguments
      : [];
  for (const one of copied) {
    const whole = wholeEnvironment(unit, one, depth + 1);
    if (whole !== undefined) return whole;
  }
  return undefined;
}

function isProcessEnv(unit: SourceUnit, node: ts.Expression): boolean {
  if (ts.isElementAccessExpression(node))
    return (
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === "env"
    );
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(name)) return false;
  const declaration = symbolOf(unit, name)?.declarations?.[0];
  // `const { env } = process`
  if (declaration !== undefined && ts.isBindingElement(declaration)) {
    const { initializer } = declaration.parent.parent as ts.VariableDeclaration;
    const taken = declaration.propertyName ?? declaration.name;
    return initializer !== undefined && isProcess(skipOuter(initializer)) && taken.getText() === "env";
  }
  if (declaration?.getSourceFile().isDeclarationFile !== true || !isNamedEnv(declaration)) return false;
  return !ts.isPropertyAccessExpression(node) || isProcess(node.expression);
}

/** The name it is declared by, whatever it is imported as. */
function isNamedEnv(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isIdentifier(name) && name.text === "env";
}

function isProcess(node: ts.Expression): boolean {
  return /^(?:globalThis\.)?process$/.test(node.getText());
}

/** A shell among what is run, with a script that is put together. */
function shellCommand(unit: SourceUnit, argument: ts.Expression): readonly Incident[] {
  const [command, args] = [givenOption(unit, argument, "command"), givenOption(unit, argument, "args")];
  const script = command === undefined || args === undefined ? undefined : shellScript(unit, command, args);
  if (script === undefined) return [];
  const at = script.at.getSourceFile() === unit.file ? script.at : argument;
  return [{ kind: "shell-command", span: spanOf(at), subject: script.subject, actor: "" }];
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
