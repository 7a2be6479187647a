/** Copies of the runtime that come together in one program, and those that do not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const copy = (at: string): string => `
//- ${at}/package.json
{ "name": "airssys-rt", "types": "index.d.ts" }
//- ${at}/index.d.ts
export declare function supervisor(spec: object): { readonly name: "airssys-rt" };
export type Spec = object;`;
const stores = (imports: string): string => `
//- /node_modules/stores/package.json
{ "name": "stores", "types": "index.d.ts" }
//- /node_modules/stores/index.d.ts
${imports}
export declare const store: { readonly name: string };
export { inner } from "./inner.js";
//- /node_modules/stores/inner.d.ts
import { supervisor } from "airssys-rt";
export declare const inner: ReturnType<typeof supervisor>;`;
const OWN = copy("/node_modules/stores/node_modules/airssys-rt");

function found(main: string, others: string): number {
  return diagnose(filesOf(`//- /main.ts\n${main}\n${others}`), ["duplicate-runtime"]).flatMap(
    ({ diagnostics }) => diagnostics,
  ).length;
}
const USES = 'import { supervisor } from "airssys-rt"; console.log(supervisor);';

test("a package with a copy of its own is found, also behind a file of it, and also through a file of the program", () => {
  assert.equal(found(`${USES} import { store } from "stores"; console.log(store);`, stores("") + OWN), 1);
  assert.equal(found(`import { store } from "stores"; ${USES} console.log(store);`, stores("") + OWN), 1);
  const through = `//- /through.ts\n// without airssys-rt\nexport { store } from "stores";`;
  assert.equal(
    found(`${USES} import { store } from "./through.ts"; console.log(store);`, `${through}\n${stores("")}${OWN}`),
    1,
  );
});

test("a package that has the program's copy is left alone, and so are types and what is not imported", () => {
  assert.equal(found(`${USES} import { store } from "stores"; console.log(store);`, stores("")), 0);
  assert.equal(
    found(`${USES} import type { store } from "stores"; export type T = typeof store;`, stores("") + OWN),
    0,
  );
  assert.equal(found(USES, stores("") + OWN), 0);
  assert.equal(
    found(
      'import { supervisor } from "airssys-rt"; import { nothing } from "missing"; console.log(supervisor, nothing);',
      stores("") + OWN,
    ),
    0,
  );
});

test("packages in a workspace that each have a copy are programs apart", () => {
  const apart = `//- /a/main.ts\n${USES}${copy("/a/node_modules/airssys-rt")}`;
  assert.equal(found(USES, apart), 0);
  assert.equal(found(`${USES} import "./a/main.ts";`, apart), 1);
});
