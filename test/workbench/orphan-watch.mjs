// Loaded into the VS Code server with --import: ends the server and all its descendants when the program that started it is
// gone, however it went (kill -9 included), and removes its temporary profile. Needs two variables of server.mjs.
import fs from "node:fs";
import { endOwned, signal } from "./processes.mjs";

const parent = process.ppid;
const { AIRSSYS_WORKBENCH_OWNER: owner, AIRSSYS_WORKBENCH_PROFILE: profile } = process.env;

async function end() {
  if (owner) await endOwned(owner, 0);
  if (profile) fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  signal(-process.pid, "SIGKILL");
  process.exit(1);
}

setInterval(() => process.ppid !== parent && end(), 1000).unref();
