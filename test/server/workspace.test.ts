import assert from "node:assert/strict";
import { test } from "node:test";
import { Analysis } from "../../server/src/engine/analysis.ts";
import { Workspace } from "../../server/src/engine/workspace.ts";
import type { MemoryFiles } from "../../server/src/source/memory-files.ts";
import { filesOf, memory } from "./fixture.ts";
import { BAD, GOOD } from "./sample-actors.ts";

const OPTIONS =
  '"noLib": true, "strict": true, "target": "es2023", "module": "esnext", "moduleResolution": "bundler", "types": ["mini"]';

function start(
  text: Record<string, string>,
  folders: readonly string[] = ["/"],
): { analysis: Analysis; disk: MemoryFiles; found(path: string): readonly string[] } {
  const disk = memory(new Map(Object.entries(text)));
  const failures: string[] = [];
  const analysis = new Analysis(new Workspace(disk), (failure) => failures.push(failure));
  for (const folder of folders) analysis.addFolder(folder);
  analysis.workThrough();
  const found = (path: string): readonly string[] => {
    analysis.workThrough();
    assert.deepEqual(failures, []);
    return analysis.diagnosticsOf(path).map((one) => one.message);
  };
  return { analysis, disk, found };
}

test("only files that speak of actors, and what they import, are looked at", () => {
  const { analysis } = start({
    "/a.ts": BAD,
    "/b.ts": "export const x = 1;\n",
    "/c.ts": "export class Unrelated {}\n",
  });

  assert.deepEqual(analysis.workspace.actorFiles(), ["/a.ts"]);
});

test("a file that gets at the runtime through another file is looked at", () => {
  const { analysis, found } = start({
    "/rt.ts": 'export * from "airssys-rt";\n',
    "/b.ts": BAD.replace("airssys-rt", "./rt.ts"),
    "/c.ts": "export const supervisor = (x: number) => x;\nsupervisor(1);\n",
  });

  assert.deepEqual([...analysis.workspace.actorFiles()].sort(), ["/b.ts", "/rt.ts"]);
  assert.deepEqual(found("/b.ts"), ['"b" is not handled']);
});

test("a change inside a function is the file's own business; a change of a type is its importers' too", () => {
  const { analysis } = start({
    "/p.ts": 'export type Message = { type: "a" };\nexport function helper(): number {\n  return 1;\n}\n',
    "/a.ts": BAD.replace(/type Message = .*/, 'import { helper, type Message } from "./p.ts";\nhelper();'),
  });

  const change = (text: string): readonly string[] | "all" => {
    analysis.workspace.files.set("/p.ts", text);
    return analysis.workspace.change(["/p.ts"]);
  };
  assert.deepEqual(
    change('export type Message = { type: "a" };\nexport function helper(): number {\n  return 2;\n}\n'),
    [],
  );
  assert.deepEqual(
    change(
      'export type Message = { type: "a" } | { type: "c" };\nexport function helper(): number {\n  return 2;\n}\n',
    ),
    ["/a.ts"],
  );
});

test("a value that a spec takes from inside another file's function is followed when it changes", () => {
  const { analysis, found } = start({
    "/limits.ts": "export function limits(): { maxRestarts: number } {\n  return { maxRestarts: 3 };\n}\n",
    "/tree.ts":
      'import { supervisor } from "airssys-rt";\nimport { limits } from "./limits.ts";\nexport const root = supervisor({ ...limits(), children: [] });\n',
  });
  assert.deepEqual(found("/tree.ts"), []);

  analysis.open(
    "/limits.ts",
    "export function limits(): { maxRestarts: number } {\n  return { maxRestarts: -3 };\n}\n",
  );

  assert.deepEqual(found("/tree.ts"), ["maxRestarts must be a whole number >= 0, not -3"]);
});

test("each project of a workspace has its own settings, and references lead to the right one", () => {
  const { found } = start({
    "/tsconfig.json":
      '{ "files": [], "references": [{ "path": "./server" }, { "path": "./client/tsconfig.app.json" }] }',
    "/server/tsconfig.json": `{ "compilerOptions": { ${OPTIONS} }, "include": ["**/*"] }`,
    "/client/tsconfig.app.json": `{ "compilerOptions": { ${OPTIONS}, "paths": { "rt": ["../node_modules/airssys-rt/index.d.ts"] } }, "include": ["**/*"] }`,
    "/server/a.ts": BAD,
    "/client/b.ts": BAD.replace('from "airssys-rt"', 'from "rt" // airssys-rt'),
  });

  assert.deepEqual(found("/server/a.ts"), ['"b" is not handled']);
  assert.deepEqual(found("/client/b.ts"), ['"b" is not handled']);
});

test("several workspace folders are looked at, and one that is closed is forgotten", () => {
  const { analysis, found } = start({ "/one/a.ts": BAD, "/two/b.ts": BAD }, ["/one", "/two"]);
  assert.equal(found("/one/a.ts").length + found("/two/b.ts").length, 2);

  analysis.removeFolder("/two");

  assert.deepEqual(found("/two/b.ts"), []);
  assert.equal(found("/one/a.ts").length, 1);
});

test("the tsconfig may be deleted and come back", () => {
  const { analysis, disk, found } = start({ "/a.ts": BAD });
  const config = disk.read("/tsconfig.json") ?? "";

  disk.remove("/tsconfig.json");
  analysis.touch(["/tsconfig.json"]);
  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
  disk.write("/tsconfig.json", config);
  analysis.touch(["/tsconfig.json"]);

  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
});

test("a file that is there and cannot be read is said not to be checked; one that is gone meanwhile is not", () => {
  const { analysis, disk } = start({ "/a.ts": GOOD, "/b.ts": GOOD, "/c.ts": GOOD });
  const { read, isFile } = disk;
  disk.read = (path) => (/^\/[bc]\.ts$/.test(path) ? undefined : read.call(disk, path));
  disk.isFile = (path) => path !== "/c.ts" && isFile.call(disk, path);
  analysis.touch(["/a.ts", "/b.ts", "/c.ts", "/package.json"]);
  analysis.workThrough();

  assert.deepEqual(
    analysis.gaps().map(({ path, level, text }) => `${path} ${level} ${text}`),
    ["/b.ts warning the file cannot be read and is not checked"],
  );
});

test("a folder that nobody may list, and a name that leads nowhere, are said not to be checked", () => {
  const { analysis, disk } = start({ "/a.ts": GOOD, "/shut/b.ts": BAD });
  const { list } = disk;
  disk.list = (directory) => {
    if (directory === "/shut") return { files: [], directories: [], shut: ["."] };
    return directory === ""
      ? { ...list.call(disk, directory), shut: ["gone.ts", "gone.png"] }
      : list.call(disk, directory);
  };
  analysis.touch(["/package.json"]);
  analysis.workThrough();

  assert.deepEqual(
    analysis
      .gaps()
      .map(({ path, level, text }) => `${path} ${level} ${text}`)
      .sort(),
    [
      "/gone.ts warning the file cannot be read and is not checked",
      "/shut warning the folder cannot be read and is not checked",
    ],
  );
});

test("a tsconfig that is edited counts with its new settings", () => {
  const { analysis, disk, found } = start({ "/a.ts": BAD.replace('from "airssys-rt"', 'from "rt" // airssys-rt') });
  assert.deepEqual(found("/a.ts"), []);

  const paths = '"paths": { "rt": ["./node_modules/airssys-rt/index.d.ts"] }';
  disk.write("/tsconfig.json", `{ "compilerOptions": { ${OPTIONS}, ${paths} } }`);
  analysis.touch(["/tsconfig.json"]);

  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
});

test("a broken package.json and a broken tsconfig cost nothing but their own settings", () => {
  const { analysis, found } = start({
    "/a.ts": BAD,
    "/package.json": '{ "name": ',
    "/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, `,
  });

  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
  assert.equal(analysis.workspace.problems().length > 0, true);
});

test("switching branches with a thousand changed files leaves nothing stale", () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `/src/f${i}.ts`);
  const { analysis, disk, found } = start(
    Object.fromEntries(names.map((name, i) => [name, i % 100 === 0 ? BAD : `export const x${i} = 1;\n`])),
  );
  assert.equal(found("/src/f0.ts").length, 1);

  for (const [i, name] of names.entries()) {
    if (i % 3 === 0) disk.remove(name);
    else disk.write(name, i % 100 === 1 ? BAD : `export const y${i} = 2;\n`);
  }
  analysis.touch(names);

  assert.deepEqual(
    names.filter((name) => found(name).length > 0),
    names.filter((_, i) => i % 100 === 1 && i % 3 !== 0),
  );
});

test("switching branches costs as much per file with six hundred files as with three hundred", () => {
  const callsFor = (count: number): number => {
    const names = Array.from({ length: count }, (_, i) => `/src/f${i}.ts`);
    const { analysis, disk } = start(Object.fromEntries(names.map((name, i) => [name, i % 20 === 0 ? BAD : GOOD])));
    let calls = 0;
    for (const name of ["read", "isFile", "isDirectory", "list", "realPath"] as const) {
      const original = disk[name].bind(disk) as (path: string) => never;
      disk[name] = (path: string) => {
        calls++;
        return original(path);
      };
    }
    for (const name of names) disk.write(name, `${GOOD}\n`);
    analysis.touch(names);
    analysis.workThrough();
    return calls;
  };

  const [one, two] = [callsFor(300), callsFor(600)];

  assert.ok(two < 2.2 * one, `${one} calls, then ${two}`);
});

test("a huge file is left out and named; when it shrinks it is looked at", () => {
  const { analysis, found } = start({ "/a.ts": GOOD });

  analysis.open("/a.ts", `${BAD}// ${"x".repeat(1_100_000)}\n`);
  assert.deepEqual(found("/a.ts"), []);
  assert.deepEqual(analysis.workspace.skippedFiles(), [
    { path: "/a.ts", why: "is larger than 1 MB and is not checked", isActorFile: true },
  ]);
  analysis.open("/a.ts", BAD);

  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
  assert.deepEqual(analysis.workspace.skippedFiles(), []);
});

const VARIANTS = `import { Actor, type ActorRef } from "airssys-rt";
export type Message = { type: "add" } | { type: "expire" };
export class Cache extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "add": break;
      case "expire": break;
    }
  }
}
export const use = (cache: ActorRef<Message>) => cache.tell({ type: "add" });
`;
const SENDS = `import type { ActorRef } from "airssys-rt";
import type { Message } from "./cache.ts";
export const expire = (cache: ActorRef<Message>) => cache.tell({ type: "expire" });
`;
const PADDING = `// ${"x".repeat(1_100_000)}\n`;

for (const [title, text, isSilent] of [
  ["sends it", SENDS, true],
  [
    "gets at the runtime through others",
    SENDS.replace(/import type .* from "airssys-rt";\n/, "const x: any = 1;"),
    true,
  ],
  ["has nothing to do with actors", "export const data = [1, 2, 3];\n", false],
] as const) {
  test(`whether a variant is sent is ${isSilent ? "not known" : "known"} when a file that is too large ${title}`, () => {
    const { analysis, found } = start({ "/cache.ts": VARIANTS, "/huge.ts": text + PADDING });
    analysis.configure({ preset: "strict", rules: {} });

    assert.deepEqual(found("/cache.ts"), isSilent ? [] : ['"expire" is never sent in this workspace']);
    analysis.open("/huge.ts", "export {};\n");
    assert.deepEqual(found("/cache.ts"), ['"expire" is never sent in this workspace']);
  });
}

test("a file that is left out is not read until it has another text, and may do anything", () => {
  const { analysis, found } = start({ "/cache.ts": VARIANTS, "/bad.ts": BAD });
  analysis.configure({ preset: "strict", rules: {} });
  assert.equal(found("/bad.ts")[0], '"b" is not handled');

  analysis.leaveOut(["/bad.ts"]);
  assert.deepEqual(found("/bad.ts"), []);
  assert.deepEqual(found("/cache.ts"), []);
  assert.deepEqual(analysis.workspace.skippedFiles(), [
    { path: "/bad.ts", why: "ended the analysis twice and is not checked until it changes", isActorFile: true },
  ]);

  analysis.open("/bad.ts", BAD);
  assert.deepEqual(found("/bad.ts"), [], "it is the same text");
  analysis.open("/bad.ts", `${BAD}\n`);
  assert.equal(found("/bad.ts")[0], '"b" is not handled');
  assert.deepEqual(found("/cache.ts"), ['"expire" is never sent in this workspace']);
});

test("a file outside of any folder is looked at while it is open", () => {
  const { analysis, found } = start({ "/in/a.ts": GOOD }, ["/in"]);

  analysis.open("/elsewhere/b.ts", BAD);
  assert.deepEqual(found("/elsewhere/b.ts"), ['"b" is not handled']);
  analysis.close("/elsewhere/b.ts");

  assert.deepEqual(found("/elsewhere/b.ts"), []);
});

test("a saved file outside of any folder is forgotten when it is closed", () => {
  const { analysis, found } = start({ "/in/a.ts": GOOD, "/elsewhere/b.ts": BAD }, ["/in"]);

  analysis.open("/elsewhere/b.ts", BAD);
  assert.deepEqual(found("/elsewhere/b.ts"), ['"b" is not handled']);
  analysis.close("/elsewhere/b.ts");

  assert.deepEqual(found("/elsewhere/b.ts"), []);
});

test("without a tsconfig types that are declared beside components are known", () => {
  const text = BAD.replace(/^type Message.*$/m, 'import type { Message } from "./view.tsx";');
  const { analysis, disk } = start({
    "/view.tsx": "export type Message = { type: 'a' } | { type: 'b' };\nexport const view = <div />;\n",
    "/a.ts": text,
  });
  disk.remove("/tsconfig.json");
  analysis.touch(["/tsconfig.json"]);
  analysis.workThrough();

  assert.deepEqual(
    analysis.diagnosticsOf("/a.ts").map((one) => one.message),
    ['"b" is not handled'],
  );
});

test("a file outside of any folder belongs to the tsconfig above it", () => {
  const { analysis, found } = start(
    {
      "/elsewhere/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, "paths": { "rt": ["../node_modules/airssys-rt/index.d.ts"] } }, "include": ["**/*"] }`,
    },
    ["/in"],
  );

  analysis.open("/elsewhere/deep/b.ts", BAD.replace('from "airssys-rt"', 'from "rt" // airssys-rt'));

  assert.deepEqual(found("/elsewhere/deep/b.ts"), ['"b" is not handled']);
});

test("a file belongs to the tsconfig above the folder that is open, which is seen to change though nobody watches it", () => {
  const aliased = BAD.replace('from "airssys-rt"', 'from "rt" // airssys-rt');
  const config = (name: string) =>
    `{ "compilerOptions": { ${OPTIONS}, "paths": { "${name}": ["./node_modules/airssys-rt/index.d.ts"] } }, "include": ["src"] }`;
  const { analysis, disk, found } = start({ "/app/tsconfig.json": config("rt"), "/app/src/a.ts": aliased }, [
    "/app/src",
  ]);
  disk.write("/app/node_modules/airssys-rt/index.d.ts", disk.read("/node_modules/airssys-rt/index.d.ts") ?? "");
  disk.write("/app/node_modules/airssys-rt/package.json", '{ "name": "airssys-rt", "types": "index.d.ts" }');
  analysis.open("/app/src/a.ts", `${aliased}// edited\n`);
  assert.deepEqual(found("/app/src/a.ts"), ['"b" is not handled']);

  disk.write("/app/tsconfig.json", config("other"));
  analysis.open("/app/src/a.ts", `${aliased}// edited again\n`);

  assert.deepEqual(found("/app/src/a.ts"), []);
  assert.equal(analysis.gaps().length, 1);
});

test("an installed package that passes the runtime on is looked through, another with the same names is not", () => {
  const aliased = BAD.replace('"airssys-rt"', '"@acme/actors"');
  const entry = "/node_modules/@acme/actors";
  const through = {
    [`${entry}/package.json`]:
      '{ "name": "@acme/actors", "types": "index.d.ts", "dependencies": { "airssys-rt": "1" } }',
    [`${entry}/index.d.ts`]: 'export * from "./more";\n',
    [`${entry}/more.d.ts`]: 'export { Actor } from "airssys-rt";\n',
  };
  assert.deepEqual(start({ "/a.ts": aliased, ...through }).found("/a.ts"), ['"b" is not handled']);
  const other = {
    [`${entry}/package.json`]: '{ "name": "@acme/actors", "types": "index.d.ts" }',
    [`${entry}/index.d.ts`]: "export declare class Actor<M> { handleMessage(message: M): void }\n",
  };
  const { analysis, found } = start({ "/a.ts": aliased, ...other });
  assert.deepEqual([found("/a.ts"), analysis.gaps()], [[], []]);
});

test("what only looks like the beginning of an actor and is not found is no gap", () => {
  const { analysis } = start({
    "/a.ts":
      'import { Actor } from "films";\nexport const cast = (actors: Actor[]) => actors.forEach((one) => one.tell("cut"));\n',
    "/b.ts": 'import { supervisor } from "./office.ts";\nsupervisor("Ada").ask("when?");\n',
  });
  assert.deepEqual(analysis.gaps(), []);
});

test("carriage returns do not move what is reported", () => {
  const { analysis } = start({ "/a.ts": BAD.replaceAll("\n", "\r\n") });

  const [found] = analysis.diagnosticsOf("/a.ts");

  assert.equal(BAD.replaceAll("\n", "\r\n").slice(found?.span.start, found?.span.end), "message.type");
});

test("an edit while the work is under way is not lost", () => {
  const { analysis, found } = start({ "/a.ts": BAD, "/b.ts": BAD });
  analysis.open("/a.ts", `${BAD}\n`);
  analysis.open("/b.ts", `${BAD}\n`);

  const work = analysis.work();
  work.next();
  analysis.open("/a.ts", GOOD);

  assert.deepEqual(found("/a.ts"), []);
  assert.deepEqual(found("/b.ts"), ['"b" is not handled']);
});

test("an edit in an open file reads nothing from the disk again", () => {
  const { analysis, disk } = start({
    "/a.ts": BAD.replace("export", 'import { x } from "./lib/b.ts";\nx();\nexport'),
    "/lib/b.ts": "export const x = (): void => {};\n",
    "/lib/package.json": "{}",
    "/package.json": '{ "type": "module" }',
  });
  const reads: string[] = [];
  const read = disk.read.bind(disk);
  disk.read = (path) => {
    reads.push(path);
    return read(path);
  };

  analysis.open("/a.ts", GOOD);
  analysis.workThrough();
  reads.length = 0;
  analysis.open("/a.ts", BAD);
  analysis.workThrough();

  assert.deepEqual(reads, []);
});

test("compiled scripts beside the sources are left alone", () => {
  const { analysis } = start({ "/src/a.ts": GOOD, "/dist/a.js": BAD, "/src/types.d.ts": BAD });

  assert.deepEqual(analysis.workspace.actorFiles(), ["/src/a.ts"]);
});

test("a comment with a reason silences the rule it names, in the next line, its own, or the file", () => {
  const silenced = (comment: string): readonly string[] => {
    const files = filesOf(BAD.replace("    switch", `    ${comment}\n    switch`));
    return start(Object.fromEntries(files)).found("/main.ts");
  };

  assert.deepEqual(silenced("// airssys-ignore-next-line unhandled-message: on purpose"), []);
  assert.deepEqual(silenced("/* airssys-ignore-next-line unhandled-message: on purpose */"), []);
  assert.deepEqual(silenced("// airssys-ignore-file unhandled-message: generated"), []);
  assert.deepEqual(silenced("// airssys-ignore-next-line unhandled-message"), [
    "this comment silences nothing without a reason: write it after `unhandled-message:`",
    '"b" is not handled',
  ]);
  assert.deepEqual(silenced("// airssys-ignore-next-line: because"), [
    "this comment names no rule: write the rule and a reason, as in `rule-name: reason`",
    '"b" is not handled',
  ]);
  assert.deepEqual(silenced("// airssys-ignore-next-line floating-ask: on purpose"), [
    "there is nothing to silence here for floating-ask",
    '"b" is not handled',
  ]);
});

test("a rule that fails costs that rule alone and is told once", () => {
  const told: string[] = [];
  const broken = {
    name: "broken",
    code: 1,
    title: "",
    severity: "error",
    preset: "recommended",
    scope: "file",
    check: () => {
      throw new Error("no luck");
    },
  } as const;
  const fine = {
    ...broken,
    name: "fine",
    check: (facts: { path: string }) => [{ path: facts.path, span: { start: 0, end: 1 }, message: "found" }],
  } as const;
  const analysis = new Analysis(
    new Workspace(
      memory(
        new Map([
          ["/a.ts", BAD],
          ["/b.ts", BAD],
        ]),
      ),
    ),
    (text) => told.push(text),
    [broken, fine],
  );
  analysis.addFolder("/");

  analysis.workThrough();

  assert.deepEqual(
    analysis.diagnosticsOf("/a.ts").map((one) => one.rule),
    ["fine"],
  );
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /rule broken: Error: no luck/);
});

/** A project that refers to another, whose package is linked. What that is built to is not there, or old. */
const REFERENCES = {
  "/tsconfig.json": '{ "files": [], "references": [{ "path": "./app" }] }',
  "/app/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, "composite": true, "rootDir": "src", "outDir": "dist" }, "include": ["src"], "references": [{ "path": "../contracts" }] }`,
  "/app/src/a.ts": BAD.replace(/type Message = .*/, 'import type { Message } from "../../contracts/dist/index.js";'),
  "/contracts/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, "composite": true, "rootDir": "src", "outDir": "dist" }, "include": ["src"] }`,
  "/contracts/src/index.ts": 'export type Message = { type: "a" } | { type: "b" };\n',
};

test("a project that is referred to is read from its source, built or not", () => {
  const unbuilt = start(REFERENCES);
  const built = start({ ...REFERENCES, "/contracts/dist/index.d.ts": 'export type Message = { type: "a" };\n' });

  assert.deepEqual(unbuilt.found("/app/src/a.ts"), ['"b" is not handled']);
  assert.deepEqual(built.found("/app/src/a.ts"), ['"b" is not handled']);
});

test("a file that gets its actors from a project that is referred to is one of actors, built or not", () => {
  const files = {
    ...REFERENCES,
    "/app/src/a.ts": `
      import { Base } from "../../contracts/dist/index.js";
      import type { Message } from "../../contracts/dist/index.js";
      export class A extends Base {
        override handleMessage(message: Message): void {
          switch (message.type) {
            case "a":
              return;
          }
        }
      }`,
    "/contracts/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, "composite": true, "rootDir": "src", "outDir": "dist" }, "include": ["src"], "references": [{ "path": "../core" }] }`,
    "/contracts/src/index.ts": 'export * from "../../core/dist/base.js";\n',
    "/core/tsconfig.json": `{ "compilerOptions": { ${OPTIONS}, "composite": true, "outDir": "dist" }, "include": ["*.ts"] }`,
    "/core/base.ts": `
      import { Actor } from "airssys-rt";
      export type Message = { type: "a" } | { type: "b" };
      export abstract class Base extends Actor<Message> {}`,
  };
  assert.deepEqual(start(files).found("/app/src/a.ts"), ['"b" is not handled']);
  const built = { ...files, "/contracts/dist/index.d.ts": "export {};", "/core/dist/base.d.ts": "export {};" };
  assert.deepEqual(start(built).found("/app/src/a.ts"), ['"b" is not handled']);
  const { "/app/tsconfig.json": config } = files;
  const unreferred = { ...files, "/app/tsconfig.json": config.replace(/, "references".*?\]/, "") };
  assert.deepEqual(start(unreferred).found("/app/src/a.ts"), []);
});

test("an edit of a type reaches what imports it in another project", () => {
  const { analysis, disk, found } = start(REFERENCES);
  const source = "/contracts/src/index.ts";

  disk.write(source, 'export type Message = { type: "a" } | { type: "b" } | { type: "c" };\n');
  analysis.touch([source]);
  assert.deepEqual(found("/app/src/a.ts"), ['"b" and "c" are not handled']);

  analysis.open(source, 'export type Message = { type: "a" };\n');
  assert.deepEqual(found("/app/src/a.ts"), []);
});

test("the first package of a folder is seen with the next edit, wherever above the file it is installed", () => {
  for (const folder of ["/app/deep", "/app"]) {
    const text = BAD.replace(/type Message = .*/, 'import type { Message } from "contracts";');
    const { analysis, disk, found } = start({ "/app/deep/a.ts": text });
    assert.deepEqual(found("/app/deep/a.ts"), []);

    disk.write(`${folder}/node_modules/contracts/package.json`, '{ "name": "contracts", "types": "index.d.ts" }');
    disk.write(`${folder}/node_modules/contracts/index.d.ts`, 'export type Message = { type: "a" } | { type: "b" };\n');
    analysis.open("/app/deep/a.ts", `${text}// edited\n`);

    assert.deepEqual(found("/app/deep/a.ts"), ['"b" is not handled'], folder);
  }
});

test("a package that is installed later is seen with the next edit, though nobody tells of it", () => {
  const text = BAD.replace(/type Message = .*/, 'import type { Message } from "contracts";');
  const { analysis, disk, found } = start({ "/a.ts": text });
  assert.deepEqual(found("/a.ts"), []);
  assert.equal(analysis.gaps().length, 1);

  disk.write("/node_modules/contracts/package.json", '{ "name": "contracts", "types": "index.d.ts" }');
  disk.write("/node_modules/contracts/index.d.ts", 'export type Message = { type: "a" } | { type: "b" };\n');
  analysis.open("/a.ts", `${text}// edited\n`);

  assert.deepEqual(found("/a.ts"), ['"b" is not handled']);
  assert.deepEqual(analysis.gaps(), []);

  disk.write("/node_modules/contracts/index.d.ts", 'export type Message = { type: "a" };\n');
  analysis.open("/a.ts", `${text}// edited again\n`);

  assert.deepEqual(found("/a.ts"), []);
});
