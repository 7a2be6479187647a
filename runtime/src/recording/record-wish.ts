/** Records a whole program because its environment says so, from before its first system starts until its end. */
import fs from "node:fs";
import path from "node:path";
import { complain } from "../inspect/complaint.ts";
import type { BeginRecording } from "../inspect/recordings.ts";
import { ENV_RECORD, ENV_RECORD_VALUES, ENV_REDACT } from "./record-environment.ts";
import { Recorder } from "./recorder.ts";
import { NotReplaceableError } from "./recording-errors.ts";

let recorder: Recorder | undefined;
let hasBegun = false;

/** Signals that end a program which does not listen to them. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Begins, once. What does not go is said on standard error, and the program runs on. */
export function recordAsWished(env: NodeJS.ProcessEnv = process.env): void {
  const wished = env[ENV_RECORD] ?? "";
  if (hasBegun || wished === "") return;
  hasBegun = true;
  try {
    const file = fileFor(path.resolve(wished));
    if (file === path.resolve(wished)) delete env[ENV_RECORD];
    recorder = new Recorder(file, {
      payloads: valuesWished(env[ENV_RECORD_VALUES] ?? "") ? "values" : "types",
      hidden: (env[ENV_REDACT] ?? "")
        .split(",")
        .map((word) => word.trim())
        .filter((word) => word !== ""),
    });
  } catch (error) {
    complain(`nothing is recorded (${ENV_RECORD}=${wished})`, error);
    return;
  }
  process.on("exit", end);
  for (const signal of SIGNALS) process.on(signal, endBy);
}

/** For a viewer. @throws {NotReplaceableError} @throws what the file system throws */
export const beginRecording: BeginRecording = (file, values, hidden) => {
  if (!path.isAbsolute(file)) throw new NotReplaceableError(file, "is not absolute");
  const running = new Recorder(fileFor(file), { payloads: values ? "values" : "types", hidden });
  const endRunning = (): void => running.end();
  process.on("exit", endRunning);
  return {
    path: running.path,
    end: () => {
      process.off("exit", endRunning);
      endRunning();
    },
  };
};

function valuesWished(text: string): boolean {
  if (!["", "0", "1"].includes(text))
    complain(`${ENV_RECORD_VALUES} must be 0 or 1, got ${JSON.stringify(text.slice(0, 100))}`);
  return text === "1";
}

/** A folder gets a file for each process; a file is replaced, if it is a recording. */
function fileFor(wished: string): string {
  const stats = fs.lstatSync(wished, { throwIfNoEntry: false });
  if (stats === undefined) return wished;
  if (stats.isDirectory()) return path.join(wished, nameOfThisRun());
  if (!stats.isFile()) throw new NotReplaceableError(wished, "is no file");
  if (!beginsAsRecording(wished, stats.size)) throw new NotReplaceableError(wished, "is there, and is no recording");
  return wished;
}

function nameOfThisRun(): string {
  const program = path.parse(process.argv[1] ?? "program").name.replace(/[^\w.-]/g, "_");
  const began = new Date().toISOString().replace(/[-:]|\.\d+Z$/g, "");
  return `${program}-${began}-${process.pid}.airssys`;
}

function beginsAsRecording(file: string, size: number): boolean {
  if (size === 0) return true;
  const fd = fs.openSync(file, "r");
  try {
    const begin = Buffer.alloc(2);
    fs.readSync(fd, begin, 0, 2, 0);
    return begin[0] === 0x1f && begin[1] === 0x8b;
  } finally {
    fs.closeSync(fd);
  }
}

function end(): void {
  recorder?.end();
  recorder = undefined;
  for (const signal of SIGNALS) process.off(signal, endBy);
}

/** A program that listens to the signal itself goes on; another ends as it would have. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  end();
  process.kill(process.pid, signal);
}
