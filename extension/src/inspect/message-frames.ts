/** Reads the frames that tell of messages: many rows of numbers, each of which is checked. */
import type { ActorEntry, LifeRow, MessageRow, NoteRow, PayloadRow, StatsRow, TypeEntry } from "airssys-rt/inspect";
import { FOLLOW_LIMITS, LATENCY_BUCKETS, TEXT_LIMITS } from "airssys-rt/inspect";
import { say } from "../sentence.ts";
import { list, name, number, object, oneOf, type Shape, ShapeError, text } from "./shape.ts";

/** A program of another version may tell more at once; what is too much ends the conversation. */
const MAX_ITEMS = 200_000;
/** Characters of a payload: each may take six when it is written down. */
const MAX_PAYLOAD = 8 * FOLLOW_LIMITS.payload.characters;

type Shapes<T extends readonly unknown[]> = { readonly [K in keyof T]: Shape<T[K]> };

/** A list of so many items, each of its own shape. What comes after them is of a newer version, and left out. */
function row<T extends readonly unknown[]>(...shapes: Shapes<T>): Shape<T> {
  return (value, at) => {
    if (!Array.isArray(value) || value.length < shapes.length)
      throw new ShapeError(at, say("a list of {0}", shapes.length));
    return shapes.map((shape, index) => shape(value[index], at)) as unknown as T;
  };
}

const line = text(TEXT_LIMITS.text);

const actor: Shape<ActorEntry> = row(number, name(TEXT_LIMITS.key), text(TEXT_LIMITS.path));
const type: Shape<TypeEntry> = row(number, line);
const life: Shape<LifeRow> = row(number, number, number, text(TEXT_LIMITS.path), number, number, number);
const note: Shape<NoteRow> = row(number, number, line);
const payload: Shape<PayloadRow> = row(number, number, text(MAX_PAYLOAD));

const COLUMNS = 11;

/** There are so many that no new list is made of them. */
const message: Shape<MessageRow> = (value, at) => {
  if (!Array.isArray(value) || value.length < COLUMNS) throw new ShapeError(at, say("a list of {0}", COLUMNS));
  for (let index = 0; index < COLUMNS; index++) number(value[index], at);
  return value as unknown as MessageRow;
};

export const messagesFrame: Shape<object> = object(
  {
    seq: number,
    at: number,
    origin: number,
    actors: list(actor, MAX_ITEMS),
    types: list(type, MAX_ITEMS),
    rows: list(message, MAX_ITEMS),
    missed: number,
  },
  { lives: list(life, MAX_ITEMS), notes: list(note, MAX_ITEMS), payloads: list(payload, MAX_ITEMS) },
);

const buckets = list(number, LATENCY_BUCKETS);
const stats: Shape<StatsRow> = row(line, line, number, number, buckets, buckets);

export const statsFrame: Shape<object> = object({ seq: number, at: number, rows: list(stats, MAX_ITEMS) });

export const unfollowedFrame: Shape<object> = object({ reason: oneOf(["rate", "heap"]), text: line });
