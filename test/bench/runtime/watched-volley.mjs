// The program that watch.mjs watches: plays as many volleys as it is told to, and says what each message has cost in processor time.
import { createInterface } from "node:readline";
import { nanoseconds, withPlayers } from "./volley.mjs";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

await withPlayers(async (title, play) => {
  console.log(title);
  for (;;) {
    const { value: volleys = "0" } = await lines.next();
    if (volleys === "0") break;
    const before = process.cpuUsage();
    for (let left = Number(volleys); left > 0; left--) {
      await play();
      // Reports have their turn, as they have in any program.
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(nanoseconds(process.cpuUsage(before)) / Number(volleys));
  }
});
process.exit();
