/** Finds the Node that runs a program: the setting's, the project's own, or one on PATH. Knows no editor. */
import { execFile } from "node:child_process";
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { say } from "../sentence.ts";
import { isSupported, type NodeVersion, parseVersion } from "./version.ts";

export interface NodeExecutable {
  readonly path: string;
  readonly version: NodeVersion;
}

/** There is no Node that can run the program; the message says what to do. */
export class NodeMissingError extends Error {
  override readonly name = "NodeMissingError";
}

function help(): string {
  return say(
    'Install Node 22 or newer, add one to the project with "{0}", or name one in the setting "{1}".',
    "npm install --save-dev node@24",
    "airssys.nodePath",
  );
}

/** What a version was found to be, per file and its time of change. */
const known = new Map<string, NodeVersion | undefined>();

/**
 * @param setting path from the settings; empty when the user has none
 * @param folder where the program is
 * @throws {NodeMissingError} as a rejection, when there is none or all are too old.
 */
export async function findNode(
  setting: string,
  folder: string,
  searchPath: string = process.env["PATH"] ?? "",
): Promise<NodeExecutable> {
  if (setting !== "") return chosen(setting);
  const tooOld: string[] = [];
  for (const candidate of candidates(folder, searchPath)) {
    const version = await versionOf(candidate);
    if (version && isSupported(version)) return { path: candidate, version };
    if (version) tooOld.push(say("Node {0} at {1}", `${version.major}.${version.minor}`, candidate));
  }
  const found = tooOld.length > 0 ? say("Found only {0}.", tooOld.slice(0, 3).join(", ")) : say("None was found.");
  throw new NodeMissingError(`${say("Actor programs need Node 22 or newer.")} ${found} ${help()}`);
}

/** The flags that a Node knows; each is asked once. */
const flags = new Map<string, ReadonlySet<string>>();

/** @returns nothing for what is not a Node. */
export async function flagsOf(node: string): Promise<ReadonlySet<string>> {
  const found = flags.get(node) ?? (await askFlags(node));
  flags.set(node, found);
  return found;
}

async function askFlags(node: string): Promise<ReadonlySet<string>> {
  try {
    const ask = "console.log([...process.allowedNodeEnvironmentFlags].join())";
    const { stdout } = await promisify(execFile)(node, ["-e", ask], { timeout: 5_000 });
    return new Set(stdout.trim().split(","));
  } catch {
    return new Set(); // Bun, or a wrapper of somebody's own
  }
}

async function chosen(setting: string): Promise<NodeExecutable> {
  const version = await versionOf(setting);
  if (!version)
    throw new NodeMissingError(
      `${say('The setting "{0}" names "{1}", which is not a Node executable.', "airssys.nodePath", setting)} ${help()}`,
    );
  if (isSupported(version)) return { path: setting, version };
  throw new NodeMissingError(
    say(
      'The setting "{0}" names Node {1}; actor programs need 22 or newer.',
      "airssys.nodePath",
      `${version.major}.${version.minor}`,
    ),
  );
}

/** The project's own Node, as npm's package `node` installs it, then those on PATH. */
function* candidates(folder: string, searchPath: string): Iterable<string> {
  const isWindows = process.platform === "win32";
  for (const at of upward(folder)) {
    yield path.join(at, "node_modules", ...(isWindows ? ["node", "bin", "node.exe"] : [".bin", "node"]));
  }
  const entries = searchPath.split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  for (const entry of entries) yield path.join(entry, isWindows ? "node.exe" : "node");
}

function* upward(folder: string): Iterable<string> {
  yield folder;
  const above = path.dirname(folder);
  if (above !== folder) yield* upward(above);
}

async function versionOf(file: string): Promise<NodeVersion | undefined> {
  try {
    await access(file, constants.X_OK);
    const { mtimeMs } = await stat(file);
    const key = `${file}\n${mtimeMs}`;
    if (!known.has(key)) {
      const { stdout } = await promisify(execFile)(file, ["--version"], { timeout: 5_000 });
      known.set(key, parseVersion(stdout));
    }
    return known.get(key);
  } catch {
    return undefined;
  }
}
