// What is asked and said before and after a run, in the window as a person sees it, and what the buttons do.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fetchNode, OTHER_NODES } from "../../node-versions.mjs";
import { openWorkbench } from "../../workbench/drive.mjs";
import { extension, node24, root } from "../../workbench/paths.mjs";
import { commandOf, createOwner, ownedProcesses } from "../../workbench/processes.mjs";
import { startStubRegistry } from "../../workbench/stub-registry.mjs";

const MAIN = `import { ActorSystem, supervisor } from "airssys-rt";
await ActorSystem.start({ name: "asked", root: supervisor({ children: [] }), logger: false });
setInterval(() => {}, 1000);
`;
const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: "ES2024", module: "NodeNext", noEmit: true, skipLibCheck: true },
});
const LIVE = /^1 actor/;

/** Outside this repository, so that nothing of it is found above: a workspace has what is written here. */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-dialogs-"));
const mark = createOwner();
/** @type {import("../../workbench/drive.mjs").Workbench} */
let workbench;

function write(files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

const MANIFEST = JSON.stringify({ name: "asked", type: "module", dependencies: { "airssys-rt": "*" } });

/** @param {string} node the Node that runs programs; a setting of a machine, which the user's profile does not decide here */
async function reopen(node = node24()) {
  await workbench?.close();
  write({ ".vscode/settings.json": JSON.stringify({ "airssys.nodePath": node }) });
  workbench = await openWorkbench({
    folder,
    install: [extension],
    env: mark.env,
    settings: {
      "remote.autoForwardPorts": false,
      "debug.internalConsoleOptions": "neverOpen",
    },
  });
  await workbench.openView("Airssys", "Supervision");
  await says(/^Not running/);
}

/** A launch.json for the program. */
function configured(change) {
  const program = path.join(folder, "src/main.ts");
  return JSON.stringify({ configurations: [{ type: "airssys", request: "launch", name: "Own", program, ...change }] });
}

/** The view says so above its rows. */
async function says(words) {
  await workbench
    .view("Supervision")
    .locator(".message")
    .filter({ hasText: words })
    .first()
    .waitFor({ timeout: 60_000 });
}

async function answer(question, button) {
  const dialog = workbench.dialog();
  await dialog.waitFor({ timeout: 60_000 });
  const text = await dialog.textContent();
  assert.match(text ?? "", question);
  await dialog.getByRole("button", { name: button, exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}

async function end() {
  await workbench.palette("Debug: Stop");
  await says(/^Not running/);
}

before(async () => {
  write({ "package.json": MANIFEST, "tsconfig.json": TSCONFIG, "src/main.ts": MAIN });
  fs.mkdirSync(path.join(folder, "node_modules/@types"), { recursive: true });
  fs.symlinkSync(path.join(root, "runtime"), path.join(folder, "node_modules/airssys-rt"), "dir");
  fs.symlinkSync(path.join(root, "node_modules/@types/node"), path.join(folder, "node_modules/@types/node"), "dir");
  await reopen();
});
after(async () => {
  await workbench?.close();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

test("an error of types is asked about before the run: it is shown, or the program runs anyway", async () => {
  write({ "src/main.ts": `${MAIN}export const wrong: number = "text";\n` });
  await workbench.palette("Airssys: Run Actor Program");
  await answer(/The program has an error\. Run it anyway\?.*src\/main\.ts:4: .*not assignable/s, "Show Error");
  await workbench.page.locator(".tab.active", { hasText: "main.ts" }).waitFor();
  await workbench.page.locator(".statusbar-item", { hasText: /^Ln 4, / }).waitFor();
  await workbench.palette("Airssys: Run Actor Program");
  await answer(/Run it anyway\?/, "Run Anyway");
  await says(LIVE);
  await end();
});

test("a program that ends before its system has started says with which code", async () => {
  write({ "src/main.ts": MAIN.replace("await", "if (process.argv.length < 9) process.exit(7);\nawait") });
  await workbench.palette("Airssys: Run Actor Program");
  await workbench
    .toast(/main\.ts has ended with exit code 7, and no actor system was seen/)
    .waitFor({ timeout: 60_000 });
  await workbench.clearToasts();
});

test("what a run waits for is said, and the run goes on without it when the user wants that", async () => {
  write({ "src/main.ts": MAIN, ".vscode/launch.json": configured({}) });
  await reopen();
  const [server] = ownedProcesses(mark.name).filter((pid) => /dist\/server\/main\.js/.test(commandOf(pid)));
  process.kill(server, "SIGSTOP");
  try {
    await workbench.palette("Airssys: Run Actor Program");
    const toast = workbench.toast(/reads what is to be run/);
    await toast.waitFor({ timeout: 5_000 });
    await toast.getByRole("button", { name: "Cancel" }).click();
    await says(LIVE);
    await end();
  } finally {
    process.kill(server, "SIGCONT");
    fs.rmSync(path.join(folder, ".vscode/launch.json"));
  }
});

test("what no tool of the project runs is said before Node fails, and a button installs tsx, which then runs it", async () => {
  const archives = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-registry-"));
  const registry = await startStubRegistry(["tsx"], archives);
  try {
    write({
      ".npmrc": `registry=${registry.url}\naudit=false\nfund=false\ncache=${path.join(archives, "cache")}\n`,
      "src/main.ts": `${MAIN}enum Colour { Red = 1 }\nconsole.log(Colour.Red);\n`,
      // The runtime is linked already, and the registry has none.
      "package.json": JSON.stringify({
        name: "asked",
        type: "module",
        dependencies: { "airssys-rt": `file:${root}/runtime` },
      }),
    });
    await workbench.palette("Airssys: Run Actor Program");
    const toast = workbench.toast(/src\/main\.ts:4 declares .*Colour.*: that is code/);
    await toast.waitFor({ timeout: 60_000 });
    await toast.getByRole("button", { name: "Install tsx" }).click();
    await says(LIVE);
    assert.ok(fs.existsSync(path.join(folder, "node_modules/tsx/dist/loader.mjs")));
    await end();
  } finally {
    registry.close();
    fs.rmSync(archives, { recursive: true, force: true });
  }
});

const GUARDED = configured({ runtimeArgs: ["--permission", "--allow-fs-read=*"] });

test("what Node's permission model keeps the debugger from is asked about, and added for this run", async () => {
  write({ "src/main.ts": MAIN, ".vscode/launch.json": GUARDED });
  await reopen();
  await workbench.palette("Airssys: Debug Actor Program");
  await answer(/keeps the debugger out\. Missing: --allow-inspector.*for this run only/s, "Add for This Run");
  await says(LIVE);
  await end();
});

const [oldest, newest] = OTHER_NODES;

test("a Node whose permission model lets no debugger in says so, and runs without one", async (t) => {
  const node = await fetchNode(oldest);
  if (node === undefined) return t.skip("this Node cannot be had here");
  await reopen(node);
  await workbench.palette("Airssys: Debug Actor Program");
  await answer(/--permission.*lets no debugger in.*Run it without debugging/s, "OK");
  await workbench.palette("Airssys: Run Actor Program");
  await says(LIVE);
  await end();
});

test("what Node's permission model keeps the view from is asked about, and added for this run", async (t) => {
  const node = await fetchNode(newest);
  if (node === undefined) return t.skip("this Node cannot be had here");
  await reopen(node);
  await workbench.palette("Airssys: Run Actor Program");
  await answer(/keeps the actors out of view\. Missing: --allow-net.*for this run only/s, "Add for This Run");
  await says(LIVE);
  await end();
});
