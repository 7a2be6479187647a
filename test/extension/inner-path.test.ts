import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { innerPath } from "../../extension/src/inner-path.ts";

test("a path within a folder is told, with slashes; one beside it, above it or on another drive is outside", () => {
  const posix = (folder: string, file: string) => innerPath(folder, file, path.posix);
  assert.equal(posix("/w", "/w/src/ä b.ts"), "src/ä b.ts");
  assert.equal(posix("/w", "/w/..old/a.ts"), "..old/a.ts");
  assert.equal(posix("/w", "/w"), "");
  assert.equal(posix("/w/a", "/w/ab.ts"), undefined);
  assert.equal(posix("/w/a", "/w"), undefined);
  const windows = (folder: string, file: string) => innerPath(folder, file, path.win32);
  assert.equal(windows("C:\\w", "c:\\w\\src\\a.ts"), "src/a.ts");
  assert.equal(windows("C:\\w", "D:\\w\\a.ts"), undefined);
  assert.equal(windows("C:\\w", "C:\\v\\a.ts"), undefined);
});
