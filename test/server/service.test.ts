/** The analysis as the server calls it: when it works, and what it reads. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Events } from "../../server/src/analysis/analysis-calls.ts";
import { AnalysisService } from "../../server/src/analysis/analysis-service.ts";
import { quietTime } from "../../server/src/analysis/quiet-time.ts";
import { serve } from "../../server/src/lsp/server.ts";
import type { MemoryFiles } from "../../server/src/source/memory-files.ts";
import { memory } from "./fixture.ts";

const BAD = `import { Actor } from "airssys-rt";
type Message = { type: "a" } | { type: "b" };
export class A extends Actor<Message> {
  override handleMessage(message: Message): void {
    switch (message.type) {
      case "a":
    }
  }
}
`;
const GOOD = BAD.replace('case "a":', 'case "a":\n      case "b":');

interface Stage {
  readonly service: AnalysisService;
  readonly disk: MemoryFiles;
  /** Numbers of findings of `/a.ts`, as they were told. */
  readonly told: readonly number[];
  readonly statuses: readonly string[];
  /** How often it was told that the supervision tree has changed. */
  changes(): number;
  edit(text: string): void;
  /** Lets everything happen that waits for no time. */
  settle(): Promise<void>;
}

/** @param costMs what each look at the clock takes: an analysis looks twice or more. Default: so long that the longest wait is due. */
async function stage(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  costMs: () => number = () => 1_000,
): Promise<Stage> {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const disk = memory(new Map(Object.entries(files)));
  const told: number[] = [];
  const statuses: string[] = [];
  let changes = 0;
  let clock = 0;
  const service = new AnalysisService(
    disk,
    (name, params) => {
      if (name === "diagnostics" && (params as Events["diagnostics"]).path === "/a.ts")
        told.push((params as Events["diagnostics"]).diagnostics.length);
      if (name === "supervisionTreeChanged") changes++;
      if (name === "status") statuses.push((params as Events["status"]).text);
    },
    () => (clock += costMs()),
  );
  let version = 1;
  const edit = (text: string): void => service.notices.open({ path: "/a.ts", text, version: version++ });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  service.notices.folders({ added: ["/"], removed: [] });
  edit(files["/a.ts"] ?? "");
  await service.requests.supervisionTree({});
  told.length = 0;
  return { service, disk, told, statuses, changes: () => changes, edit, settle };
}

test("what is typed quickly is looked at once, when it is quiet", async (t) => {
  const { edit, told, settle } = await stage(t, { "/a.ts": BAD });

  for (const text of [`${GOOD}//`, `${BAD}// `, `${GOOD}// x`, GOOD]) {
    t.mock.timers.tick(50);
    edit(text);
    await settle();
  }
  assert.deepEqual(told, []);
  t.mock.timers.tick(60);
  await settle();

  assert.deepEqual(told, [0]);
});

test("what was analysed quickly is looked at sooner: the wait follows the cost", async (t) => {
  let cost = 1;
  const { edit, told, settle } = await stage(t, { "/a.ts": BAD }, () => cost);

  edit(GOOD);
  t.mock.timers.tick(9);
  await settle();
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(told, [0]);

  // From here on an analysis takes long, which is known after the next one.
  cost = 100;
  edit(BAD);
  t.mock.timers.tick(10);
  await settle();
  assert.deepEqual(told, [0, 1]);
  edit(GOOD);
  t.mock.timers.tick(59);
  await settle();
  assert.deepEqual(told, [0, 1]);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(told, [0, 1, 0]);
});

test("the wait is twice the cost, and neither nothing nor more than a person notices", () => {
  for (const [cost, wait] of [
    [0, 10],
    [5, 10],
    [12, 24],
    [30, 60],
    [5_000, 60],
    [undefined, 60],
  ] as const)
    assert.equal(quietTime(cost, false), wait);
  assert.equal(quietTime(1, true), 250);
});

test("an edit of the imports waits until the path is typed", async (t) => {
  const { edit, told, settle } = await stage(t, { "/a.ts": BAD });

  edit(`import "./b.ts";\n${GOOD}`);
  t.mock.timers.tick(240);
  await settle();
  assert.deepEqual(told, []);
  t.mock.timers.tick(10);
  await settle();

  assert.deepEqual(told, [0]);
});

test("whoever asks for diagnostics waits for quiet, whoever asks about a place does not", async (t) => {
  const { edit, service, told, settle } = await stage(t, { "/a.ts": BAD });

  edit(GOOD);
  const asked = service.requests.diagnostics({ path: "/a.ts", isTold: true });
  await settle();
  assert.deepEqual(told, []);
  t.mock.timers.tick(60);
  assert.deepEqual(await asked, []);

  edit(BAD);
  await service.requests.hover({ path: "/a.ts", position: { line: 0, character: 0 } });

  assert.deepEqual(told, [0, 1]);
});

test("what is asked for is answered and not told as well", async (t) => {
  const { edit, service, told, statuses } = await stage(t, { "/a.ts": BAD });

  edit(GOOD);
  const asked = service.requests.diagnostics({ path: "/a.ts", isTold: false });
  t.mock.timers.tick(60);

  assert.deepEqual(await asked, []);
  assert.deepEqual(told, []);
  assert.equal(statuses.length, 2, "the state is as it was");

  edit(BAD);
  await service.requests.hover({ path: "/a.ts", position: { line: 0, character: 0 } });

  assert.deepEqual(told, [1]);
});

test("what is asked for is told when the editor of the file is closed", async (t) => {
  const { service, told } = await stage(t, { "/a.ts": GOOD });
  service.notices.open({ path: "/a.ts", text: BAD, version: 9 });
  await service.requests.hover({ path: "/a.ts", position: { line: 0, character: 0 } });

  service.notices.close({ path: "/a.ts" });
  const asked = service.requests.diagnostics({ path: "/a.ts", isTold: false });
  t.mock.timers.tick(60);
  await asked;

  assert.deepEqual(told, [1, 0]);
});

test("that the supervision tree has changed is told once to whoever has asked for it", async (t) => {
  const { edit, service, changes } = await stage(t, { "/a.ts": BAD });
  const settled = (): Promise<unknown> =>
    service.requests.hover({ path: "/a.ts", position: { line: 0, character: 0 } });
  const before = changes();

  edit(GOOD);
  await settled();
  assert.equal(changes() - before, 0, "the same actors are where they were");
  edit(`\n${GOOD}`);
  await settled();
  edit(`\n\n${GOOD}`);
  await settled();
  assert.equal(changes() - before, 1);
  await service.requests.supervisionTree({});
  edit(GOOD);
  await settled();

  assert.equal(changes() - before, 2);
});

test("that the first load has begun is told before it, and how it ended after it", async (t) => {
  const { statuses } = await stage(t, { "/a.ts": GOOD });

  assert.deepEqual(statuses, ["looking for actors", "1 actor in 1 file"]);
});

test("after an edit nothing is read from the disk again, not for the supervision tree either", async (t) => {
  const { edit, service, disk } = await stage(t, { "/a.ts": BAD, "/b.ts": GOOD });
  const reads: string[] = [];
  const read = disk.read.bind(disk);
  disk.read = (file) => {
    reads.push(file);
    return read(file);
  };

  edit(GOOD);
  await service.requests.supervisionTree({});

  assert.deepEqual(reads, []);
});

test("what editors wait for is answered with nothing while the analysis is busy", async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), "airssys-busy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const busy = path.join(folder, "busy.mjs");
  writeFileSync(busy, 'process.on("disconnect", () => process.exit(0)); process.on("message", () => {});');
  const [up, down] = [new PassThrough(), new PassThrough()];
  serve(createConnection(ProposedFeatures.all, up, down), { analysis: busy, rulePages: folder });
  const client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  client.listen();
  await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
  const at = { textDocument: { uri: "file:///a.ts" }, position: { line: 0, character: 0 } };

  assert.equal(await client.sendRequest("textDocument/hover", at), null);
  assert.deepEqual(await client.sendRequest("textDocument/completion", at), []);

  await client.sendRequest("shutdown");
  client.dispose();
});
