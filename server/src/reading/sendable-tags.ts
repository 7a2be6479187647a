/** What can be sent at a place, as it is written there: for completion, where a message is not written yet. */
import { ts } from "ts-morph";
import type { SendableTag, Tag } from "../facts/message-type.ts";
import { placedTags } from "./placed-tags.ts";
import type { TypedMessage } from "./read-message-type.ts";
import { protocolOf } from "./read-sends.ts";
import type { SourceUnit } from "./source-unit.ts";
import { someNode } from "./symbols.ts";

/** @param offset of the word `tell` or `ask`. Nothing for code that is not understood: it is being typed. */
export function sendableTags(unit: SourceUnit, offset: number): readonly SendableTag[] {
  let access: ts.PropertyAccessExpression | undefined;
  someNode(unit.file, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.getStart() !== offset) return false;
    access = node;
    return true;
  });
  try {
    const protocol = access === undefined ? undefined : protocolOf(unit, access.expression);
    if (access === undefined || protocol === undefined) return [];
    return placedTags(unit, access, protocol, protocol.variants).map((tag) => ({
      ...tag,
      fields: fieldsOf(protocol, tag),
    }));
  } catch (cause) {
    if (cause instanceof ts.OperationCanceledException) throw cause;
    return [];
  }
}

/** The properties that a message has to have besides its tag, as one writes their names. */
function fieldsOf({ message, variants }: TypedMessage, { key }: Tag): readonly string[] {
  const type = variants.find(({ tag }) => tag.key === key)?.type;
  return (type?.getProperties() ?? [])
    .filter(({ flags }) => (flags & (ts.SymbolFlags.Optional | ts.SymbolFlags.Method)) === 0)
    .filter(({ name, escapedName }) => name !== message.discriminant && !escapedName.toString().startsWith("__@"))
    .map(({ name }) => (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name)));
}
