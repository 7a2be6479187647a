/** Whether every value of a type has something in it that cannot be cloned. What is not certain counts as cloneable. */
import { ts } from "ts-morph";
import type { FileSpan } from "../source/span.ts";
import type { SourceUnit } from "./source-unit.ts";
import { spanOf } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

export interface UncloneablePart {
  /** With an article: `a function`. */
  readonly kind: string;
  /** Names of properties, outermost first; empty for the value itself. */
  readonly path: readonly string[];
  /** The innermost property's declaration. */
  readonly declared?: FileSpan;
}

const STANDARD = new Set(["Promise", "WeakMap", "WeakSet", "WeakRef"]);
/** Classes of the runtime: each has functions in it. */
const RUNTIME: ReadonlyMap<string, string> = new Map([
  ["ActorRef", "an ActorRef"],
  ["ActorContext", "an ActorContext"],
  ["ActorSystem", "an ActorSystem"],
]);
const MAX_DEPTH = 5;

export class ClonedType {
  readonly #unit: SourceUnit;

  constructor(unit: SourceUnit) {
    this.#unit = unit;
  }

  /** @param isReplaced whether a property of the value is not the one that is cloned. */
  find(type: ts.Type, isReplaced: (name: string) => boolean, depth = 0): UncloneablePart | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (type.isUnion()) {
      const found = membersOf(type).map((member) => this.find(member, isReplaced, depth + 1));
      return found.every((one) => one !== undefined) ? found[0] : undefined;
    }
    if (type.flags & ts.TypeFlags.ESSymbolLike) return { kind: "a symbol", path: [] };
    if (type.isIntersection() && !type.types.every((one) => one.flags & ts.TypeFlags.Object)) return undefined;
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return undefined;
    const kind = this.#kindOf(type);
    if (kind !== undefined) return { kind, path: [] };
    if (this.#unit.checker.isTupleType(type)) return this.#inTuple(type as ts.TupleTypeReference, depth);
    return this.#inProperties(type, isReplaced, depth);
  }

  #kindOf(type: ts.Type): string | undefined {
    const { symbol } = type;
    const runtime = RUNTIME.get(this.#unit.runtime.nameOf(symbol) ?? "");
    if (runtime !== undefined) return runtime;
    if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return "a function";
    const isStandard = STANDARD.has(symbol?.name ?? "") && symbol?.declarations?.every(isOfEveryProgram) === true;
    return isStandard ? `a ${symbol.name}` : undefined;
  }

  #inTuple(type: ts.TupleTypeReference, depth: number): UncloneablePart | undefined {
    const flags = type.target.elementFlags;
    for (const [index, element] of this.#unit.checker.getTypeArguments(type).entries()) {
      const found = flags[index] === ts.ElementFlags.Required ? this.find(element, () => false, depth + 1) : undefined;
      if (found !== undefined) return { ...found, path: [String(index), ...found.path] };
    }
    return undefined;
  }

  #inProperties(type: ts.Type, isReplaced: (name: string) => boolean, depth: number): UncloneablePart | undefined {
    for (const property of type.getProperties()) {
      const { name, escapedName, valueDeclaration } = property;
      // Properties with symbols and private names are not cloned at all.
      const isLeftOut = /^__[@#]/.test(String(escapedName)) || isReplaced(name);
      if (isLeftOut || property.flags & ts.SymbolFlags.Optional || valueDeclaration === undefined) continue;
      const own = this.#ownProperty(valueDeclaration);
      if (own === undefined) continue;
      const found = this.find(this.#unit.checker.getTypeOfSymbol(property), () => false, depth + 1);
      if (found === undefined || (own === "data" && found.path.length === 0 && found.kind === "a function")) continue;
      const declared = { path: valueDeclaration.getSourceFile().fileName, span: spanOf(valueDeclaration) };
      return { declared, ...found, path: [name, ...found.path] };
    }
    return undefined;
  }

  /**
   * Whether a declared property is the object's own: `sure`, or, as an interface says it, `data` unless it is a function: a class
   * may stand behind that, and its methods are lost without an error.
   */
  #ownProperty(declaration: ts.Declaration): "sure" | "data" | undefined {
    const { parent } = declaration;
    if (declaration.getSourceFile().isDeclarationFile) return undefined;
    if (ts.isObjectLiteralExpression(parent)) return ts.isSetAccessor(declaration) ? undefined : "sure";
    if (ts.isPropertySignature(declaration)) return ts.isTypeLiteralNode(parent) ? "sure" : "data";
    if (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, parent))
      return ts.isClassLike(parent.parent) && !this.#isPlatformClass(parent.parent) ? "sure" : undefined;
    if (!ts.isPropertyDeclaration(declaration) || !ts.isClassLike(parent)) return undefined;
    const isDeclaredOnly = declaration.modifiers?.some(({ kind }) =>
      [ts.SyntaxKind.DeclareKeyword, ts.SyntaxKind.AbstractKeyword, ts.SyntaxKind.AccessorKeyword].includes(kind),
    );
    return isDeclaredOnly === true || this.#isPlatformClass(parent) ? undefined : "sure";
  }

  /** Errors, typed arrays and the like are cloned in ways of their own. */
  #isPlatformClass(node: ts.ClassLikeDeclaration): boolean {
    const bases = this.#unit.checker.getTypeAtLocation(node).getBaseTypes() ?? [];
    return bases.some((base) => {
      const declaration = base.symbol?.declarations?.find(ts.isClassLike);
      return (
        declaration === undefined || declaration.getSourceFile().isDeclarationFile || this.#isPlatformClass(declaration)
      );
    });
  }
}

/** Whether the language declares it, or the platform does for every file. */
export function isOfEveryProgram(declaration: ts.Declaration): boolean {
  const file = declaration.getSourceFile();
  return file.isDeclarationFile && (!ts.isExternalModule(file) || isInGlobal(declaration));
}

function isInGlobal(node: ts.Node): boolean {
  for (let at = node; !ts.isSourceFile(at); at = at.parent)
    if (ts.isModuleDeclaration(at) && at.flags & ts.NodeFlags.GlobalAugmentation) return true;
  return false;
}
