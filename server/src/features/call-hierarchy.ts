/** Who sends what to whom, as a call hierarchy: a handler is called by the sends of its message and calls by its own sends. */

import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import type { FileSpan, Span } from "../source/span.ts";
import type { Handler, MessagePlaces } from "./message-places.ts";

export interface HierarchyItem extends FileSpan {
  readonly name: string;
  readonly detail: string;
  readonly nameSpan: Span;
  readonly variant: string;
}

export interface HierarchyCall {
  readonly item: HierarchyItem;
  /** Places of the sends. */
  readonly spans: readonly Span[];
}

export function itemsAt(
  index: ProgramIndex,
  places: MessagePlaces,
  path: string,
  offset: number,
): readonly HierarchyItem[] {
  const here = places.at(path, offset);
  return (here?.variants ?? []).flatMap((variant) =>
    places.handlersOf(variant).map((handler) => itemOf(index, places, handler, variant)),
  );
}

/** Handlers, and files, that send the message of an item. */
export function incomingOf(index: ProgramIndex, places: MessagePlaces, variant: string): readonly HierarchyCall[] {
  return places
    .sendersOf(variant)
    .map((sender) => ({ item: senderItem(index, places, sender), spans: [sender.fact.nameSpan] }));
}

/** Handlers of what is sent while the message of an item is handled. */
export function outgoingOf(index: ProgramIndex, places: MessagePlaces, variant: string): readonly HierarchyCall[] {
  return places.handlersOf(variant).flatMap(({ path, arm, dispatch }) => {
    const sends = index.files.find((file) => file.path === path)?.sends ?? [];
    return sends
      .filter(
        (send) => send.actor === dispatch.actor && arm.full.start <= send.span.start && send.span.end <= arm.full.end,
      )
      .flatMap((send) =>
        (send.variants ?? []).flatMap((sent) =>
          places
            .handlersOf(sent)
            .map((handler) => ({ item: itemOf(index, places, handler, sent), spans: [send.nameSpan] })),
        ),
      );
  });
}

function itemOf(
  index: ProgramIndex,
  places: MessagePlaces,
  { path, dispatch, arm }: Handler,
  variant: string,
): HierarchyItem {
  const actor = dispatch.actor === undefined ? undefined : index.actors.get(dispatch.actor)?.fact.name;
  return {
    path,
    span: arm.full,
    nameSpan: arm.span,
    name: places.variant(variant)?.tag.text ?? variant,
    detail: actor ?? "handler",
    variant,
  };
}

function senderItem(index: ProgramIndex, places: MessagePlaces, { path, fact }: Placed<Send>): HierarchyItem {
  const tags = fact.during ?? [];
  const actor = fact.actor === undefined ? undefined : index.actors.get(fact.actor)?.fact;
  const variant = actor?.message?.variants.find((one) => tags.includes(one.tag.key));
  const around =
    variant === undefined
      ? undefined
      : places.handlersOf(variant.id).find((handler) => handler.path === path && handler.dispatch.actor === fact.actor);
  if (around !== undefined && variant !== undefined) return itemOf(index, places, around, variant.id);
  const file = path.slice(path.lastIndexOf("/") + 1);
  return {
    path,
    span: fact.span,
    nameSpan: fact.nameSpan,
    name: actor?.name ?? file,
    detail: fact.callback ?? "send",
    variant: "",
  };
}
