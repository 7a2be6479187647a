import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { listFiles, PackageManager } from "@vscode/vsce";

const folder = path.join(import.meta.dirname, "../../extension");
const LIMIT_BYTES = 3 * 1024 * 1024;
/** Bytes of an archive that each file takes besides what is in it and, twice, its name. */
const HEADERS = 110;

test("the packaged extension has at most 3 MB", async () => {
  const files = await listFiles({ cwd: folder, packageManager: PackageManager.None });
  const sizes = files
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .map((name) => {
      const packed = deflateRawSync(readFileSync(path.join(folder, name))).length;
      return { name, bytes: packed + HEADERS + 2 * Buffer.byteLength(`extension/${name}`) };
    });
  const sum = sizes.reduce((total, { bytes }) => total + bytes, 0);
  const largest = sizes.sort((one, other) => other.bytes - one.bytes).slice(0, 8);
  assert.ok(sum > 1024 * 1024, "the bundles are there");
  assert.ok(sum <= LIMIT_BYTES, `${sum} bytes\n${largest.map(({ name, bytes }) => `${bytes} ${name}`).join("\n")}`);
});

/** What the editor has no use for: source maps, and the command line of the server. */
const UNUSED = /\.map$|^dist\/server\/(build\.txt|cli\.)/;

test("all that is built and used is packaged", async () => {
  const packaged = new Set(await listFiles({ cwd: folder, packageManager: PackageManager.None }));
  const built = readdirSync(path.join(folder, "dist"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)).replaceAll(path.sep, "/"));
  assert.ok(built.length > 0);
  assert.deepEqual(
    built.filter((file) => !packaged.has(file) && !UNUSED.test(file)),
    [],
  );
});
