/** An edit inside a function is read with the checker that is there; what is found is what a new start finds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryGuard } from "../../server/src/compiler/memory-guard.ts";
import { ProgramHost } from "../../server/src/compiler/program-host.ts";
import { readProjectConfig } from "../../server/src/compiler/project-config.ts";
import { TsProject } from "../../server/src/compiler/ts-project.ts";
import { RULES } from "../../server/src/rules/index.ts";
import type { MemoryFiles } from "../../server/src/source/memory-files.ts";
import { filesOf, memory } from "./fixture.ts";
import { examples, pageOf } from "./rule-page.ts";

const PROTOCOL = `
  export type Message = { readonly type: "a" } | { readonly type: "b" };
`;

const ACTOR = `
  import type { Message } from "./protocol.ts";
  export class A extends Actor<Message> {
    #sum = 0;
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      switch (message.type) {
        case "a":
          context.self.tell({ type: "b" });
      }
    }
  }
`;

class CountingGuard extends MemoryGuard {
  programs = 0;

  override begin(): void {
    this.programs++;
    super.begin();
  }
}

interface Edited {
  /** Of files the project has facts of. */
  readonly missing: (path: string) => readonly string[];
  /** Edits a file and looks at all: what is known must be what a new start knows. */
  edit(path: string, from: string, to: string): void;
  /** How many programs were made. */
  programs(): number;
}

function start(text: string): Edited {
  const paths = [...filesOf(text).keys()].filter((path) => /\.[jt]sx?$/.test(path));
  const files = memory(new Map([...filesOf(text)].map(([path, one]) => [path, withRuntime(path, one)])));
  const guard = new CountingGuard();
  const compiler = project(files, paths, guard);
  for (const path of paths) compiler.factsOf(path);
  return {
    missing: (path) => compiler.factsOf(path)?.dispatches.flatMap((one) => one.missing.map(({ text: t }) => t)) ?? [],
    programs: () => guard.programs,
    edit: (path, from, to) => {
      const before = files.read(path) ?? "";
      assert.ok(before.includes(from), `${path} has no ${from}`);
      files.write(path, before.replace(from, to));
      compiler.change([path]);
      const anew = project(files, paths);
      for (const one of [path, ...paths]) {
        assert.deepEqual(compiler.factsOf(one), anew.factsOf(one));
        assert.deepEqual(compiler.variantsIn(one), anew.variantsIn(one));
      }
    },
  };
}

/** Only files that speak of actors are given the runtime's imports: others stay scripts when they are. */
function withRuntime(path: string, text: string): string {
  const [, ...lines] = text.split("\n");
  const body = lines.join("\n");
  return /\bActor\b|\bsupervisor\b/.test(body) || path.endsWith(".json") ? text : body;
}

function project(files: MemoryFiles, roots: readonly string[], guard?: MemoryGuard): TsProject {
  return new TsProject(readProjectConfig(files, "/tsconfig.json"), files, roots, guard);
}

test("an edit inside a function makes no new program", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}`);
  assert.deepEqual(edited.missing("/a.ts"), ['"b"']);

  edited.edit("/a.ts", 'case "a":', 'case "b":\ncase "a":');
  assert.deepEqual(edited.missing("/a.ts"), []);
  edited.edit("/a.ts", 'case "a":', "");

  assert.deepEqual(edited.missing("/a.ts"), ['"a"']);
  assert.equal(edited.programs(), 1);
});

test("an edit of a type makes one", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}`);

  edited.edit("/protocol.ts", '"b" }', '"b" } | { readonly type: "c" }');

  assert.deepEqual(edited.missing("/a.ts"), ['"b"', '"c"']);
  assert.equal(edited.programs(), 2);
});

test("a type that is edited after the inside of a function is taken in", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}`);

  edited.edit("/a.ts", 'case "a":', 'case "b":');
  edited.edit("/protocol.ts", '"b" }', '"c" }');

  assert.deepEqual(edited.missing("/a.ts"), ['"a"', '"c"']);
});

test("edits inside functions of two files in turn are both seen", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}//- /b.ts${ACTOR}`);

  edited.edit("/a.ts", 'case "a":', 'case "b":');
  edited.edit("/b.ts", 'case "a":', 'case "a":\ncase "b":');
  edited.edit("/a.ts", 'case "b":', 'case "b":\ncase "a":');

  assert.deepEqual([...edited.missing("/a.ts"), ...edited.missing("/b.ts")], []);
});

test("a file that is written as it was makes no new program", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}`);

  edited.edit("/a.ts", 'case "a":', 'case "b":');
  for (let save = 0; save < 120; save++) edited.edit("/a.ts", "", "");

  assert.equal(edited.programs(), 1);
});

test("what the checker learns of old versions is forgotten after a hundred", () => {
  const edited = start(`//- /protocol.ts${PROTOCOL}//- /a.ts${ACTOR}`);

  for (let n = 0; n < 150; n++) edited.edit("/a.ts", 'case "a":', 'case "a":\n');

  assert.equal(edited.programs(), 2);
});

/** Each is seen by what it sees. */
const CIRCLES: Readonly<Record<string, string>> = {
  "imports itself through its protocol": `
//- /protocol.ts
  import type { A } from "./a.ts";
  export type Message = { readonly type: "a"; readonly from: A } | { readonly type: "b" };
//- /a.ts${ACTOR}`,
  "is named by a script": `
//- /protocol.ts
  export type Message = Shared | { readonly type: "b" };
//- /shared.d.ts
  type Shared = { readonly type: "a"; readonly from: import("./a.ts").A };
//- /a.ts${ACTOR}`,
  "is imported where globals are added": `
//- /protocol.ts
  export type Message = Shared | { readonly type: "b" };
//- /shared.ts
  import type { A } from "./a.ts";
  declare global {
    interface Shared { readonly type: "a"; readonly from: A }
  }
//- /a.ts${ACTOR}`,
  "is added to by another module": `
//- /protocol.ts${PROTOCOL}
//- /shared.ts
  import {} from "./a.ts";
  declare module "./a.ts" {
    interface A { readonly more: number }
  }
//- /a.ts${ACTOR}`,
};

for (const [what, text] of Object.entries(CIRCLES)) {
  test(`an edit inside a function of a file that ${what} makes a new program`, () => {
    const edited = start(text);

    edited.edit("/a.ts", 'case "a":', 'case "a":\nmessage;');

    assert.equal(edited.programs(), 2);
  });
}

test("a module that is first imported inside a function is found", () => {
  const edited = start(`
//- /protocol.ts${PROTOCOL}
//- /b.ts
  export const limits = { maxRestarts: -1, children: [] } as const;
//- /a.ts
  import type { Message } from "./protocol.ts";
  export async function root(): Promise<void> {
    const { limits } = { limits: { children: [] } };
    supervisor(limits);
  }
`);

  edited.edit("/a.ts", "{ limits: { children: [] } }", 'await import(/* later */ "./b.ts")');

  assert.equal(edited.programs(), 2);
});

test("what another file reads from inside an edited function is read anew", () => {
  const edited = start(`
//- /limits.ts
  export function limits(): { maxRestarts: number } {
    return { maxRestarts: 3 };
  }
//- /tree.ts
  import { limits } from "./limits.ts";
  export const root = supervisor({ ...limits(), children: [] });
`);

  edited.edit("/limits.ts", "maxRestarts: 3", "maxRestarts: -3");
});

for (const { name } of RULES) {
  test(`edits inside the functions of the examples of ${name} leave nothing behind`, () => {
    const page = pageOf(name);
    for (const text of [...examples(page, "Reported"), ...examples(page, "Not reported")]) {
      const edited = start(text);
      for (const path of filesOf(text).keys()) {
        if (!/\.tsx?$/.test(path) || !/\): void \{\n/.test(filesOf(text).get(path) ?? "")) continue;
        edited.edit(path, "): void {\n", "): void {\n;void 0;\n");
        edited.edit(path, "): void {\n;void 0;\n", "): void {\n");
      }
    }
  });
}

/** As the compiler numbers it. */
const ES2023 = 10;

test("a source that two projects hold is parsed once while their settings make the same of it, and each sees its newer version", () => {
  const files = memory(new Map([["/a.ts", "export const a = 1;\n"]]));
  const host = (options: { outDir?: string; target?: number }) =>
    new ProgramHost(files, "/", { target: ES2023, ...options });
  const [one, other, older] = [host({}), host({ outDir: "/out" }), host({ target: 2 })];
  const parsed = (of: ProgramHost) => of.getSourceFile("/a.ts", ES2023);
  const first = parsed(one);

  assert.equal(parsed(other), first);
  assert.notEqual(parsed(older), first);

  files.write("/a.ts", "export const a = 2;\n");
  const newer = one.reparse("/a.ts");

  assert.equal(other.reparse("/a.ts"), newer);
  assert.equal(newer?.text, "export const a = 2;\n");
});
