#!/usr/bin/env node
// `npm run torture`: kills everything that can be killed, again and again, in one window, and measures when what a person sees is
// right again, and what is left behind.
//
//   node test/workbench/torture.mjs [--times 20] [--kinds server,analysis,debugged,run,terminal,watched,host]
//
// The extension is the one that was packaged last. All of its views are open all the time, and what runs is recorded, followed and looked
// at when it is killed.
//
// Each kind has its measure of what the platform itself takes: for the language server and its analysis an orderly restart by
// command, for the extension host one with its window, for programs nothing. What is said is the time beyond that. It is to stay below
// two seconds, or, where the machine is so busy that the platform itself takes more than six, below a third of what it takes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openWorkbench } from "./drive.mjs";
import { copyExample } from "./example-copy.mjs";
import { packagedExtension } from "./packaged-extension.mjs";
import { extension, node24 } from "./paths.mjs";
import { commandOf, createOwner, isAlive, isProgram, onTermination, ownedProcesses } from "./processes.mjs";

/** Milliseconds beyond those of the platform; or, where those are very many because the machine is busy, a third of them. */
const LIMIT_MS = 2_000;
/** Rounds after which a restart of the extension host is measured again; one of the language server is in each round. */
const HOST_EVERY = 5;
/** Milliseconds in which VS Code's debugger ends a program whose session is gone, if it does. */
const DEBUGGER_MS = 20_000;
/** Milliseconds after which nothing comes any more. */
const PATIENCE_MS = 60_000;

/** What the view says while no program runs, and while one does. */
const QUIET = /^Not running/;
const LIVE = /^\d+ actors|in trouble|^\d+ down/;
/** A program that cannot end any more does not answer, or is not there: whoever died first decides. */
const ANYTHING = /^/;

/** By what we could keep a program. */
const OURS = /^AIRSSYS_INSPECT/;
/** What VS Code's debugger starts beside each program, and sometimes leaves when its extension host is killed: Node lets no program end before that. */
const HELPER = /ms-vscode\.js-debug\/src\/watchdog\.js/;

/** What the views offer only while a program runs that they show. */
const STALE = {
  "a command to hide marks": '.action-label[aria-label^="Hide Marks"]',
  "a command to stop recording": '.action-label[aria-label^="Stop Recording"]',
  "a command to stop watching": '.action-label[aria-label^="Stop Watching"]',
};

/** The actor that is looked at when something is killed. */
const LOOKED_AT = "ledger";
/** Milliseconds in which a program that was watched takes it that nobody watches any more, and closes the inspector that was opened. */
const INSPECTOR_MS = 30_000;

/** What is killed, by its command line. */
const PROCESSES = {
  server: /dist\/server\/main\.js/,
  analysis: /dist\/server\/analysis-process\.js/,
  program: /src\/main\.ts/,
  host: /--type=extensionHost/,
};

export const KINDS = ["server", "analysis", "debugged", "run", "terminal", "watched", "host"];

/**
 * @typedef {object} Kill
 * @property {string} kind
 * @property {number} platformMs what the platform itself takes
 * @property {number} rightMs until all is right
 */

class Torture {
  #mark = createOwner();
  #temporary = fs.mkdtempSync(path.join(os.tmpdir(), "at-"));
  #example = copyExample();
  #round = 0;
  #hosts = 0;
  /** Of the program that is watched, where it opens one. */
  #inspectorPort = 0;
  #extension;
  /** @type {import("./drive.mjs").Workbench} */
  workbench;
  /** @type {Kill[]} */
  kills = [];
  /** @type {string[]} */
  leftovers = [];
  /** What the platform left, and would without us. @type {string[]} */
  left = [];
  /** Kills after which something never came right, with what was there instead. @type {string[]} */
  failures = [];
  /** Milliseconds of an orderly restart, by what is restarted. */
  #orderly = { server: 0, host: 0 };

  /** @param {string} extension a .vsix, or the folder of the extension */
  constructor(extension) {
    this.#extension = extension;
  }

  async open() {
    this.#writeBroken();
    this.workbench = await openWorkbench({
      folder: this.#example.folder,
      install: [this.#extension],
      env: { ...this.#mark.env, ...this.#programEnv },
      settings: {
        "remote.autoForwardPorts": false,
        "debug.internalConsoleOptions": "neverOpen",
        "debug.toolBarLocation": "docked",
        // A program that stops by itself would be told as that, beside another view.
        "airssys.breakOnCrash": false,
        "debug.openDebug": "neverOpen",
        "terminal.integrated.defaultLocation": "editor",
        "terminal.integrated.enablePersistentSessions": false,
      },
    });
    await this.workbench.openView("Airssys", "Supervision");
    await this.#untilSays(() => QUIET);
    await this.#openAll();
    await this.#look();
  }

  get #programEnv() {
    return { TMPDIR: this.#temporary, ORDER_DESK_PORT: "0", ORDER_DESK_TRAFFIC: "1" };
  }

  /** Every view where it is seen beside the others: the window keeps that. */
  async #openAll() {
    const { workbench } = this;
    await this.#move("Actor Breakpoints", "Airssys");
    await this.#move("Messages", "New Secondary Side Bar Entry");
    await workbench.openView("Airssys", "Recordings");
  }

  /** @param {string} view @param {string} place as VS Code lists them */
  async #move(view, place) {
    const { workbench } = this;
    const row = (text) =>
      workbench.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
    const input = await workbench.ask("View: Move View");
    await input.fill(view);
    await row(view).click();
    await row(view).waitFor({ state: "hidden" });
    await row(place).click();
    await workbench.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  }

  /** Opens what is looked at, and waits until it is as it is before anything is killed. */
  async #look() {
    await this.workbench.openView("Airssys", "Supervision");
    await this.workbench.openFile("torture.ts");
    await this.#lookAtPage();
    await this.workbench.palette("Problems: Focus on Problems View");
    await this.#untilReported();
    await this.#untilSays(() => QUIET);
  }

  /** A window that was loaded anew shows a side bar only once there is something in it. */
  async #lookAtPage() {
    await this.workbench.palette("Airssys: Show Messages");
    await this.#untilPageStands();
  }

  /** Ends the window. */
  async close() {
    await this.workbench?.close();
    fs.rmSync(this.#temporary, { recursive: true, force: true });
    this.#example.remove();
  }

  /** What the platform takes for orderly restarts. */
  async calibrate(kinds) {
    const { workbench } = this;
    if (kinds.some((kind) => kind === "server" || kind === "analysis")) {
      const [old] = this.#pids("server");
      await workbench.palette("Airssys: Restart Language Server");
      await this.#until("the server has ended", () => !isAlive(old));
      const start = Date.now();
      this.#writeBroken();
      await this.#untilReported();
      this.#orderly.server = Date.now() - start;
    }
    if (kinds.includes("host")) {
      const [old] = this.#pids("host");
      await workbench.page.reload({ waitUntil: "domcontentloaded" });
      const start = await this.#untilReplaced("host", old);
      await workbench.palette("Problems: Focus on Problems View");
      await this.#untilReported();
      await this.#untilSays(() => QUIET);
      this.#orderly.host = Date.now() - start;
      await this.#lookAtPage();
      await workbench.palette("Problems: Focus on Problems View");
    }
  }

  /**
   * What never comes right is noted, and the next kill begins with a window that was loaded anew.
   *
   * @param {string} kind
   * @returns {Promise<Kill | undefined>}
   */
  async kill(kind) {
    try {
      const kill = { kind, ...(await this[kind]()) };
      this.kills.push(kill);
      await this.#checkLeft(kind);
      return kill;
    } catch (error) {
      await this.workbench.screenshot(path.join(os.tmpdir(), `torture-failed-${this.failures.length + 1}.png`));
      this.failures.push(`${kind}: ${error.message}`);
      for (const program of this.#pids("program")) process.kill(program, "SIGKILL");
      await this.workbench.page.reload({ waitUntil: "domcontentloaded" });
      this.#writeBroken();
      await this.#look();
      return undefined;
    }
  }

  async server() {
    return this.#killAnalyzing("server");
  }

  async analysis() {
    return this.#killAnalyzing("analysis");
  }

  async #killAnalyzing(what) {
    const [pid] = this.#pids(what);
    process.kill(pid, "SIGKILL");
    const start = Date.now();
    this.#writeBroken();
    await this.#untilReported();
    await this.#untilNothingStale(false);
    return { platformMs: this.#orderly.server, rightMs: Date.now() - start };
  }

  async debugged() {
    return this.#killRunning("debugged");
  }

  async run() {
    return this.#killRunning("run");
  }

  async terminal() {
    const measured = await this.#killRunning("terminal");
    await this.#closeTerminal();
    return measured;
  }

  async watched() {
    const measured = await this.#killRunning("watched");
    await this.workbench.clearToasts();
    return measured;
  }

  async #killRunning(how) {
    await this.#start(how);
    await this.#use(how);
    process.kill(await this.#program(), "SIGKILL");
    const start = Date.now();
    await this.#untilSays(() => QUIET);
    await this.#untilNothingStale(false);
    return { platformMs: 0, rightMs: Date.now() - start };
  }

  /** Records the program, if that can be, and looks at one of its actors and at its messages. */
  async #use(how) {
    const { workbench } = this;
    await this.#untilFollowed();
    await workbench.treeRow("Supervision", LOOKED_AT).click();
    const actor = workbench.page.locator(".pane-header .title", { hasText: /^Actor$/ });
    const rows = workbench.page.locator(".sidebar .split-view-view", { has: actor }).locator("[role=treeitem]");
    await rows.first().waitFor();
    // A click opens the source as well.
    await workbench.page.locator(`.tab.active[data-resource-name="${LOOKED_AT}.ts"]`).waitFor();
    await workbench.palette("View: Close Editor");
    if (how === "watched") return;
    const input = await workbench.ask("Airssys: Start Recording");
    await input.press("Enter");
    await this.#until("it is recorded", async () => this.#isOnScreen(STALE["a command to stop recording"]));
  }

  /** @param {boolean} isLive whether a program is shown */
  async #untilNothingStale(isLive) {
    let stale = [];
    await this.#until(
      "nothing stands on the screen that was so before",
      async () => {
        stale = await this.workbench.page.evaluate(staleOn, STALE);
        return stale.length === 0;
      },
      () => `there is ${stale.join(", ")}`,
    );
    await (isLive ? this.#untilFollowed() : this.#untilPageStands());
  }

  /** The page of Messages is there, and says either that nothing runs, or that what it shows has ended. */
  async #untilPageStands() {
    const shown = this.workbench.webview().locator(".empty:not([hidden]), .row");
    let texts = [];
    await this.#until(
      "Messages says that nothing runs",
      async () => {
        texts = await shown.allTextContents().catch(() => []);
        return texts.some((text) => /They appear while an actor program runs|the program ended/.test(text));
      },
      () => `it says "${texts.slice(-5).join(" / ")}"`,
    );
  }

  /** The page of Messages gets more of them. */
  async #untilFollowed() {
    const count = this.workbench.webview().locator(".count");
    let first = "";
    let now = "";
    await this.#until(
      "Messages gets messages",
      async () => {
        now = (await count.textContent({ timeout: 500 }).catch(() => "")) ?? "";
        first ||= now;
        return now !== "" && now !== first;
      },
      () => `it has "${now}"`,
    );
  }

  /** Whether it is there, though it may be seen only under the pointer. */
  async #isOnScreen(place) {
    return (await this.workbench.page.locator(place).count()) > 0;
  }

  async #start(how) {
    if (how === "debugged") await this.workbench.palette("Airssys: Debug Actor Program");
    else if (how === "run") await this.workbench.palette("Airssys: Run Actor Program");
    else if (how === "watched") await this.#watch();
    else {
      await this.workbench.palette("Terminal: Create New Terminal in Editor Area");
      await this.#type(`${node24()} src/main.ts`);
    }
    await this.#untilSays(() => LIVE);
  }

  /** A program that runs somewhere else, and whose inspector is opened for it. */
  async #watch() {
    const { page } = this.workbench;
    const env = { ...process.env, ...this.#mark.env, ...this.#programEnv };
    this.#inspectorPort = await freePort();
    const port = `--inspect-port=${this.#inspectorPort}`;
    const child = spawn(node24(), [port, "src/main.ts"], {
      cwd: this.#example.folder,
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    // One that has just begun cannot be asked for its inspector yet.
    await new Promise((resolve, reject) => {
      child.stdout.on("data", (data) => String(data).includes("is open at") && resolve());
      child.once("exit", () => reject(new Error("the program that is to be watched has ended")));
    });
    const input = await this.workbench.ask("Airssys: Watch a Running Program");
    // Only those that fit are drawn.
    await input.fill(`pid ${child.pid}`);
    await page
      .locator(".quick-input-list .monaco-list-row")
      .filter({ hasText: `pid ${child.pid}` })
      .first()
      .click();
    await this.workbench.dialog().getByRole("button", { name: "Open Inspector" }).click();
  }

  async #closeTerminal() {
    await this.#type("exit");
    await this.workbench.page.locator(".editor-instance .terminal-wrapper").first().waitFor({ state: "detached" });
  }

  async #type(line) {
    const { page } = this.workbench;
    await page.locator(".editor-instance .terminal-wrapper.active .xterm").first().click();
    await delay(500);
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
  }

  /**
   * | what runs meanwhile | what is right |
   * |---|---|
   * | a program in a terminal | it is shown again |
   * | a program without debugging, whose output nobody reads any more | the same, until it dies of that |
   * | that program, when VS Code's debugger has left its helper beside it | the same; or, once it dies, that it does not answer, or nothing: Node lets it wait for the debugger to go |
   * | a program under the debugger, which goes with the host | it is not shown; to end it is the debugger's, which does not always |
   * | a program that is watched | it is not shown, and goes on with its inspector closed |
   * | nothing | the tree of the source |
   */
  async host() {
    const how = ["terminal", "run", "debugged", "watched", "nothing"][this.#hosts++ % 5];
    if (how !== "nothing") {
      await this.#start(how);
      await this.#use(how);
    }
    const [pid] = this.#pids("host");
    process.kill(pid, "SIGKILL");
    const start = await this.#untilReplaced("host", pid, () => this.#agreeToRestart());
    await this.workbench.palette("Problems: Focus on Problems View");
    this.#writeBroken();
    await this.#untilReported();
    await this.#untilSays(() => this.#wordsAfterHost(how));
    await this.#untilNothingStale(this.#wordsAfterHost(how) === LIVE);
    const rightMs = Date.now() - start;
    if (how === "watched") await this.#checkLetGo();
    if (this.#isHeld()) this.left.push("the debugger's helper beside a program, which therefore cannot end");
    if (how === "debugged") await this.#debuggerEndsIt();
    for (const program of this.#pids("program")) process.kill(program, "SIGKILL");
    await this.#untilSays(() => QUIET);
    if (how === "terminal") await this.#closeTerminal();
    return { platformMs: this.#orderly.host, rightMs };
  }

  /** A program that was watched goes on, and is open to nobody. */
  async #checkLetGo() {
    if (this.#pids("program").length !== 1) this.leftovers.push("a watched program died with us");
    for (const end = Date.now() + INSPECTOR_MS; await isOpen(this.#inspectorPort); await delay(500))
      if (Date.now() > end) return this.leftovers.push("the inspector of a watched program");
    return undefined;
  }

  #wordsAfterHost(how) {
    if (["debugged", "watched"].includes(how) || this.#pids("program").length === 0) return QUIET;
    return how === "run" && this.#isHeld() ? ANYTHING : LIVE;
  }

  /** Whether VS Code's debugger holds a program that was run without debugging, though the host it was in is gone. */
  #isHeld() {
    return this.#pids("program").some((pid) => childrenOf(pid).some((child) => HELPER.test(commandOf(child))));
  }

  /** A program that still runs is VS Code's when nothing of ours can keep it: it knows no socket to wait for. */
  async #debuggerEndsIt() {
    for (const end = Date.now() + DEBUGGER_MS; Date.now() < end; await delay(100))
      if (this.#pids("program").length === 0) return;
    const ours = this.#pids("program").flatMap((pid) => environmentOf(pid).filter((one) => OURS.test(one)));
    const what = "a program whose debugger was in the host that was killed";
    if (ours.length > 0) this.leftovers.push(`${what}, with ${ours.join(" ")}`);
    else this.left.push(what);
  }

  /** After the third time in five minutes VS Code asks. */
  async #agreeToRestart() {
    // VS Code's answer to a start of which nobody is left: it stands before everything else.
    const canceled = this.workbench.dialog().filter({ hasText: /Cancell?ed/ });
    if (await canceled.isVisible()) {
      await canceled.getByRole("button", { name: "Cancel", exact: true }).click();
      this.left.push("a dialog about a start that was cancelled");
    }
    const button = this.workbench.page.getByRole("button", { name: /Restart (Remote )?Extension Host/ }).first();
    if (await button.isVisible()) await button.click();
  }

  async #checkLeft(kind) {
    const wanted = { server: 1, analysis: 1, host: 1, program: 0 };
    const end = Date.now() + 5_000;
    for (;;) {
      const wrong = Object.entries(wanted).filter(([what, count]) => this.#pids(what).length !== count);
      const folders = this.#ours();
      if (wrong.length === 0 && folders.length === 1) return;
      if (Date.now() > end) {
        for (const [what, count] of wrong)
          this.leftovers.push(`after ${kind}: ${this.#pids(what).length} instead of ${count} of ${what}`);
        if (folders.length !== 1) this.leftovers.push(`after ${kind}: folders ${folders.join(", ")}`);
        return;
      }
      await delay(100);
    }
  }

  /** Folders of ours in the temporary folder of the window. */
  #ours() {
    return fs.readdirSync(this.#temporary).filter((name) => name.startsWith("airssys-"));
  }

  #pids(what) {
    return ownedProcesses(this.#mark.name).filter((pid) => PROCESSES[what].test(commandOf(pid)));
  }

  async #program() {
    const [pid] = this.#pids("program");
    if (pid === undefined) throw new Error("the program does not run");
    return pid;
  }

  /** @returns when another process of that kind was there */
  async #untilReplaced(what, old, meanwhile = async () => {}) {
    await this.#until(`another ${what}`, async () => {
      await meanwhile();
      return this.#pids(what).some((pid) => pid !== old);
    });
    return Date.now();
  }

  /** A message that nobody handles, of a new name each time. */
  #writeBroken() {
    this.#round++;
    const text = `import { Actor } from "airssys-rt";
export type TortureMessage = { readonly type: "handled" } | { readonly type: "missed${this.#round}" };
export class Tortured extends Actor<TortureMessage> {
  override handleMessage(message: TortureMessage): void {
    switch (message.type) {
      case "handled":
        return;
    }
  }
}
`;
    fs.writeFileSync(path.join(this.#example.folder, "src/torture.ts"), text);
  }

  async #untilReported() {
    const problems = this.workbench.page.locator(".markers-panel .monaco-list-row");
    const text = `missed${this.#round}"`;
    await this.#until(`"${text} is reported`, async () =>
      (await problems.allTextContents()).some((row) => row.includes(text)),
    );
  }

  /** @param {() => RegExp} words what is right at that moment */
  async #untilSays(words) {
    const message = this.workbench.view("Supervision").locator(".message").first();
    let said = "";
    await this.#until(
      `the view says ${words()}`,
      async () => {
        said = ((await message.textContent({ timeout: 1_000 }).catch(() => "")) ?? "").trim();
        return words().test(said);
      },
      () => `it says "${said}"`,
    );
  }

  /** @param {() => string} instead what is so instead */
  async #until(what, condition, instead = () => "") {
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      if (await condition()) return;
      if (Date.now() > end) {
        const alive = ownedProcesses(this.#mark.name).map((pid) => `${pid} ${commandOf(pid)}`);
        throw new Error([`after ${PATIENCE_MS} ms still not: ${what}`, instead(), ...alive].join("\n"));
      }
      await delay(20);
    }
  }
}

/** In the window: what is on the screen, and should not be. @param {Record<string, string>} stale */
function staleOn(stale) {
  const found = Object.entries(stale).flatMap(([what, place]) => (document.querySelector(place) === null ? [] : what));
  const panes = [...document.querySelectorAll(".sidebar .split-view-view")];
  const pane = (title) => panes.find((one) => one.querySelector(".pane-header .title")?.textContent === title);
  const rows = (title) => pane(title)?.querySelectorAll("[role=treeitem]").length ?? 0;
  for (const title of ["Recordings", "Actor Breakpoints"]) {
    const said = pane(title)?.querySelector(".message")?.textContent?.trim() ?? "";
    if (said !== "") found.push(`"${said}" above ${title}`);
  }
  const said = pane("Actor")?.querySelector(".pane-header .description")?.textContent?.trim() ?? "";
  if (said !== "" || rows("Actor") > 0) found.push(`${rows("Actor")} rows of ${said || "nobody"} in Actor`);
  // The switches are always there.
  if (rows("Actor Breakpoints") !== 4) found.push(`${rows("Actor Breakpoints")} rows in Actor Breakpoints`);
  return found;
}

async function freePort() {
  const server = net.createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether somebody listens there. */
async function isOpen(port) {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false; // refused
  } finally {
    socket.destroy();
  }
}

/** @returns {number[]} */
function childrenOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return []; // ended meanwhile
  }
}

/** @returns {string[]} */
function environmentOf(pid) {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // ended meanwhile
  }
}

/**
 * Kills each kind so many times.
 *
 * @param {{ times?: number, kinds?: readonly string[], install?: string, tell?: (line: string) => void }} [options]
 * @returns {Promise<{ kills: Kill[], leftovers: string[], left: string[], failures: string[] }>} `left`: what VS Code itself left
 */
export async function torture({ times = 1, kinds = KINDS, install = extension, tell = () => {} } = {}) {
  const run = new Torture(install);
  current = run;
  try {
    await run.open();
    for (let time = 1; time <= times; time++) {
      // How busy the machine is changes in a long run.
      await run.calibrate(kinds.filter((kind) => kind !== "host" || time % HOST_EVERY === 1));
      for (const kind of kinds) {
        const kill = await run.kill(kind);
        tell(
          kill === undefined
            ? `${time}. ${run.failures.at(-1)}`
            : `${time}. ${kind}: right after ${kill.rightMs} ms, the platform's part is ${kill.platformMs} ms`,
        );
      }
    }
  } catch (error) {
    await run.workbench?.screenshot(path.join(os.tmpdir(), "torture-failed.png")).catch(() => {});
    throw error;
  } finally {
    await run.close();
    current = undefined;
  }
  return run;
}

/** Milliseconds beyond those of the platform. */
function beyond({ platformMs, rightMs }) {
  return Math.max(0, rightMs - platformMs);
}

/** The kills after which it took too long. */
export function tooSlow(kills) {
  return kills.filter((kill) => beyond(kill) > Math.max(LIMIT_MS, kill.platformMs / 3));
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** One line per kind. */
export function table(kills) {
  const lines = [
    "| killed | times | right after, median | beyond the platform, median | max |",
    "|---|---|---|---|---|",
  ];
  for (const kind of new Set(kills.map((kill) => kill.kind))) {
    const all = kills.filter((kill) => kill.kind === kind);
    const over = all.map(beyond);
    lines.push(
      `| ${kind} | ${all.length} | ${median(all.map(({ rightMs }) => rightMs))} ms | ${median(over)} ms | ${Math.max(...over)} ms |`,
    );
  }
  return lines.join("\n");
}

/** @type {Torture | undefined} */
let current;

if (isProgram(import.meta.url)) {
  onTermination(async () => {
    await current?.close();
    process.exit(1);
  });
  const { values } = parseArgs({
    options: { times: { type: "string", default: "20" }, kinds: { type: "string", default: KINDS.join() } },
  });
  const { kills, leftovers, left, failures } = await torture({
    times: Number(values.times),
    kinds: values.kinds.split(","),
    install: packagedExtension(),
    tell: (line) => console.log(line),
  });
  console.log(`\n${table(kills)}\n`);
  for (const line of leftovers) console.log(line);
  for (const line of left) console.log(`left by VS Code: ${line}`);
  for (const line of failures) console.log(`never right: ${line}`);
  const slow = tooSlow(kills);
  for (const kill of slow) console.log(`too slow: ${kill.kind}, ${beyond(kill)} ms beyond the platform`);
  process.exit(slow.length + leftovers.length + failures.length > 0 ? 1 : 0);
}
