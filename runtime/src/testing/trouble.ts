/** What went wrong in a run short of its failure, as sentences: crashes, restarts that failed, messages and questions that came to nothing. */
import type { Cell } from "../actor/cell.ts";
import type { DeadLetter, RuntimeEvent } from "../values/event.ts";
import type { AnyActorRef } from "../values/ref.ts";
import { messageOf, read, safeText } from "../values/safe-text.ts";
import { describeWait, labelOf, messageName } from "./waits.ts";

/** Why a message reached nobody, where that is for its sender to know. */
const REASONS: Readonly<Partial<Record<DeadLetter["reason"], string>>> = {
  stopped: "it had ended",
  not_started: "it had not started",
  mailbox_full: "its mailbox was full",
  dropped: "its mailbox was full",
  stale_sender: "its sender had ended",
  no_recipient: "nobody was there",
};

/** A sentence about an event; `undefined` for one that is no trouble. */
export function troubleOf(event: RuntimeEvent): string | undefined {
  switch (event.type) {
    case "crashed": {
      const on = event.envelope === undefined ? "" : ` on ${messageName(event.envelope.message)}`;
      return `${labelOf(event.actor)} crashed${on}: ${firstLine(event.reason.cause)}${fateOf(event.actor as Cell)}.`;
    }
    case "restartFailed":
      return `${labelOf(event.actor)} could not be restarted: ${firstLine(event.cause)}.`;
    case "escalated":
      return `${labelOf(event.supervisor)} gave up, because of ${labelOf(event.actor)}: ${event.restarts} restarts in ${event.periodMs} ms.`;
    case "lostRejection":
      return `a promise rejected and nobody handled it: ${firstLine(event.cause)}.`;
    case "unexpectedMessage":
      return `${labelOf(event.actor)} has no handler for ${messageName(event.message)}.`;
    case "deadLetter":
      return deadLetter(event);
    default:
      return undefined;
  }
}

/** Whether nobody starts it again. */
function fateOf({ spec }: Cell): string {
  return spec.restart === "temporary" ? "; it is temporary and not restarted" : "";
}

function deadLetter({ envelope, reason }: DeadLetter): string | undefined {
  const what = messageName(envelope.message);
  const to = labelOf(envelope.recipient);
  const from = envelope.sender === undefined ? "the test" : labelOf(envelope.sender);
  if (reason === "late_reply") return `${to} answered ${what} of ${from}, who had given up.`;
  const why = REASONS[reason];
  return why === undefined ? undefined : `${what} of ${from} did not reach ${to}: ${why}.`;
}

/** A question that nobody answered in time, with what became of it. */
export function unanswered(
  ask: { readonly message: unknown; readonly sender: AnyActorRef | undefined },
  recipient: Cell,
  delayMs: number,
  wasTaken: boolean,
): string {
  const from = ask.sender === undefined ? "the test" : labelOf(ask.sender);
  const what = messageName(ask.message);
  const to = labelOf(recipient);
  const doing = describeWait(recipient);
  const isInHand = recipient.letterInHand === (ask as unknown);
  const taken = wasTaken && !isInHand ? `${to} took it, and never used its reply port` : undefined;
  const why = [taken, doing].filter((part) => part !== undefined && part !== "").join("; ");
  return `${from} asked ${to} ${what} and gave up after ${delayMs} ms${why === "" ? "" : `: ${why}`}.`;
}

function firstLine(cause: unknown): string {
  const name = read(cause, "name");
  const text = messageOf(cause).split("\n", 1)[0] as string;
  return typeof name === "string" && name !== "Error" ? `${safeText(name, 100)}: ${text}` : text;
}
