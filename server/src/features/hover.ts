/** What is told of a message or a child where the mouse rests: Markdown. */

import type { ProgramIndex } from "../facts/program-index.ts";
import type { ChildFact, SupervisorFact } from "../facts/supervisor-fact.ts";
import { contains, type Span } from "../source/span.ts";
import { blastRadius, describeBlast } from "./blast-radius.ts";
import type { MessagePlaces } from "./message-places.ts";

export interface HoverText {
  readonly span: Span;
  readonly markdown: string;
}

/** @param places also knows which message stands at the offset. */
export function hoverAt(
  index: ProgramIndex,
  places: MessagePlaces,
  path: string,
  offset: number,
): HoverText | undefined {
  const here = places.at(path, offset);
  if (here !== undefined)
    return {
      span: here.span,
      markdown: here.variants.map((variant) => messageText(index, places, variant)).join("\n\n---\n\n"),
    };
  return childText(index, path, offset) ?? actorText(index, path, offset);
}

function messageText(index: ProgramIndex, places: MessagePlaces, id: string): string {
  const variant = places.variant(id);
  const handlers = new Set(places.handlersOf(id).flatMap(({ dispatch }) => nameOf(index, dispatch.actor)));
  const senders = places.sendersOf(id);
  const names = new Set(senders.flatMap(({ fact }) => nameOf(index, fact.actor)));
  const outside = senders.filter(({ fact }) => fact.actor === undefined).length;
  const from = [
    ...names,
    ...(outside === 0 ? [] : [`${outside} ${outside === 1 ? "place" : "places"} outside of actors`]),
  ];
  return [
    `**${variant?.tag.text ?? id}** — ${variant?.protocol ?? "message"}${variant?.reply === undefined ? "" : `, replies \`${variant.reply}\``}`,
    `Handled by ${handlers.size === 0 ? "nobody" : [...handlers].join(", ")}`,
    `Sent from ${from.length === 0 ? "nowhere in this workspace" : from.join(", ")}`,
  ].join("  \n");
}

function childText(index: ProgramIndex, path: string, offset: number): HoverText | undefined {
  for (const { fact } of index.supervisors.values()) {
    const child = fact.children
      .filter((one) => one.path === path && contains(one.span, offset))
      .sort((a, b) => size(a.span) - size(b.span))[0];
    if (child === undefined || !index.files.some((file) => file.path === path && file.supervisors.includes(fact)))
      continue;
    const radius = blastRadius(fact, child);
    // Inside nested code the child is not what the user looks at.
    if (radius === undefined || offset > child.span.start + 200) return undefined;
    const restart = child.restart.known ? child.restart.value : "unknown";
    return {
      span: child.span,
      markdown: `**${child.id.known ? child.id.value : "child"}** — ${restart} child of ${fact.name}\n\n${describeBlast(radius, restart === "temporary")}`,
    };
  }
  return undefined;
}

function actorText(index: ProgramIndex, path: string, offset: number): HoverText | undefined {
  for (const { path: at, fact } of index.actors.values()) {
    if (at !== path || !contains(fact.nameSpan, offset)) continue;
    const messages = fact.message?.variants.map(
      (variant) => `\`${variant.tag.text}\`${variant.reply === undefined ? "" : ` → \`${variant.reply}\``}`,
    );
    const starts = [...index.supervisors.values()].flatMap(({ fact: supervisor }) =>
      supervisor.children
        .filter((child) => child.start.known && child.start.value.id === fact.id)
        .map(
          (child) => `${child.id.known ? child.id.value : "a child"} of ${supervisor.name}${terms(supervisor, child)}`,
        ),
    );
    const accepts = messages === undefined ? "messages that are not all known" : messages.join(", ");
    return {
      span: fact.nameSpan,
      markdown: `**${fact.name}** accepts ${accepts}  \nStarted as ${starts.length === 0 ? "no child of a known supervisor" : starts.join(", ")}`,
    };
  }
  return undefined;
}

/** Under which terms a child is supervised, as far as they are known. */
function terms({ strategy }: SupervisorFact, { restart }: ChildFact): string {
  const known = [restart, strategy].flatMap((term) => (term.known ? term.value : []));
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

function nameOf(index: ProgramIndex, actor: string | undefined): readonly string[] {
  const name = actor === undefined ? undefined : index.actors.get(actor)?.fact.name;
  return name === undefined ? [] : [name];
}

function size(span: Span): number {
  return span.end - span.start;
}
