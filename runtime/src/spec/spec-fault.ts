/** A mistake in a spec: what it is, where it stands, and how it is put to people. Knows no spec. */
import { AirssysError } from "../values/errors.ts";
import { type Fields, isList, readList, UNREADABLE } from "../values/fields.ts";
import { clip, safeText } from "../values/safe-text.ts";

/** Stands for a value that is not known before the program runs. Nothing is ever reported about it. */
export const UNKNOWN: unique symbol = Symbol.for("airssys.unknown");

export type SpecFaultCode =
  | "not_a_spec"
  | "unknown_key"
  | "invalid_name"
  | "invalid_strategy"
  | "invalid_max_restarts"
  | "invalid_max_restart_period"
  | "invalid_auto_shutdown"
  | "invalid_children"
  | "template_count"
  | "missing_id"
  | "invalid_id"
  | "duplicate_id"
  | "missing_start"
  | "invalid_start"
  | "invalid_restart"
  | "invalid_shutdown"
  | "invalid_significant"
  | "significant_permanent"
  | "significant_without_auto_shutdown"
  | "significant_in_simple_one_for_one"
  | "invalid_type"
  | "invalid_mailbox"
  | "invalid_backoff"
  | "invalid_start_timeout";

/** One mistake in a spec. */
export interface SpecFault {
  readonly code: SpecFaultCode;
  /** Where: property names and indices from the spec's top, such as `["children", 1, "restart"]`. */
  readonly path: readonly (string | number)[];
  /** One line for people: what is wrong and what was expected. */
  readonly message: string;
  readonly value?: unknown;
  /** What was probably meant, or the default. */
  readonly suggestion?: string;
}

/** A spec has mistakes; nothing was started. Lists all of them. */
export class InvalidSpecError extends AirssysError {
  readonly code = "ERR_INVALID_SPEC";
  readonly faults: readonly SpecFault[];
  constructor(what: string, faults: readonly SpecFault[]) {
    super(`${safeText(what)}: ${describeFaults(faults)}`);
    this.faults = faults;
  }
}

function describeFaults(faults: unknown): string {
  const list = isList(faults) ? readList(faults) : faults;
  return isList(list) ? list.map((fault) => describeGuarded(fault as SpecFault)).join("; ") : safeText(list);
}

function describeGuarded(fault: SpecFault): string {
  try {
    return describeFault(fault);
  } catch {
    return safeText(fault);
  }
}

/** One line: where, and what is wrong. */
export function describeFault({ path, message }: SpecFault): string {
  return `${printPath(path)}${message}`;
}

/** No spec is deeper. */
const DEEPEST = 1_000;

/** Where something stands in a spec. */
export type Path = readonly (string | number)[];
/** A place that was handed in from outside: the top, for what is none. Never throws. */
export function ownPath(path: Path): Path {
  const list = isList(path) ? readList(path, DEEPEST) : [];
  return isList(list) ? list.map((part) => (typeof part === "number" ? part : safeText(part, 100))) : [];
}

export function unknownKeys(fields: Fields, known: readonly string[], path: Path): SpecFault[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) =>
      fault("unknown_key", [...path, key], `unknown option "${clip(key, 100)}"`, fields[key], closest(known, key)),
    );
}

export function fault(
  code: SpecFaultCode,
  path: Path,
  message: string,
  value?: unknown,
  suggestion?: string,
): SpecFault {
  return {
    code,
    path,
    message,
    ...(value === undefined ? {} : { value }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

export function push(faults: SpecFault[], found: SpecFault | undefined): void {
  if (found !== undefined) faults.push(found);
}

/** Not given, or not known: nothing to say about it. */
export function absent(value: unknown): boolean {
  return value === undefined || value === UNKNOWN;
}

export function isAtLeast(value: unknown, least: number): boolean {
  return typeof value === "number" && value >= least && Number.isFinite(value);
}

/** What somebody gave, for the text of a fault. Never throws. */
export function print(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(clip(value, 100));
  if (value === UNREADABLE) return "a value that cannot be read";
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined)
    return String(value);
  return isList(value) ? "a list" : `a value of type ${typeof value}`;
}

function printPath(path: Path): string {
  const text = path.reduce<string>(
    (sum, part) => (typeof part === "number" ? `${sum}[${part}]` : `${sum}${sum ? "." : ""}${part}`),
    "",
  );
  return text === "" ? "" : `${text}: `;
}

/** No word is longer; to compare what is takes time. */
const LONGEST_WORD = 64;

/** The allowed word at most three edits away (and less than half its length), nearest first. */
export function closest(allowed: readonly string[], value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST_WORD) return undefined;
  const ranked = allowed
    .map((word) => ({ word, edits: editDistance(word.toLowerCase(), value.toLowerCase()) }))
    .filter(({ word, edits }) => edits <= 3 && edits * 2 < word.length)
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.word;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, substitute));
    }
    row = next;
  }
  return row[b.length] as number;
}
