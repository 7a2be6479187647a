// The background task behind F5: compiles on every change (tsc -b -w) and bundles the extension anew each time the compiler is
// done. The compiler's closing line, for which the editor waits, is passed on only when the bundle is there too.
import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "..");
const compiler = path.join(root, "node_modules/typescript/bin/tsc");

const watcher = spawn(process.execPath, [compiler, "-b", "-w", "--preserveWatchOutput"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
for await (const line of createInterface({ input: watcher.stdout })) {
  if (/Watching for file changes/.test(line)) {
    spawnSync(process.execPath, [path.join(root, "extension/build.mjs")], { cwd: root, stdio: "inherit" });
  }
  console.log(line);
}
