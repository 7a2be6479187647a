/** Reads a message to the actor of files, and says what is wrong with it: it may come from anywhere. */
import { print } from "../spec/spec-fault.ts";
import { isFields, readField } from "../values/fields.ts";
import { isInstance } from "../values/instance.ts";
import { OwnedBuffer } from "../values/owned-buffer.ts";
import { clip } from "../values/safe-text.ts";
import type { FileMessage } from "./file-messages.ts";

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" ? undefined : "must be text");
const optionalFlag: Check = (value) =>
  value === undefined || typeof value === "boolean" ? undefined : "must be true or false";
const whole: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "must be a whole number >= 0";
const optionalWhole: Check = (value) => (value === undefined ? undefined : whole(value));
const optionalSize: Check = (value) =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= 1 << 26)
    ? undefined
    : "must be a whole number from 1 to 67108864";
const ref: Check = (value) => (isRef(value) ? undefined : "must be an ActorRef");
const optionalRef: Check = (value) => (value === undefined ? undefined : ref(value));

/** What is wrong with bytes to write. Bytes that were handed over before would be written as none. */
export const dataFault: Check = (value) => {
  if (typeof value === "string" || isInstance<OwnedBuffer>(value, OwnedBuffer as never)) return undefined;
  if (!isInstance(value, Uint8Array)) return "must be text, bytes or an OwnedBuffer";
  return readField(readField(value, "buffer") as object, "detached") === true
    ? "must be bytes that were not handed over before"
    : undefined;
};

/** Whether it can be told things as an actor can. */
export function isRef(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["tell", "tellAsync"].every((name) => typeof readField(value, name) === "function");
}

/** The fields of each message. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  read: { path: text, offset: optionalWhole, length: optionalWhole },
  readChunks: { path: text, to: ref, chunkBytes: optionalSize, progress: optionalRef },
  write: { path: text, data: dataFault },
  append: { path: text, data: dataFault },
  list: { path: text },
  stat: { path: text },
  move: { path: text, to: text, replace: optionalFlag },
  delete: { path: text, recursive: optionalFlag, progress: optionalRef },
  makeDirectory: { path: text, recursive: optionalFlag },
  watch: { path: text, to: ref },
  unwatch: { watch: whole },
};

/** A message, each field of which was read once; it can be done where there are no faults. */
export interface ReadFileMessage {
  readonly message: FileMessage;
  readonly faults: readonly string[];
}

/** Never throws. */
export function readFileMessage(given: unknown): ReadFileMessage {
  const type = isFields(given) ? readField(given, "type") : undefined;
  const checks = typeof type === "string" && Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  const message: Record<string, unknown> = { type };
  if (!isFields(given) || checks === undefined)
    return { message: message as never, faults: [`there is no file operation ${print(type)}`] };
  const faults: string[] = [];
  for (const name in checks) {
    const value = readField(given, name);
    if (value !== undefined) message[name] = value;
    const fault = checks[name]?.(value);
    if (fault !== undefined) faults.push(`${name} ${fault}, got ${print(value)}`);
  }
  faults.push(...strangers(given, checks, type as string));
  return { message: message as never, faults };
}

/** A field that means nothing was meant to mean something. */
function strangers(given: object, checks: object, type: string): readonly string[] {
  let keys: readonly string[];
  try {
    keys = Object.keys(given);
  } catch {
    return ["its fields cannot be read"];
  }
  return keys
    .filter((key) => key !== "type" && !Object.hasOwn(checks, key))
    .map((key) =>
      type === "watch" && key === "recursive"
        ? "a watch is of one directory: those below it are watched each by itself"
        : `${type} has no field "${clip(key, 100)}"`,
    );
}
