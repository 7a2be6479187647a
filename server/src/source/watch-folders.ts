/** Tells of source and settings files below folders that come, change and go. */

import { isSettingsFile, isSourceFile } from "./actor-scan.ts";
import { pathOfNative } from "./path-uri.ts";

/**
 * @param folders absolute, with `/`.
 * @param onChange is given the path of each file.
 * @returns ends the watching.
 * @throws {Error} as a rejection, when the system refuses.
 */
export type WatchFolders = (
  folders: readonly string[],
  onChange: (path: string) => void,
) => Promise<() => Promise<void>>;

/** Packages and hidden folders: they are many, and no part of what is checked. */
const LEFT_OUT = /\/(?:node_modules|\.[^/]+)(?:\/|$)/;
/** Also our own settings. */
const OWN_SETTINGS = /\/airssys\.json$/;

export const watchDisk: WatchFolders = async (folders, onChange) => {
  const { watch } = await import("chokidar");
  const watcher = watch([...folders], {
    ignoreInitial: true,
    ignored: (native, stats) => {
      const path = pathOfNative(native);
      const folder = folders.find((one) => path.startsWith(one)) ?? "";
      return LEFT_OUT.test(path.slice(folder.length)) || (stats?.isFile() === true && !isWatched(path));
    },
  });
  watcher.on("all", (event, path) => {
    if (event === "add" || event === "change" || event === "unlink") onChange(pathOfNative(path));
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", resolve);
    watcher.on("error", reject);
  });
  return () => watcher.close();
};

function isWatched(path: string): boolean {
  return isSourceFile(path) || isSettingsFile(path) || OWN_SETTINGS.test(path);
}
