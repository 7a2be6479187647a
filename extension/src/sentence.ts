/** Says every sentence that a person sees, in the language of the editor. Knows no editor: that gives its translations at the start. */

/** Translates a sentence and puts the facts in the place of `{0}`, `{1}` and so on. */
export type Translate = (sentence: string, facts: readonly string[]) => string;

/** What sentences are said in. */
export interface Language {
  readonly translate: Translate;
  /** A BCP 47 tag: how numbers are written. */
  readonly locale: string;
}

/** The source is written in it. */
export const ENGLISH: Language = { translate: filled, locale: "en-US" };

/** Of the sentences below: other languages have one for all. */
const ORDINALS = new Intl.PluralRules("en", { type: "ordinal" });

let language: Language = ENGLISH;

/** From now on all is said so. */
export function speak(chosen: Language): void {
  language = chosen;
}

/**
 * A sentence, or a word that stands alone.
 *
 * @param sentence in English, as a literal: `extension/l10n.ts` finds it for the translators
 * @param facts in the place of `{0}`, `{1}` and so on; never translated
 */
export function say(sentence: string, ...facts: readonly (string | number)[]): string {
  return language.translate(sentence, facts.map(String));
}

/**
 * A sentence about a number of things, which is `{0}`.
 *
 * @param facts in the place of `{1}` and so on
 */
export function counted(value: number, one: string, many: string, ...facts: readonly (string | number)[]): string {
  return say(value === 1 ? one : many, number(value), ...facts);
}

/** A number as people write it. */
export function number(value: number): string {
  return value.toLocaleString(language.locale);
}

/** Which of several, as people write it: `2nd`. */
export function ordinal(n: number): string {
  switch (ORDINALS.select(n)) {
    case "one":
      return say("{0}st", number(n));
    case "two":
      return say("{0}nd", number(n));
    case "few":
      return say("{0}rd", number(n));
    default:
      return say("{0}th", number(n));
  }
}

/** A moment of today, in milliseconds since the epoch, as people write it. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString(language.locale, { hour12: false });
}

function filled(sentence: string, facts: readonly string[]): string {
  return sentence.replace(/\{(\d+)\}/g, (whole, index) => facts[Number(index)] ?? whole);
}
