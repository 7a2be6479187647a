/** The answer to a message, also when nobody asked. */
import type { ActorContext, ReplyPort } from "../values/actor.ts";
import { NoReplyExpectedError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import type { ReplyOf } from "../values/message.ts";

/** The duty to answer the message being handled. Where it was only told, nobody waits: what came of it stands in the audit alone. */
export function answerTo<M>(context: ActorContext<M>): ReplyPort<ReplyOf<M>> {
  try {
    return context.deferReply();
  } catch (error) {
    if (!isInstance(error, NoReplyExpectedError)) throw error;
    return { reply: ignore, fail: ignore };
  }
}

function ignore(): void {
  // Whoever tells and does not ask has said that he does not want to know.
}
