/** Libraries whose interfaces are read when somebody asks are, once they were asked, what they are when they are read whole. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { bindSourceFile, readLate } from "../../server/src/compiler/late-members.ts";
import { LIB_FOLDER, readLibFile } from "../../server/src/compiler/lib-files.ts";

const MODULES = path.join(import.meta.dirname, "../../node_modules");

interface Inner {
  readonly parent?: ts.Node;
  readonly symbol?: ts.Symbol & { readonly parent?: ts.Symbol };
  readonly jsDoc?: readonly ts.Node[];
  readonly escapedText?: string;
  readonly text?: string;
}

/** Everything there is to see in a file that is bound. */
function seen(file: ts.SourceFile): readonly string[] {
  const lines: string[] = [];
  const see = (node: ts.Node, parent: ts.Node | undefined): void => {
    const { symbol, jsDoc = [], escapedText, text } = node as Inner;
    if (parent !== undefined && node.parent !== parent) lines.push("has another parent");
    lines.push(`${node.kind} ${node.pos} ${node.end} ${node.flags} ${escapedText ?? text ?? ""}`);
    if (symbol !== undefined) lines.push(nameOf(symbol));
    for (const doc of jsDoc) see(doc, undefined);
    ts.forEachChild(
      node,
      (child) => see(child, node),
      (children) => {
        lines.push(`${children.pos} ${children.end} ${children.hasTrailingComma}`);
        for (const child of children) see(child, node);
      },
    );
  };
  for (const statement of file.statements) see(statement, file);
  return lines;
}

function nameOf(symbol: ts.Symbol & { readonly parent?: ts.Symbol }): string {
  const places = symbol.declarations?.map((one) => one.pos);
  const inside = [...(symbol.members?.keys() ?? []), "|", ...(symbol.exports?.keys() ?? [])];
  return `${symbol.escapedName} ${symbol.flags} ${symbol.parent?.escapedName} ${places} ${symbol.valueDeclaration?.pos} ${inside}`;
}

/** @returns how many texts were parsed before anybody asked for anything. */
function sameBothWays(name: string, text: string): number {
  let parsed = 0;
  const parse = (part: string): ts.SourceFile => {
    parsed++;
    return ts.createSourceFile(name, part, {
      languageVersion: ts.ScriptTarget.Latest,
      jsDocParsingMode: ts.JSDocParsingMode.ParseForTypeInfo,
    });
  };
  const late = readLate({ text, options: {}, parse });
  const atFirst = parsed;
  bindSourceFile(late, {});
  const whole = parse(text);
  bindSourceFile(whole, {});
  const expected = seen(whole);
  const actual = seen(late);
  const at = expected.findIndex((line, index) => line !== actual[index]);
  assert.equal(actual[at], expected[at], `${name}: ${actual.slice(Math.max(0, at - 2), at).join(" < ")}`);
  assert.equal(actual.length, expected.length, name);
  assert.equal(late.text, text);
  return atFirst;
}

test("the standard libraries are the same, asked for their members or read whole", () => {
  const folder = path.join(MODULES, "typescript/lib");
  for (const name of readdirSync(folder).filter((one) => /^lib\..*\.d\.ts$/.test(one))) {
    const text = readLibFile(`${LIB_FOLDER}/${name}`);
    if (text !== undefined) assert.equal(sameBothWays(`/carried/${name}`, text), 1, `${name} was read twice`);
  }
});

for (const name of ["@types/node", "@types/mocha"]) {
  test(`the typings of ${name} are the same, asked for their members or read whole`, () => {
    const files = readdirSync(path.join(MODULES, name), { recursive: true, encoding: "utf8" });
    for (const file of files.filter((one) => /\.d\.[cm]?ts$/.test(one)))
      sameBothWays(`/${name}/${file}`, readFileSync(path.join(MODULES, name, file), "utf8"));
  });
}

const LONG = "first: string; second: number; third: boolean; fourth: null;";

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  [
    "an interface in two parts",
    `interface A {\n  ${LONG}\n  on(a: 1): this;\n}\ninterface A {\n  on(a: 2): this; ${LONG}\n}\n`,
  ],
  [
    "one with type parameters",
    `export interface A<T, U extends T[] = []> extends B<T> {\n  ${LONG}\n  t: T; u: U; T: 1;\n}\n`,
  ],
  [
    "one and a class of its name",
    `interface A {\n  on(a: 1): void; ${LONG}\n}\ndeclare class A {\n  on(a: 2): void;\n}\n`,
  ],
  ["one and a variable of its name", `interface A {\n  ${LONG}\n}\ndeclare var A: { prototype: A; new (): A };\n`],
  ["one in another form beside it", `interface A {\n  on(a: 1): void; ${LONG}\n}\ninterface A { on(a: 2): void }\n`],
  [
    "one in a namespace",
    `declare namespace a.b {\n  export interface C {\n    ${LONG}\n    nested: {\n      this: 1;\n    };\n  }\n}\n`,
  ],
  [
    "one in a module",
    `declare module "a" {\n    global {\n        interface C {\n            ${LONG}\n        }\n    }\n}\n`,
  ],
  ["one that speaks of itself", `interface A {\n  ${LONG}\n  clone(): Promise<this>;\n  is(): this is B;\n}\n`],
  [
    "one that has a parameter called this",
    `interface A {\n  ${LONG}\n  on(f: (this: A) => void): void; // of this\n  s: "this";\n}\n`,
  ],
  ["one that imports a type", `export interface A {\n  ${LONG}\n  b: import("./b").B;\n}\n`],
  ["one without lines", `interface A{${LONG}a:{b:"}";c:'{'}}interface B<T={}>extends A{${LONG}}declare const c:A;`],
  ["one in a comment", `/*\ninterface A {\n*/\ninterface B {\n  ${LONG}\n}\n/* */\n`],
  ["one in a template", `type A = \`\ninterface B {\n  ${LONG}\n}\n\`;\ninterface C {\n  ${LONG}\n}\n`],
  ["comments with braces", `interface A {\n  ${LONG}\n  /**\n   * @see {@link b} }\n}\n   */\n  a: 1;\n}\n`],
  [
    "computed names",
    `interface A {\n  ${LONG}\n  [Symbol.iterator](): 1;\n  [key: string]: unknown;\n  get b(): 1;\n  set b(x);\n}\n`,
  ],
  ["one that does not end", `interface A {\n  ${LONG}\n`],
  ["one with a syntax error", `interface A {\n  ${LONG}\n  a: ;\n}\ninterface B {\n  ${LONG}\n}\n`],
  [
    "lines that end as on Windows",
    `interface A {\r\n  ${LONG}\r\n  a: 1;\r\n}\r\nexport interface B {\r\n  ${LONG}\r\n}\r\n`,
  ],
];

for (const [what, text] of TEXTS)
  test(`${what}: the same, asked for or read whole`, () => void sameBothWays("/a.d.ts", text));

test("an interface is parsed when its members are asked for, by its node or its symbol, and once", () => {
  const parsed: string[] = [];
  const text = `interface A {\n  ${LONG}\n}\ninterface B {\n  ${LONG}\n}\n`;
  const file = readLate({
    text,
    options: {},
    parse: (part) => {
      parsed.push(part);
      return ts.createSourceFile("/a.d.ts", part, ts.ScriptTarget.Latest);
    },
  });
  assert.equal(parsed.length, 1);
  const [a, b] = file.statements as unknown as readonly (ts.InterfaceDeclaration & Inner)[];
  assert.equal(a?.symbol?.members?.size, 4);
  assert.equal(a.members.length, 4);
  assert.equal(parsed.length, 2);
  assert.match(parsed[1] ?? "", /^interface A \{[^}]*\}$/);
  assert.equal(b?.members.length, 4);
  assert.equal(b.symbol?.members?.size, 4);
  assert.equal(parsed.length, 3);
});
