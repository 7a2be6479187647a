/** `airssys.json`: the settings of the command line, as a team shares them. */
import { readFileSync } from "node:fs";
import { messageOf, UsageError } from "./usage-error.ts";

interface Written {
  readonly preset?: unknown;
  readonly rules?: Readonly<Record<string, unknown>>;
}

/** `features` is for editors; `$schema` for those who write the file. */
const KEYS: readonly string[] = ["preset", "rules", "features", "$schema"];

/** @throws {UsageError} when it cannot be read, or is no object of what it may hold. */
export function readSettingsFile(file: string): Written {
  let value: unknown;
  try {
    const text = readFileSync(file, "utf8");
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    throw new UsageError(`the settings ${file} cannot be read: ${messageOf(cause)}`);
  }
  if (!isRecord(value)) throw new UsageError(`the settings ${file} must be an object with "preset" and "rules"`);
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new UsageError(
      `the settings ${file} have no place for "${unknown}", only for ${KEYS.slice(0, 3).join(", ")}`,
    );
  const { rules } = value;
  if (rules !== undefined && !isRecord(rules))
    throw new UsageError(`"rules" in the settings ${file} must be an object of levels by the name of the rule`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
