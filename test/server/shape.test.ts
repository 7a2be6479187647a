import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgramHost } from "../../server/src/compiler/program-host.ts";
import { shapeOf } from "../../server/src/compiler/shape.ts";
import { memory } from "./fixture.ts";

const ESNEXT = 99;

function shape(text: string): string {
  const file = new ProgramHost(memory(new Map([["/a.ts", text]])), "/", {}).getSourceFile("/a.ts", ESNEXT);
  assert.ok(file);
  return shapeOf(file);
}

/** Two versions of a file, and whether importers may go on without looking. */
const PAIRS: readonly {
  readonly title: string;
  readonly versions: readonly [string, string];
  readonly equal: boolean;
}[] = [
  {
    title: "the inside of a function whose result is declared",
    versions: ["export function f(): number { return 1 }", "export function f(): number { return 2 }"],
    equal: true,
  },
  {
    title: "the inside of a function that gives nothing back",
    versions: ["export function f() { g(1) }", "export function f() { g(2) }"],
    equal: true,
  },
  {
    title: "a result that is inferred",
    versions: ["export function f() { return 1 }", 'export function f() { return "a" }'],
    equal: false,
  },
  {
    title: "a constructor of a class whose fields are declared",
    versions: [
      "export class A { private n: number; constructor() { this.n = 1 } }",
      "export class A { private n: number; constructor() { this.n = 2 } }",
    ],
    equal: true,
  },
  {
    title: "a constructor from which the type of a field is inferred",
    versions: [
      "export class A { n; constructor() { this.n = 1 } }",
      'export class A { n; constructor() { this.n = "a" } }',
    ],
    equal: false,
  },
  {
    title: "a static block from which the type of a field is inferred",
    versions: ["export class A { static n; static { A.n = 1 } }", 'export class A { static n; static { A.n = "a" } }'],
    equal: false,
  },
];

for (const { title, versions, equal } of PAIRS)
  test(`${equal ? "no importer sees" : "importers see"} ${title}`, () => {
    const [before, after] = versions;
    assert.equal(shape(before) === shape(after), equal);
  });
