// A viewer has the program record itself.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { readRecording } from "../../../runtime/src/recording/read-recording.ts";
import { shop, Viewer } from "./viewer.ts";

function place(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "airssys-record-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

/** The answer comes when the recorder has been loaded. */
async function ask(viewer: Viewer, frame: object): Promise<unknown> {
  const before = viewer.frames.length;
  const answer = viewer.session.receive(JSON.stringify({ id: 7, type: "record", ...frame }));
  if (answer !== undefined) return JSON.parse(answer);
  while (viewer.frames.length === before) await new Promise((resolve) => setImmediate(resolve));
  return viewer.frames[before];
}

test("a recording begins and ends when the viewer says so, and is whole then", async (t) => {
  const file = path.join(place(t), "run.airssys");
  const system = await shop(t);
  const viewer = new Viewer();
  assert.deepEqual(await ask(viewer, { on: true, file, values: true }), {
    type: "reply",
    id: 7,
    ok: true,
    value: file,
  });
  await system
    .whereis<{ type: "work" }>("the first")
    ?.ask({ type: "work" } as never)
    .catch(() => {});
  assert.deepEqual(await ask(viewer, { on: false }), { type: "reply", id: 7, ok: true, value: file });
  assert.deepEqual(await ask(viewer, { on: false }), { type: "reply", id: 7, ok: true, value: null });
  const recording = await readRecording([fs.readFileSync(file)]);
  assert.deepEqual([recording.notes, recording.head.systems], [[], ["shop"]]);
  assert.deepEqual(
    [...recording].map(({ to, type }) => [to.path, type]),
    [["shop/staff/ann", "work"]],
  );
  assert.deepEqual(recording.at(0).to.definition, "Worker");
  assert.deepEqual(recording.valueOf(recording.at(0).seq), { type: "work" });
});

test("a recording ends with its viewer, and another one ends the one before", async (t) => {
  const folder = place(t);
  await shop(t);
  const viewer = new Viewer();
  const [first, second] = ["first.airssys", "second.airssys"].map((name) => path.join(folder, name));
  await ask(viewer, { on: true, file: first });
  await ask(viewer, { on: true, file: second });
  assert.deepEqual((await readRecording([fs.readFileSync(first as string)])).notes, []);
  assert.deepEqual((await readRecording([fs.readFileSync(second as string)])).notes, [{ kind: "truncated" }]);
  viewer.session.close();
  assert.deepEqual((await readRecording([fs.readFileSync(second as string)])).notes, []);
});

test("what cannot be recorded is refused with the reason", async (t) => {
  const folder = place(t);
  const notes = path.join(folder, "notes.txt");
  fs.writeFileSync(notes, "mine");
  await shop(t);
  const viewer = new Viewer();
  const refused: readonly (readonly [object, string, RegExp])[] = [
    [{}, "ERR_BAD_FRAME", /on must be true or false/],
    [{ on: true }, "ERR_BAD_FRAME", /file must be a path/],
    [{ on: true, file: notes, values: 1 }, "ERR_BAD_FRAME", /values must be/],
    [{ on: true, file: notes, redact: [1] }, "ERR_BAD_FRAME", /redact must be/],
    [{ on: true, file: "run.airssys" }, "ERR_ACTION_FAILED", /is not absolute/],
    [{ on: true, file: notes }, "ERR_ACTION_FAILED", /is no recording/],
    [{ on: true, file: path.join(folder, "no", "run.airssys") }, "ERR_ACTION_FAILED", /ENOENT/],
  ];
  for (const [frame, code, said] of refused) {
    const answer = (await ask(viewer, frame)) as { readonly code: string; readonly message: string };
    assert.equal(answer.code, code);
    assert.match(answer.message, said);
  }
  assert.equal(fs.readFileSync(notes, "utf8"), "mine");
});
