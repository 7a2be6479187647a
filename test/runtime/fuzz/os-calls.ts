/** How the entry points of `airssys-rt/os` are called soundly: on a folder of their own, with a command that ends at once. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import type { AnyActorRef, Start } from "airssys-rt";
import * as door from "airssys-rt/os";
import type { Call } from "./call.ts";
import type { Stage } from "./stage.ts";

const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "airssys-fuzz-")));
process.on("exit", () => fs.rmSync(base, { recursive: true, force: true }));
fs.writeFileSync(path.join(base, "a"), "text");
fs.mkdirSync(path.join(base, "sub"));

const COMMAND = fs.realpathSync("/bin/echo");
/** Where paths cannot be walked safely, nothing about files is granted. */
const FILES = process.platform === "linux" ? [{ path: ".", allow: ["read", "list", "write", "delete"] }] : [];

const options = () => ({
  principal: "fuzz",
  base,
  files: FILES,
  run: [
    {
      command: COMMAND,
      args: [{ rest: { matches: /^\w*$/, mayBeOption: true, secret: true }, max: 2 }],
      cwd: ".",
      env: ["A"],
      dangerous: true,
      pin: true,
    },
  ],
  env: { PATH: "/bin" },
  auditFailure: "deny",
});

let shared: door.SecurityContext | undefined;
/** Made once: each holds directories open. */
function security(): door.SecurityContext {
  shared ??= door.SecurityContext.create(options() as never);
  return shared;
}

/** Asks what was started so, one message after the other; the answers are looked at by whoever gets them. */
async function ask(stage: Stage, start: unknown, messages: readonly unknown[]): Promise<void> {
  const ref = stage.system.spawn(start as Start<never>);
  const answers = messages.map((message) => (ref as AnyAsked).ask(message, { timeoutMs: 60_000 }));
  try {
    await Promise.all(answers);
  } finally {
    await Promise.allSettled(answers);
    stage.system.exit(ref as AnyActorRef, { kind: "normal" });
  }
}

interface AnyAsked {
  ask(message: unknown, options: object): Promise<unknown>;
}

/** Asks the actor of files, as `files` starts it, with one message. */
const inFiles = (message: (stage: Stage) => object): Call => ({
  args: (stage) => [security(), { maxReadBytes: 100, maxConcurrent: 2 }, message(stage)],
  make: ([context, given, ...messages], stage) => ask(stage, door.files(context as never, given as never), messages),
});

/** Asks the manager of processes, as `processManager` starts it, with one message. */
function inProcesses(message: object): Call {
  return {
    args: () => [security(), message],
    make: ([context, ...messages], stage) => ask(stage, door.processManager(context as never), messages),
  };
}

const request = (): object => ({ command: COMMAND, args: ["a"], env: { A: "1" } });

/** `files: write` is the entry point `files`, and what it makes is asked to write. */
export const OS_CALLS: Readonly<Record<string, Call>> = {
  "SecurityContext.create": {
    args: () => [options()],
    make: (given) => door.SecurityContext.create(...(given as [never])).close(),
  },
  "SecurityContext.is": { args: () => [security()], make: ([value]) => door.SecurityContext.is(value) },
  "SecurityContext#narrow": {
    args: () => [{ principal: "less", files: [], run: options().run, env: options().env }],
    make: (given) =>
      security()
        .narrow(...(given as [never]))
        .close(),
  },
  files: inFiles(() => ({ type: "read", path: "a", offset: 0, length: 2 })),
  "files: readChunks": inFiles((s) => ({
    type: "readChunks",
    path: "a",
    to: s.worker,
    chunkBytes: 10,
    progress: s.worker,
  })),
  "files: write": inFiles(() => ({ type: "write", path: "b", data: "text" })),
  "files: append": inFiles(() => ({ type: "append", path: "b", data: new Uint8Array(2) })),
  "files: list": inFiles(() => ({ type: "list", path: "sub" })),
  "files: stat": inFiles(() => ({ type: "stat", path: "a" })),
  "files: move": inFiles(() => ({ type: "move", path: "a", to: "a", replace: true })),
  "files: delete": inFiles((s) => {
    fs.writeFileSync(path.join(base, "gone"), "");
    return { type: "delete", path: "gone", recursive: true, progress: s.worker };
  }),
  "files: makeDirectory": inFiles(() => ({ type: "makeDirectory", path: "c/d", recursive: true })),
  "files: watch": inFiles((s) => ({ type: "watch", path: "sub", to: s.worker })),
  "files: unwatch": inFiles(() => ({ type: "unwatch", watch: 1 })),
  osProcess: {
    args: (stage) => [
      {
        security: security(),
        ...request(),
        stdout: { to: stage.worker, as: "lines", lossy: true },
        timeoutMs: 1_000,
        maxOutputBytes: 100,
        orderlyCodes: [0],
        drainMs: 1,
      },
    ],
    make: ([given], stage) => ask(stage, door.osProcess(given as never), []),
  },
  "processManager: fileOperation": inProcesses({ type: "fileOperation", operation: { type: "stat", path: "a" } }),
  processManager: inProcesses({ type: "run", ...request(), input: "text", timeoutMs: 1_000, maxOutputBytes: 100 }),
  "processManager: spawnProcess": inProcesses({ type: "spawnProcess", ...request(), timeoutMs: 1_000, drainMs: 1 }),
};
