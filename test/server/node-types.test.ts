/** Which names of Node's own modules are types: what this Node exports is none. */
import assert from "node:assert/strict";
import { builtinModules } from "node:module";
import { test } from "node:test";
import { NodeTypes } from "../../server/src/compiler/node-types.ts";
import { DISK } from "../../server/src/source/file-system.ts";

const types = new NodeTypes(DISK);

test("nothing that Node exports is taken for a type", async () => {
  const wrong: string[] = [];
  let count = 0;
  for (const module of builtinModules.filter((name) => !name.startsWith("_")))
    for (const name of Object.keys(await import(module))) {
      count++;
      if (types.has(module, name, import.meta.filename)) wrong.push(`${module}: ${name}`);
    }
  assert.deepEqual(wrong, []);
  assert.ok(count > 1_000);
});

test("what Node only declares is", () => {
  for (const [module, name] of [
    ["node:net", "AddressInfo"],
    ["http", "IncomingHttpHeaders"],
    ["node:http", "RequestListener"],
    ["fs", "PathLike"],
    ["node:stream", "TransformCallback"],
    ["child_process", "SpawnOptions"],
    ["node:worker_threads", "WorkerOptions"],
  ] as const)
    assert.equal(types.has(module, name, import.meta.filename), true, `${module}: ${name}`);
});
