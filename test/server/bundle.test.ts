import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { makeWorkspace } from "./client.ts";

test("the bundle runs without the source tree", async () => {
  const { buildServer }: { buildServer: (options: { outdir: string }) => Promise<void> } = await import(
    "../../server/build.mjs" as string
  );
  const outdir = mkdtempSync(path.join(tmpdir(), "airssys-bundle-"));
  using workspace = makeWorkspace({
    "a.ts":
      'import { supervisor } from "airssys-rt";\nexport const a = supervisor({ maxRestarts: -1, children: [] });\n',
  });
  try {
    await buildServer({ outdir });

    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(outdir, "cli.js"), "check", workspace.folder],
      {
        encoding: "utf8",
      },
    );

    assert.deepEqual([status, stderr], [1, ""]);
    assert.match(stdout, /maxRestarts must be a whole number >= 0, not -1 \(invalid-restart-intensity\)/);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
