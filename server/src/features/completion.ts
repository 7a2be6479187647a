/** Whole messages where one is sent: `tell(` offers every variant of the protocol with its fields. */
import { importEdits, writable } from "../facts/arms-edit.ts";
import type { MessageType, SendableTag } from "../facts/message-type.ts";
import type { TextEdit } from "../source/text-edit.ts";

export interface MessageCompletion {
  readonly label: string;
  readonly detail: string;
  /** With `$1`, `$2` for the values to be written. */
  readonly snippet: string;
  /** What has to be imported for it. */
  readonly edits: readonly TextEdit[];
}

/**
 * In the order in which they fit: what is told before what is asked, and each by its name.
 *
 * @param placed the tags as they are written at the place; what cannot be written there is not offered.
 * @param onlyAsks whether only questions fit.
 */
export function messageCompletions(
  path: string,
  message: MessageType,
  placed: readonly SendableTag[],
  onlyAsks: boolean,
): readonly MessageCompletion[] {
  const { discriminant } = message;
  if (discriminant === undefined) return [];
  return message.variants
    .filter((variant) => !onlyAsks || variant.reply !== undefined)
    .toSorted((a, b) => Number(a.reply !== undefined) - Number(b.reply !== undefined))
    .flatMap((variant): readonly MessageCompletion[] => {
      const sendable = placed.find(({ key }) => key === variant.tag.key);
      const [tag] = writable(sendable === undefined ? [] : [sendable]) ?? [];
      if (sendable === undefined || tag === undefined) return [];
      const values = sendable.fields.map((field, index) => `, ${escaped(field)}: $${index + 1}`).join("");
      const reply = variant.reply === undefined ? "" : `, replies ${variant.reply}`;
      return [
        {
          label: tag.code,
          detail: `${message.name}${reply}`,
          snippet: `{ ${discriminant}: ${escaped(tag.code)}${values} }`,
          edits: importEdits(path, [tag]),
        },
      ];
    });
}

/** A text of a snippet that stands for itself. */
function escaped(text: string): string {
  return text.replaceAll("$", "\\$");
}
