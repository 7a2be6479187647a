/** Whether code uses the testkit: by itself, or in the functions of the project that it calls. */
import { ts } from "ts-morph";
import type { SourceUnit } from "./source-unit.ts";
import { followAlias, runtimeCallee } from "./symbols.ts";

const KIT = [
  "explore",
  "TestSystem.start",
  "World.start",
  "BehaviorKit.start",
  "BehaviorKit.startAsync",
  "replayActor",
];

export interface TestkitUse {
  readonly isUsed: boolean;
  /** It tries several orders of messages. */
  readonly explores: boolean;
}

const UNUSED: TestkitUse = { isUsed: false, explores: false };

export function bothUses(one: TestkitUse, other: TestkitUse): TestkitUse {
  return { isUsed: one.isUsed || other.isUsed, explores: one.explores || other.explores };
}

export class TestkitUses {
  readonly #unit: SourceUnit;
  /** Functions that were looked into, or are being. */
  readonly #known = new Map<ts.Node, TestkitUse>();

  constructor(unit: SourceUnit) {
    this.#unit = unit;
  }

  /** @param isApart what stands for itself, and is not looked into. */
  in(node: ts.Node, isApart: (node: ts.Node) => boolean = () => false): TestkitUse {
    let use = ts.isCallExpression(node) ? this.#called(node) : this.#named(node);
    ts.forEachChild(node, (child) => {
      if (!(use.isUsed && use.explores) && !isApart(child)) use = bothUses(use, this.in(child, isApart));
    });
    return use;
  }

  #called(call: ts.CallExpression): TestkitUse {
    const word = runtimeCallee(this.#unit, call, ...KIT);
    if (word !== undefined) return { isUsed: true, explores: word === "explore" };
    const { expression } = call;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return ts.isIdentifier(name) ? this.#function(name) : UNUSED;
  }

  /** A function that is handed over, as `test("…", everyOrder)` does. */
  #named(node: ts.Node): TestkitUse {
    const isArgument = ts.isIdentifier(node) && ts.isCallExpression(node.parent) && node.parent.expression !== node;
    return isArgument ? this.#function(node) : UNUSED;
  }

  #function(name: ts.Identifier): TestkitUse {
    const { checker, file, reads } = this.#unit;
    const symbol = checker.getSymbolAtLocation(name);
    const declaration = symbol === undefined ? undefined : followAlias(this.#unit, symbol).valueDeclaration;
    if (declaration === undefined) return UNUSED;
    const source = declaration.getSourceFile();
    if (source.isDeclarationFile || this.#unit.runtime.has(source.fileName)) return UNUSED;
    const body = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration;
    if (body === undefined || !ts.isFunctionLike(body)) return UNUSED;
    const known = this.#known.get(body);
    if (known !== undefined) return known;
    this.#known.set(body, UNUSED);
    if (source !== file) reads.add(source.fileName);
    const use = this.in(body);
    this.#known.set(body, use);
    return use;
  }
}
