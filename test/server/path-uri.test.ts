import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOfNative, pathOfUri, uriOfPath } from "../../server/src/source/path-uri.ts";

test("file URIs become paths and come back", () => {
  for (const [uri, path] of [
    ["file:///home/a/b.ts", "/home/a/b.ts"],
    ["file:///home/a%20b/c%23.ts", "/home/a b/c#.ts"],
    ["file:///c%3A/Users/x.ts", "c:/Users/x.ts"],
  ] as const) {
    assert.equal(pathOfUri(uri), path);
    assert.equal(pathOfUri(uriOfPath(path)), path);
  }
});

test("drives have small letters, however the client writes them", () => {
  assert.equal(pathOfUri("file:///C:/Users/x.ts"), "c:/Users/x.ts");
  assert.equal(pathOfUri("file:///C%3A/Users/x.ts"), "c:/Users/x.ts");
});

test("paths of Windows are written as those of their URIs", () => {
  assert.equal(pathOfNative("C:\\Users\\x.ts"), pathOfUri("file:///c%3A/Users/x.ts"));
  assert.equal(pathOfNative("d:\\x.ts"), "d:/x.ts");
  assert.equal(pathOfNative("/home/C:/x.ts"), "/home/C:/x.ts");
  assert.equal(pathOfNative("\\\\server\\share\\x.ts"), pathOfUri("file://server/share/x.ts"));
});

test("network shares keep their host", () => {
  assert.equal(pathOfUri("file://server/share/x.ts"), "//server/share/x.ts");
  assert.equal(pathOfUri(uriOfPath("//server/share/x.ts")), "//server/share/x.ts");
});

test("what is no file has no path", () => {
  for (const uri of ["untitled:Untitled-1", "vscode-vfs://github/x", "nonsense", "", "file:///%E0%A4%A"])
    assert.equal(pathOfUri(uri), undefined);
});
