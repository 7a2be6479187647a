// The other versions of Node that the runtime supports, and its tests in a form that each of them runs.
import fs from "node:fs";
import path from "node:path";
import { cache, root } from "./workbench/paths.mjs";
import { run } from "./workbench/processes.mjs";
import { step } from "./workbench/progress.mjs";

/** Beside the Node 24 that everything runs on: the oldest that the runtime supports, and the newest. */
export const OTHER_NODES = ["22.23.3", "26.10.0"];

/** The npm packages that hold nothing but Node are named by platform. */
const PACKAGE = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/**
 * Fetches a version of Node from the npm registry, once.
 *
 * @param {string} version
 * @returns {Promise<string | undefined>} the binary; `undefined` where it cannot be had, for example without a network
 */
export async function fetchNode(version) {
  const folder = path.join(cache, `node-${version}`);
  const binary = path.join(folder, "node_modules", PACKAGE, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (fs.existsSync(binary)) return binary;
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const install = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", `${PACKAGE}@${version}`];
  try {
    await step(`Fetching Node ${version}`, () => run("npm", install, { cwd: folder }));
  } catch (error) {
    console.log(`    ${error.message}`);
  }
  return fs.existsSync(binary) ? binary : undefined;
}

/**
 * Copies the runtime and its tests to where a version of Node can run them. Node 24 and newer run them as they are; older ones strip
 * types too, but do not know `using`, which is rewritten.
 *
 * @param {string} version
 * @returns {Promise<string>} the folder to run `test/runtime` in
 */
export async function testsFor(version) {
  if (Number.parseInt(version, 10) >= 24) return root;
  const { transform } = await import("esbuild");
  const copy = path.join(cache, `tests-for-node-${version}`);
  fs.rmSync(copy, { recursive: true, force: true });
  // What the tests of the runtime share with others, and read.
  fs.cpSync(path.join(root, "test/hostile-frames.ts"), path.join(copy, "test/hostile-frames.ts"));
  fs.cpSync(path.join(root, "test/repo/api"), path.join(copy, "test/repo/api"), { recursive: true });
  for (const folder of ["runtime", "test/runtime"]) {
    for (const entry of fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const from = path.join(entry.parentPath, entry.name);
      const to = path.join(copy, path.relative(root, from));
      fs.mkdirSync(path.dirname(to), { recursive: true });
      if (!from.endsWith(".ts") || from.endsWith(".d.ts")) fs.copyFileSync(from, to);
      else {
        const { code } = await transform(fs.readFileSync(from, "utf8"), {
          loader: "ts",
          target: "node22",
          supported: { using: false },
          tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
        });
        fs.writeFileSync(to, code);
      }
    }
  }
  fs.copyFileSync(path.join(root, "package.json"), path.join(copy, "package.json"));
  return copy;
}
