/** What windows leave behind that are killed: the folders of their sockets. Removed when another window starts. */
import { readdir, rm, stat } from "node:fs/promises";
import net from "node:net";
import path from "node:path";

/** How the names of our folders begin; six characters of chance follow. */
export const FOLDER = "airssys-";
/** The only thing in one. */
export const SOCKET = "inspect.sock";

const NAME = new RegExp(`^${FOLDER}[A-Za-z0-9]{6}$`);
/** Milliseconds after which an empty folder is no longer that of a window about to listen. */
const EMPTY_LIMIT_MS = 60_000;

/**
 * Removes the folders below `place` that are ours and in whose socket nobody listens any more. Everything else stays, as does `own`:
 * the folder of this window, which is about to listen again.
 *
 * @returns how many.
 */
export async function removeLeftovers(place: string, own?: string): Promise<number> {
  if (process.platform === "win32") return 0; // pipes are in no folder, and end with their process
  const names = (await readdir(place)).filter((name) => NAME.test(name) && path.join(place, name) !== own);
  const removed = await Promise.all(names.map((name) => removeIfLeft(path.join(place, name))));
  return removed.filter((isRemoved) => isRemoved).length;
}

async function removeIfLeft(folder: string): Promise<boolean> {
  try {
    const { uid, mtimeMs } = await stat(folder);
    if (uid !== process.getuid?.()) return false;
    const content = await readdir(folder);
    const isOurs = content.length === 0 ? Date.now() - mtimeMs > EMPTY_LIMIT_MS : content.join() === SOCKET;
    if (!isOurs || (content.length > 0 && (await isListening(path.join(folder, SOCKET))))) return false;
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false; // another window was faster, or it is not ours to remove
  }
}

/** Whether somebody listens at a socket or pipe. Only a refusal, or that there is none, says that nobody is there. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code !== "ECONNREFUSED" && error.code !== "ENOENT"),
    );
  });
}
