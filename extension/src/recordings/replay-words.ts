/** What came of a replay, in words. Pure. */
import type { ReplayOutcome } from "airssys-rt/replay";
import { counted, number, say } from "../sentence.ts";
import { seenText } from "../text.ts";

/** What differs at one message, or why it went no further. */
export interface ReplayWords {
  readonly text: string;
  /** All went as it had. */
  readonly isSame: boolean;
  /** Number of the message that it is about. */
  readonly seq?: number;
  /** `file:line:column` of what is sent now. */
  readonly at?: string;
}

/** The first difference, since those that follow may come of it. @param outcome `undefined`: the program said nothing of it */
export function replayWords(actor: string, outcome: ReplayOutcome | undefined): ReplayWords {
  if (outcome === undefined)
    return wrong(
      say(
        "{0} was not replayed: its program did not run, or uses a version of airssys-rt that cannot replay. The Debug Console says more.",
        actor,
      ),
    );
  if ("refused" in outcome) return wrong(refusalText(actor, outcome));
  const { differences, stopped, messages, recorded } = outcome.report;
  const [first, ...others] = differences;
  if (first !== undefined) {
    const { seq, at } = first;
    const more = counted(
      others.length,
      " {0} more difference is in the Debug Console.",
      " {0} more differences are in the Debug Console.",
    );
    const text = differenceText(actor, seq, first.recorded, first.replayed) + (others.length > 0 ? more : "");
    return { text: seenText(text), isSame: false, seq, ...(at === undefined ? {} : { at }) };
  }
  if (stopped !== undefined)
    return {
      text: seenText(say("{0}: the replay ended at message #{1}: {2}.", actor, number(stopped.seq), stopped.reason)),
      ...{ isSame: false, seq: stopped.seq },
    };
  const text =
    messages < recorded
      ? counted(
          messages,
          "{1}: {0} message of {2} led to what was recorded.",
          "{1}: {0} messages of {2} led to what was recorded.",
          actor,
          number(recorded),
        )
      : counted(
          messages,
          "{1}: {0} message led to what was recorded.",
          "{1}: all {0} messages led to what was recorded.",
          actor,
        );
  return { text: seenText(text), isSame: true };
}

function wrong(text: string): ReplayWords {
  return { text: seenText(text), isSame: false };
}

function differenceText(
  actor: string,
  seq: number,
  recorded: string | undefined,
  replayed: string | undefined,
): string {
  const message = number(seq);
  if (recorded === undefined)
    return say("{0} does at message #{1} what it had not: {2}.", actor, message, replayed ?? "");
  if (replayed === undefined) return say("{0} does not at message #{1} what it had: {2}.", actor, message, recorded);
  return say("{0} does something else at message #{1}: recorded {2}, now {3}.", actor, message, recorded, replayed);
}

function refusalText(actor: string, { reason, refused }: Extract<ReplayOutcome, { readonly refused: string }>): string {
  switch (reason) {
    case "noActor":
      return say("The specs of this program have no child {0}: it was renamed, or another actor starts it.", actor);
    case "otherSystem":
      return say("The program starts another system than that of {0}.", actor);
    case "notStarted":
      return say(
        "The program ended before it started its system: what its modules do at load is in the Debug Console.",
      );
    case "failed":
      return say("{0} was not replayed: {1}.", actor, refused);
  }
}
