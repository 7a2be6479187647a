// Each translation says everything that the source says, with the same facts and the same links, in the terms of its glossary.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { BUNDLE } from "../../extension/l10n.ts";
import { escapeMarkdown, plain } from "../../extension/src/text.ts";

type Words = Readonly<Record<string, string>>;

const folder = path.join(import.meta.dirname, "../../extension");
const read = (file: string): Words => JSON.parse(readFileSync(file, "utf8")) as Words;
const languages = readdirSync(path.dirname(BUNDLE)).flatMap(
  (name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? [],
);

/** What stays in a sentence whatever the language: places of facts, commands behind links, code and settings. */
function facts(text: string): readonly string[] {
  return [
    ...text.matchAll(/\{\d+\}|\]\(command:[\w.]+\)|`[^`]+`|airssys\.\w+|AIRSSYS_\w+|--[\w-]+|\b\w+\.json\b|\$\{\d+:/g),
  ]
    .map(([fact]) => fact)
    .filter((fact) => fact !== "`hidden`" && fact !== "`verborgen`")
    .sort();
}

/** Spaces at the ends, which join a sentence to what is beside it. */
const ends = (text: string): string => `${/^\s*/.exec(text)?.[0]}§${/\s*$/.exec(text)?.[0]}`;

suite("translations", () => {
  test("there is a German one", () => assert.deepEqual(languages, ["de"]));

  for (const language of languages) {
    const pairs = [
      [read(BUNDLE), read(path.join(path.dirname(BUNDLE), `bundle.l10n.${language}.json`))],
      [read(path.join(folder, "package.nls.json")), read(path.join(folder, `package.nls.${language}.json`))],
    ] as const;

    test(`${language}: has all that the source says, and nothing else`, () => {
      for (const [source, translated] of pairs)
        assert.deepEqual(Object.keys(translated).sort(), Object.keys(source).sort());
    });

    test(`${language}: keeps facts, links, code and the spaces at the ends`, () => {
      for (const [source, translated] of pairs)
        for (const [key, text] of Object.entries(source)) {
          assert.deepEqual(facts(translated[key] ?? ""), facts(text), key);
          assert.equal(ends(translated[key] ?? ""), ends(text), key);
          assert.equal((translated[key] ?? "").split("\n").length, text.split("\n").length, key);
        }
    });

    test(`${language}: no two commands have the same title`, () => {
      const [, commands] = pairs[1];
      const titles = Object.entries(commands ?? {}).filter(([key]) => key.startsWith("command."));
      const seen = new Map<string, string>();
      for (const [key, title] of titles) {
        assert.equal(seen.get(title), undefined, `${key} and ${seen.get(title)} are both "${title}"`);
        seen.set(title, key);
      }
    });

    test(`${language}: nothing in it is taken for formatting where it is shown`, () => {
      for (const text of Object.values(pairs[0][1])) {
        assert.equal(plain(text), text.replace(/\s+/g, " ").slice(0, 300));
        assert.ok(!text.includes("$("), text);
        assert.ok(escapeMarkdown(text).length > 0);
      }
    });
  }
});

/** Of German: the term of the field for each of the source's, and words that would mean something else. */
const GLOSSARY: readonly (readonly [source: RegExp, german: RegExp])[] = [
  [/\bactors?\b(?! system)/i, /Aktor|\b(er|ihn|ihm|seine?[mnrs]?|eine[mnr]?|[Kk]einer?|eines)\b/],
  [/\bsupervisors?\b/i, /[Ss]upervisor/],
  [/\bmailbox/i, /[Pp]ostfach/],
  [/\bdead letter/i, /[Uu]nzustellbar/],
  [/\bbreakpoint/i, /[Hh]altepunkt/],
  [/\brecordings?\b/i, /[Aa]ufzeichnung|aufgezeichnet|Aufzeichnen/],
  [/\brestart(s|ed|ing)?\b/i, /[Nn]eustart|neu (ge)?start|startete? neu|Neu (ge)?start/],
  [/\bcrash/i, /[Aa]bsturz|Abstürze|abstürz|abgestürzt|[Aa]bgestürzt|stürzte?/],
];

suite("the German words", () => {
  const words = { ...read(path.join(folder, "l10n/bundle.l10n.de.json")) };

  test("are those of the glossary", () => {
    for (const [sentence, german] of Object.entries(words))
      for (const [source, term] of GLOSSARY)
        if (source.test(sentence.replace(/airssys\.\w+|Known: .*|\{.*?\}/g, "")) && !term.test(german))
          assert.fail(`"${sentence}" → "${german}": ${term}`);
  });

  test("of rows are hardly longer than the English ones: the first words of a narrow side bar tell what is wrong", () => {
    for (const row of [
      "{0} down",
      "{0} in trouble",
      "{0} in trouble below",
      "waits for {0} {1}",
      "{0} queued",
      "full {0}/{1}",
      "suspended",
      "crashed: {0}",
      "paused here",
      "starting",
      "gave up",
      "not running",
    ])
      assert.ok((words[row] ?? "").length <= row.length + 8, `${row}: ${words[row]}`);
  });
});
