// Finds a Chromium in which the workbench of the stand-in can be opened, and installs one where that is possible.
import fs from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";
import { step } from "./progress.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];

/**
 * Looks for an executable on the PATH.
 *
 * @param {string} name
 * @param {string} [searchPath]
 * @returns {string | undefined} its path
 */
export function findOnPath(name, searchPath = process.env.PATH ?? "") {
  const endings = process.platform === "win32" ? [".cmd", ".exe"] : [""];
  return searchPath
    .split(path.delimiter)
    .filter(Boolean)
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

/** @returns {string | undefined} AIRSSYS_CHROMIUM, or the first browser of the Chromium family that is installed */
export function findChromium() {
  if (process.env.AIRSSYS_CHROMIUM) return process.env.AIRSSYS_CHROMIUM;
  return NAMES.map((name) => findOnPath(name)).find(Boolean) ?? MAC_APPS.find((app) => fs.existsSync(app));
}

/**
 * Finds Chromium, or installs Debian's as root.
 *
 * @returns {Promise<string>} the executable
 * @throws {Error} that says what to install, when there is none and it cannot be installed from here
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (!findOnPath("apt-get") || process.getuid?.() !== 0) {
    const how = findOnPath("apt-get") ? "sudo apt-get install chromium" : "install Chromium or Chrome";
    throw new Error(`the tests open VS Code in Chromium, and none was found: ${how}, or name one in AIRSSYS_CHROMIUM`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  await step("Installing Chromium with apt-get", async () => {
    await run("apt-get", [...wait, "update"], { env });
    await run("apt-get", [...wait, "install", "-y", "chromium"], { env });
  });
  const installed = findChromium();
  if (!installed) throw new Error("apt-get installed chromium, but there is no such program on the PATH");
  return installed;
}
