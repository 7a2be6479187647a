/**
 * A look-up that names a protocol which the actor found does not have: the compiler takes its word, and what is sent then is not handled.
 *
 * Silent where the actor is not known, where it takes all that is named, and where its protocol is open.
 */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { Lookup } from "../facts/spawn.ts";
import type { Finding } from "./diagnostic.ts";
import { listedNames } from "./listed-names.ts";
import type { ProgramRule } from "./rule.ts";
import { holdersOf, startedId } from "./supervision-graph.ts";

export const rule: ProgramRule = {
  name: "wrong-protocol",
  code: 1013,
  title: "An actor is looked up with a protocol that is not its own",
  severity: "error",
  preset: "recommended",
  scope: "program",
  check,
};

function check(index: ProgramIndex): readonly Finding[] {
  return index.files.flatMap(({ path, spawns }) => spawns.lookups.flatMap((lookup) => report(index, path, lookup)));
}

function report(index: ProgramIndex, path: string, { name, accepts }: Lookup): readonly Finding[] {
  if (accepts === undefined) return [];
  const holders = holdersOf(index, name);
  const found = holders.map(({ child }) => index.actors.get(startedId(child) ?? ""));
  const [first] = found;
  if (first === undefined || found.some((one) => one?.fact.message === undefined)) return [];
  const refused = found.map((one) => {
    const message = one?.fact.message;
    const keys = new Set(message?.variants.map(({ tag }) => tag.key));
    const isAlike = message?.discriminant === accepts.message.discriminant;
    return accepts.message.variants.filter(({ tag }) => !isAlike || !keys.has(tag.key));
  });
  const [tags = []] = refused;
  // The same name may mean another actor in another program of the workspace.
  if (refused.some((one) => one.length === 0)) return [];
  const what = listedNames(tags.map(({ tag }) => tag.text));
  const { name: actor, nameSpan } = first.fact;
  return [
    {
      path,
      span: accepts.span,
      message: `"${name}" is ${actor}, which does not take ${what}`,
      related: [{ path: first.path, span: nameSpan, message: `${actor} is defined here` }],
    },
  ];
}
