/** What is wrong with a message to the actor of files: it may come from anywhere. Pure. */
import { print } from "../spec/spec-fault.ts";
import { OwnedBuffer } from "../values/owned-buffer.ts";

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === "string" ? undefined : "must be text");
const optionalFlag: Check = (value) =>
  value === undefined || typeof value === "boolean" ? undefined : "must be true or false";
const optionalWhole: Check = (value) =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)
    ? undefined
    : "must be a whole number >= 0";
const optionalSize: Check = (value) =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= 1 << 26)
    ? undefined
    : "must be a whole number from 1 to 67108864";
const data: Check = (value) =>
  typeof value === "string" || value instanceof Uint8Array || value instanceof OwnedBuffer
    ? undefined
    : "must be text, bytes or an OwnedBuffer";
const ref: Check = (value) =>
  typeof (value as { tellAsync?: unknown } | null)?.tellAsync === "function" ? undefined : "must be an ActorRef";
const optionalRef: Check = (value) => (value === undefined ? undefined : ref(value));

/** The fields of each message. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  read: { path: text, offset: optionalWhole, length: optionalWhole },
  readChunks: { path: text, to: ref, chunkBytes: optionalSize, progress: optionalRef },
  write: { path: text, data },
  append: { path: text, data },
  list: { path: text },
  stat: { path: text },
  move: { path: text, to: text, replace: optionalFlag },
  delete: { path: text, recursive: optionalFlag, progress: optionalRef },
  makeDirectory: { path: text, recursive: optionalFlag },
  watch: { path: text, to: ref },
  unwatch: { watch: optionalWhole },
};

/** All faults; empty for a message that can be done. */
export function fileMessageFaults(message: unknown): readonly string[] {
  const fields = message as Readonly<Record<string, unknown>> | null;
  const type = typeof fields === "object" ? fields?.["type"] : undefined;
  const checks = typeof type === "string" && Object.hasOwn(FIELDS, type) ? FIELDS[type] : undefined;
  if (fields === null || checks === undefined) return [`there is no file operation ${print(type)}`];
  return Object.entries(checks).flatMap(([name, check]) => {
    const fault = check(fields[name]);
    return fault === undefined ? [] : [`${name} ${fault}, got ${print(fields[name])}`];
  });
}
