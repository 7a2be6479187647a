import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite, test } from "node:test";
import { attachConfiguration, launchConfiguration, MARKER } from "../../extension/src/debug/launch.ts";
import { LaunchError } from "../../extension/src/debug/launch-error.ts";
import { findNode, NodeMissingError } from "../../extension/src/debug/node.ts";
import { fillIn } from "../../extension/src/debug/variables.ts";
import { isSupported, parseVersion, typeStripping } from "../../extension/src/debug/version.ts";

const posixOnly = { skip: process.platform === "win32" };
const mark = { launch: "1", attached: false, noDebug: false };

/** A project folder with one program and a Node that says it is of that version. */
function project(nodeVersion: string, files: readonly string[] = ["src/main.ts"]) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "airssys-launch-"));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), "");
  }
  const node = fakeNode(path.join(folder, "node_modules/.bin"), nodeVersion);
  const config = { type: "airssys", request: "launch", name: "x", program: "${workspaceFolder}/src/main.ts" };
  const place = { workspaceFolder: folder, env: {} };
  return { folder, node, config, place, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

function fakeNode(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "node");
  writeFileSync(file, `#!/bin/sh\necho ${version}\n`);
  chmodSync(file, 0o755);
  return file;
}

suite("versions of Node", () => {
  test("22 is enough for programs; TypeScript needs more", () => {
    const of = (text: string) => parseVersion(text) ?? { major: 0, minor: 0 };
    assert.deepEqual(parseVersion("v22.18.0\n"), { major: 22, minor: 18 });
    assert.equal(parseVersion("Python 3"), undefined);
    assert.deepEqual(
      ["v20.20.2", "v22.0.0"].map((text) => isSupported(of(text))),
      [false, true],
    );
    const stripping = ["v22.5.0", "v22.6.0", "v22.18.0", "v23.5.0", "v23.6.0", "v24.0.0"].map((text) =>
      typeStripping(of(text)),
    );
    assert.deepEqual(stripping, ["none", "flag", "default", "flag", "default", "default"]);
  });
});

suite("the Node of a program", posixOnly, () => {
  test("is the project's own before the one on PATH, from any folder below", async () => {
    using made = project("v24.1.0");
    const found = await findNode("", path.join(made.folder, "src"), "/nowhere");
    assert.deepEqual(found, { path: made.node, version: { major: 24, minor: 1 } });
  });

  test("is the first on PATH that is new enough", async () => {
    using made = project("v18.0.0");
    const newer = fakeNode(path.join(made.folder, "newer"), "v22.20.0");
    const search = [fakeNode(path.join(made.folder, "older"), "v20.0.0"), newer]
      .map((file) => path.dirname(file))
      .join(path.delimiter);
    assert.equal((await findNode("", made.folder, search)).path, newer);
  });

  test("that is too old is named, with what to do", async () => {
    using made = project("v20.20.2");
    await assert.rejects(findNode("", made.folder, ""), (error: Error) => {
      assert.ok(error instanceof NodeMissingError);
      assert.match(
        error.message,
        /need Node 22 or newer\. Found only Node 20\.20 at .*Install Node 22 or newer, add one.*airssys\.nodePath/,
      );
      return true;
    });
  });

  test("that the setting names must be one", async () => {
    using made = project("v24.0.0");
    await assert.rejects(findNode("/no/node", made.folder), /"\/no\/node", which is not a Node executable/);
    await assert.rejects(findNode(fakeNode(path.join(made.folder, "old"), "v20.0.0"), made.folder), /names Node 20\.0/);
  });
});

suite("a launch configuration", posixOnly, () => {
  test("becomes one of the JavaScript debugger that runs TypeScript as it is", async () => {
    using made = project("v24.0.0");
    const resolved = await launchConfiguration(
      { ...made.config, skipFiles: ["**/mine/**"], args: ["a"] },
      mark,
      made.place,
      "",
    );
    assert.equal(resolved.type, "node");
    assert.equal(resolved["runtimeExecutable"], made.node);
    assert.deepEqual(resolved["outFiles"], []);
    assert.deepEqual(resolved["args"], ["a"]);
    assert.deepEqual((resolved["skipFiles"] as string[]).slice(0, 3), [
      "**/mine/**",
      "<node_internals>/**",
      "**/node_modules/airssys-rt/**",
    ]);
    assert.equal(resolved[MARKER], mark);
  });

  test("steps over a runtime that is linked, and not over programs that lie beside it", async () => {
    using made = project("v24.0.0", ["src/main.ts", "rt/package.json"]);
    symlinkSync(path.join(made.folder, "rt"), path.join(made.folder, "node_modules/airssys-rt"));
    const { skipFiles } = await launchConfiguration(made.config, mark, made.place, "");
    assert.ok((skipFiles as string[]).some((pattern) => pattern.endsWith("/rt/dist/**")));
    assert.ok(!(skipFiles as string[]).some((pattern) => pattern.endsWith("/rt/**")));
  });

  test("gives an older Node the flag, or the project's tsx", async () => {
    using flag = project("v22.10.0");
    assert.deepEqual((await launchConfiguration(flag.config, mark, flag.place, ""))["runtimeArgs"], [
      "--experimental-strip-types",
    ]);
    using tsx = project("v22.1.0", ["src/main.ts", "node_modules/tsx/dist/loader.mjs"]);
    const { runtimeArgs } = await launchConfiguration(
      { ...tsx.config, runtimeArgs: ["--trace-gc"] },
      mark,
      tsx.place,
      "",
    );
    assert.match(String(runtimeArgs), /^--trace-gc,--import,file:.*tsx\/dist\/loader\.mjs$/);
  });

  test("that cannot run says what to do", async () => {
    using made = project("v22.1.0");
    await assert.rejects(launchConfiguration(made.config, mark, made.place, ""), /Use Node 22\.18 or newer, add "tsx"/);
    assert.ok(await launchConfiguration({ ...made.config, outFiles: ["out/**"] }, mark, made.place, ""));
    await assert.rejects(
      launchConfiguration({ ...made.config, program: "/no/such.ts" }, mark, made.place, ""),
      LaunchError,
    );
    await assert.rejects(launchConfiguration({ ...made.config, program: 7 }, mark, made.place, ""), /must be the path/);
  });

  test("with a Node of its own, or a variable only VS Code knows, is left as it is", async () => {
    using made = project("v24.0.0");
    const own = await launchConfiguration({ ...made.config, runtimeExecutable: "bun" }, mark, made.place, "");
    assert.equal(own["runtimeExecutable"], "bun");
    const asked = await launchConfiguration({ ...made.config, program: "${input:which}" }, mark, made.place, "");
    assert.equal(asked["program"], "${input:which}");
  });

  test("for attaching keeps what the user wrote", () => {
    const config = attachConfiguration(
      { type: "airssys", request: "attach", name: "x", port: 9229 },
      { ...mark, attached: true },
    );
    assert.deepEqual([config.type, config["port"], (config[MARKER] as typeof mark).attached], ["node", 9229, true]);
  });
});

suite("variables", () => {
  test("are filled in, or left to VS Code", () => {
    const place = { workspaceFolder: "/w", file: "/w/src/a.ts", env: { HOME: "/h" } };
    assert.equal(fillIn("${workspaceFolder}/${relativeFile} ${env:HOME}${env:NONE}", place), "/w/src/a.ts /h");
    assert.equal(fillIn("${command:pick}", place), undefined);
    assert.equal(fillIn("${file}", { env: {} }), undefined);
  });
});
