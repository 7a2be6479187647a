#!/usr/bin/env node
// Runs the conformance cases and writes runtime/CONFORMANCE.md: each case of OTP's suite, its verdict, whether it passes, and
// where we differ. A case without a test, or a test without a case, is an error.
//
//   node test/runtime/otp/conformance-table.ts
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";
import { knownOrders, MOST_RUNS, type Orders } from "./case-orders.ts";
import { GROUPS, PROCESSES, SKIPPED, SUPERVISOR } from "./cases.ts";

export const PAGE: string = path.resolve(import.meta.dirname, "../../../runtime/CONFORMANCE.md");

/** The test files that carry the cases out. */
function testFiles(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".test.ts"))
    .sort()
    .map((name) => path.join(import.meta.dirname, name));
}

/** The titles of the tests in a source file; those made in a loop from a list of modes included. */
function titlesIn(source: string): string[] {
  const words = ["never", "any", "all"];
  const titles = [...source.matchAll(/\btest(?:Once)?\(\s*(["`])(otp\/.*?)\1/g)].map((match) => match[2] as string);
  return titles.flatMap((title) => {
    if (!title.includes("${")) return [title];
    const pairs = words.flatMap((from) => words.filter((to) => to !== from).map((to) => [from, to] as const));
    return pairs.map(([from, to]) => title.replace(/\$\{words\[from\]\}/, from).replace(/\$\{words\[to\]\}/, to));
  });
}

/** The titles of all tests that carry the cases out, as their sources have them. */
export function titlesOfCases(): string[] {
  return testFiles().flatMap((file) => titlesIn(readFileSync(file, "utf8")));
}

/** Title of each test, and whether it passes. */
export type Outcomes = ReadonlyMap<string, boolean>;

async function runCases(): Promise<Outcomes> {
  const outcomes = new Map<string, boolean>();
  const stream = run({ files: testFiles(), concurrency: 1 });
  stream.on("test:pass", ({ name }) => outcomes.set(name, true));
  stream.on("test:fail", ({ name }) => outcomes.set(name, false));
  await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject).resume());
  return outcomes;
}

interface Row {
  readonly name: string;
  readonly title: string;
  /** Where we differ; empty if nowhere. */
  readonly note: string;
}

/** The tests whose titles begin with `prefix`, by the name of the case. @throws {Error} for a case with two tests. */
function rowsOf(titles: Iterable<string>, prefix: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const title of titles) {
    if (!title.startsWith(prefix)) continue;
    const [name = "", ...note] = title.slice(prefix.length).split(": ");
    if (rows.has(name)) throw new Error(`two tests of the case ${name}`);
    rows.set(name, { name, title, note: note.join(": ") });
  }
  return rows;
}

/** The page. @throws {Error} when the list of cases and the tests do not agree. */
export function conformancePage(outcomes: Outcomes, orders = knownOrders()): string {
  const rows = rowsOf(outcomes.keys(), SUPERVISOR);
  const known = GROUPS.flatMap((group) => Object.keys(group.cases));
  const strays = [...rows.keys()].filter((name) => !known.includes(name));
  if (strays.length > 0) throw new Error(`tests of cases that are not in the list: ${strays.join(", ")}`);
  const mark = (title: string): string => (outcomes.get(title) === true ? "passes" : "**fails**");
  const inOrders = (title: string): string => (typeof orders["otp"]?.[title] === "number" ? "every" : "by seed");
  const tally = { ADOPT: 0, ADAPT: 0, SKIP: 0 };
  const sections = GROUPS.map(({ title, cases }) => {
    const lines = Object.entries(cases).map(([name, verdict]) => {
      tally[verdict]++;
      const skipped = SKIPPED[name];
      if (verdict === "SKIP") return `| \`${name}\` | SKIP | – | – | ${skipped} |`;
      const row = rows.get(name);
      if (row === undefined) throw new Error(`no test of the case ${name}`);
      return `| \`${name}\` | ${verdict} | ${mark(row.title)} | ${inOrders(row.title)} | ${row.note} |`;
    });
    return [
      `## ${title}`,
      "",
      "| case | verdict | | orders | where we differ |",
      "|---|---|---|---|---|",
      ...lines,
    ].join("\n");
  });
  const others = [...rowsOf(outcomes.keys(), PROCESSES).values()].map(
    ({ name, title, note }) => `| ${name.replaceAll("_", " ")} | ${mark(title)} | ${inOrders(title)} | ${note} |`,
  );
  const failed = [...outcomes].filter(([title, passes]) => !passes && title.startsWith("otp/")).length;
  return `${[
    "# Conformance with Erlang/OTP",
    "",
    "<!-- Written by test/runtime/otp/conformance-table.ts; change the tests, not this page. -->",
    "",
    "Each case of OTP's `supervisor_SUITE`, restated in our own words, is one test, named after the case: `otp/supervisor/<case>` in",
    "`test/runtime/otp`. ADOPT keeps the observable assertion; ADAPT keeps it by other means, or asserts our own meaning, which the",
    "last column says. Every case runs in virtual time, under the real scheduler and under seeded ones with the testkit's invariants",
    "watched (`AIRSSYS_SEEDS=200` for two hundred of them).",
    "",
    "The suite is `lib/stdlib/test/supervisor_SUITE.erl` of erlang/otp at commit 52e0df2c44608ffc3537eedfe1fafb9e4edecffc (OTP 28, copyright",
    "1996-2025): the cases below are all of its own. Of what OTP's supervisor has since, the purge of the restart list (pull request",
    "9866) is adopted, see `restarts of a past period` below.",
    "",
    `${known.length} cases: ${tally.ADOPT} adopted, ${tally.ADAPT} adapted, ${tally.SKIP} skipped; ${failed === 0 ? "all of them pass" : `${failed} fail`}.`,
    "",
    "## On purpose not as in OTP",
    "",
    "- A ref names a place in the tree, not one life: after a restart it reaches the new incarnation, and `ref.incarnation` counts lives.",
    "- Queued messages survive a restart; the message an actor crashed on is a dead letter.",
    "- Unknown keys of a spec are refused: in TypeScript they are misspelt options.",
    "- A worker's start may take 5000 ms; `startTimeoutMs: \"infinity\"` is OTP's default.",
    "- An ask whose handler ends without an answer and without `deferReply` fails at once with `NoReplyError`.",
    "- An actor that is told to end finishes the turn it is in, as an OTP process that traps exits does.",
    "- The children of an actor end before it does, in order and with `shutdown`, whatever its own reason is.",
    "- A child cannot choose another reason once it has been told to end; only a `postStop` that throws changes it.",
    "- A supervisor that is restarted begins again with the spec it was defined with, also after `updateSpec`.",
    "- The restart window counts milliseconds, not whole seconds.",
    "",
    ...sections.flatMap((section) => [section, ""]),
    "## Signals, links, monitors, calls and the top",
    "",
    "What OTP promises outside that suite: `otp/processes/<case>`.",
    "",
    "| case | | orders | where we differ |",
    "|---|---|---|---|",
    ...others,
    "",
    ...ordersSection(orders),
  ].join("\n")}\n`;
}

const SUITES: Readonly<Record<string, string>> = {
  otp: "OTP's cases, on this page",
  guarantees: "the guarantees (GUARANTEES.md)",
  others: "cases of other actor libraries, and our own",
};

/** Which cases hold in every order of messages, by suite, and why the others are not known to. */
function ordersSection(suites: Readonly<Record<string, Orders>>): string[] {
  const rows = Object.entries(SUITES).map(([suite, title]) => {
    const found = Object.values(suites[suite] ?? {});
    const runs = found.filter((one) => typeof one === "number");
    return `| ${title} | ${found.length} | ${runs.length} | ${runs.reduce((sum, one) => sum + one, 0)} |`;
  });
  const reasons = new Map<string, number>();
  for (const found of Object.values(suites).flatMap((orders) => Object.values(orders)))
    if (typeof found === "string") reasons.set(found, (reasons.get(found) ?? 0) + 1);
  const byCount = [...reasons].sort(([one, count], [other, most]) => most - count || (one < other ? -1 : 1));
  return [
    "## In every order of messages",
    "",
    "Each case is also run in every order of messages that can matter, one after the other (the testkit's `explore`), while somebody else",
    "asks its supervisor for the number of its children at any moment. `every` above: all orders were tried and the case holds in each;",
    `\`by seed\`: not all were, of what is too large for ${MOST_RUNS} runs or for what the last table says. \`npm run orders\` looks at all of`,
    "them, each run of the tests at those that need few runs.",
    "",
    "| suite | cases | every order tried | runs that took |",
    "|---|---|---|---|",
    ...rows,
    "",
    "| cases not in every order | why |",
    "|---|---|",
    ...byCount.map(([reason, count]) => `| ${count} | ${reason} |`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const outcomes = await runCases();
  await writeFile(PAGE, conformancePage(outcomes));
  const failed = [...outcomes].filter(([, passes]) => !passes).map(([title]) => title);
  console.log(`${path.relative(process.cwd(), PAGE)}: ${outcomes.size} tests, ${failed.length} failed`);
  for (const title of failed) console.log(`  ${title}`);
  process.exit(failed.length === 0 ? 0 : 1);
}
