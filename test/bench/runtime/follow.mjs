// What it costs a message that a viewer follows it: alternating, the same rounds with nothing, with times, with each message, with payloads.
// node test/bench/runtime/follow.mjs [rounds]
import { compareModes } from "./volley.mjs";

/** Not behind a door: only a viewer turns it on. */
const { Follow } = await import(new URL("inspect/follow.js", import.meta.resolve("airssys-rt")).href);

const ROUNDS = Number(process.argv[2] ?? 15);
const LEVELS = ["off", "stats", "messages", "payloads"];

let characters = 0;
const outlet = {
  push(frame) {
    characters += frame.length;
  },
  isCongested: false,
  limit: 2 ** 20,
};
// A bare ping-pong is faster than what following bears.
const follow = new Follow(outlet, { rate: Number.POSITIVE_INFINITY, heap: 1, heapUsed: () => 0 });

await compareModes(ROUNDS, LEVELS, (level) => follow.begin({ type: "follow", id: 1, level }));
follow.close();
console.log(`${Math.round(characters / 2 ** 20)} MB of frames`);
