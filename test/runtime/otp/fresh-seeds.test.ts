// Seeds that were found to fail decide, new ones are reported: as the table of fresh-seeds.ts says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

const MODULE = new URL("fresh-seeds.ts", import.meta.url).href;

/** Runs a program that fails under some seeds in a process of its own. */
function runUnder(
  env: NodeJS.ProcessEnv,
  { fails, kept }: { readonly fails: string; readonly kept: readonly number[] },
) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "airssys-fresh-"));
  const found = path.join(folder, "found.jsonl");
  const code = `
    const { underOtherSeeds } = await import(${JSON.stringify(MODULE)});
    const run = async (seed) => {
      console.log("ran", seed);
      if (${fails}) throw new Error("broken");
    };
    await underOtherSeeds("the program", run, { "the program": ${JSON.stringify(kept)} });`;
  const own = { ...process.env, ...env, ...("AIRSSYS_FRESH_SEEDS" in env ? { AIRSSYS_FRESH_FOUND: found } : {}) };
  try {
    const args = ["--input-type=module", "--no-warnings", "--eval", code];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { env: own, encoding: "utf8" });
    const lines = existsSync(found) ? readFileSync(found, "utf8").trimEnd().split("\n") : [];
    return { status, stdout, stderr, found: lines.map((line) => JSON.parse(line) as unknown) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const here = { CI: undefined };

test("a seed that is kept as failing is run by the tests, and decides until it is mended", () => {
  const failing = runUnder(here, { fails: "seed === 7", kept: [5, 7] });
  assert.equal(failing.stdout, "ran 5\nran 7\n");
  assert.equal(failing.status, 1);
  assert.match(failing.stderr, /Error: broken/);

  assert.equal(runUnder(here, { fails: "false", kept: [5, 7] }).status, 0);
});

test("under CI a few new seeds are tried as well; one that fails is reported loudly, with what replays it, and decides nothing", () => {
  const { status, stdout, stderr } = runUnder({ CI: "true" }, { fails: "seed !== 5", kept: [5] });

  assert.equal(status, 0);
  assert.match(stdout, /^ran 5\nran \d+\nran \d+\n$/);
  assert.match(
    stderr,
    /^!{80}\n::warning::seed \d+ fails "the program" \(AIRSSYS_SEED=\d+ node --test replays it\): Error: broken\n/,
  );
});

test("npm run seeds has tests run new seeds alone, and hears of those that fail", () => {
  const { status, stdout, found } = runUnder(
    { ...here, AIRSSYS_FRESH_SEEDS: "10:3" },
    { fails: "seed === 11", kept: [5] },
  );

  assert.equal(status, 0);
  assert.equal(stdout, "ran 10\nran 11\nran 12\n");
  assert.deepEqual(found, [{ title: "the program", seed: 11, message: "Error: broken" }]);
});
