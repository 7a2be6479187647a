/** What tests and explorations came to, in words. Pure. */
import { counted, number, say } from "../sentence.ts";
import type { ExplorationFailed, ExplorationPassed, RaceTold } from "./test-event.ts";

/**
 * Beside the name of a test; of several explorations in it, the sum.
 *
 * | it                                  | words                      |
 * | ----------------------------------- | -------------------------- |
 * | has tried every order               | `30 orders, complete`      |
 * | has not                             | `212 orders, not complete` |
 * | fails, and no order is left         | `fails in schedule 2 of 2` |
 * | fails                               | `fails in schedule 4`      |
 * | goes on                             | `118 orders…`              |
 */
export function coverageWords(passed: readonly ExplorationPassed[]): string {
  const orders = passed.reduce((sum, { distinct }) => sum + distinct, 0);
  return passed.every(({ isComplete }) => isComplete)
    ? counted(orders, "{0} order, complete", "{0} orders, complete")
    : counted(orders, "{0} order, not complete", "{0} orders, not complete");
}

export function progressWords(runs: number): string {
  return counted(runs, "{0} order…", "{0} orders…");
}

export function failureWords({ run, hasTriedAll }: ExplorationFailed): string {
  return hasTriedAll
    ? say("fails in schedule {0} of {1}", number(run), number(run))
    : say("fails in schedule {0}", number(run));
}

/** For the output of a run: what an exploration without a failure has shown, and what stands in the way of more. */
export function coverageSentences({ runs, distinct, isComplete, obstacles, warnings }: ExplorationPassed): string {
  const first = isComplete
    ? counted(distinct, "The only order was tried, and does not fail.", "All {0} orders tried, none fails.")
    : say("{0} runs, {1} orders, none fails. Not every order was tried.", number(runs), number(distinct));
  return [
    first,
    ...obstacles.map((obstacle) => say("Not under control: {0}.", obstacle)),
    ...warnings.map((warning) => say("Left behind: {0}.", warning)),
  ].join(" ");
}

/** The first sentence of a failure. */
export function raceSentence({ races, run, hasTriedAll }: ExplorationFailed): string {
  const [race] = races;
  if (race !== undefined) return withoutTicks(sentenceOf(race));
  if (hasTriedAll || run === 1) return say("Fails in the first order that was tried.");
  return say("Fails in schedule {0}.", number(run));
}

function sentenceOf({ isSend, text, on, first, second }: RaceTold): string {
  if (!isSend || first.type === "" || second.type === "") return say("Fails when {0}.", text);
  return say(
    "Fails when {0}'s {1} reaches {2} before {3}'s {4}.",
    first.actor,
    first.type,
    on,
    second.actor,
    second.type,
  );
}

function withoutTicks(text: string): string {
  return text.replaceAll("`", "");
}

/** How it was found. */
export function findingSentence({ run, hasTriedAll, races, isReplay }: ExplorationFailed): string {
  if (isReplay) return say("Found again by its schedule.");
  const found = hasTriedAll
    ? say("Found by schedule {0} of {1}, all orders tried.", number(run), number(run))
    : say("Found by schedule {0}.", number(run));
  return races.length === 0 ? found : `${found} ${counted(races.length, "{0} race decides.", "{0} races decide.")}`;
}

/**
 * At the top of Supervision, while a debugger stands in a turn of a failing schedule.
 *
 * | what is known | sentence |
 * |---|---|
 * | what the next turn handles | `Turn 4 of 6. Next: worker handles job.` |
 * | how many turns there are | `Turn 5 of 6 of schedule v1:AgEBAA.` |
 * | neither | `Turn 5 of schedule v1:AgEBAA.` |
 */
export function turnSentence(turn: number, { races, last, turns, schedule }: ExplorationFailed): string {
  const next = [...races.map(({ handler }) => handler), last].find((handling) => handling?.turn === turn + 1);
  if (turns === 0) return say("Turn {0} of schedule {1}.", number(turn), schedule);
  return next === undefined
    ? say("Turn {0} of {1} of schedule {2}.", number(turn), number(turns), schedule)
    : say("Turn {0} of {1}. Next: {2} handles {3}.", number(turn), number(turns), next.actor, next.type);
}
