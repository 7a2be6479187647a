/** The supervision tree of the source: what stands under each child spec is what it is said to start. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Analysis } from "../../server/src/engine/analysis.ts";
import { supervisionTree } from "../../server/src/features/supervision-tree.ts";
import type { StaticNode } from "../../server/src/protocol.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { analysisOf, annotated } from "./fixture.ts";
import { analysisOverTypings } from "./installed-typings.ts";

const ROOT = path.join(import.meta.dirname, "../..");

const CHILDREN = `
  import { Actor, supervisor, type SupervisorSpec } from "airssys-rt";
  import { files, osProcess, processManager, SecurityContext } from "airssys-rt/os";
  import * as os from "airssys-rt/os";
  class Desk extends Actor<string> { handleMessage(): void {} }
  const site = SecurityContext.create({ principal: "a", run: [{ command: "/usr/bin/ffmpeg" }] });
  declare const given: string;
  declare const others: SupervisorSpec["children"];
  const GZIP = "/usr/bin/gzip";
  const options = { security: site, command: GZIP, args: ["-k"] };
  const packer = osProcess(options);
  const run = (command: string) => osProcess({ security: site, command });
  export const root = supervisor({
    children: [
      { id: "desk", start: () => new Desk() },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ actor Desk
      { id: "files", start: files(site) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ files
      { id: "processes", start: processManager(site, { maxProcesses: 3 }) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ processManager
      { id: "encoder", start: osProcess({ security: site, command: "/usr/bin/ffmpeg" }), restart: "transient" },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process ffmpeg
      { id: "packer", start: packer },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process gzip
      { id: "spread", start: osProcess({ ...options, args: [] }) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process gzip
      { id: "helped", start: run("/bin/true") },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process true
      { id: "named", start: os.osProcess({ security: site, command: "C:\\\\tools\\\\convert.exe" }) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process convert.exe
      { id: "some", start: osProcess({ security: site, command: given }) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ process
      { id: given, start: files(site) },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ files ("given" has no value here)
      { id: "either", start: given === "" ? files(site) : packer },
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown (it depends on a condition)
    ],
  });
`;

const TYPINGS = [
  ["small typings", analysisOf],
  ["the typings of the package", analysisOverTypings],
] as const;

for (const [what, analyse] of TYPINGS) {
  test(`each child of a supervisor is named as what it is, over ${what}`, () => {
    const { files, marks } = annotated(CHILDREN);
    assert.deepEqual(kinds(analyse(files), files), marks);
  });
}

test("a process of one's own making that has the same name is none", () => {
  const { files, marks } = annotated(`
    import { Actor, supervisor } from "airssys-rt";
    class Desk extends Actor<string> { handleMessage(): void {} }
    const osProcess = (options: { command: string }) => () => new Desk();
    export const root = supervisor({ children: [
      { id: "a", start: osProcess({ command: "/bin/true" }) },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ actor Desk
    ] });
  `);
  assert.deepEqual(kinds(analysisOf(files), files), marks);
});

for (const example of ["media-desk", "guarded-files"])
  test(`nothing in the tree of the example ${example} is unknown`, () => {
    const folder = path.join(ROOT, "runtime/examples", example, "src");
    const sources = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const files = new Map(sources.map((name) => [`/${name}`, readFileSync(path.join(folder, name), "utf8")]));
    const found = kinds(analysisOverTypings(files), files);
    assert.ok(found.length > 0, "it supervises something");
    assert.deepEqual(
      found.filter((line) => / unknown\b/.test(line)),
      [],
    );
  });

/** What is below the roots, as marks say it. */
function kinds(analysis: Analysis, files: ReadonlyMap<string, string>): readonly string[] {
  const { roots } = supervisionTree(
    analysis.index,
    ({ path: file, span }) => ({ uri: file, range: new LineMap(files.get(file) ?? "").range(span) }),
    true,
  );
  const lines: string[] = [];
  const visit = (node: StaticNode): void => {
    const { start, end } = node.spec.range;
    const last = end.line === start.line ? end.character : start.character + 1;
    const words = [node.kind, node.definition, node.unknown === undefined ? undefined : `(${node.unknown})`];
    const label = words.filter((word) => word !== undefined).join(" ");
    lines.push(`${node.spec.uri}:${start.line + 1}:${start.character}-${last} ${label}`);
    for (const child of node.children) visit(child);
  };
  for (const root of roots) for (const child of root.children) visit(child);
  return lines.sort();
}
