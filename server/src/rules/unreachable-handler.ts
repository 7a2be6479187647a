/**
 * An arm no message can come to: its type is not in the protocol, or an arm before it takes the same.
 *
 * Silent for conditions that ask anything besides the variant.
 */

import type { DeadArm, Dispatch } from "../facts/dispatch.ts";
import type { Finding } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "unreachable-handler",
  code: 1003,
  title: "A handler can never be reached by a message of the protocol",
  severity: "warning",
  preset: "recommended",
  scope: "file",
  check: (facts) =>
    facts.dispatches.flatMap((dispatch) => dispatch.dead.map((dead) => report(facts.path, dispatch, dead))),
};

function report(path: string, { message }: Dispatch, { arm, text, takenBy, removal }: DeadArm): Finding {
  const said = takenBy === undefined ? `no message of ${message.name} is ${text}` : `${text} was handled before`;
  return {
    path,
    span: arm.span,
    message: said,
    isUnnecessary: true,
    ...(takenBy === undefined ? {} : { related: [{ path, span: takenBy, message: "it is handled here" }] }),
    ...(removal === undefined
      ? {}
      : { fixes: [{ title: "Remove the handler", isSafe: false, edits: [{ path, span: removal, newText: "" }] }] }),
  };
}
