/** Whatever a compiler has read before, it says the same of a union: its members are taken in the order of the source. */
import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import { membersOf } from "../../server/src/reading/union-members.ts";

const DECLARED = `export interface B { b: 1 }
export class A { a = 1 }
export type C = { c: 1 };
`;

/** The members of the union that `/use.ts` exports, read after the types in another order. */
function members(union: string, before: string): readonly string[] {
  const files = new Map([
    ["/first.ts", `import type { A, B, C } from "./types.ts";\n${before}`],
    ["/types.ts", DECLARED],
    ["/use.ts", `import type { A, B, C } from "./types.ts";\nexport type U = ${union};\n`],
  ]);
  const host = ts.createCompilerHost({});
  host.fileExists = (name) => files.has(name);
  host.readFile = (name) => files.get(name);
  host.getSourceFile = (name, options) => {
    const text = files.get(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, options);
  };
  host.getCurrentDirectory = () => "/";
  const options = { noLib: true, strict: true, allowImportingTsExtensions: true, types: [] };
  const program = ts.createProgram(["/first.ts", "/use.ts"], options, host);
  const checker = program.getTypeChecker();
  const aliasesIn = (name: string): readonly ts.Type[] =>
    (program.getSourceFile(name)?.statements ?? [])
      .filter(ts.isTypeAliasDeclaration)
      .map((one) => checker.getTypeAtLocation(one));
  // What is looked at first gets the smaller number, by which the compiler orders a union.
  for (const type of aliasesIn("/first.ts")) checker.typeToString(type);
  const [type] = aliasesIn("/use.ts");
  assert.ok(type);
  return membersOf(type as never).map((one) => checker.typeToString(one as never));
}

test("members are in the order of their declarations, literals before them, whatever was looked at before", () => {
  const orders = ["type X = C; type Y = A; type Z = B;", "type X = B; type Y = C; type Z = A;", 'type X = "z" | A;'];
  for (const before of orders) {
    for (const union of ['C | "z" | B | "a" | A | 1 | undefined', '1 | A | "a" | B | undefined | C | "z"'])
      assert.deepEqual(members(union, before), ["1", '"a"', "undefined", '"z"', "B", "A", "C"], `${before} ${union}`);
  }
});

test("a type that is no union is its own member", () => {
  assert.deepEqual(members("A", ""), ["A"]);
});
