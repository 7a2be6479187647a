/** An actor that asks itself within its turn: the turn would wait for a reply that only the next turn can give. */
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "self-ask",
  code: 2003,
  title: "An actor asks itself within its own turn",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    facts.sends
      .filter(
        (send) =>
          send.method === "ask" &&
          send.toSelf &&
          send.inTurn &&
          send.actor !== undefined &&
          // A method may be called by what no turn waits for.
          (send.callback !== "helper" || send.holdsTurn),
      )
      .map((send) => ({
        path: facts.path,
        span: send.nameSpan,
        message: "an actor cannot answer itself while it waits: call the method, or tell yourself",
      })),
};
