/** Tells of files below folders that come, change and go. */
import { pathOfNative } from "../path-uri.ts";
import { messageOf, UsageError } from "./usage-error.ts";

/**
 * @param folders absolute, with `/`.
 * @param onChange is given the path of each file.
 * @returns ends the watching.
 * @throws {UsageError} as a rejection, when the system refuses.
 */
export type WatchFolders = (
  folders: readonly string[],
  onChange: (path: string) => void,
) => Promise<() => Promise<void>>;

/** Packages and hidden folders: they are many, and no part of what is checked. */
const LEFT_OUT = /\/(?:node_modules|\.[^/]+)(?:\/|$)/;

export const watchDisk: WatchFolders = async (folders, onChange) => {
  const { watch } = await import("chokidar");
  const watcher = watch([...folders], {
    ignoreInitial: true,
    ignored: (path) => {
      const file = pathOfNative(path);
      const folder = folders.find((one) => file.startsWith(one));
      return LEFT_OUT.test(folder === undefined ? file : file.slice(folder.length));
    },
  });
  watcher.on("all", (event, path) => {
    if (event === "add" || event === "change" || event === "unlink") onChange(pathOfNative(path));
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", resolve);
    watcher.on("error", (cause) => reject(new UsageError(`the folders cannot be watched: ${messageOf(cause)}`)));
  });
  return () => watcher.close();
};
