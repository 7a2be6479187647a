import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { removeLeftovers } from "../../extension/src/inspect/leftovers.ts";

test("what killed windows left behind is removed at the next start; what lives, and what is not ours, stays", {
  skip: process.platform === "win32",
}, async (t) => {
  const place = await mkdtemp(path.join(os.tmpdir(), "leftovers-"));
  t.after(() => rm(place, { recursive: true, force: true }));
  const folders = [
    "airssys-killed",
    "airssys-living",
    "airssys-newest",
    "airssys-oldest",
    "airssys-others",
    "airssys-x",
  ];
  for (const folder of folders) await mkdir(path.join(place, folder));
  const listening = `require("net").createServer().listen(process.argv[1], () => console.log("listens"))`;
  const killed = spawn(process.execPath, ["-e", listening, path.join(place, "airssys-killed", "inspect.sock")]);
  await once(killed.stdout, "data");
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const living = net.createServer().listen(path.join(place, "airssys-living", "inspect.sock"));
  t.after(() => living.close());
  await once(living, "listening");
  await utimes(path.join(place, "airssys-oldest"), 1, 1);
  await writeFile(path.join(place, "airssys-others", "notes.txt"), "mine");

  assert.equal(await removeLeftovers(place), 2);
  assert.deepEqual((await readdir(place)).sort(), ["airssys-living", "airssys-newest", "airssys-others", "airssys-x"]);
});
