/** What a fix writes means that value at that place: every way to import a protocol, by every kind of discriminant, by every dispatch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileErrors } from "../compile.ts";
import { applyEdits, checkRule, diagnose, filesOf } from "../fixture.ts";

/** Kinds of discriminants: what `proto.ts` exports beside the type `M`, and the name that has to be imported for the values. */
const KINDS: Readonly<Record<string, { readonly code: string; readonly root: string }>> = {
  texts: { code: 'export type M = { type: "a-b" } | { type: "c" };', root: "M" },
  numbers: { code: "export type M = { type: -1 } | { type: 2 };", root: "M" },
  "an enum of texts": {
    code: 'export enum Kind { Open = "open", Close = "close" }\nexport type M = { type: Kind.Open } | { type: Kind.Close };',
    root: "Kind",
  },
  "an enum of numbers": {
    code: 'export enum Kind { Open, "is-closed" }\nexport type M = { type: Kind.Open } | { type: (typeof Kind)["is-closed"] };',
    root: "Kind",
  },
  "a constant enum": {
    code: 'export const enum Kind { Open = "open", Close = "close" }\nexport type M = { type: Kind.Open } | { type: Kind.Close };',
    root: "Kind",
  },
  "an enum in a namespace": {
    code: "export namespace Kind { export enum Op { A, B } }\nexport type M = { type: Kind.Op.A } | { type: Kind.Op.B };",
    root: "Kind",
  },
  "a unique symbol": {
    code: 'export declare const Kind: unique symbol;\nexport type M = { type: typeof Kind } | { type: "x" };',
    root: "Kind",
  },
  "a unique symbol of a class": {
    code: 'export declare class Kind { static readonly S: unique symbol; }\nexport type M = { type: typeof Kind.S } | { type: "x" };',
    root: "Kind",
  },
  "the texts of an enum": {
    code: 'export enum Kind { Open = "open", Close = "close" }\nexport type M = { type: `${Kind.Open}` } | { type: `${Kind.Close}` };',
    root: "Kind",
  },
};

interface Import {
  readonly head: string;
  /** Other files. */
  readonly files?: Readonly<Record<string, string>>;
  /** How the message type is written; default: `M`. */
  readonly type?: string;
  /** What stands in the method before the `switch`. */
  readonly inside?: string;
  /** Whether no name of the value can be had there. */
  readonly isOutOfReach?: boolean;
}

function imports(root: string): Readonly<Record<string, Import>> {
  const both = root === "M" ? "M" : `${root}, M`;
  return {
    "the type only": { head: 'import type { M } from "./proto.ts";' },
    "the type in a list": { head: 'import { type M } from "./proto.ts";' },
    "an import without a semicolon": { head: "import type { M } from './proto.ts'" },
    "value and type as types": { head: `import type { ${both} } from "./proto.ts";` },
    "another name": {
      head:
        root === "M" ? 'import { type M } from "./proto.ts";' : `import { ${root} as What, type M } from "./proto.ts";`,
    },
    "another name as a type": {
      head:
        root === "M"
          ? 'import { type M } from "./proto.ts";'
          : `import { type ${root} as What, type M } from "./proto.ts";`,
    },
    "the whole module": { head: 'import * as proto from "./proto.ts";', type: "proto.M" },
    "the whole module as types": { head: 'import type * as proto from "./proto.ts";', type: "proto.M" },
    "a type that is asked for where it is used": {
      head: 'type M = import("./proto.ts").M;',
      isOutOfReach: true,
    },
    "a module that passes all on": {
      head: 'import type { M } from "./all.ts";',
      files: { "/all.ts": 'export * from "./proto.ts";' },
    },
    "a module that passes types on": {
      head: 'import type { M } from "./all.ts";',
      files: { "/all.ts": `export type { ${both} } from "./proto.ts";` },
      isOutOfReach: true,
    },
    "a module that passes all on as types": {
      head: 'import type { M } from "./all.ts";',
      files: { "/all.ts": 'export type * from "./proto.ts";' },
      isOutOfReach: true,
    },
    "a module that passes it on by another name": {
      head: 'import type { M } from "./all.ts";',
      files: {
        "/all.ts": `${root === "M" ? "" : `export { ${root} as Renamed } from "./proto.ts";\n`}export type { M } from "./proto.ts";`,
      },
    },
    "a name of the file that hides it": { head: 'import type { M } from "./proto.ts";\nexport enum Kind { Other }' },
    "a type of the file with its name": { head: 'import type { M } from "./proto.ts";\nexport type Kind = 1;' },
    "a name of the method that hides it": {
      head: root === "M" ? 'import { type M } from "./proto.ts";' : `import { ${root}, type M } from "./proto.ts";`,
      inside: "const Kind = 1; console.log(Kind);",
    },
  };
}

const SITES: Readonly<Record<string, (type: string, inside: string) => string>> = {
  "a switch": (type, inside) =>
    `export class A extends Actor<${type}> { override handleMessage(m: ${type}): void { ${inside}\n    switch (m.type) {\n    }\n  } }`,
  "a switch over a name": (type, inside) =>
    `export class A extends Actor<${type}> { override handleMessage({ type }: ${type}): void { ${inside}\n    switch (type) {\n    }\n  } }`,
  "a default": (type, inside) =>
    `export class A extends Actor<${type}> { override handleMessage(m: ${type}): void { ${inside}\n    switch (m.type) {\n      default:\n        break;\n    }\n  } }`,
};

for (const [kind, { code, root }] of Object.entries(KINDS)) {
  for (const [how, { head, files = {}, type = "M", inside = "", isOutOfReach }] of Object.entries(imports(root))) {
    test(`a fix names ${kind} right, with ${how}`, () => {
      for (const [site, write] of Object.entries(SITES)) {
        const main = filesOf(`${head}\n${write(type, inside)}`);
        const all = new Map([...main, ["/proto.ts", code] as const, ...Object.entries(files)]);
        assert.deepEqual(compileErrors(all), [], `${site}, before`);
        const [found] = diagnose(all, ["unhandled-message", "hidden-message-variants"])[0]?.diagnostics ?? [];
        assert.ok(found, `${site}: something is found`);
        const [fix] = found.fixes ?? [];
        const isNamed = ![
          "texts",
          "numbers",
          "the texts of an enum",
          "an enum of numbers",
          "an enum in a namespace",
        ].includes(kind);
        assert.equal(fix !== undefined, !(isOutOfReach === true && isNamed), `${site}: a fix is offered`);
        if (fix === undefined) continue;
        const fixed = applyEdits(all, fix.edits);
        assert.deepEqual(compileErrors(fixed), [], `${site}, after:\n${fixed.get("/main.ts")}`);
        assert.deepEqual(diagnose(fixed, [found.rule])[0]?.diagnostics, [], site);
      }
    });
  }
}

test("what is said of a variant has the name that it has in the file", () => {
  checkRule(`
    //- /proto.ts
    export enum Kind { Open, Close }
    export type M = { type: Kind.Open } | { type: Kind.Close };
    //- /main.ts
    import { Actor } from "airssys-rt";
    import { Kind as What, type M } from "./proto.ts";
    export class A extends Actor<M> {
      override handleMessage(message: M): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ 💡 unhandled-message: What.Close is not handled
          case What.Open:
            break;
        }
      }
    }
  `);
});
