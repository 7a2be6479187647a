import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import type { Events } from "../../server/src/analysis/analysis-calls.ts";
import { AnalysisLink, AnalysisLostError } from "../../server/src/analysis/analysis-link.ts";
import { FatalFiles } from "../../server/src/analysis/fatal-files.ts";
import { makeWorkspace } from "./client.ts";

const TIMES_TO_GO_WRONG = 7;
const ONE = 'import { Actor } from "airssys-rt";\nexport class One extends Actor<string> {}\n';

/** An analysis process that ends as soon as it is told anything. @param first what it does before */
function fragileModule(first = ""): { readonly file: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "airssys-link-"));
  const file = path.join(folder, "fragile.mjs");
  writeFileSync(file, `${first}\nprocess.on("message", () => process.exit(3));\n`);
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An analysis process that dies, as of a full heap, while it reads a file that says DEADLY. */
const DYING = `import { readFileSync } from "node:fs";
const send = process.send.bind(process);
process.send = (message) => {
  send(message);
  const { path } = message.event?.name === "reading" ? message.event.params : {};
  if (path !== undefined && readFileSync(path, "utf8").includes("DEADLY")) process.kill(process.pid, "SIGKILL");
};
await import(${JSON.stringify(new URL("../../server/src/analysis-process.ts", import.meta.url).href)});
`;

/** A link that tells of each end; `next` resolves with what it says then. */
function linkTo(file: string): { link: AnalysisLink; next: () => Promise<Events["status"]>; lost: () => number } {
  const told: Events["status"][] = [];
  const waiting: ((status: Events["status"]) => void)[] = [];
  let lost = 0;
  const link = new AnalysisLink(file, {
    event: (name, params) => {
      if (name !== "status") return;
      const resolve = waiting.shift();
      if (resolve === undefined) told.push(params as Events["status"]);
      else resolve(params as Events["status"]);
    },
    lost: () => lost++,
  });
  const next = (): Promise<Events["status"]> => {
    const [first] = told.splice(0, 1);
    return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
  };
  return { link, next, lost: () => lost };
}

test("an analysis that ends again and again is started later and later, says so, and is not given up", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  using module = fragileModule();
  const { link, next, lost } = linkTo(module.file);
  link.notify("configure", { settings: {} });
  link.start();

  const waits = [];
  for (let end = 1; end <= TIMES_TO_GO_WRONG; end++) {
    const { state, text } = await next();
    const seconds = Number(/next start in (\d+) s/.exec(text)?.[1] ?? 0);
    assert.equal(state, seconds === 0 ? "loading" : "failed");
    assert.match(text, /^the analysis ended unexpectedly \(code 3\)/);
    waits.push(seconds);
    assert.equal(link.pid === undefined, seconds > 0, "it waits");
    context.mock.timers.tick(1_000 * seconds);
    assert.notEqual(link.pid, undefined, "it is started");
  }

  assert.deepEqual(waits.slice(0, 5), [0, 1, 4, 16, 60]);
  assert.ok(waits.every((seconds) => seconds <= 60));
  assert.equal(lost(), TIMES_TO_GO_WRONG);
  link.stop();
});

test("an analysis that ran for a while is started at once again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  using module = fragileModule();
  const { link, next } = linkTo(module.file);
  link.start();

  for (let end = 0; end < 3; end++) {
    // Not remembered: the next process is told nothing, and stays.
    link.notify("close", { path: "/a.ts" });
    assert.match((await next()).text, /and is started again$/);
    context.mock.timers.tick(200_000);
  }
  link.stop();
});

test("an analysis that was ready for a while is started at once again, however often that happens; one that was not waits", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  using module = fragileModule(
    'process.send({ kind: "event", event: { name: "status", params: { state: "ready", text: "ready" } } });',
  );
  const { link, next } = linkTo(module.file);
  link.start();
  for (let end = 0; end < TIMES_TO_GO_WRONG; end++) {
    assert.equal((await next()).state, "ready");
    context.mock.timers.tick(10_000);
    link.notify("close", { path: "/a.ts" });
    assert.match((await next()).text, /and is started again$/);
  }
  assert.equal((await next()).state, "ready");
  context.mock.timers.tick(9_999);
  link.notify("close", { path: "/a.ts" });
  assert.match((await next()).text, /next start in 1 s$/);
  link.stop();
});

test("a file that ends the analysis twice is left out until it changes", async () => {
  using workspace = makeWorkspace({ "a.ts": ONE, "bad.ts": `${ONE}// DEADLY\n`, ".dying/process.mjs": DYING });
  const bad = path.join(workspace.folder, "bad.ts");
  const { link, next } = linkTo(path.join(workspace.folder, ".dying/process.mjs"));
  const until = async (pattern: RegExp): Promise<Events["status"]> => {
    for (;;) {
      const status = await next();
      if (pattern.test(status.text)) return status;
    }
  };
  link.notify("folders", { added: [workspace.folder], removed: [] });
  link.start();

  assert.match((await until(/^the analysis ended/)).text, /is started again$/);
  assert.match((await until(/^the analysis ended/)).text, /again while it read .*bad\.ts, which is left out now/);
  assert.match(
    (await until(/actors? in/)).text,
    /^1 actor in 2 files; .*bad\.ts: the file ended the analysis twice and is not checked/,
  );

  writeFileSync(bad, ONE);
  link.notify("filesChanged", { paths: [bad] });
  assert.equal((await until(/actors? in/)).text, "2 actors in 2 files");

  writeFileSync(bad, `${ONE}// DEADLY again\n`);
  link.notify("filesChanged", { paths: [bad] });
  assert.doesNotMatch((await until(/^the analysis ended/)).text, /left out/, "its text is another: it is tried anew");
  link.stop();
});

test("an end while nothing is read is nobody's fault, and a file that was got through is forgotten", () => {
  const files = new FatalFiles();
  files.reading("/a.ts");
  assert.equal(files.ended(), undefined);
  files.reading("/a.ts");
  files.reading("/b.ts");
  files.reading(undefined);
  assert.equal(files.ended(), undefined);
  files.reading("/a.ts");
  assert.equal(files.ended(), undefined);
  assert.deepEqual(files.leftOut, []);
  files.reading("/a.ts");
  assert.equal(files.ended(), "/a.ts");
  files.reading("/b.ts");
  assert.deepEqual(files.leftOut, ["/a.ts"]);

  files.changed(["/a.ts"]);
  assert.deepEqual(files.leftOut, []);
});

test("what is asked while it waits is refused, and stopping it ends the waiting", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  using module = fragileModule();
  const { link, next } = linkTo(module.file);
  link.notify("configure", { settings: {} });
  link.start();
  await next();
  await next();

  await assert.rejects(link.request("supervisionTree", {}), AnalysisLostError);
  link.stop();
  context.mock.timers.tick(100_000);

  assert.equal(link.pid, undefined);
});
