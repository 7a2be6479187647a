/** `airssys.json`: the settings of the files beside it and below, as a team shares them. */
import { type FeatureSettings, parseFeatureSettings } from "../features/feature-settings.ts";
import { ignoreTest, type PathTest } from "../source/glob.ts";
import { parseJsonText } from "../source/json-text.ts";
import { type KnownRule, parseRuleChanges, type RuleChanges } from "./rule-settings.ts";

export const SETTINGS_NAME = "airssys.json";

export interface SettingsFile {
  readonly changes: RuleChanges;
  /** For files that fit a pattern; what stands later wins. */
  readonly overrides: readonly { readonly fits: PathTest; readonly changes: RuleChanges }[];
  /** Files in which nothing is reported. */
  readonly ignores: readonly PathTest[];
  /** For editors: which are on. */
  readonly features: Partial<FeatureSettings>;
  /** What is wrong with the file, for people; what is not understood counts as not written. */
  readonly problems: readonly string[];
}

/** `$schema` is for those who write the file. */
const KEYS: readonly string[] = ["preset", "rules", "overrides", "ignores", "features", "$schema"];
const OVERRIDE_KEYS: readonly string[] = ["files", "preset", "rules"];

/** @param folder of the file: patterns are relative to it. Never throws. */
export function readSettings(text: string, folder: string, known: readonly KnownRule[]): SettingsFile {
  let value: unknown;
  try {
    value = parseJsonText(text);
  } catch (cause) {
    return brokenSettings(`cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!isRecord(value)) return brokenSettings('must be an object with "preset" and "rules"');
  const problems: string[] = unknownKeys(value, KEYS);
  const changes = changesOf(value, known, problems);
  const overrides = listOf(value, "overrides", problems).flatMap((one) => override(one, folder, known, problems));
  const ignores = patternsOf(value["ignores"], "ignores", folder, problems);
  const { features, problems: others } = parseFeatureSettings(value);
  return { changes, overrides, ignores, features, problems: [...problems, ...others] };
}

/** A file that cannot be read: it changes nothing. */
export function brokenSettings(problem: string): SettingsFile {
  return { changes: {}, overrides: [], ignores: [], features: {}, problems: [problem] };
}

function unknownKeys(value: Readonly<Record<string, unknown>>, keys: readonly string[]): string[] {
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  const places = keys.filter((key) => !key.startsWith("$")).join(", ");
  return unknown === undefined ? [] : [`there is no place for "${unknown}", only for ${places}`];
}

function changesOf(
  value: Readonly<Record<string, unknown>>,
  known: readonly KnownRule[],
  problems: string[],
): RuleChanges {
  if (value["rules"] !== undefined && !isRecord(value["rules"]))
    problems.push('"rules" must be an object of levels by the name of the rule');
  const parsed = parseRuleChanges(value, known);
  problems.push(...parsed.problems);
  return parsed.changes;
}

function override(
  value: unknown,
  folder: string,
  known: readonly KnownRule[],
  problems: string[],
): SettingsFile["overrides"] {
  if (!isRecord(value) || value["files"] === undefined) {
    problems.push('each of "overrides" must be an object with "files" and what holds for them');
    return [];
  }
  problems.push(...unknownKeys(value, OVERRIDE_KEYS).map((text) => `in "overrides" ${text}`));
  const changes = changesOf(value, known, problems);
  return patternsOf(value["files"], "files", folder, problems).map((fits) => ({ fits, changes }));
}

function patternsOf(value: unknown, name: string, folder: string, problems: string[]): readonly PathTest[] {
  return listOf({ [name]: value }, name, problems).flatMap((pattern) => {
    if (typeof pattern !== "string" || pattern === "") {
      problems.push(`"${name}" must be a list of patterns such as "generated/**"`);
      return [];
    }
    try {
      return [ignoreTest(pattern, folder)];
    } catch (cause) {
      problems.push(`the pattern "${pattern}" cannot be read: ${cause instanceof Error ? cause.message : cause}`);
      return [];
    }
  });
}

function listOf(value: Readonly<Record<string, unknown>>, name: string, problems: string[]): readonly unknown[] {
  const list = value[name] ?? [];
  if (Array.isArray(list)) return list;
  problems.push(`"${name}" must be a list`);
  return [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
