/** Whole messages where one is sent: `tell(` offers every variant of the protocol with its fields. */
import type { MessageType } from "../facts/message-type.ts";
import type { MessagePlaces } from "./message-places.ts";

export interface MessageCompletion {
  readonly label: string;
  readonly detail: string;
  /** With `$1`, `$2` for the values to be written. */
  readonly snippet: string;
}

/** @param onlyAsks whether only questions fit. */
export function messageCompletions(
  places: MessagePlaces,
  message: MessageType,
  onlyAsks: boolean,
): readonly MessageCompletion[] {
  const { discriminant } = message;
  if (discriminant === undefined) return [];
  return message.variants
    .filter((variant) => !onlyAsks || variant.reply !== undefined)
    .map((variant) => {
      const fields = places.declarationOf(variant.id)?.declaration.fields ?? [];
      const values = fields.map((field, index) => `, ${field}: $${index + 1}`).join("");
      const reply = variant.reply === undefined ? "" : `, replies ${variant.reply}`;
      return {
        label: variant.tag.text,
        detail: `${message.name}${reply}`,
        snippet: `{ ${discriminant}: ${variant.tag.text.replaceAll("$", "\\$")}${values} }`,
      };
    });
}
