/** Which features of the editor are on. All are, unless the settings say `false`. */

export interface FeatureSettings {
  readonly hover: boolean;
  readonly navigation: boolean;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly completion: boolean;
  readonly symbols: boolean;
}

export type Feature = keyof FeatureSettings;

export const ALL_FEATURES: FeatureSettings = {
  hover: true,
  navigation: true,
  codeLens: true,
  inlayHints: true,
  completion: true,
  symbols: true,
};

const FEATURES = Object.keys(ALL_FEATURES) as readonly Feature[];

/** Takes `{ features: { codeLens: false } }`: what it names. What is not understood is told in `problems`. Never throws. */
export function parseFeatureSettings(value: unknown): {
  features: Partial<FeatureSettings>;
  problems: readonly string[];
} {
  const given = typeof value === "object" && value !== null ? (value as { features?: unknown }).features : undefined;
  if (given === undefined || given === null) return { features: {}, problems: [] };
  if (typeof given !== "object") return { features: {}, problems: ['"features" must be an object of true or false'] };
  const problems: string[] = [];
  const features: Partial<Record<Feature, boolean>> = {};
  for (const [name, isOn] of Object.entries(given)) {
    if (!FEATURES.includes(name as Feature)) problems.push(`there is no feature "${name}"`);
    else if (typeof isOn !== "boolean")
      problems.push(`the feature "${name}" must be true or false, not ${JSON.stringify(isOn)}`);
    else features[name as Feature] = isOn;
  }
  return { features, problems };
}
