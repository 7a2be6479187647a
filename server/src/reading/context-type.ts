/** Whether a type is the context of an actor. */
import type { ts } from "ts-morph";
import type { SourceUnit } from "./source-unit.ts";

export function isContextType(unit: SourceUnit, type: ts.Type): boolean {
  const members = type.isUnion() ? type.types : [type];
  return members.some((member) => unit.runtime.nameOf(member.aliasSymbol ?? member.symbol) === "ActorContext");
}
