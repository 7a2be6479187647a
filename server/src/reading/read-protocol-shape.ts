/** Reads what makes a protocol hard to tell apart: a discriminant that is any text, two variants with one tag. */
import { ts } from "ts-morph";
import { tagOfType } from "./read-message-type.ts";
import type { SourceUnit } from "./source-unit.ts";
import { spanOf } from "./symbols.ts";
import { membersOf } from "./union-members.ts";

export interface ProtocolShape {
  readonly widened?: { readonly property: string; readonly span?: { readonly start: number; readonly end: number } };
  readonly ambiguous: readonly string[];
}

export function readProtocolShape(unit: SourceUnit, type: ts.Type): ProtocolShape {
  const members = membersOf(type).filter((member) => member.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection));
  const counts = new Map<string, number>();
  let widened: ProtocolShape["widened"];
  for (const member of members) {
    const property = member.getProperty("type");
    if (property === undefined) continue;
    const value = unit.checker.getTypeOfSymbol(property);
    for (const one of membersOf(value)) {
      const tag = tagOfType(unit, one);
      if (tag !== undefined) counts.set(tag.text, (counts.get(tag.text) ?? 0) + 1);
    }
    if (value.flags & (ts.TypeFlags.String | ts.TypeFlags.Number))
      widened ??= { property: "type", ...spanHere(unit, property) };
  }
  return {
    ...(widened === undefined ? {} : { widened }),
    ambiguous: [...counts].filter(([, count]) => count > 1).map(([text]) => text),
  };
}

function spanHere(unit: SourceUnit, property: ts.Symbol): { span?: { start: number; end: number } } {
  const declaration = property.declarations?.find((one) => one.getSourceFile() === unit.file);
  const type = declaration !== undefined && ts.isPropertySignature(declaration) ? declaration.type : undefined;
  return type === undefined ? {} : { span: spanOf(type) };
}
