/** Bundles the language server: `main.js` (the server), `analysis-process.js` (its analysis), `cli.js` (the command line). */
import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * The runtime package has to be built before: its door `airssys-rt/spec` is bundled in.
 * Without spaces, there is less to read at each start. Names stay: minified code is not found again in Node's compile cache, and starting
 * takes twice as long.
 *
 * @param {{ outdir?: string }} [options] `outdir`: default `server/dist`.
 */
export async function buildServer({ outdir = path.join(here, "dist") } = {}) {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const names = ["main", "analysis-process", "cli"].filter((name) => existsSync(path.join(here, "src", `${name}.ts`)));
  await build({
    entryPoints: names.map((name) => path.join(here, "src", `${name}.ts`)),
    outdir,
    entryNames: "[name].bundle",
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    define: { "import.meta.filename": "__filename", "import.meta.dirname": "__dirname" },
    minifyWhitespace: true,
    legalComments: "linked",
    plugins: [plainCompiler, plainLibraries],
    logLevel: "warning",
  });
  // Facts are kept from one run to the next by the code that made them.
  const bundles = names.map((name) => readFileSync(path.join(outdir, `${name}.bundle.js`)));
  writeFileSync(path.join(outdir, "build.txt"), hash("sha256", Buffer.concat(bundles), "hex"));
  for (const name of names) writeFileSync(path.join(outdir, `${name}.js`), starter(name));
  // The folder above may say that `.js` is ESM.
  writeFileSync(path.join(outdir, "package.json"), '{ "type": "commonjs" }\n');
}

/** The compiler as an object of plain properties: its own are getters behind getters, and are asked for at every node of every file. */
const plainCompiler = {
  name: "plain-compiler",
  setup(build) {
    build.onResolve({ filter: /^ts-morph$/ }, ({ kind }) =>
      kind === "import-statement" ? { path: "ts-morph", namespace: "plain-compiler" } : undefined,
    );
    build.onLoad({ filter: /./, namespace: "plain-compiler" }, () => ({
      contents:
        'const whole = require("ts-morph");\nexport const ts = { ...whole.ts };\nexport const Project = whole.Project;\n',
      resolveDir: here,
    }));
  },
};

/**
 * A check is over before most of what V8 would optimise has paid for it: that begins after ten times as many calls as usual, which is a
 * seventh of its processor time, for two files as for four hundred.
 */
const OPTIMISED_LATE = [
  "--invocation-count-for-maglev=4000",
  "--invocation-count-for-maglev-osr=1000",
  "--invocation-count-for-turbofan=30000",
  "--invocation-count-for-osr=5000",
];

/**
 * The standard libraries without what they say to people: ts-morph carries them as texts, three fifths of which is that. Nobody reads it
 * here, and the compiler would at each start.
 */
const plainLibraries = {
  name: "plain-libraries",
  setup(build) {
    build.onLoad({ filter: /[\\/]ts-morph-common\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replace(
        /(fileName: "lib\.[\w.]+",\s*text: )("(?:[^"\\]|\\.)*")/g,
        (_, before, text) => before + JSON.stringify(withoutComments(JSON.parse(text))),
      ),
    }));
  },
};

/** Directives begin with three strokes, and stay. */
export function withoutComments(library) {
  return library.replace(/\/\*[\s\S]*?\*\//g, "");
}

/** Switches the compile cache on before the large file is compiled, for code made with the same flags. */
function starter(name) {
  return [
    '"use strict";',
    ...(name === "cli" ? [optimiseLate()] : []),
    'require("node:module").enableCompileCache?.();',
    `require("./${name}.bundle.js");`,
    "",
  ].join("\n");
}

/** In the versions that know these words: another would complain of them. */
function optimiseLate() {
  const flags = OPTIMISED_LATE.map((flag) => `"${flag}"`).join(", ");
  return `if (/^1[2-4]\\./.test(process.versions.v8)) for (const flag of [${flags}]) require("node:v8").setFlagsFromString(flag);`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildServer();
