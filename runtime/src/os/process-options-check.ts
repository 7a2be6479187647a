/** Reads the options of a process and messages to one, and says what is wrong with them: they may come from anywhere. */
import { types } from "node:util";
import { print } from "../spec/spec-fault.ts";
import { type Fields, isFields, isList, readField, readFields } from "../values/fields.ts";
import { clip } from "../values/safe-text.ts";
import { dataFault, isRef } from "./file-message-check.ts";
import { isPlain, plainCopy } from "./plain-copy.ts";
import { isSignalOn } from "./process-means.ts";
import type { ProcessMessage, ProcessOptions } from "./process-messages.ts";

const KEYS = [
  ...["command", "args", "env", "stdout", "stderr", "timeoutMs", "maxOutputBytes", "orderlyCodes", "ready", "drainMs"],
];

/** Options, each read once; they can be tried where there are no faults. */
export interface ReadProcessOptions<T> {
  readonly options: T;
  readonly faults: readonly string[];
}

/** Never throws. @param others keys that the caller takes beside those of a process. */
export function readProcessOptions<T = ProcessOptions>(
  given: unknown,
  others: readonly string[],
): ReadProcessOptions<T> {
  const known = [...KEYS, ...others];
  const fields = isFields(given) ? readFields(given, known) : undefined;
  if (fields === undefined) return { options: {} as T, faults: [`options must be an object, got ${print(given)}`] };
  const entries = Object.entries(fields).map(([key, value]) => [key, plainCopy(value)] as const);
  const options: Fields = Object.fromEntries(entries);
  return { options: options as T, faults: [...strangers(options, known), ...optionFaults(options)] };
}

function strangers(options: Fields, known: readonly string[]): readonly string[] {
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) =>
      key === "cwd"
        ? 'unknown option "cwd": the grant of the command says where it runs, run: [{ command, cwd }]'
        : `unknown option "${clip(key, 100)}"`,
    );
}

function optionFaults(options: Fields): readonly string[] {
  const faults: string[] = [];
  const { command, args, env, stdout, stderr, orderlyCodes, ready, drainMs } = options;
  if (typeof command !== "string") faults.push(`command must be text, got ${print(command)}`);
  if (args !== undefined && !(isList(args) && args.every((one) => typeof one === "string")))
    faults.push("args must be a list of texts");
  if (env !== undefined && !isPlain(env)) faults.push(`env must be an object of texts, got ${print(env)}`);
  for (const name of ["timeoutMs", "maxOutputBytes"] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === "number" && Number.isFinite(value) && value > 0))
      faults.push(`${name} must be a number > 0, got ${print(value)}`);
  }
  if (drainMs !== undefined && !(typeof drainMs === "number" && Number.isFinite(drainMs) && drainMs >= 0))
    faults.push(`drainMs must be a number >= 0, got ${print(drainMs)}`);
  if (orderlyCodes !== undefined && !(isList(orderlyCodes) && orderlyCodes.every((one) => Number.isInteger(one))))
    faults.push("orderlyCodes must be a list of whole numbers");
  if (ready !== undefined && typeof ready !== "function" && !types.isRegExp(ready))
    faults.push("ready must be a regular expression or a function");
  faults.push(...sinkFaults("stdout", stdout), ...sinkFaults("stderr", stderr));
  return faults;
}

function sinkFaults(name: string, sink: unknown): readonly string[] {
  if (sink === undefined) return [];
  if (!isFields(sink) || !isRef(readField(sink, "to"))) return [`${name}.to must be an ActorRef`];
  const { as, lossy } = sink;
  const faults: string[] = [];
  if (as !== undefined && as !== "lines" && as !== "bytes")
    faults.push(`${name}.as must be "lines" or "bytes", got ${print(as)}`);
  if (lossy !== undefined && typeof lossy !== "boolean")
    faults.push(`${name}.lossy must be true or false, got ${print(lossy)}`);
  return faults;
}

/** A message to a process, each field of which was read once. */
export interface ReadProcessMessage {
  readonly message: ProcessMessage;
  readonly faults: readonly string[];
}

/** Never throws. */
export function readProcessMessage(given: unknown, platform: NodeJS.Platform = process.platform): ReadProcessMessage {
  const fields: Fields = (isFields(given) ? readFields(given, ["type", "data", "signal"]) : undefined) ?? {};
  return { message: fields as never, faults: messageFaults(fields, platform) };
}

function messageFaults({ type, data, signal, ...others }: Fields, platform: NodeJS.Platform): readonly string[] {
  const faults = Object.keys(others).map((key) => `there is no field "${clip(key, 100)}"`);
  switch (type) {
    case "write": {
      const fault = dataFault(data);
      return fault === undefined ? faults : [...faults, `data ${fault}, got ${print(data)}`];
    }
    case "closeInput":
      return faults;
    case "signal":
      return isSignalOn(platform, signal)
        ? faults
        : [...faults, `signal must be the name of a signal of this system, got ${print(signal)}`];
    default:
      return [`expected write, closeInput or signal, got ${print(type)}`];
  }
}
