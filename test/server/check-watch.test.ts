import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { parseArguments } from "../../server/src/check/arguments.ts";
import { runCheck } from "../../server/src/check/run-check.ts";
import { makeWorkspace } from "./client.ts";
import { BAD, FIXABLE, GOOD } from "./sample-actors.ts";

const CLI = path.join(import.meta.dirname, "../../server/src/cli.ts");
const END = "airssys: waiting for changes\n";

/** `airssys check --watch` in this process: changes are told, and each check is waited for. */
class Watching {
  readonly #folder: string;
  readonly #abort = new AbortController();
  readonly #run: Promise<number>;
  readonly #lookers = new Set<() => void>();
  #onChange: ((path: string) => void) | undefined;
  #checks = 0;
  #stopped = false;
  out = "";
  err = "";

  constructor(folder: string, ...words: string[]) {
    this.#folder = folder.replaceAll("\\", "/");
    const parsed = parseArguments(["check", "--watch", ...words]);
    assert.ok(parsed.kind === "check");
    this.#run = runCheck(
      parsed.options,
      { write: (text) => this.#take(text) },
      { write: (text) => (this.err += text) },
      {
        directory: folder,
        signal: this.#abort.signal,
        watch: async (_folders, onChange) => {
          this.#onChange = onChange;
          return async () => {
            this.#stopped = true;
          };
        },
      },
    );
  }

  write(file: string, text: string): void {
    writeFileSync(path.join(this.#folder, file), text);
  }

  tell(...files: string[]): void {
    for (const file of files) this.#onChange?.(`${this.#folder}/${file}`);
  }

  /** What the next check prints, from its first line to its last. */
  async next(): Promise<string> {
    const wanted = ++this.#checks;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.out.split(END).length <= wanted) return;
        this.#lookers.delete(look);
        resolve();
      };
      this.#lookers.add(look);
      look();
    });
    return this.out.split(END)[wanted - 1] ?? "";
  }

  async end(): Promise<{ code: number; stopped: boolean }> {
    this.#abort.abort();
    return { code: await this.#run, stopped: this.#stopped };
  }

  #take(text: string): void {
    this.out += text;
    for (const look of [...this.#lookers]) look();
  }
}

test("it checks at once, and again after a change", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const watching = new Watching(workspace.folder);

  const first = await watching.next();
  watching.write("a.ts", GOOD);
  watching.tell("a.ts");
  const second = await watching.next();

  assert.match(first, /^airssys: checking \.\.\.\na\.ts:5:13 error /);
  assert.match(first, /1 error, 0 warnings \(1 actor in 1 file, \d+ ms\)\n$/);
  assert.match(second, /^airssys: checking after 1 changed file \.\.\.\nnothing to complain about/);
  assert.deepEqual(await watching.end(), { code: 0, stopped: true });
});

test("changes that come together are one check", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD, "b.ts": BAD });
  const watching = new Watching(workspace.folder);
  await watching.next();

  watching.write("a.ts", GOOD);
  watching.write("b.ts", GOOD);
  watching.tell("a.ts", "b.ts", "a.ts");

  assert.match(await watching.next(), /^airssys: checking after 2 changed files \.\.\.\nnothing to complain about/);
  assert.deepEqual(await watching.end(), { code: 0, stopped: true });
});

test("files that are neither source nor settings start no check", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const watching = new Watching(workspace.folder);
  await watching.next();

  watching.tell("notes.md", "picture.png");
  watching.tell("a.ts");

  assert.match(await watching.next(), /^airssys: checking after 1 changed file /);
  assert.equal((await watching.end()).code, 1);
});

test("files that come and go are taken in, and the exit code is that of the last check", async () => {
  using workspace = makeWorkspace({ "a.ts": GOOD });
  const watching = new Watching(workspace.folder);
  await watching.next();

  watching.write("b.ts", BAD);
  watching.tell("b.ts");
  const came = await watching.next();
  rmSync(path.join(workspace.folder, "b.ts"));
  watching.tell("b.ts");
  const gone = await watching.next();

  assert.match(came, /b\.ts:5:13 error/);
  assert.match(gone, /nothing to complain about/);
  assert.equal((await watching.end()).code, 0);
});

test("settings are read again; broken ones are said and do not end the watching", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const watching = new Watching(workspace.folder);
  await watching.next();

  watching.write("airssys.json", "{ broken");
  watching.tell("airssys.json");
  await watching.next();
  assert.match(watching.err, /the settings .*airssys\.json: cannot be read/);

  watching.write("airssys.json", '{ "rules": { "unhandled-message": "off" } }');
  watching.tell("airssys.json");
  assert.match(await watching.next(), /nothing to complain about/);

  rmSync(path.join(workspace.folder, "airssys.json"));
  watching.tell("airssys.json");
  assert.match(await watching.next(), /1 error/);
  assert.equal((await watching.end()).code, 1);
});

test("with --fix a file that changes for the worse is put right", async () => {
  using workspace = makeWorkspace({ "a.ts": GOOD });
  const watching = new Watching(workspace.folder, "--fix");
  await watching.next();

  watching.write("a.ts", FIXABLE);
  watching.tell("a.ts");

  assert.match(await watching.next(), /1 fix applied; nothing to complain about/);
  assert.equal((await watching.end()).code, 0);
});

test("a system that does not let folders be watched is exit code 2", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const parsed = parseArguments(["check", "--watch"]);
  assert.ok(parsed.kind === "check");
  let err = "";

  const code = await runCheck(
    parsed.options,
    { write: () => {} },
    { write: (text) => (err += text) },
    {
      directory: workspace.folder,
      watch: () => Promise.reject(new Error("no watches left")),
    },
  );

  assert.deepEqual([code, err], [2, "airssys: the folders cannot be watched: no watches left\n"]);
});

test("as a program it follows the disk, also folders that come later, and leaves packages out", async () => {
  using workspace = makeWorkspace({ "a.ts": BAD });
  const child = spawn(process.execPath, [CLI, "check", "--watch"], {
    cwd: workspace.folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = on(createInterface({ input: child.stdout }), "line", { close: ["close"] });
  const until = async (pattern: RegExp): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      assert.notEqual(done, true, `it ended before ${pattern}`);
      if (pattern.test((value as [string])[0])) return;
    }
  };
  try {
    await until(/^airssys: waiting for changes$/);

    writeFileSync(path.join(workspace.folder, "node_modules/airssys-rt/extra.ts"), BAD);
    writeFileSync(path.join(workspace.folder, "a.ts"), GOOD);
    await until(/^airssys: checking after 1 changed file/);
    await until(/^nothing to complain about/);

    mkdirSync(path.join(workspace.folder, "src/deep"), { recursive: true });
    writeFileSync(path.join(workspace.folder, "src/deep/b.ts"), BAD);
    await until(/^src\/deep\/b\.ts:5:13 error/);
  } finally {
    child.kill();
    await once(child, "exit");
  }
});

test("a package that is installed while it watches is seen, though no file that is watched has changed", async () => {
  const text = BAD.replace(/type Message = .*/, 'import type { Message } from "contracts";');
  using workspace = makeWorkspace({ "a.ts": text });
  const watching = new Watching(workspace.folder);
  assert.match(await watching.next(), /contracts is imported and not installed/);

  mkdirSync(path.join(workspace.folder, "node_modules/contracts"));
  watching.write("node_modules/contracts/package.json", '{ "name": "contracts", "types": "index.d.ts" }');
  watching.write("node_modules/contracts/index.d.ts", 'export type Message = { type: "a" } | { type: "b" };\n');

  assert.match(await watching.next(), /"b" is not handled/);
  await watching.end();
});
