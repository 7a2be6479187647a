import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { createProject, FolderNotEmptyError } from "../../extension/src/project/create.ts";
import { packageName, projectFiles } from "../../extension/src/project/template.ts";

suite("a new project", () => {
  test("has a name npm takes, whatever the folder is called", () => {
    const names = ["My Shop", "Ünïcode", "--x--", "日本", "node_modules", "a".repeat(200)].map(packageName);
    assert.deepEqual(names.slice(0, 5), ["my-shop", "unicode", "x", "actors", "actors"]);
    assert.equal(names[5]?.length, 100);
  });

  test("depends on nothing that is not in it", () => {
    const manifest = JSON.parse(projectFiles("x").get("package.json") ?? "") as {
      dependencies: object;
      devDependencies?: object;
    };
    assert.deepEqual(manifest.dependencies, { "airssys-rt": "file:vendor/airssys-rt" });
    assert.deepEqual(Object.values(manifest.devDependencies ?? {}), [
      "file:vendor/node-types",
      "file:vendor/undici-types",
    ]);
  });

  test("needs nothing configured for F5", () => {
    assert.ok(![...projectFiles("x").keys()].includes(".vscode/launch.json"));
  });

  test("is written with the runtime, and never over something", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "airssys-project-"));
    try {
      const runtime = path.join(folder, "runtime");
      mkdirSync(runtime);
      writeFileSync(path.join(runtime, "package.json"), "{}");
      const packages = { "airssys-rt": runtime, "@types/node": runtime, "undici-types": runtime };
      const target = path.join(folder, "shop");
      await createProject(target, packages);
      for (const file of [
        ...projectFiles("shop").keys(),
        "vendor/airssys-rt/package.json",
        "node_modules/airssys-rt/package.json",
        "node_modules/@types/node/package.json",
      ]) {
        assert.ok(existsSync(path.join(target, file)), file);
      }
      writeFileSync(path.join(target, "src/main.ts"), "mine");
      await assert.rejects(createProject(target, packages), FolderNotEmptyError);
      assert.equal(readFileSync(path.join(target, "src/main.ts"), "utf8"), "mine");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
