/** ESLint's `switch-exhaustiveness-check` in a process of its own: told a text, it answers with its CPU milliseconds and findings. */
import { createRequire } from "node:module";
import path from "node:path";
import { cpuOf } from "./spread.mjs";

export function run(folder, modules) {
  const require = createRequire(path.join(modules, "x.js"));
  const { ESLint } = require("eslint");
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ["**/*.ts"],
        languageOptions: {
          parser: require("@typescript-eslint/parser"),
          parserOptions: { projectService: true, tsconfigRootDir: folder },
        },
        plugins: { "@typescript-eslint": require("@typescript-eslint/eslint-plugin") },
        rules: { "@typescript-eslint/switch-exhaustiveness-check": "error" },
      },
    ],
  });
  process.on("message", async ({ file, text }) => {
    let findings = 0;
    const cpuMs = await cpuOf(async () => {
      const [result] = await eslint.lintText(text, { filePath: path.join(folder, file) });
      findings = result.messages.length;
    });
    process.send({ cpuMs, findings });
  });
}
