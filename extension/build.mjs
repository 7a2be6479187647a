#!/usr/bin/env node
// Makes extension/dist: the bundle of the extension, that of the language server, and the packages that new projects
// are made from. Needs the output of `tsc -b`.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import ts from "typescript";

const require = createRequire(import.meta.url);
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

/**
 * VS Code itself and the modules of Node stay outside. What of them is used is taken from them once: left to itself, each file would begin
 * with a copy of all that each of its imports has, which is half of the time that loading takes.
 */
const copiesNothing = {
  name: "copies-nothing",
  setup(build) {
    build.onResolve({ filter: /^(vscode$|node:)/ }, ({ path: name, kind }) =>
      kind === "import-statement" ? { path: name, namespace: "outside" } : { path: name, external: true },
    );
    build.onLoad({ filter: /.*/, namespace: "outside" }, ({ path: name }) => {
      const members = name === "vscode" ? namesOfApi() : Object.keys(require(name)).filter((key) => /^\w+$/.test(key));
      // What is called as pure is left out where nobody uses it.
      const lines = members.map((key) => `const _${key} = /* @__PURE__ */ (() => api.${key})();`);
      const list = members.map((key) => `_${key} as ${key}`).filter((one) => one !== "_default as default");
      return {
        contents: `const api = require(${JSON.stringify(name)});\n${lines.join("\n")}\nexport { ${[...list, "api as default"].join(", ")} };`,
      };
    });
  },
};

/** Everything that the source takes from `vscode`, types too: those are nothing. */
function namesOfApi() {
  const source = path.join(folder, "src");
  const files = fs.readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const texts = files.map((name) => fs.readFileSync(path.join(source, name), "utf8"));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\bvscode\.(\w+)/g)].map(([, name]) => name)))].sort();
}

/** Bundles the extension. VS Code itself is the only thing left outside. */
async function bundleExtension() {
  await esbuild.build({
    entryPoints: ["extension", "client", "recordings/recording-thread"].map((name) =>
      path.join(folder, "src", `${name}.ts`),
    ),
    entryNames: "[name]",
    outdir: dist,
    outExtension: { ".js": ".cjs" },
    plugins: [clientApart, copiesNothing],
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    minify: true,
    keepNames: true, // errors keep their names in the log
    sourcemap: true,
    logLevel: "warning",
  });
}

/** Bundles what runs inside of test runners, each in the form that its runner loads. */
async function bundleReporters() {
  const of = (name, format, ending) =>
    esbuild.build({
      entryPoints: [path.join(folder, "src/testing/reporters", `${name}.ts`)],
      outfile: path.join(dist, "reporters", `${name}.${ending}`),
      bundle: true,
      format,
      // Mocha takes what a script exports for the reporter itself.
      ...(format === "cjs" && { footer: { js: "module.exports = module.exports.default;" } }),
      platform: "node",
      target: "node22",
      minify: true,
      logLevel: "warning",
    });
  await Promise.all([
    of("node-reporter", "esm", "mjs"),
    of("vitest-reporter", "esm", "mjs"),
    of("mocha-reporter", "cjs", "cjs"),
  ]);
}

/** Bundles the pages of views, which run in a browser of their own. */
async function bundlePages() {
  await esbuild.build({
    entryPoints: ["main.ts", "style.css"].map((name) => path.join(folder, "src/messages/page", name)),
    outdir: path.join(dist, "messages"),
    entryNames: "main",
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "chrome128",
    minify: true,
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

/**
 * Copies what npm would publish of the runtime, without source maps: new projects step over it. Its code has neither comments nor spaces
 * there: they are a third of it, and what people read stands in its types.
 */
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
    if (file.endsWith(".js")) withoutSpaces(path.join(target, file));
  }
  withoutInnerTypes(target, manifest);
}

/** Types that no door of a package leads to, nobody's compiler ever reads. */
function withoutInnerTypes(folder, { exports: doors }) {
  const reached = new Set();
  const reach = (file) => {
    if (reached.has(file) || !fs.existsSync(file)) return;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(fs.readFileSync(file, "utf8")).importedFiles)
      if (fileName.startsWith(".")) reach(path.join(path.dirname(file), fileName.replace(/\.[jt]s$/, ".d.ts")));
  };
  for (const { types } of Object.values(doors)) if (types !== undefined) reach(path.join(folder, types));
  for (const file of fs.readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (file.endsWith(".d.ts") && !reached.has(path.join(folder, file))) fs.rmSync(path.join(folder, file));
}

/** Copies the types of Node for new projects, without their comments: those are nine tenths of them. */
function stageTypes() {
  fs.rmSync(path.join(dist, "types"), { recursive: true, force: true });
  for (const [name, place] of [
    ["@types/node", "node"],
    ["undici-types", "undici-types"],
  ]) {
    const source = path.dirname(require.resolve(`${name}/package.json`));
    const target = path.join(dist, "types", place);
    for (const file of fs.readdirSync(source, { recursive: true, encoding: "utf8" })) {
      const copy = path.join(target, file);
      if (!/\.d\.[mc]?ts$|LICENSE$|package\.json$/.test(file)) continue;
      fs.mkdirSync(path.dirname(copy), { recursive: true });
      const text = fs.readFileSync(path.join(source, file), "utf8");
      fs.writeFileSync(copy, file.endsWith("ts") ? withoutComments(file, text) : alone(file, text));
    }
  }
}

/** The directives before the code are comments too, and stay. */
function withoutComments(name, text) {
  const isDirective = (line) => line.startsWith("/// <reference");
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest);
  const code = ts.createPrinter({ removeComments: true }).printFile(file).split("\n");
  return [...text.split("\n").filter(isDirective), ...code.filter((line) => !isDirective(line))].join("\n");
}

/** A manifest without dependencies: both packages lie side by side. */
function alone(name, text) {
  if (!name.endsWith("package.json")) return text;
  const { dependencies: _, contributors: __, ...manifest } = JSON.parse(text);
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Without the pages that say what the package promises: no program needs them. */
function isPublished(file) {
  return !/(\.(map|tsbuildinfo)|GUARANTEES\.md|CONFORMANCE\.md)$/.test(file);
}

function withoutMap(file) {
  const text = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

function withoutSpaces(file) {
  const { code } = esbuild.transformSync(fs.readFileSync(file, "utf8"), {
    minifyWhitespace: true,
    legalComments: "none",
  });
  fs.writeFileSync(file, code);
}

/** Builds everything; safe to call again. */
export async function buildExtension() {
  fs.mkdirSync(dist, { recursive: true });
  stageRuntime();
  stageTypes();
  await Promise.all([bundleExtension(), bundlePages(), bundleReporters(), bundleServer()]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildExtension();
