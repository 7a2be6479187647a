// Starts the VS Code server of the stand-in with a profile of its own, and ends it with everything it started.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { serverMain } from "./install.mjs";
import { node24 } from "./paths.mjs";
import { createOwner, endOwned, signal } from "./processes.mjs";

/** Settings that keep a fresh VS Code from talking about itself. */
const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "window.confirmBeforeClose": "never",
  "git.openRepositoryInParentFolders": "never",
  "debug.javascript.autoAttachFilter": "disabled",
};

/**
 * @typedef {object} ServerOptions
 * @property {string} [folder] folder or .code-workspace file to open; none opens an empty window
 * @property {string[]} [install] what is installed before the start: .vsix files, or folders of unpacked extensions
 * @property {Record<string, unknown>} [settings] user settings on top of the quiet ones
 * @property {Record<string, string | undefined>} [env] added to the environment of server, extension host and terminals
 * @property {boolean} [development] lets the page name extensionDevelopmentPath and extensionTestsPath. It also hides toasts
 *   and answers modal dialogs, so it is to be left off where those matter
 * @property {boolean} [workspaceTrust] asks about trust as a desktop does; otherwise every workspace is trusted
 * @property {string} [userDataDir] profile folder; otherwise a temporary one
 * @property {string} [extensionsDir] folder of installed extensions; otherwise a temporary one
 * @property {(text: string) => void} [onLog]
 */

/**
 * @typedef {object} Server
 * @property {number} port on 127.0.0.1
 * @property {string} token without which nobody gets in
 * @property {(payload?: [string, string][]) => string} url of the workbench, with the token
 * @property {(file: string) => string} uri of a file as the workbench names it
 * @property {Promise<{ code: number | string | null, log: string }>} ended settles only if the server ends by itself
 * @property {() => Promise<void>} stop ends the server, its extension hosts, terminals and debuggees, and removes the profile
 */

/**
 * Starts the server and waits until it listens.
 *
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 * @throws {Error} with the server's log when it does not come up within 60 s
 */
export async function startServer(options = {}) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-workbench-"));
  const userDataDir = options.userDataDir ?? path.join(temporary, "user-data");
  const extensionsDir = options.extensionsDir ?? path.join(temporary, "extensions");
  fs.mkdirSync(extensionsDir, { recursive: true });
  writeSettings(userDataDir, {
    ...QUIET_SETTINGS,
    "security.workspace.trust.enabled": options.workspaceTrust === true,
    ...options.settings,
  });

  const owner = createOwner();
  const env = environment({
    ...owner.env,
    AIRSSYS_WORKBENCH_OWNER: owner.name,
    AIRSSYS_WORKBENCH_PROFILE: temporary,
    ...options.env,
  });
  const folders = [
    "--server-data-dir",
    path.join(temporary, "server-data"),
    "--user-data-dir",
    userDataDir,
    "--extensions-dir",
    extensionsDir,
  ];
  const token = randomBytes(16).toString("hex");
  const isFolder = options.folder !== undefined && !options.folder.endsWith(".code-workspace");
  const cwd = isFolder ? options.folder : temporary;

  let log = "";
  let child;
  let stopping;
  const stop = () => {
    stopping ??= (async () => {
      if (child) await endServer(child);
      await endOwned(owner.name);
      fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    })();
    return stopping;
  };

  try {
    for (const source of options.install ?? []) await installExtension(source, { extensionsDir, folders, env });
    child = spawn(
      node24(),
      [
        "--import",
        pathToFileURL(path.join(import.meta.dirname, "orphan-watch.mjs")).href,
        serverMain(),
        ...["--host", "127.0.0.1", "--port", "0", "--connection-token", token, "--accept-server-license-terms"],
        ...folders,
        ...(options.development ? ["--enable-smoke-test-driver"] : []),
        ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
        ...["--disable-telemetry", "--disable-getting-started-override"],
      ],
      { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true },
    );
    const port = await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`the VS Code server did not start: ${why}\n${log}`));
      const timer = setTimeout(() => fail("it does not listen after 60 s"), 60_000);
      const listen = (chunk) => {
        log = (log + chunk).slice(-20_000);
        options.onLog?.(String(chunk));
        const bound = /Server bound to \S+:(\d+)/.exec(log);
        if (!bound) return;
        clearTimeout(timer);
        resolve(Number(bound[1]));
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.once("error", (error) => fail(error.message));
      child.once("exit", (code, name) => fail(`it ended with ${code ?? name}`));
    });

    const authority = `127.0.0.1:${port}`;
    return {
      port,
      token,
      stop,
      uri: (file) => `vscode-remote://${authority}${encodeURI(path.resolve(file))}`,
      url: (payload = []) => {
        const query = new URLSearchParams({ tkn: token });
        if (options.folder === undefined) query.set("ew", "true");
        else query.set(isFolder ? "folder" : "workspace", path.resolve(options.folder));
        if (payload.length > 0) query.set("payload", JSON.stringify(payload));
        return `http://${authority}/?${query}`;
      },
      ended: new Promise((resolve) =>
        child.once("exit", (code, name) => stopping || resolve({ code: code ?? name, log })),
      ),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Merges settings into those that the profile has already; the profile's own win over nothing but the quiet ones. */
function writeSettings(userDataDir, settings) {
  const file = path.join(userDataDir, "User/settings.json");
  let existing = {};
  try {
    existing = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    // a new profile
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...existing, ...settings }, null, 2));
}

/** The environment of the server: its own Node first on the PATH, no login shell asked, no marketplace. */
function environment(extra) {
  const env = {
    ...process.env,
    PATH: `${path.dirname(node24())}${path.delimiter}${process.env.PATH}`,
    VSCODE_CLI: "1",
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...extra,
  };
  for (const name of ["ELECTRON_RUN_AS_NODE", "VSCODE_IPC_HOOK_CLI", "NODE_OPTIONS", "NODE_TEST_CONTEXT"])
    delete env[name];
  return env;
}

/** Installs a .vsix as a person would, or puts an unpacked extension where installed ones are. */
async function installExtension(source, { extensionsDir, folders, env }) {
  if (fs.statSync(source).isDirectory()) {
    const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(source, "package.json"), "utf8"));
    fs.symlinkSync(path.resolve(source), path.join(extensionsDir, `${publisher}.${name}-${version}`), "dir");
    return;
  }
  const installer = spawn(node24(), [serverMain(), "--install-extension", path.resolve(source), ...folders], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  installer.stdout.on("data", (chunk) => (output += chunk));
  installer.stderr.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => installer.once("close", resolve));
  if (code !== 0 || !/successfully installed/.test(output))
    throw new Error(`${source} could not be installed\n${output}`);
}

/** Ends the server alone first, so that it can end its children in order, then the rest of its process group. */
async function endServer(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const timer = setTimeout(() => signal(-child.pid, "SIGKILL"), 3000);
    await ended;
    clearTimeout(timer);
  }
  signal(-child.pid, "SIGKILL");
}
