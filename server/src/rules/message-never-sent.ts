/**
 * A variant nothing in the workspace sends, or that is sent only in answer to itself, directly or in a circle of messages: dead code in the
 * handler, or a sender that was forgotten.
 *
 * Silent when any message is sent whose variant is not known. What is sent to nobody in particular may be meant for anybody who knows
 * its tag.
 */

import type { Variant } from "../facts/message-type.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import type { Finding } from "./diagnostic.ts";
import { actorSends } from "./followed-calls.ts";
import type { ProgramRule, RuleOptions } from "./rule.ts";

export const rule: ProgramRule = {
  name: "message-never-sent",
  code: 1004,
  title: "A message variant is handled and never sent in the workspace",
  severity: "hint",
  preset: "strict",
  scope: "program",
  options: { ignore: "messages that come from elsewhere, such as another program" },
  check,
};

function check(index: ProgramIndex, optionsOf: (path: string) => RuleOptions): readonly Finding[] {
  const sends = index.files.flatMap((file) => file.sends);
  // A message nobody knows may be any: nothing can be said then.
  if (sends.length === 0 || sends.some((send) => send.variants === undefined)) return [];
  const sent = new Set(sends.flatMap((send) => send.variants ?? []));
  const sentByShape = tagsOfNobody(index, sent);
  const begun = begunVariants(index, sentByShape);
  const reported = new Set<string>();
  return index.files.flatMap((file) => {
    const { ignore = [] } = optionsOf(file.path);
    return file.dispatches.flatMap((dispatch) =>
      dispatch.arms.flatMap((arm): readonly Finding[] => {
        const [tag, ...more] = arm.takes;
        const variant = more.length > 0 ? undefined : dispatch.message.variants.find((one) => one.tag.key === tag);
        if (variant === undefined || begun.has(variant.id) || reported.has(variant.id)) return [];
        if (sentByShape.has(variant.tag.key) || ignore.includes(nameOf(variant.tag.text))) return [];
        reported.add(variant.id);
        return [
          {
            path: file.path,
            span: arm.span,
            message: sent.has(variant.id)
              ? `${variant.tag.text} is sent only in answer to itself: nothing begins it`
              : `${variant.tag.text} is never sent in this workspace`,
            isUnnecessary: true,
          },
        ];
      }),
    );
  });
}

/** A text without its quotation marks. */
function nameOf(tag: string): string {
  return tag.replace(/^(["'`])(.*)\1$/, "$2");
}

/**
 * The variants that are sent by anything but the handlers of variants that nothing sends: by code outside of actors, in a start, for any
 * message, or for one that is begun itself.
 * @param sentByShape tags of what may be any of the messages with them.
 */
function begunVariants(index: ProgramIndex, sentByShape: ReadonlySet<string>): ReadonlySet<string> {
  const sends = actorSends(index).map(({ fact }) => ({ variants: fact.variants ?? [], causes: causesOf(index, fact) }));
  const begun = new Set<string>();
  for (let size = -1; size !== begun.size; ) {
    size = begun.size;
    for (const { variants, causes } of sends)
      if (causes === undefined || causes.some(({ id, tag }) => begun.has(id) || sentByShape.has(tag.key)))
        for (const one of variants) begun.add(one);
  }
  return begun;
}

/** The variants in whose handler something is sent; `undefined` when it may be sent for other reasons. */
function causesOf(index: ProgramIndex, { actor, during, isOnlyDuring }: Send): readonly Variant[] | undefined {
  if (actor === undefined || during === undefined || !isOnlyDuring) return undefined;
  const variants = index.actors.get(actor)?.fact.message?.variants;
  return variants?.filter(({ tag }) => during.includes(tag.key));
}

/**
 * The tags of what is sent and declared apart from every protocol here: `ActorRef<{ type: "stop" }>` may be any actor that knows
 * `stop`.
 */
function tagsOfNobody(index: ProgramIndex, sent: ReadonlySet<string>): ReadonlySet<string> {
  const handled = new Set(
    index.files.flatMap((file) => [
      ...file.actors.flatMap(({ message }) => message?.variants.map(({ id }) => id) ?? []),
      ...file.dispatches.flatMap(({ message }) => message.variants.map(({ id }) => id)),
    ]),
  );
  const accepted = index.files.flatMap((file) => file.sends.flatMap(({ accepts }) => accepts?.variants ?? []));
  return new Set(accepted.filter(({ id }) => sent.has(id) && !handled.has(id)).map(({ tag }) => tag.key));
}
