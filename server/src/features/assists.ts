/** Changes one can make at a place though nothing is wrong: a further variant, ask instead of tell, tell instead of ask. */
import { armsEdit } from "../arms-edit.ts";
import type { TextEdit } from "../diagnostic.ts";
import type { Send } from "../facts/send.ts";
import type { ProgramIndex } from "../program-index.ts";
import { contains } from "../source/span.ts";
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
  if (declared === undefined || known === undefined) return [];
  const tag = { key: `s:${NEW_NAME}`, text: JSON.stringify(NEW_NAME) };
  const dispatches = index.files.flatMap((file) =>
    file.dispatches
      .filter((dispatch) => dispatch.message.variants.some((one) => one.id === variant))
      .map((dispatch) => ({ path: file.path, dispatch })),
  );
  // A tag that is taken would have to be told apart by something else.
  if (dispatches.some(({ dispatch }) => dispatch.message.variants.some((one) => one.tag.key === tag.key))) return [];
  const { end } = declared.declaration.full;
  const union = { path: declared.path, span: { start: end, end }, newText: ` | { readonly type: ${tag.text} }` };
  const arms = dispatches
    .filter(({ dispatch }) => dispatch.catchAll === undefined)
    .map(({ path: file, dispatch }) => armsEdit(file, dispatch, [tag]));
  return [{ title: `Add a variant to ${known.protocol}, with its handlers`, edits: [union, ...arms] }];
}

function otherWayOfSending(path: string, send: Send): readonly Assist[] {
  const [variant, ...others] = send.variants ?? [];
  const reply = send.accepts?.variants.find((one) => one.id === variant)?.reply;
  if (variant === undefined || others.length > 0 || reply === undefined) return [];
  const start = { start: send.span.start, end: send.span.start };
  if (send.method === "tell" && send.isFloating) {
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
  // With options, `tell` would have one argument too many.
  if (send.method !== "ask" || !send.isFloating || send.timeoutMs !== undefined) return [];
  return [{ title: "Tell, without a reply", edits: [{ path, span: send.nameSpan, newText: "tell" }] }];
}
