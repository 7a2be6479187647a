/** Changes one can make at a place though nothing is wrong: a further variant, ask instead of tell, tell instead of ask. */
import { armsEdit } from "../facts/arms-edit.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import type { ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import { contains } from "../source/span.ts";
import type { TextEdit } from "../source/text-edit.ts";
import type { MessagePlaces } from "./message-places.ts";

export interface Assist {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** What a new variant is called until it is renamed. */
const NEW_NAME = "newMessage";

export function assistsAt(index: ProgramIndex, places: MessagePlaces, path: string, offset: number): readonly Assist[] {
  const send = index.files.find((file) => file.path === path)?.sends.find((one) => contains(one.nameSpan, offset));
  return [...addVariant(index, places, path, offset), ...(send === undefined ? [] : otherWayOfSending(path, send))];
}

/** Beside the variant the cursor is in: a further one in the union, and an arm in everything that takes the union apart. */
function addVariant(index: ProgramIndex, places: MessagePlaces, path: string, offset: number): readonly Assist[] {
  const here = places.at(path, offset);
  const [variant, ...others] = here?.variants ?? [];
  if (here?.role !== "declaration" || variant === undefined || others.length > 0) return [];
  const declared = places.declarationOf(variant);
  const known = places.variant(variant);
  const room = declared?.declaration.room;
  if (declared === undefined || known === undefined || room === undefined) return [];
  const text = JSON.stringify(NEW_NAME);
  const tag = { key: `s:${NEW_NAME}`, text, code: text };
  const siblings = places.declaredIn(declared.path).filter((one) => one.room?.union === room.union);
  // Only what takes the whole union apart: a part of it will not have the new member.
  const dispatches = index.files.flatMap((file) =>
    file.dispatches
      .filter(({ message }) => siblings.every(({ id }) => message.variants.some((one) => one.id === id)))
      .map((dispatch) => ({ path: file.path, dispatch })),
  );
  // A tag that is taken would have to be told apart by something else.
  if (dispatches.some(({ dispatch }) => dispatch.message.variants.some((one) => one.tag.key === tag.key))) return [];
  const member = `${room.lead}{ readonly ${declared.declaration.discriminant}: ${tag.text} }`;
  const union = { path: declared.path, span: { start: room.at, end: room.at }, newText: member };
  const arms = dispatches
    .filter(({ path: file, dispatch }) => !takesTheRest(dispatch, index.textOf(file)))
    .map(({ path: file, dispatch }) => armsEdit(file, dispatch, [tag]));
  return [{ title: `Add a variant to ${known.protocol}, with its handlers`, edits: [union, ...eachPlaceOnce(arms)] }];
}

/** Whether a further variant has its code already: a `default`, or a condition that says which messages are not meant. */
function takesTheRest({ kind, catchAll, arms }: Dispatch, text = ""): boolean {
  if (catchAll !== undefined && catchAll.takes.length > 0) return true;
  return kind === "if-chain" && arms.some(({ span }) => text.slice(span.start, span.end).includes("!"));
}

/** A map of handlers may be used by several: it gets its handler once. */
function eachPlaceOnce(edits: readonly TextEdit[]): readonly TextEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.path}:${edit.span.start}`, edit])).values()];
}

function otherWayOfSending(path: string, send: Send): readonly Assist[] {
  const [variant, ...others] = send.variants ?? [];
  const reply = send.accepts?.variants.find((one) => one.id === variant)?.reply;
  if (variant === undefined || others.length > 0 || reply === undefined) return [];
  const start = { start: send.span.start, end: send.span.start };
  if (!send.isStatement) return [];
  if (send.method === "tell" && send.canWait) {
    return [
      {
        title: "Ask, and wait for the reply",
        edits: [
          { path, span: start, newText: "await " },
          { path, span: send.nameSpan, newText: "ask" },
        ],
      },
    ];
  }
  if (send.method !== "ask" || send.optionsSpan === undefined) return [];
  return [
    {
      title: "Tell, without a reply",
      edits: [
        { path, span: send.nameSpan, newText: "tell" },
        { path, span: send.optionsSpan, newText: "" },
      ],
    },
  ];
}
