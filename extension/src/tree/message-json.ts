/** Checks the JSON of a message that a person types. Pure. */
import { say } from "../sentence.ts";

/** @returns what is wrong with it, in words; `undefined` when nothing is. */
export function messageFault(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return say("Not JSON yet: {0}", error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return say("A message is an object: {0}", '{ "type": "…" }');
  const { type } = value as { readonly type?: unknown };
  return typeof type === "string" && type !== "" ? undefined : say('A message has a "type": {0}', '{ "type": "…" }');
}
