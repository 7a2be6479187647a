#!/usr/bin/env node
// Makes extension/airssys-<version>.vsix from extension/dist, without a network. Needs `npm run build`.
//
// The pictures of the readme stay in the repository: they would be a third of the vsix.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createVSIX } from "@vscode/vsce";

const folder = import.meta.dirname;

/** Makes the vsix. @returns {Promise<string>} its path */
export async function packageExtension() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const packagePath = path.join(folder, `${name}-${version}.vsix`);
  const readmePath = path.join("out", "README.md");
  const readme = fs.readFileSync(path.join(folder, "README.md"), "utf8");
  fs.writeFileSync(path.join(folder, readmePath), readme.replace(/<picture>[\s\S]*?<\/picture>\n\n?/g, ""));
  // The bundles hold all dependencies; there is no repository address to resolve links against.
  await createVSIX({
    cwd: folder,
    packagePath,
    readmePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = await packageExtension();
  console.log(`${path.relative(process.cwd(), file)} ${(fs.statSync(file).size / 1024).toFixed(0)} KB`);
}
