import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { StaticNode, SupervisionTree } from "airssys-language-server/protocol";
import { Sources } from "../../extension/src/tree/sources.ts";

const start = { line: 0, character: 0 };

function root(uri: string): StaticNode {
  return { kind: "supervisor", definition: uri, spec: { uri, range: { start, end: start } }, children: [] };
}

suite("the trees of the source", () => {
  test("are shown of this workspace, and found also where a program lies elsewhere that was run", async () => {
    const roots = [root("file:///shop/desk.ts"), root("file:///elsewhere/main.ts")];
    const sources = new Sources((uri) => uri.startsWith("file:///shop/"));
    sources.connect((): Promise<SupervisionTree> => Promise.resolve({ roots, actors: [], complete: true }));
    assert.deepEqual((await sources.current()).roots, roots);
    assert.deepEqual(sources.inside, [roots[0]]);
    sources.connect(undefined);
    assert.deepEqual(sources.inside, []);
  });
});
