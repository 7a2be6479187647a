// A series of pictures of the example in the window, in several themes. The extension is the one that was built last.
//
//   node script.mjs folder [--themes dark,light,contrast,contrast-light]
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { extension } from "./paths.mjs";
import { onTermination } from "./processes.mjs";
import { step } from "./progress.mjs";

/** Names of VS Code's themes, by what pictures are called. */
export const THEMES = {
  dark: "Dark Modern",
  light: "Light Modern",
  contrast: "Default High Contrast",
  "contrast-light": "Default High Contrast Light",
};

/**
 * Takes the series in each theme that the arguments name.
 *
 * @param {object} series
 * @param {(folder: string) => Promise<void>} [series.prepare] puts into the copy of the example what else is to be there
 * @param {Record<string, string>} [series.env]
 * @param {Record<string, unknown>} [series.settings]
 * @param {(workbench: import("./drive.mjs").Workbench, shoot: (name: string) => Promise<unknown>) => Promise<void>} series.act
 */
export async function takeSeries({ prepare, env, settings = {}, act }) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { themes: { type: "string", default: "dark,light,contrast" } },
  });
  const [folder] = positionals;
  if (!folder) throw new Error("name a folder for the pictures");
  fs.mkdirSync(folder, { recursive: true });
  /** @type {import("./drive.mjs").Workbench | undefined} */
  let current;
  onTermination(async () => {
    await current?.close();
    process.exit(1);
  });

  const look = async (theme) => {
    const example = copyExample();
    await prepare?.(example.folder);
    const workbench = await openWorkbench({
      folder: example.folder,
      install: [extension],
      ...(env ? { env } : {}),
      settings: {
        "workbench.colorTheme": THEMES[theme],
        "remote.autoForwardPorts": false,
        // It comes over what is looked at, whenever a program starts.
        "debug.internalConsoleOptions": "neverOpen",
        ...settings,
      },
      viewport: { width: 1300, height: 900 },
    });
    current = workbench;
    try {
      await act(workbench, (name) => workbench.page.screenshot({ path: path.join(folder, `${name}-${theme}.png`) }));
    } catch (error) {
      await workbench.screenshot(path.join(folder, `failed-${theme}.png`));
      throw error;
    } finally {
      await workbench.close();
      example.remove();
      current = undefined;
    }
  };
  for (const theme of values.themes.split(",")) await step(`${theme} → ${folder}`, () => look(theme));
}
