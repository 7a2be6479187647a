/** Reads supervisors: flags, children and the mistakes the run time would refuse them for. */
import {
  checkSupervisorSpec,
  DEFAULT_AUTO_SHUTDOWN,
  DEFAULT_MAX_RESTART_PERIOD_MS,
  DEFAULT_MAX_RESTARTS,
  DEFAULT_RESTART,
  DEFAULT_STRATEGY,
  type SpecFault,
} from "airssys-rt/spec";
import { ts } from "ts-morph";
import { type StaticValue, saidAt, settledAt, UNKNOWN } from "../facts/static-value.ts";
import type { ChildFact, Known, SpecFaultFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import type { FileSpan } from "../source/span.ts";
import { definitionId, namedBy } from "./definitions.ts";
import { evaluate } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, runtimeCallee, spanOf, symbolOf } from "./symbols.ts";

export function readSupervisors(unit: SourceUnit): readonly SupervisorFact[] {
  const found: SupervisorFact[] = [];
  forEachNode(unit.file, (node) => {
    if (ts.isCallExpression(node) && runtimeCallee(unit, node, "supervisor") !== undefined)
      found.push(readSupervisor(unit, node));
  });
  return found;
}

function readSupervisor(unit: SourceUnit, call: ts.CallExpression): SupervisorFact {
  const [argument] = call.arguments;
  const spec: StaticValue =
    argument === undefined ? { value: UNKNOWN, places: [], why: "it has no spec" } : evaluate(unit, argument);
  const variable = namedBy(call);
  const written = spec.fields?.["name"]?.value;
  const items = spec.fields?.["children"]?.items;
  const children = (items ?? []).flatMap((item, index) =>
    item.fields === undefined ? [] : [readChild(unit, item, index)],
  );
  const others =
    items === undefined ? [spec.fields?.["children"] ?? spec] : items.filter((item) => item.fields === undefined);
  const [rest] = others;
  const mayStart = startsOf(others);
  const moreStarts = mayStart.filter((id) => id !== undefined);
  return {
    id: definitionId(call),
    name: typeof written === "string" ? written : (variable?.name.getText() ?? "supervisor"),
    nameSpan: spanOf(variable?.name ?? call.expression),
    span: spanOf(call),
    strategy: field(spec, "strategy", isText, DEFAULT_STRATEGY),
    ...placed(unit, "strategyPlace", spec, spec.fields?.["strategy"]),
    ...(argument !== undefined && ts.isObjectLiteralExpression(argument) && spec.fields?.["strategy"] === undefined
      ? { specSpan: spanOf(argument) }
      : {}),
    maxRestarts: field(spec, "maxRestarts", isNumber, DEFAULT_MAX_RESTARTS),
    maxRestartPeriodMs: field(spec, "maxRestartPeriodMs", isNumber, DEFAULT_MAX_RESTART_PERIOD_MS),
    autoShutdown: field(spec, "autoShutdown", isText, DEFAULT_AUTO_SHUTDOWN),
    children,
    ...(rest === undefined ? {} : { moreChildren: rest.why ?? "its children are computed" }),
    ...(moreStarts.length === mayStart.length ? { moreStarts } : {}),
    faults: argument === undefined ? [] : readFaults(unit, call, spec),
  };
}

/** What specs start, and those that lists of them may hold; `undefined` for each that is not known. */
function startsOf(specs: readonly StaticValue[]): readonly (string | undefined)[] {
  return specs.flatMap(({ fields, may }) => {
    if (fields !== undefined) return [fields["start"]?.startable?.id];
    return may === undefined ? [undefined] : startsOf(may);
  });
}

function readChild(unit: SourceUnit, spec: StaticValue, index: number): ChildFact {
  const use = spec.places.find((one) => one.path === unit.file.fileName) ?? spec.places[0] ?? nowhereIn(unit);
  const { start, restart, shutdown } = spec.fields ?? {};
  return {
    id: field(spec, "id", isText),
    index,
    ...use,
    written: settledAt(spec, [start, restart, shutdown]) ?? use,
    start:
      start?.startable === undefined
        ? { known: false, why: start?.why ?? spec.why ?? "it has no start" }
        : { known: true, value: start.startable },
    restart: field(spec, "restart", isText, DEFAULT_RESTART),
    ...placed(unit, "restartPlace", spec, restart),
    ...placed(unit, "shutdownPlace", spec, shutdown),
    shutdown: field(spec, "shutdown", isTextOrNumber, undefined),
    significant: field(spec, "significant", isBoolean, false),
    name: field(spec, "name", isText, undefined),
    hasBackoff:
      spec.fields?.["backoff"] !== undefined ? { known: true, value: true } : field(spec, "backoff", isBoolean, false),
  };
}

function nowhereIn(unit: SourceUnit): FileSpan {
  return { path: unit.file.fileName, span: { start: 0, end: 0 } };
}

/** Where a field could be given another value: not where its name stands for it, nor what a helper is given. */
function placed<K extends string>(
  unit: SourceUnit,
  key: K,
  spec: StaticValue,
  value: StaticValue | undefined,
): { [P in K]?: FileSpan } {
  const place = value === undefined ? undefined : saidAt(spec, value);
  const file = place === undefined ? undefined : unit.fileOf(place.path);
  const node = file === undefined || place === undefined ? undefined : nodeAt(file, place.span.start, place.span.end);
  const isOwn = node !== undefined && !ts.isShorthandPropertyAssignment(node.parent) && !isParameter(unit, node);
  return (isOwn ? { [key]: place } : {}) as { [P in K]?: FileSpan };
}

function isParameter(unit: SourceUnit, node: ts.Node): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(unit, node)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isParameter(declaration);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isTextOrNumber(value: unknown): value is string | number {
  return isText(value) || isNumber(value);
}

/** A field of a known type; `otherwise` when it is not given, unknown when it may be. */
function field<T, D>(
  object: StaticValue,
  name: string,
  is: (value: unknown) => value is T,
  ...otherwise: [D?]
): Known<T | D> {
  const found = object.fields?.[name];
  if (found !== undefined && found.value !== undefined) {
    return is(found.value)
      ? { known: true, value: found.value }
      : { known: false, why: found.why ?? "its value is not of the right kind" };
  }
  const mayBeGiven = object.fields === undefined || object.why !== undefined;
  if (mayBeGiven || otherwise.length === 0) return { known: false, why: object.why ?? "it is not given" };
  return { known: true, value: otherwise[0] as D };
}

function readFaults(unit: SourceUnit, call: ts.CallExpression, spec: StaticValue): readonly SpecFaultFact[] {
  return checkSupervisorSpec(spec.value).map((fault) => {
    const path = unit.file.fileName;
    const trail = trailOf(spec, fault.path);
    const written = trail[0]?.places.at(-1);
    const place = placeOf(unit, call, fault, trail);
    const node = nodeAt(unit.file, place.start, place.end);
    return {
      fault: {
        code: fault.code,
        message: fault.message,
        path: fault.path,
        ...(fault.suggestion === undefined ? {} : { suggestion: fault.suggestion }),
      },
      span: fault.code.startsWith("missing_") ? firstToken(unit.file, place) : reportSpan(node, fault, place),
      ...(written === undefined || (written.path === path && !(node !== undefined && isParameter(unit, node)))
        ? {}
        : { origin: written }),
      ...(node !== undefined && ts.isShorthandPropertyAssignment(node.parent) ? { shorthand: node.getText() } : {}),
      ...firstUse(spec, fault),
      ...propertyAround(node),
      ...(node !== undefined && ts.isStringLiteral(node) ? { quote: node.getText()[0] ?? '"' } : {}),
    };
  });
}

/** Faults of what is right by itself, and wrong beside the rest of the spec. */
const RELATIVE: ReadonlySet<string> = new Set([
  "duplicate_id",
  "significant_in_simple_one_for_one",
  "significant_without_auto_shutdown",
]);

/** Where a fault is shown: at the value; one that lies in the combination, where a helper's value is used. */
function placeOf(
  unit: SourceUnit,
  call: ts.CallExpression,
  { code }: SpecFault,
  trail: readonly StaticValue[],
): FileSpan["span"] {
  const spans = trail
    .flatMap((one) => one.places)
    .filter((one) => one.path === unit.file.fileName)
    .map((one) => one.span);
  const own = spanOf(call);
  const inCall = RELATIVE.has(code) ? spans.find((one) => own.start < one.start && one.end < own.end) : undefined;
  return inCall ?? spans[0] ?? spanOf(call.expression);
}

/** The values along a path, deepest first. */
function trailOf(spec: StaticValue, path: SpecFault["path"]): readonly StaticValue[] {
  const trail = [spec];
  for (const part of path) {
    const at = trail[0];
    const next = typeof part === "number" ? at?.items?.[part] : at?.fields?.[part];
    if (next === undefined) break;
    trail.unshift(next);
  }
  return trail;
}

function firstUse(spec: StaticValue, fault: SpecFault): { first?: FileSpan } {
  if (fault.code !== "duplicate_id") return {};
  const first = spec.fields?.["children"]?.items?.find((item) => item.fields?.["id"]?.value === fault.value)?.fields?.[
    "id"
  ]?.places[0];
  return first === undefined ? {} : { first };
}

/** An unknown option is shown at its name, everything else at its value. */
function reportSpan(node: ts.Node | undefined, fault: SpecFault, place: FileSpan["span"]): FileSpan["span"] {
  const parent = node?.parent;
  if (
    fault.code === "unknown_key" &&
    parent !== undefined &&
    ts.isObjectLiteralElementLike(parent) &&
    parent.name !== undefined
  )
    return spanOf(parent.name);
  return place;
}

function propertyAround(node: ts.Node | undefined): { property?: FileSpan["span"] } {
  const parent = node?.parent;
  return parent !== undefined && ts.isPropertyAssignment(parent) ? { property: spanOf(parent) } : {};
}

function firstToken(file: ts.SourceFile, span: FileSpan["span"]): FileSpan["span"] {
  return file.text[span.start] === "{" ? { start: span.start, end: span.start + 1 } : span;
}

/** The node that spans exactly that piece of text. */
function nodeAt(file: ts.SourceFile, start: number, end: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end < end) return;
    if (node.getStart() === start && node.end === end) found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
