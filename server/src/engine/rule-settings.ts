/** Which rules are on, how loud, and with which options: a preset and changes to it. Settings are values, read from whatever a client sends. */
import { closestWord } from "../rules/closest-word.ts";
import type { Preset, Severity } from "../rules/diagnostic.ts";
import type { Rule, RuleOptions } from "../rules/rule.ts";

export interface RuleSettings {
  readonly preset: Preset | "none";
  /** By name of the rule. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** By name of the rule. */
  readonly options?: Readonly<Record<string, RuleOptions>>;
}

/** What changes settings: only what it names. */
export type RuleChanges = Partial<RuleSettings>;

/** What a reader of settings must know of a rule. */
export type KnownRule = Pick<Rule, "name" | "options">;

export const DEFAULT_RULE_SETTINGS: RuleSettings = { preset: "recommended", rules: {} };

const SEVERITIES: readonly string[] = ["off", "hint", "information", "warning", "error"];
const PRESETS: readonly string[] = ["none", "recommended", "strict"];

/** Takes what is understood of any value; the rest is told in `problems`. Never throws. */
export function parseRuleSettings(
  value: unknown,
  known: readonly KnownRule[],
): { settings: RuleSettings; problems: readonly string[] } {
  const { changes, problems } = parseRuleChanges(value, known);
  return { settings: withChanges(DEFAULT_RULE_SETTINGS, changes), problems };
}

/** As {@link parseRuleSettings}, without what is not named. */
export function parseRuleChanges(
  value: unknown,
  known: readonly KnownRule[],
): { changes: RuleChanges; problems: readonly string[] } {
  const problems: string[] = [];
  if (typeof value !== "object" || value === null) return { changes: {}, problems };
  const { preset, rules: written } = value as { preset?: unknown; rules?: unknown };
  const isPreset = PRESETS.includes(preset as string);
  if (preset !== undefined && !isPreset)
    problems.push(`preset must be one of ${PRESETS.join(", ")}, not ${JSON.stringify(preset)}`);
  const rules: Record<string, Severity | "off"> = {};
  const options: Record<string, RuleOptions> = {};
  for (const [name, entry] of Object.entries(typeof written === "object" && written !== null ? written : {})) {
    const rule = known.find((one) => one.name === name);
    const [severity, given, ...more]: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    if (rule === undefined)
      problems.push(
        `there is no rule "${name}"${meant(
          known.map((one) => one.name),
          name,
        )}`,
      );
    else if (!SEVERITIES.includes(severity as string) || more.length > 0)
      problems.push(`the severity of "${name}" must be one of ${SEVERITIES.join(", ")}, not ${JSON.stringify(entry)}`);
    else {
      rules[name] = severity as Severity | "off";
      if (given === undefined) continue;
      const wrong = wrongOptions(rule, given);
      if (wrong === undefined) options[name] = given as RuleOptions;
      else problems.push(wrong);
    }
  }
  return { changes: { ...(isPreset ? { preset: preset as RuleSettings["preset"] } : {}), rules, options }, problems };
}

/** What is wrong with the options of a rule, for people. */
function wrongOptions({ name, options = {} }: KnownRule, given: unknown): string | undefined {
  const names = Object.keys(options);
  if (names.length === 0) return `"${name}" has no options`;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return `the options of "${name}" must be an object with ${names.join(", ")}`;
  for (const [option, words] of Object.entries(given)) {
    if (!names.includes(option)) return `"${name}" has no option "${option}", only ${names.join(", ")}`;
    if (!Array.isArray(words) || words.some((word) => typeof word !== "string"))
      return `the option "${option}" of "${name}" must be a list of texts: ${options[option]}`;
  }
  return undefined;
}

function meant(names: readonly string[], written: string): string {
  const name = closestWord(names, written);
  return name === undefined ? "" : `: did you mean "${name}"?`;
}

export function withChanges(settings: RuleSettings, { preset, rules, options }: RuleChanges): RuleSettings {
  return {
    preset: preset ?? settings.preset,
    rules: { ...settings.rules, ...rules },
    options: { ...settings.options, ...options },
  };
}

/** @returns `undefined` when the rule is off. */
export function severityOf(
  settings: RuleSettings,
  rule: Pick<Rule, "name" | "severity" | "preset">,
): Severity | undefined {
  const chosen = settings.rules[rule.name];
  if (chosen !== undefined) return chosen === "off" ? undefined : chosen;
  if (settings.preset === "none") return undefined;
  return rule.preset === "recommended" || settings.preset === "strict" ? rule.severity : undefined;
}
