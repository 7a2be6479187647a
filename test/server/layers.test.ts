import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { RULES } from "../../server/src/rules/index.ts";

const SOURCE = path.join(import.meta.dirname, "../../server/src");

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(path.join(SOURCE, name), "utf8") }));

function importersOf(module: RegExp): readonly string[] {
  return files
    .filter(({ text }) =>
      [...text.matchAll(/^(?:import|export)\b(?! type)[^;]*? from "([^"]+)"/gms)].some(([, from]) =>
        module.test(from ?? ""),
      ),
    )
    .map(({ name }) => name);
}

test("the compiler is known where programs are read and rewritten", () => {
  assert.deepEqual(
    importersOf(/^ts-morph$/).filter((name) => !/^(?:compiler|reading|rewriting)\//.test(name)),
    [],
  );
});

test("the language server protocol is known at the rim", () => {
  assert.deepEqual(
    importersOf(/^vscode-languageserver/).filter((name) => name !== "main.ts" && !name.startsWith("lsp/")),
    [],
  );
});

test("rules read facts and no other rule", () => {
  const names = RULES.map((rule) => `./${rule.name}.ts`);
  for (const { name, text } of files.filter(
    (file) => file.name.startsWith("rules/") && file.name !== "rules/index.ts",
  )) {
    assert.deepEqual(
      names.filter((rule) => text.includes(`"${rule}"`)),
      [],
      name,
    );
    assert.equal(/from "\.\.\/(?:compiler|reading|rewriting|engine|analysis)/.test(text), false, name);
  }
});

test("the table of the README is that of the rules", () => {
  const readme = readFileSync(path.join(SOURCE, "../README.md"), "utf8").replace(/ {2,}/g, " ");
  for (const { code, name, title, severity, preset } of RULES) {
    assert.ok(
      readme.includes(`| ${code} | [${name}](docs/rules/${name}.md) | ${title} | ${severity} | ${preset} |`),
      name,
    );
  }
});

test("every file begins with what it is", () => {
  for (const { name, text } of files) assert.match(text, /^\/\*\*/, name);
});
