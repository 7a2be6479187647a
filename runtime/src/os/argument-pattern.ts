/** Whether arguments fit the patterns of a grant, and whether one pattern allows no more than another. Pure. */
import type { ArgumentPattern, SingleArgument } from "./grant.ts";
import type { DenialReason } from "./os-errors.ts";

/** Bytes of one argument (Linux: `MAX_ARG_STRLEN`, with its NUL). */
const MAX_ARGUMENT_BYTES = 131_071;

/** An argument that fits nothing. */
export interface ArgumentFault {
  /** Counts from 0. */
  readonly index: number;
  readonly reason: DenialReason;
  readonly hint: string;
}

/** An argument with the pattern it fits. */
export interface FittingArgument {
  readonly text: string;
  readonly pattern: SingleArgument;
}

/**
 * Lays arguments beside the patterns of a grant, one for each, the last perhaps for the rest.
 * Paths are checked by whoever can: here they are only names that do not look like options.
 */
export function fitArguments(
  patterns: readonly ArgumentPattern[],
  args: readonly string[],
): readonly FittingArgument[] | ArgumentFault {
  const fitting: FittingArgument[] = [];
  for (const [index, text] of args.entries()) {
    const pattern = patternFor(patterns, index);
    if (pattern === undefined)
      return { index, reason: "argument", hint: `at most ${mostArguments(patterns)} are granted` };
    const fault = faultOf(pattern, text);
    if (fault !== undefined) return { index, ...fault };
    fitting.push({ text, pattern });
  }
  const missing = patterns.findIndex((pattern, index) => index >= args.length && !isRest(pattern));
  if (missing >= 0) return { index: missing, reason: "argument", hint: `${describe(patterns[missing])} is expected` };
  return fitting;
}

/** Whether an argument is left out of the audit. */
export function isSecret(pattern: SingleArgument): boolean {
  return typeof pattern === "object" && pattern.secret === true;
}

function isRest(pattern: ArgumentPattern): pattern is { readonly rest: SingleArgument; readonly max: number } {
  return typeof pattern === "object" && "rest" in pattern;
}

function patternFor(patterns: readonly ArgumentPattern[], index: number): SingleArgument | undefined {
  const last = patterns.at(-1);
  const own = patterns[index];
  if (own !== undefined && !isRest(own)) return own;
  if (last === undefined || !isRest(last)) return undefined;
  return index - (patterns.length - 1) < last.max ? last.rest : undefined;
}

function mostArguments(patterns: readonly ArgumentPattern[]): number {
  return patterns.reduce((sum, pattern) => sum + (isRest(pattern) ? pattern.max : 1), 0);
}

function faultOf(pattern: SingleArgument, text: unknown): { reason: DenialReason; hint: string } | undefined {
  if (typeof text !== "string" || /[\0\p{Surrogate}]/u.test(text) || Buffer.byteLength(text) > MAX_ARGUMENT_BYTES)
    return {
      reason: "argument",
      hint: `an argument is text without NUL and lone surrogates of at most ${MAX_ARGUMENT_BYTES} bytes`,
    };
  if (!fits(pattern, text)) return { reason: "argument", hint: `${describe(pattern)} is expected` };
  // What the grant itself spells out was written by whoever made it.
  const isFromOutside = typeof pattern === "object" && !("oneOf" in pattern);
  if (isFromOutside && text.startsWith("-") && pattern.mayBeOption !== true)
    return {
      reason: "option_like",
      hint: "the program would take it for an option; its pattern would need mayBeOption",
    };
  return undefined;
}

function fits(pattern: SingleArgument, text: string): boolean {
  if (typeof pattern === "string") return text === pattern;
  if ("oneOf" in pattern) return pattern.oneOf.includes(text);
  if ("matches" in pattern) return wholly(pattern.matches).test(text);
  if ("integer" in pattern) {
    const [min, max] = pattern.integer;
    return /^(0|-?[1-9]\d{0,15})$/.test(text) && Number(text) >= min && Number(text) <= max;
  }
  return text !== "";
}

/** The expression for a whole text: `$` at the end of a line, and where the last search stopped, mean nothing. */
function wholly({ source, flags }: RegExp): RegExp {
  return new RegExp(`^(?:${source})$`, flags.replace(/[gmy]/g, ""));
}

function describe(pattern: ArgumentPattern | undefined): string {
  if (pattern === undefined) return "nothing";
  if (typeof pattern === "string") return JSON.stringify(pattern);
  if ("rest" in pattern) return `up to ${pattern.max} times ${describe(pattern.rest)}`;
  if ("oneOf" in pattern) return `one of ${pattern.oneOf.map((text) => JSON.stringify(text)).join(", ")}`;
  if ("matches" in pattern) return `text that matches ${pattern.matches}`;
  if ("integer" in pattern) return `a whole number from ${pattern.integer[0]} to ${pattern.integer[1]}`;
  return `a path that may be ${pattern.path === "read" ? "read" : "written"}`;
}

/** Whether every list of arguments that fits `narrow` fits `wide` as well, as far as that can be shown. */
export function isListWithin(wide: readonly ArgumentPattern[], narrow: readonly ArgumentPattern[]): boolean {
  for (const [index, pattern] of narrow.entries()) {
    const tries = isRest(pattern) ? Math.min(pattern.max, mostArguments(wide) + 1) : 1;
    const single = isRest(pattern) ? pattern.rest : pattern;
    for (let i = 0; i < tries; i++) {
      const above = patternFor(wide, index + i);
      if (above === undefined || !isPatternWithin(above, single)) return false;
    }
  }
  // What the wide one demands, the narrow one must not leave out.
  const demanded = wide.filter((pattern) => !isRest(pattern)).length;
  return narrow.filter((pattern) => !isRest(pattern)).length >= demanded;
}

/**
 * Whether one pattern allows no more than another, as far as that can be shown.
 *
 * | wide | narrow that is within |
 * |---|---|
 * | text | the same text |
 * | `oneOf` | texts of it |
 * | `matches` | texts that match; the same expression |
 * | `integer` | a smaller range; texts of it |
 * | `path` | the same |
 */
function isPatternWithin(wide: SingleArgument, narrow: SingleArgument): boolean {
  if (isSecret(wide) && !isSecret(narrow)) return false;
  const texts = textsOf(narrow);
  if (texts !== undefined) {
    if (typeof wide === "object" && "path" in wide) return false;
    return texts.every((text) => faultOf(wide, text) === undefined);
  }
  if (typeof wide === "string" || typeof narrow === "string" || "oneOf" in wide || "oneOf" in narrow) return false;
  if (narrow.mayBeOption === true && wide.mayBeOption !== true) return false;
  if ("matches" in wide) return "matches" in narrow && String(wide.matches) === String(narrow.matches);
  if ("integer" in wide)
    return "integer" in narrow && narrow.integer[0] >= wide.integer[0] && narrow.integer[1] <= wide.integer[1];
  return "path" in narrow && narrow.path === wide.path;
}

function textsOf(pattern: SingleArgument): readonly string[] | undefined {
  if (typeof pattern === "string") return [pattern];
  return "oneOf" in pattern ? pattern.oneOf : undefined;
}
