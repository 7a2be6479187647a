/** ESLint's `switch-exhaustiveness-check` on the same edit of the same file. */
import { createRequire } from "node:module";
import path from "node:path";
import { actorPath, actorText } from "./code-base.mjs";
import { cpuOf, spread } from "./spread.mjs";

const EDITS = 21;

export async function run(folder, modules) {
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
  const file = path.join(folder, actorPath(0, 0));
  const removed = actorText(0, 0).replace(/ {6}case "flush":[\s\S]*?break;\n/, "");
  const times = [];
  for (let i = 0; i < EDITS; i++) {
    const text = i % 2 === 0 ? removed : actorText(0, 0);
    times.push(
      await cpuOf(async () => {
        const [result] = await eslint.lintText(text, { filePath: file });
        if (result.messages.length !== (i % 2 === 0 ? 1 : 0)) throw new Error(JSON.stringify(result.messages));
      }),
    );
  }
  return spread(times.slice(4));
}
