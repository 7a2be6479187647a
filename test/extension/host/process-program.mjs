// A real program whose actors hold OS processes: busy, talking, starting, crashing; a manager that runs some for others; and requests that
// are denied.
import fs from "node:fs";
import { ActorSystem, supervisor } from "airssys-rt";
import { files, osProcess, processManager, SecurityContext } from "airssys-rt/os";

const SH = fs.realpathSync("/bin/sh");
const security = SecurityContext.create({
  principal: "studio",
  files: [{ path: ".", allow: ["list"] }],
  run: [{ command: SH, args: ["-c", { matches: /[\s\S]*/ }] }],
  env: { PATH: "/usr/bin:/bin" },
});
const shell = (id, script, change = {}, options = {}) => ({
  id,
  start: osProcess({ security, command: SH, args: ["-c", script], ...options }),
  restart: "transient",
  ...change,
});
const FOREVER = "while :; do sleep 60; done";

const system = await ActorSystem.start({
  name: "studio",
  logger: false,
  root: supervisor({
    name: "studio",
    maxRestarts: 20,
    maxRestartPeriodMs: 10_000,
    children: [
      shell("encoder", "while :; do :; done"),
      shell(
        "preview",
        `echo '[click](command:airssys.kill) **frame 12** <b>\`\`\`' >&2; printf '\\033[31mdropped 3\\n' >&2; ${FOREVER}`,
      ),
      shell("uploads", "sleep 3; exit 3", { restart: "permanent", backoff: { minMs: 5_000, maxMs: 5_000, jitter: 0 } }),
      { id: "workers", start: processManager(security) },
      { id: "store", start: files(security) },
    ],
  }),
});
const quietly = (promise) => promise?.catch(() => undefined);
const workers = system.whereis("workers");
for (const script of ["while read -r line; do :; done; sleep 500", "trap '' TERM; sleep 600"])
  quietly(workers?.ask({ type: "run", command: SH, args: ["-c", script] }, { timeoutMs: 900_000 }));
for (const path of ["/etc/passwd", "../secret", "package.json"])
  quietly(system.whereis("store")?.ask({ type: "read", path }));
await system.whenStopped;
