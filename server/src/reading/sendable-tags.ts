/** What can be sent at a place, as it is written there: for completion, where a message is not written yet. */
import { ts } from "ts-morph";
import type { PlacedTag } from "../facts/message-type.ts";
import { placedTags } from "./placed-tags.ts";
import { protocolOf } from "./read-sends.ts";
import type { SourceUnit } from "./source-unit.ts";
import { someNode } from "./symbols.ts";

/** @param offset of the word `tell` or `ask`. Nothing for code that is not understood: it is being typed. */
export function sendableTags(unit: SourceUnit, offset: number): readonly PlacedTag[] {
  let access: ts.PropertyAccessExpression | undefined;
  someNode(unit.file, (node) => {
    if (!ts.isPropertyAccessExpression(node) || node.name.getStart() !== offset) return false;
    access = node;
    return true;
  });
  try {
    const protocol = access === undefined ? undefined : protocolOf(unit, access.expression);
    return access === undefined || protocol === undefined ? [] : placedTags(unit, access, protocol, protocol.variants);
  } catch (cause) {
    if (cause instanceof ts.OperationCanceledException) throw cause;
    return [];
  }
}
