import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../..");

test("the API reference is complete: no broken link, nothing public that it leaves out", async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), "airssys-api-reference-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const typedoc = path.join(root, "node_modules/typedoc/bin/typedoc");

  const { stdout, stderr } = await promisify(execFile)(process.execPath, [typedoc, "--out", folder], {
    cwd: path.join(root, "runtime"),
    env: { ...process.env, NO_COLOR: "1" },
  }).catch((error: { stdout: string; stderr: string }) => error);

  assert.doesNotMatch(stdout + stderr, /\[(warning|error)\]/);
});
