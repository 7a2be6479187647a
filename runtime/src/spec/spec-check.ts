/** Checks supervisor specs: one validation for the run time, the editor and the command line. Pure. */

import { type Fields, isFields, isList, readField, readFields, readList, UNREADABLE } from "../values/fields.ts";
import { OVERFLOW_POLICIES } from "../values/mailbox-spec.ts";
import { clip } from "../values/safe-text.ts";
import { checkBackoff, ownBackoff } from "./backoff.ts";
import {
  AUTO_SHUTDOWNS,
  DEFAULT_AUTO_SHUTDOWN,
  DEFAULT_RESTART,
  DEFAULT_STRATEGY,
  RESTART_TYPES,
  STRATEGIES,
} from "./child-spec.ts";
import {
  absent,
  closest,
  fault,
  ownPath,
  type Path,
  print,
  push,
  type SpecFault,
  type SpecFaultCode,
  UNKNOWN,
  unknownKeys,
} from "./spec-fault.ts";

const SUPERVISOR_KEYS = ["name", "strategy", "maxRestarts", "maxRestartPeriodMs", "autoShutdown", "children"];
const CHILD_KEYS = [
  "id",
  "start",
  "restart",
  "shutdown",
  "significant",
  "type",
  "mailbox",
  "name",
  "backoff",
  "startTimeoutMs",
];

const MAILBOX_KEYS = ["capacity", "overflow"];

/**
 * A plain copy of the argument of `supervisor()`, with its children, each field read once: what is checked is then what is used. What
 * is no spec stays as it is, for {@link checkSupervisorSpec}. Never throws.
 */
export function ownSupervisorSpec<T>(given: T): T {
  const spec = own(given, SUPERVISOR_KEYS);
  if (!isFields(spec) || !isList(spec["children"])) return spec;
  const children = readList(spec["children"]);
  return { ...spec, children: isList(children) ? children.map(ownChildSpec) : children };
}

/** A plain copy of a child spec, as {@link ownSupervisorSpec} makes one. Never throws. */
export function ownChildSpec<T>(given: T): T {
  const spec = own(given, CHILD_KEYS);
  if (!isFields(spec)) return spec;
  const { mailbox, backoff } = spec;
  return {
    ...spec,
    ...(mailbox === undefined ? {} : { mailbox: ownMailbox(mailbox) }),
    ...(backoff === undefined ? {} : { backoff: ownBackoff(backoff) }),
  };
}

export function ownMailbox<T>(given: T): T {
  return own(given, MAILBOX_KEYS);
}

function own<T>(given: T, known: readonly string[]): T {
  return isFields(given) ? ((readFields(given, known) ?? UNREADABLE) as T) : given;
}

/**
 * Finds every mistake in the argument of `supervisor()`. Stricter than OTP in one point: unknown keys are faults, since in
 * TypeScript they are misspelt options.
 *
 * @returns faults in the order of the source; empty when the spec is sound. Never throws.
 */
export function checkSupervisorSpec(spec: unknown): readonly SpecFault[] {
  return spec === UNKNOWN ? [] : faultsOfSupervisor(ownSupervisorSpec(spec));
}

function faultsOfSupervisor(spec: unknown): readonly SpecFault[] {
  if (!isFields(spec)) return [fault("not_a_spec", [], "expected an object with the children of a supervisor", spec)];
  const faults: SpecFault[] = [...unknownKeys(spec, SUPERVISOR_KEYS, [])];
  const { strategy = DEFAULT_STRATEGY, autoShutdown = DEFAULT_AUTO_SHUTDOWN } = spec;
  push(faults, oneOf("invalid_strategy", STRATEGIES, strategy, ["strategy"]));
  push(faults, checkName(spec["name"], ["name"]));
  push(faults, wholeNumber(spec["maxRestarts"]));
  push(faults, period(spec["maxRestartPeriodMs"]));
  push(faults, oneOf("invalid_auto_shutdown", AUTO_SHUTDOWNS, autoShutdown, ["autoShutdown"]));
  faults.push(...checkChildren(spec["children"], strategy, autoShutdown));
  return faults;
}

/** Finds every mistake in one child spec of a supervisor with those flags. Never throws. */
export function checkChildSpec(
  spec: unknown,
  autoShutdown: unknown = DEFAULT_AUTO_SHUTDOWN,
  strategy: unknown = DEFAULT_STRATEGY,
): readonly SpecFault[] {
  return checkChild(ownChildSpec(spec), [], autoShutdown, strategy);
}

function checkChildren(children: unknown, strategy: unknown, autoShutdown: unknown): SpecFault[] {
  const path = ["children"];
  if (children === UNKNOWN) return [];
  if (!isList(children)) return [fault("invalid_children", path, "expected a list of child specs", children)];
  const faults: SpecFault[] = [];
  const spread = children.includes(UNKNOWN);
  if (strategy === "simple_one_for_one" && children.length !== 1 && !spread) {
    faults.push(
      fault("template_count", path, `simple_one_for_one takes exactly one child, the template, not ${children.length}`),
    );
  }
  for (const [index, child] of children.entries())
    faults.push(...checkChild(child, [...path, index], autoShutdown, strategy));
  faults.push(...duplicateIds(children, path));
  return faults;
}

function checkChild(spec: unknown, path: Path, autoShutdown: unknown, strategy: unknown): SpecFault[] {
  if (spec === UNKNOWN) return [];
  if (!isFields(spec)) return [fault("not_a_spec", path, "expected a child spec", spec)];
  const faults: SpecFault[] = [...unknownKeys(spec, CHILD_KEYS, path)];
  push(faults, checkId(spec, path));
  push(faults, checkStart(spec, path));
  push(faults, oneOf("invalid_restart", RESTART_TYPES, spec["restart"], [...path, "restart"]));
  push(faults, checkShutdown(spec["shutdown"], [...path, "shutdown"]));
  push(faults, checkSignificant(spec, path, autoShutdown, strategy));
  push(faults, oneOf("invalid_type", ["worker", "supervisor"], spec["type"], [...path, "type"]));
  push(faults, checkName(spec["name"], [...path, "name"]));
  push(faults, checkStartTimeout(spec["startTimeoutMs"], [...path, "startTimeoutMs"]));
  faults.push(...checkMailbox(spec["mailbox"], [...path, "mailbox"]));
  faults.push(...checkBackoff(spec["backoff"], [...path, "backoff"]));
  return faults;
}

function checkId(spec: Fields, path: Path): SpecFault | undefined {
  const id = spec["id"];
  if (id === UNKNOWN) return undefined;
  if (id === undefined) return fault("missing_id", path, "a child needs an id");
  if (typeof id === "string" && id !== "" && !id.includes("/")) return undefined;
  return fault("invalid_id", [...path, "id"], `id must be text, not empty and without "/", not ${print(id)}`, id);
}

function checkStart(spec: Fields, path: Path): SpecFault | undefined {
  const start = spec["start"];
  if (start === UNKNOWN || typeof start === "function") return undefined;
  if (start === undefined)
    return fault("missing_start", path, "a child needs a start: a function, defineActor or supervisor");
  if (isFields(start) && typeof readField(start, "create") === "function") return undefined;
  return fault(
    "invalid_start",
    [...path, "start"],
    `start must be a function, defineActor or supervisor, not ${print(start)}`,
    start,
  );
}

function checkShutdown(value: unknown, path: Path): SpecFault | undefined {
  if (absent(value) || value === "brutal_kill" || value === "infinity") return undefined;
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return undefined;
  const expected = `shutdown must be "brutal_kill", milliseconds >= 0 or "infinity", not ${print(value)}`;
  return fault("invalid_shutdown", path, expected, value, closest(["brutal_kill", "infinity"], value) ?? "5000");
}

/**
 * | significant | restart | autoShutdown | strategy | fault |
 * |---|---|---|---|---|
 * | false | any | any | any | – |
 * | true | permanent | any | any | `significant_permanent` |
 * | true | other | any | simple_one_for_one | `significant_in_simple_one_for_one` |
 * | true | other | never | other | `significant_without_auto_shutdown` |
 */
function checkSignificant(spec: Fields, path: Path, autoShutdown: unknown, strategy: unknown): SpecFault | undefined {
  const significant = spec["significant"];
  const at = [...path, "significant"];
  if (absent(significant) || significant === false) return undefined;
  if (significant !== true)
    return fault(
      "invalid_significant",
      at,
      `significant must be true or false, not ${print(significant)}`,
      significant,
    );
  if ((spec["restart"] ?? DEFAULT_RESTART) === "permanent") {
    return fault(
      "significant_permanent",
      at,
      "a permanent child cannot be significant: it is always restarted",
      true,
      "transient",
    );
  }
  if (strategy === "simple_one_for_one") {
    return fault(
      "significant_in_simple_one_for_one",
      at,
      "a template cannot be significant under simple_one_for_one",
      true,
    );
  }
  if (autoShutdown !== "never") return undefined;
  return fault(
    "significant_without_auto_shutdown",
    at,
    'a significant child needs autoShutdown "any_significant" or "all_significant"',
    true,
  );
}

function checkName(value: unknown, path: Path): SpecFault | undefined {
  if (absent(value) || (typeof value === "string" && value !== "")) return undefined;
  return fault("invalid_name", path, `name must be text and not empty, not ${print(value)}`, value);
}

function checkStartTimeout(value: unknown, path: Path): SpecFault | undefined {
  if (absent(value) || value === "infinity" || (typeof value === "number" && value > 0 && Number.isFinite(value)))
    return undefined;
  return fault(
    "invalid_start_timeout",
    path,
    `startTimeoutMs must be milliseconds > 0 or "infinity", not ${print(value)}`,
    value,
    "5000",
  );
}

function wholeNumber(value: unknown): SpecFault | undefined {
  if (absent(value) || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) return undefined;
  return fault(
    "invalid_max_restarts",
    ["maxRestarts"],
    `maxRestarts must be a whole number >= 0, not ${print(value)}`,
    value,
    "1",
  );
}

function period(value: unknown): SpecFault | undefined {
  if (absent(value) || (typeof value === "number" && value > 0 && Number.isFinite(value))) return undefined;
  const expected = `maxRestartPeriodMs must be milliseconds > 0, not ${print(value)}`;
  return fault("invalid_max_restart_period", ["maxRestartPeriodMs"], expected, value, "5000");
}

/** Finds every mistake in a mailbox spec. Never throws. */
export function checkMailbox(value: unknown, path: Path): SpecFault[] {
  return absent(value) ? [] : faultsOfMailbox(ownMailbox(value), ownPath(path));
}

function faultsOfMailbox(value: unknown, path: Path): SpecFault[] {
  if (!isFields(value)) return [fault("invalid_mailbox", path, "expected { capacity, overflow }", value)];
  const { capacity, overflow } = value;
  const faults = unknownKeys(value, MAILBOX_KEYS, path);
  if (
    !absent(capacity) &&
    capacity !== Number.POSITIVE_INFINITY &&
    !(Number.isSafeInteger(capacity) && (capacity as number) >= 1)
  ) {
    const expected = `capacity must be a whole number >= 1 or Infinity, not ${print(capacity)}`;
    faults.push(fault("invalid_mailbox", [...path, "capacity"], expected, capacity));
  }
  push(faults, oneOf("invalid_mailbox", OVERFLOW_POLICIES, overflow, [...path, "overflow"]));
  return faults;
}

function duplicateIds(children: readonly unknown[], path: Path): SpecFault[] {
  const seen = new Set<string>();
  const faults: SpecFault[] = [];
  for (const [index, child] of children.entries()) {
    const id = isFields(child) ? child["id"] : undefined;
    if (typeof id !== "string") continue;
    if (seen.has(id))
      faults.push(fault("duplicate_id", [...path, index, "id"], `the id "${clip(id, 100)}" is used twice`, id));
    seen.add(id);
  }
  return faults;
}

function oneOf(code: SpecFaultCode, allowed: readonly string[], value: unknown, path: Path): SpecFault | undefined {
  if (absent(value) || allowed.includes(value as string)) return undefined;
  const expected = allowed.map((word) => `"${word}"`).join(", ");
  return fault(
    code,
    path,
    `${path.at(-1)} must be one of ${expected}, not ${print(value)}`,
    value,
    closest(allowed, value),
  );
}
