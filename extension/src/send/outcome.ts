/** What became of a message, in words for a list. Pure. */
import type { Answer } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { duration } from "../text.ts";
import { jsonOf } from "./message-shape.ts";

/** As the program tells it; `sent` and `refused` are all that one with an older runtime can tell. */
export type Outcome = Answer | { readonly outcome: "sent" | "refused"; readonly ms: number };

/** How it looks: a codicon and a line. */
export interface OutcomeLine {
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** Characters of a reply that fit into a line. */
const SHORT = 48;
const LONG = 300;

/** @param type of the message */
export function outcomeLine(outcome: Outcome, type: string): OutcomeLine {
  const after = duration(outcome.ms);
  switch (outcome.outcome) {
    case "replied": {
      const reply = jsonOf(outcome.payload);
      return {
        icon: "check",
        label: clip(reply, SHORT),
        description: say("reply to {0}, after {1}", type, after),
        detail: [
          reply.length > SHORT ? clip(reply, LONG) : "",
          outcome.isCut ? say("There is more of it than is shown.") : "",
        ]
          .filter((part) => part !== "")
          .join(" "),
      };
    }
    case "handled":
      return { icon: "check", label: say("handled"), description: say("{0}, after {1}", type, after), detail: "" };
    case "timedOut":
      return {
        icon: "watch",
        label: say("no reply within {0}", after),
        description: type,
        detail: say("The actor may still act on the message; its reply then reaches nobody."),
      };
    case "failed":
      return {
        icon: "error",
        label: clip(causeIn(outcome.text), LONG),
        description: say("on {0}, after {1}", type, after),
        detail: "",
      };
    case "sent":
      return {
        icon: "check",
        label: say("sent"),
        description: type,
        detail: say("What became of it can be asked of programs with a newer airssys-rt only."),
      };
    case "refused":
      return { icon: "error", label: say("refused: the mailbox is full"), description: type, detail: "" };
  }
}

/** The title above it: `cards replied after 12 ms`. */
export function outcomeTitle(outcome: Outcome, actor: string, type: string): string {
  const after = duration(outcome.ms);
  switch (outcome.outcome) {
    case "replied":
      return say("{0} replied after {1}", actor, after);
    case "handled":
      return say("{0} handled {1} after {2}", actor, type, after);
    case "timedOut":
      return say("{0} is sent, {1} has not replied for {2}", type, actor, after);
    case "failed":
      return hasCrashed(outcome) ? say("{0} crashed on {1}", actor, type) : say("{0} has not handled {1}", actor, type);
    case "sent":
      return say("{0} was sent {1}", actor, type);
    case "refused":
      return say("{0} has not taken {1}", actor, type);
  }
}

/** The actor ended on the message, and not because somebody wanted it to. */
export function hasCrashed(outcome: Outcome): boolean {
  return outcome.outcome === "failed" && outcome.code === "ERR_ACTOR_STOPPED" && CRASHED.test(outcome.text);
}

const CRASHED = /has ended \(crashed in \w+: ([\s\S]*)\)$/;

/** Of an error that says who has ended, why: the rest is known. */
function causeIn(text: string): string {
  return CRASHED.exec(text)?.[1] ?? text;
}

function clip(text: string, limit: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
