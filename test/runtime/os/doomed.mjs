// A program that starts processes which do all they can to outlive it, says so, and waits to be killed.
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
// Ignores the order to end, has a child in its group, and one that left it. Ready when both run what they are meant to run.
const child = "echo child; exec sleep 300";
const script = `trap '' TERM HUP INT; sh -c '${child}' & setsid sh -c '${child}' & while :; do sleep 1; done`;
const spawn = () => {
  let seen = "";
  return new Promise((resolve, reject) => {
    const sink = system.spawn(
      () => ({
        handleMessage: ({ text }) => {
          seen += text;
          if (seen === "childchild") resolve();
        },
      }),
      { mailbox: { capacity: 10, overflow: "block" } },
    );
    const stdout = { to: sink, as: "lines" };
    manager.ask({ type: "spawnProcess", command: "/bin/sh", args: ["-c", script], stdout }).catch(reject);
  });
};
await spawn();
const ran = await manager.ask({ type: "run", command: "/bin/sh", args: ["-c", 'printf %s "$AIRSSYS_OS"'] });
// The program's own part: what follows is the number of one process.
const [cookie] = Buffer.from(ran.stdout).toString().split(".");
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
