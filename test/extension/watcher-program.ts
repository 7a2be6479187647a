// An extension host as far as it watches: the program whose number is its argument, with its tree and all of its messages.
import { Programs } from "../../extension/src/programs/programs.ts";
import { MACHINE, Watching } from "../../extension/src/watch/watching.ts";

const programs = new Programs((origin) => origin !== "watched");
const consent = { mayOpen: () => Promise.resolve(true), mayReach: () => Promise.resolve(false) };
programs.watch("view", 400);
const watching = new Watching(programs, consent, MACHINE);
const program = await watching.watch({ kind: "process", pid: Number(process.argv[2]) });
await program?.request({ type: "follow", level: "messages" });
console.log("watches");
