// A program that starts processes which do all they can to outlive it, says so, and waits to be killed.
import { readFileSync } from "node:fs";
import { ActorSystem, supervisor } from "airssys-rt";
import { processManager, SecurityContext } from "airssys-rt/os";

const [, , when] = process.argv;
const security = SecurityContext.create({
  principal: "doomed",
  run: [{ command: "/bin/sh", args: ["-c", { matches: /[\s\S]*/ }] }],
  env: { PATH: "/usr/bin:/bin" },
});
const system = await ActorSystem.start({
  name: "doomed",
  root: supervisor({ children: [{ id: "processes", start: processManager(security) }] }),
  logger: false,
});
const manager = system.whereis("processes");
// Ignores the order to end, has a child in its group, and one that left it.
const script = "trap '' TERM HUP INT; sleep 300 & setsid sleep 300 & while :; do sleep 1; done";
const spawn = () => manager.ask({ type: "spawnProcess", command: "/bin/sh", args: ["-c", script] });
const { pid } = await spawn();
const cookie = /AIRSSYS_OS=([^\0]*)/.exec(readFileSync(`/proc/${pid}/environ`, "latin1"))[1];
// A moment for the children of the script.
await new Promise((resolve) => setTimeout(resolve, 50));
await new Promise((resolve) => process.stdout.write(`${cookie}\n`, resolve));
if (when === "between") {
  // Killed while further ones are on their way: between the start and the telling, for some.
  void Promise.allSettled(Array.from({ length: 5 }, spawn));
  setImmediate(() => process.kill(process.pid, "SIGKILL"));
}
if (when === "uncaught")
  setTimeout(() => {
    throw new RangeError("the program ends");
  }, 20);
