/** `npm run fuzz`: a million frames from either side of the inspection protocol; as many as you say: `npm run fuzz -- 50000`. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root } from "./workbench/paths.mjs";

const frames = process.argv[2] ?? "1000000";
const files = [
  "test/runtime/inspect/fuzz.test.ts",
  "test/extension/fuzz.test.ts",
  "test/extension/hostile-inspector.test.ts",
].map((file) => path.join(root, file));
const env = { ...process.env, AIRSSYS_FUZZ_FRAMES: frames };
const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=1", ...files], { env, stdio: "inherit" });
process.exit(status ?? 1);
