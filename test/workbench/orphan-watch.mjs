// Loaded into the VS Code server with --import: ends the server and all its descendants when the program that started it is
// gone, however it went (kill -9 included). Needs AIRSSYS_WORKBENCH_OWNER, the mark of processes.mjs.
import { endOwned, signal } from "./processes.mjs";

const parent = process.ppid;
const owner = process.env.AIRSSYS_WORKBENCH_OWNER;

async function end() {
  if (owner) await endOwned(owner, 0);
  signal(-process.pid, "SIGKILL");
  process.exit(1);
}

setInterval(() => process.ppid !== parent && end(), 1000).unref();
