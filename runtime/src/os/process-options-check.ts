/** What is wrong with the options of a process and with messages to one: they may come from anywhere. Pure. */
import { print } from "../spec/spec-fault.ts";
import { isList, readDeeply } from "../values/fields.ts";
import { OwnedBuffer } from "../values/owned-buffer.ts";
import { read } from "../values/safe-text.ts";
import { isSignalOn } from "./process-means.ts";

const KEYS = [
  ...["command", "args", "env", "stdout", "stderr", "timeoutMs", "maxOutputBytes", "orderlyCodes", "ready", "drainMs"],
];

type Fields = Readonly<Record<string, unknown>>;

/** All faults; empty for options that can be tried. @param others keys that the caller takes beside those. */
export function processOptionFaults(options: unknown, others: readonly string[]): readonly string[] {
  if (!isFields(options)) return [`options must be an object, got ${print(options)}`];
  const faults = Object.keys(options)
    .filter((key) => !KEYS.includes(key) && !others.includes(key))
    .map((key) => `unknown option "${key}"`);
  const { command, args, env, stdout, stderr, orderlyCodes, ready } = options;
  if (typeof command !== "string") faults.push(`command must be text, got ${print(command)}`);
  if (args !== undefined && !isListOf(args, (one) => typeof one === "string"))
    faults.push("args must be a list of texts");
  if (env !== undefined && !isFields(env)) faults.push(`env must be an object of texts, got ${print(env)}`);
  for (const name of ["timeoutMs", "maxOutputBytes"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && Number.isFinite(value) && value > 0))
      faults.push(`${name} must be a number > 0, got ${print(value)}`);
  }
  const { drainMs } = options;
  if (drainMs !== undefined && !(typeof drainMs === "number" && Number.isFinite(drainMs) && drainMs >= 0))
    faults.push(`drainMs must be a number >= 0, got ${print(drainMs)}`);
  if (orderlyCodes !== undefined && !isListOf(orderlyCodes, Number.isInteger))
    faults.push("orderlyCodes must be a list of whole numbers");
  if (ready !== undefined && typeof ready !== "function" && !(ready instanceof RegExp))
    faults.push("ready must be a regular expression or a function");
  faults.push(...sinkFaults("stdout", stdout), ...sinkFaults("stderr", stderr));
  return faults;
}

/** Each element of a list is read once, holes too. */
function isListOf(value: unknown, test: (one: unknown) => boolean): boolean {
  const list = readDeeply(value);
  return isList(list) && list.every(test);
}

function sinkFaults(name: string, sink: unknown): readonly string[] {
  if (sink === undefined) return [];
  if (!isFields(sink) || typeof read(sink["to"], "tell") !== "function") return [`${name}.to must be an ActorRef`];
  const { as } = sink;
  return as === undefined || as === "lines" || as === "bytes"
    ? []
    : [`${name}.as must be "lines" or "bytes", got ${print(as)}`];
}

/** What is wrong with a message to a process; empty for one that can be done. */
export function processMessageFaults(
  message: unknown,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const { type, data, signal } = isFields(message) ? message : {};
  switch (type) {
    case "write":
      return typeof data === "string" || data instanceof Uint8Array || data instanceof OwnedBuffer
        ? []
        : [`data must be text, bytes or an OwnedBuffer, got ${print(data)}`];
    case "closeInput":
      return [];
    case "signal":
      return isSignalOn(platform, signal)
        ? []
        : [`signal must be the name of a signal of this system, got ${print(signal)}`];
    default:
      return [`expected write, closeInput or signal, got ${print(type)}`];
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !isList(value);
}
