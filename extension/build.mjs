#!/usr/bin/env node
// Makes extension/dist: the bundle of the extension, that of the language server, and the runtime package that new projects
// are made from. Needs the output of `tsc -b`.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const folder = import.meta.dirname;
const dist = path.join(folder, "dist");
const runtime = path.join(folder, "../runtime");
const serverBuild = path.join(folder, "../server/build.mjs");

/** The language client is most of the code and is not needed to activate: a file of its own, loaded when it is needed. */
const clientApart = {
  name: "client-apart",
  setup(build) {
    build.onResolve({ filter: /\/client\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./client.cjs", external: true } : undefined,
    );
  },
};

/** Bundles the extension. VS Code itself is the only thing left outside. */
async function bundleExtension() {
  await esbuild.build({
    entryPoints: ["extension", "client"].map((name) => path.join(folder, "src", `${name}.ts`)),
    outdir: dist,
    outExtension: { ".js": ".cjs" },
    plugins: [clientApart],
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    external: ["vscode"],
    minify: true,
    keepNames: true, // errors keep their names in the log
    sourcemap: true,
    logLevel: "warning",
  });
}

/** Bundles the language server, as its own build says, and the pages of its rules. */
async function bundleServer() {
  if (!fs.existsSync(serverBuild)) return;
  const { buildServer } = await import(pathToFileURL(serverBuild).href);
  await buildServer({ outdir: path.join(dist, "server") });
  fs.cpSync(path.join(folder, "../server/docs"), path.join(dist, "server/docs"), { recursive: true });
}

/** Copies what npm would publish of the runtime, without source maps: new projects step over it. */
function stageRuntime() {
  const target = path.join(dist, "runtime");
  fs.rmSync(target, { recursive: true, force: true });
  const manifest = JSON.parse(fs.readFileSync(path.join(runtime, "package.json"), "utf8"));
  for (const name of ["package.json", ...manifest.files]) {
    const source = path.join(runtime, name);
    if (fs.existsSync(source)) fs.cpSync(source, path.join(target, name), { recursive: true, filter: isPublished });
  }
  for (const file of fs.readdirSync(target, { recursive: true, encoding: "utf8" })) {
    if (/\.(js|d\.ts)$/.test(file)) withoutMap(path.join(target, file));
  }
}

function isPublished(file) {
  return !/\.(map|tsbuildinfo)$/.test(file);
}

function withoutMap(file) {
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

/** Builds everything; safe to call again. */
export async function buildExtension() {
  fs.mkdirSync(dist, { recursive: true });
  stageRuntime();
  await Promise.all([bundleExtension(), bundleServer()]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildExtension();
