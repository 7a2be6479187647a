/**
 * A message that is none of the protocol, made to pass by a cast: the actor will not know it.
 *
 * Only for object literals whose discriminant is known and protocols whose variants are all known.
 */

import type { Send } from "../facts/send.ts";
import { closestWord } from "./closest-word.ts";
import type { Finding, Fix } from "./diagnostic.ts";
import type { FileRule } from "./rule.ts";

export const rule: FileRule = {
  name: "untyped-send",
  code: 1005,
  title: "A cast lets a message pass that the actor does not accept",
  severity: "error",
  preset: "recommended",
  scope: "file",
  check: (facts) => facts.sends.flatMap((send) => report(facts.path, send)),
};

function report(path: string, { smuggled, tagSpan, nameSpan }: Send): readonly Finding[] {
  if (smuggled === undefined) return [];
  const meant = closestWord(smuggled.known, smuggled.tag);
  const fixes: readonly Fix[] =
    meant === undefined || tagSpan === undefined
      ? []
      : [
          {
            title: `Change to "${meant}"`,
            isSafe: false,
            edits: [
              {
                path,
                span: tagSpan,
                newText: `${smuggled.shorthand === undefined ? "" : `${smuggled.shorthand}: `}${JSON.stringify(meant)}`,
              },
            ],
          },
        ];
  const known = smuggled.known.map((name) => `"${name}"`).join(", ");
  return [
    {
      path,
      span: tagSpan ?? nameSpan,
      message: `the actor does not accept "${smuggled.tag}", only ${known}`,
      ...(fixes.length === 0 ? {} : { fixes }),
    },
  ];
}
