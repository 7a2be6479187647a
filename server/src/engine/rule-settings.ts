/** Which rules are on, and how loud: a preset and changes to it. Settings are values, read from whatever a client sends. */
import type { Preset, Severity } from "../rules/diagnostic.ts";
import type { Rule } from "../rules/rule.ts";

export interface RuleSettings {
  readonly preset: Preset | "none";
  /** By name of the rule. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
}

export const DEFAULT_RULE_SETTINGS: RuleSettings = { preset: "recommended", rules: {} };

const SEVERITIES: readonly string[] = ["off", "hint", "information", "warning", "error"];
const PRESETS: readonly string[] = ["none", "recommended", "strict"];

/** Takes what is understood of any value; the rest is told in `problems`. Never throws. */
export function parseRuleSettings(
  value: unknown,
  known: readonly string[],
): { settings: RuleSettings; problems: readonly string[] } {
  const problems: string[] = [];
  if (typeof value !== "object" || value === null) return { settings: DEFAULT_RULE_SETTINGS, problems };
  const { preset, rules } = value as { preset?: unknown; rules?: unknown };
  if (preset !== undefined && !PRESETS.includes(preset as string))
    problems.push(`preset must be one of ${PRESETS.join(", ")}, not ${JSON.stringify(preset)}`);
  const chosen: Record<string, Severity | "off"> = {};
  for (const [name, severity] of Object.entries(typeof rules === "object" && rules !== null ? rules : {})) {
    if (!known.includes(name)) problems.push(`there is no rule "${name}"`);
    else if (!SEVERITIES.includes(severity as string))
      problems.push(
        `the severity of "${name}" must be one of ${SEVERITIES.join(", ")}, not ${JSON.stringify(severity)}`,
      );
    else chosen[name] = severity as Severity | "off";
  }
  return {
    settings: {
      preset: PRESETS.includes(preset as string) ? (preset as RuleSettings["preset"]) : "recommended",
      rules: chosen,
    },
    problems,
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
