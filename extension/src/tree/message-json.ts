/** Checks the JSON of a message that a person types. Pure. */

/** @returns what is wrong with it, in words; `undefined` when nothing is. */
export function messageFault(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `Not JSON yet: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return 'A message is an object: { "type": "…" }';
  const { type } = value as { readonly type?: unknown };
  return typeof type === "string" && type !== "" ? undefined : 'A message has a "type": { "type": "…" }';
}
