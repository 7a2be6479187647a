/** The npm package of the server, as it is in the repository and as it is published. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { RULES } from "../../server/src/rules/index.ts";
import { startSession } from "./client.ts";
import { PAGES } from "./rule-page.ts";
import { BAD } from "./sample-actors.ts";

const SERVER = path.join(import.meta.dirname, "../../server");
const RUNTIME = path.join(import.meta.dirname, "../../runtime");
const manifest = JSON.parse(readFileSync(path.join(SERVER, "package.json"), "utf8")) as {
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
};
const readme = readFileSync(path.join(SERVER, "README.md"), "utf8");

const run = promisify(execFile);

/** A new project with the server and the runtime installed from what is published, and nothing that a registry would have to give. */
async function installed(): Promise<{ readonly folder: string; [Symbol.dispose](): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), "airssys-installed-"));
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  const pack = ["pack", "--ignore-scripts", "--pack-destination", folder];
  await Promise.all([SERVER, RUNTIME].map((cwd) => run("npm", pack, { cwd })));
  const archives = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", ...archives], {
    cwd: folder,
  });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

async function packed(): Promise<readonly string[]> {
  const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: SERVER });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  return files.map((file) => file.path);
}

test("what the README links to is in the repository and in the package", async () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? "");
  const files = await packed();

  assert.ok(links.length >= RULES.length);
  for (const link of links) {
    assert.ok(existsSync(path.join(SERVER, link)), `${link} in the repository`);
    assert.ok(files.includes(link), `${link} in the package`);
  }
});

test("commands and doors of the package are in it, and nothing that is not needed", async () => {
  const files = await packed();
  const doors = Object.values(manifest.exports).flatMap((door) =>
    typeof door === "string" ? [door] : Object.values(door),
  );

  for (const target of [...Object.values(manifest.bin), ...doors])
    assert.ok(files.includes(target.replace(/^\.\//, "")), target);
  const strangers = files.filter(
    (file) =>
      !/^(package\.json|README\.md|LICENSE|bin\/[\w-]+\.mjs|dist\/(package\.json|build\.txt|[\w-]+(\.bundle)?\.js(\.LEGAL\.txt)?)|docs\/rules\/[\w-]+\.md|out\/protocol\.(js|d\.ts))$/.test(
        file,
      ),
  );
  assert.deepEqual(strangers, []);
});

/** TypeScript asks for it within a `try`, for stack traces of its own. */
const NOT_NEEDED = ["source-map-support"];

test("the package imports nothing that it does not declare", async () => {
  const code = (await packed()).filter((file) => /\.(m?js|d\.ts)$/.test(file));
  const texts = code.map((file) => readFileSync(path.join(SERVER, file), "utf8"));
  const imported = texts.flatMap((text) => [
    ...text.matchAll(/(?:^|[^.\w])require\("((?:@[\w.-]+\/)?[\w.:-]+)[^"]*"\)/g),
    ...text.matchAll(/^(?:import|export)\b(?:[^"';]*\bfrom)? *["']((?:@[\w.-]+\/)?[\w.:-]+)[^"']*["'];?$/gm),
  ]);
  const packages = new Set(
    imported.map(([, name = ""]) => name).filter((name) => !/^\./.test(name) && !isBuiltin(name)),
  );

  assert.ok(imported.length > 20, "imports are found");
  const declared = Object.keys(manifest.dependencies ?? {});
  assert.deepEqual([...packages].sort(), [...declared, ...NOT_NEEDED].sort());
});

test("installed from what is published it checks a program and serves an editor", async () => {
  using project = await installed();
  const { folder } = project;
  assert.deepEqual(
    readdirSync(path.join(folder, "node_modules")).filter((name) => !name.startsWith(".")),
    ["airssys-language-server", "airssys-rt"],
  );
  writeFileSync(path.join(folder, "actor.ts"), BAD);

  const checked = spawnSync("npx", ["--offline", "airssys", "check"], { cwd: folder, encoding: "utf8" });
  assert.match(checked.stdout, /actor\.ts:5:13 error "b" is not handled/);
  assert.equal(checked.status, 1);

  const program = path.join(folder, "node_modules/.bin/airssys-language-server");
  await using session = await startSession(folder, {}, {}, program);
  assert.deepEqual(
    (await session.diagnostics("actor.ts")).map(({ message }) => message),
    ['"b" is not handled'],
  );
});

test("commands are committed files that the system can start, so that a fresh install links to them", () => {
  const tracked = spawnSync("git", ["ls-files", "--stage", "bin"], { cwd: SERVER, encoding: "utf8" }).stdout;
  for (const target of Object.values(manifest.bin)) {
    assert.match(readFileSync(path.join(SERVER, target), "utf8"), /^#!\/usr\/bin\/env node\n/);
    if (tracked !== "") assert.match(tracked, new RegExp(`^100755 .*${target}$`, "m"));
  }
});

test("commands of a checkout that is not built say what to do", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "airssys-bin-"));
  try {
    cpSync(path.join(SERVER, "bin"), path.join(folder, "bin"), { recursive: true });
    for (const target of Object.values(manifest.bin)) {
      const { status, stderr } = spawnSync(process.execPath, [path.join(folder, target), "--stdio"], {
        encoding: "utf8",
      });
      assert.equal(status, 2);
      assert.match(stderr, /not built yet: run `npm run build`/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("commands of a checkout that is built run", () => {
  const run = (command: string, ...words: string[]) =>
    spawnSync(process.execPath, [path.join(SERVER, manifest.bin[command] ?? ""), ...words], { encoding: "utf8" });

  assert.match(run("airssys", "--help").stdout, /^Usage: airssys check/);
  assert.match(run("airssys-language-server").stderr, /say how the editor is connected/);
  assert.ok(existsSync(PAGES));
});
