// What it costs a message that the program is watched from another process: alternating, not at all, with its views hidden, with the tree,
// with each message. The median of rounds, each of about a second, so that reports are in it.
// node test/bench/runtime/watch.mjs [rounds]
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { Programs } from "../../../extension/src/programs/programs.ts";
import { Watching } from "../../../extension/src/watch/watching.ts";
import { costText } from "./volley.mjs";

const ROUNDS = Number(process.argv[2] ?? 9);
/** Volleys of one round: about a second of each kind. */
const VOLLEYS = [120, 6];
const MODES = ["off", "hidden", "tree", "messages"];

const yes = () => Promise.resolve(true);
const programs = new Programs();
const watching = new Watching(programs, { mayOpen: yes, mayReach: yes });
const port = await freePort();
const file = new URL("watched-volley.mjs", import.meta.url).pathname;
const child = spawn(process.execPath, [`--inspect-port=${port}`, file], { stdio: ["pipe", "pipe", "ignore"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const says = async () => (await lines.next()).value;

for (const volleys of VOLLEYS) {
  const title = await says();
  const found = Object.fromEntries(MODES.map((mode) => [mode, []]));
  for (let round = 0; round < ROUNDS; round++)
    for (const mode of MODES) {
      await begin(mode);
      child.stdin.write(`${volleys}\n`);
      found[mode].push(Number(await says()));
    }
  child.stdin.write("0\n");
  console.log(title);
  const median = Object.fromEntries(MODES.map((mode) => [mode, found[mode].sort((a, b) => a - b)[ROUNDS >> 1]]));
  for (const mode of MODES) console.log(`  ${mode.padEnd(8)} ${costText(median[mode], median.off)}`);
}
watching.close();
process.exit();

async function begin(mode) {
  for (const { program } of watching.all) watching.stop(program);
  programs.watch("view", mode === "tree" || mode === "messages" ? 400 : undefined);
  if (mode === "off") return;
  const program = await watching.watch({ kind: "process", pid: child.pid });
  // The beginning is not what is measured.
  await program.request({ type: "health" });
  if (mode === "messages") await program.request({ type: "follow", level: "messages", perSecond: 1_000 });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
