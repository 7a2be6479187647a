/** The members of a union in the order of the source, which is the same for every compiler, whatever it has read before. */
import type { ts } from "ts-morph";

/** By union, which belongs to one checker. */
const known = new WeakMap<ts.Type, readonly ts.Type[]>();

/**
 * | a member                    | comes                                          |
 * | --------------------------- | ---------------------------------------------- |
 * | literal, `undefined`, …     | first, by what it is                           |
 * | declared somewhere          | by file, then by the place of its declaration  |
 *
 * @returns the type alone when it is no union.
 */
export function membersOf(type: ts.Type): readonly ts.Type[] {
  if (!type.isUnion()) return [type];
  const before = known.get(type);
  if (before !== undefined) return before;
  const members = type.types.map((member) => ({ member, place: placeOf(member) })).sort(byPlace);
  const sorted = members.map(({ member }) => member);
  known.set(type, sorted);
  return sorted;
}

interface Place {
  readonly file: string;
  readonly at: number;
  readonly text: string;
}

function placeOf(type: ts.Type): Place {
  const { value, intrinsicName } = type as { readonly value?: unknown; readonly intrinsicName?: string };
  const text = intrinsicName ?? (typeof value === "object" ? JSON.stringify(value) : String(value));
  const [declaration] = (type.symbol ?? type.aliasSymbol)?.declarations ?? [];
  return { file: declaration?.getSourceFile().fileName ?? "", at: declaration?.pos ?? 0, text };
}

function byPlace({ place: a }: { readonly place: Place }, { place: b }: { readonly place: Place }): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.at - b.at || (a.text === b.text ? 0 : a.text < b.text ? -1 : 1);
}
