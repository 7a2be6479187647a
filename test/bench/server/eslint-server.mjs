/** ESLint as people run it on edits: its own language server, with `switch-exhaustiveness-check` alone. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Editor } from "./editor.mjs";

const CONFIG = `import parser from "@typescript-eslint/parser";
import plugin from "@typescript-eslint/eslint-plugin";

export default [
  {
    files: ["**/*.ts"],
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@typescript-eslint": plugin },
    rules: { "@typescript-eslint/switch-exhaustiveness-check": "error" },
  },
];
`;

/**
 * @param {string} folder gets a configuration of ESLint
 * @param {string} modules where the packages are installed
 * @returns {Promise<Editor>} initialized
 */
export async function openEslintServer(folder, modules) {
  writeFileSync(path.join(folder, "eslint.config.mjs"), CONFIG);
  const main = path.join(modules, "vscode-langservers-extracted/bin/vscode-eslint-language-server");
  const editor = new Editor(folder, { main, settings: settingsFor(folder) });
  await editor.initialize();
  return editor;
}

/** What the extension of VS Code sends by default. */
function settingsFor(folder) {
  return {
    validate: "on",
    packageManager: "npm",
    useESLintClass: true,
    experimental: {},
    codeAction: { disableRuleComment: { enable: false }, showDocumentation: { enable: false } },
    codeActionOnSave: { mode: "all" },
    format: false,
    quiet: false,
    onIgnoredFiles: "off",
    options: {},
    rulesCustomizations: [],
    run: "onType",
    problems: { shortenToSingleLine: false },
    nodePath: null,
    workspaceFolder: { uri: pathToFileURL(folder).href, name: "workspace" },
    workingDirectory: { directory: folder },
  };
}
