/** Reads what is given to `postMessage`, `workerData` and `structuredClone`, and cannot be cloned. */
import { ts } from "ts-morph";
import type { Uncloneable } from "../facts/uncloneable.ts";
import { ClonedType } from "./cloned-type.ts";
import { propertyName } from "./evaluate.ts";
import type { SourceUnit } from "./source-unit.ts";
import { forEachNode, skipOuter, spanOf, symbolOf } from "./symbols.ts";
import { tracedLiterals } from "./traced-literals.ts";

const PORTS = new Set(["Worker", "MessagePort", "BroadcastChannel", "DedicatedWorkerGlobalScope"]);

export function readUncloneables(unit: SourceUnit): readonly Uncloneable[] {
  const found: Uncloneable[] = [];
  forEachNode(unit.file, (node) => {
    const cloned = ts.isCallExpression(node)
      ? clonedByCall(unit, node)
      : ts.isNewExpression(node)
        ? clonedByWorker(unit, node)
        : undefined;
    if (cloned === undefined || isTried(node)) return;
    const [first] = new ClonedValue(unit, cloned.via).in(cloned.value, []);
    if (first !== undefined) found.push(first);
  });
  return found;
}

interface Cloned {
  readonly via: string;
  readonly value: ts.Expression;
}

function clonedByCall(unit: SourceUnit, call: ts.CallExpression): Cloned | undefined {
  const { expression } = call;
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  const [value] = call.arguments;
  if (value === undefined || !ts.isIdentifier(name) || ts.isSpreadElement(value)) return undefined;
  if (name.text === "structuredClone") return isGlobalFunction(unit, name) ? { via: name.text, value } : undefined;
  if (name.text !== "postMessage") return undefined;
  const owner = symbolOf(unit, name)?.declarations?.[0]?.parent;
  const isPort = owner !== undefined && isPlatform(owner) && "name" in owner && PORTS.has(nameOf(owner));
  return isPort ? { via: name.text, value } : undefined;
}

/** The `workerData` of `new Worker(…)`. */
function clonedByWorker(unit: SourceUnit, made: ts.NewExpression): Cloned | undefined {
  const options = made.arguments?.[1];
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return undefined;
  const data = options.properties.find((one) => one.name !== undefined && propertyName(one.name) === "workerData");
  const value = data === undefined ? undefined : propertyValue(data);
  const declaration = symbolOf(unit, made.expression)?.declarations?.[0];
  const isWorker = declaration !== undefined && isPlatform(declaration) && nameOf(declaration) === "Worker";
  return isWorker && value !== undefined ? { via: "workerData", value } : undefined;
}

function isGlobalFunction(unit: SourceUnit, name: ts.Identifier): boolean {
  const symbol = unit.checker.getSymbolAtLocation(name);
  const declaration = symbol?.declarations?.[0];
  return declaration !== undefined && ts.isFunctionDeclaration(declaration) && isPlatform(declaration);
}

/** Declared by the platform: in the module of worker threads, or for every program. */
function isPlatform(declaration: ts.Node): boolean {
  const file = declaration.getSourceFile();
  if (!file.isDeclarationFile || ts.isExternalModule(file)) return false;
  for (let at: ts.Node = declaration; at !== file; at = at.parent)
    if (ts.isModuleDeclaration(at) && ts.isStringLiteral(at.name))
      return /^(?:node:)?worker_threads$/.test(at.name.text);
  return true;
}

function nameOf(declaration: ts.Node): string {
  const name = (declaration as ts.NamedDeclaration).name;
  return name !== undefined && ts.isIdentifier(name) ? name.text : "";
}

/** Whether somebody is prepared for the failure. */
function isTried(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return false;
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause !== undefined) return true;
  }
  return false;
}

function propertyValue(property: ts.ObjectLiteralElementLike): ts.Expression | undefined {
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
}

/** A value as it is written: objects and arrays are looked into, everything else is judged by its type. */
class ClonedValue {
  readonly #unit: SourceUnit;
  readonly #type: ClonedType;
  readonly #via: string;

  constructor(unit: SourceUnit, via: string) {
    this.#unit = unit;
    this.#type = new ClonedType(unit);
    this.#via = via;
  }

  in(expression: ts.Expression, path: readonly string[]): readonly Uncloneable[] {
    const node = skipOuter(expression);
    if (ts.isObjectLiteralExpression(node)) return this.#inObject(node, path);
    if (ts.isArrayLiteralExpression(node))
      return node.elements.flatMap((element, index) =>
        ts.isSpreadElement(element) ? [] : this.in(element, [...path, String(index)]),
      );
    const found = this.#byType(node, node, path);
    return found.length > 0 || path.length > 0 ? found : this.#byLiteral(node);
  }

  /** By a literal that the value may be: an interface says nothing of what stands behind it. */
  #byLiteral(node: ts.Expression): readonly Uncloneable[] {
    for (const literal of tracedLiterals(this.#unit, node)) {
      const [found] = this.in(literal, []);
      if (found === undefined) continue;
      const { property: _, ...plain } = found;
      const declared = { path: this.#unit.file.fileName, span: found.span };
      return [{ ...plain, span: spanOf(node), declared: found.declared ?? declared }];
    }
    return [];
  }

  #inObject(literal: ts.ObjectLiteralExpression, path: readonly string[]): readonly Uncloneable[] {
    return literal.properties.flatMap((property, index) => {
      const later = literal.properties.slice(index + 1);
      if (ts.isSpreadAssignment(property))
        return this.#byType(property.expression, property, path, (name) => this.#mayBeWritten(later, name));
      const name = property.name === undefined ? undefined : propertyName(property.name);
      if (name === undefined || this.#mayBeWritten(later, name)) return [];
      const value = propertyValue(property);
      const inner = [...path, name];
      const found = value === undefined ? this.#byMember(property, inner) : this.in(value, inner);
      return found.map((one) => ({ property: withComma(literal, index), ...one }));
    });
  }

  /** A method or an accessor in an object literal. */
  #byMember(property: ts.ObjectLiteralElementLike, path: readonly string[]): readonly Uncloneable[] {
    if (property.name === undefined || ts.isSetAccessor(property)) return [];
    return this.#byType(property.name, property.name, path);
  }

  #byType(
    node: ts.Node,
    place: ts.Node,
    path: readonly string[],
    isReplaced: (name: string) => boolean = () => false,
  ): readonly Uncloneable[] {
    const found = this.#type.find(this.#unit.checker.getTypeAtLocation(node), isReplaced);
    if (found === undefined) return [];
    const written = path.length === 0 && found.path.length > 0 ? [node.getText()] : path;
    const whole = [...written, ...found.path].join(".");
    const isNamed = whole !== "" && whole.length <= 60 && !whole.includes("\n");
    return [
      {
        span: spanOf(place),
        via: this.#via,
        kind: found.kind,
        ...(isNamed ? { path: whole } : {}),
        ...(found.declared === undefined ? {} : { declared: found.declared }),
      },
    ];
  }

  /** Whether a later part of the object has a property of that name, or may have it. */
  #mayBeWritten(later: readonly ts.ObjectLiteralElementLike[], name: string): boolean {
    return later.some((property) => {
      if (!ts.isSpreadAssignment(property))
        return property.name === undefined || (propertyName(property.name) ?? name) === name;
      const type = this.#unit.checker.getTypeAtLocation(property.expression);
      const isKnown = (type.flags & ts.TypeFlags.Object) !== 0 && type.getStringIndexType() === undefined;
      return !isKnown || type.getProperty(name) !== undefined;
    });
  }
}

/** A property with the comma after it, or the one before it when it is the last. */
function withComma(literal: ts.ObjectLiteralExpression, index: number): { start: number; end: number } {
  const { properties } = literal;
  const [before, property, after] = [properties[index - 1], properties[index], properties[index + 1]];
  const start = property?.getStart() ?? 0;
  if (after !== undefined) return { start, end: after.getStart() };
  return { start: before?.end ?? start, end: property?.end ?? start };
}
