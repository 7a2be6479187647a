/** Whole messages where one is sent: `tell(` offers every variant of the protocol with its fields. */
import { importEdits, writable } from "../facts/arms-edit.ts";
import type { MessageType, PlacedTag } from "../facts/message-type.ts";
import type { TextEdit } from "../source/text-edit.ts";
import type { MessagePlaces } from "./message-places.ts";

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
  places: MessagePlaces,
  message: MessageType,
  placed: readonly PlacedTag[],
  onlyAsks: boolean,
): readonly MessageCompletion[] {
  const { discriminant } = message;
  if (discriminant === undefined) return [];
  return message.variants
    .filter((variant) => !onlyAsks || variant.reply !== undefined)
    .toSorted((a, b) => Number(a.reply !== undefined) - Number(b.reply !== undefined))
    .flatMap((variant): readonly MessageCompletion[] => {
      const [tag] = writable(placed.filter(({ key }) => key === variant.tag.key)) ?? [];
      if (tag === undefined) return [];
      const fields = places.declarationOf(variant.id)?.declaration.fields ?? [];
      const values = fields.map((field, index) => `, ${field}: $${index + 1}`).join("");
      const reply = variant.reply === undefined ? "" : `, replies ${variant.reply}`;
      return [
        {
          label: tag.code,
          detail: `${message.name}${reply}`,
          snippet: `{ ${discriminant}: ${tag.code.replaceAll("$", "\\$")}${values} }`,
          edits: importEdits(path, [tag]),
        },
      ];
    });
}
