/** A message that a person types, and whether it can be sent as it is. Pure. */
import type { ActorMessages, MessageForm } from "airssys-language-server/protocol";
import { say } from "../sentence.ts";
import { faultIn, tagOf } from "./message-shape.ts";

/** What is being written: a message whose type is known, or JSON that nobody checks. */
export interface Draft {
  readonly text: string;
  readonly form: MessageForm | undefined;
}

/** What a draft says, or why it cannot be sent. */
export interface Reading {
  readonly message?: unknown;
  readonly fault?: string;
}

/** Reads what was typed: as JSON, and as a message of its form. What has no form needs a `type` at least. */
export function readDraft({ text, form }: Draft): Reading {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return { fault: say("Not JSON yet: {0}", error instanceof Error ? error.message : String(error)) };
  }
  const fault = form === undefined ? looseFault(message) : faultIn(message, form.shape);
  return fault === undefined ? { message } : { fault };
}

function looseFault(message: unknown): string | undefined {
  if (typeof message !== "object" || message === null || Array.isArray(message))
    return say("A message is an object: {0}", '{ "type": "…" }');
  const { type } = message as { readonly type?: unknown };
  return typeof type === "string" && type !== "" ? undefined : say('A message has a "type": {0}', '{ "type": "…" }');
}

/** The form of a message that was sent before, if the actor still takes it. */
export function formOf(text: string, known: ActorMessages | undefined): MessageForm | undefined {
  const tag = tagIn(text, known?.discriminant);
  return known?.messages.find((form) => tagOf(form, known.discriminant) === tag);
}

/** What a message is called: the value of what tells it apart, or itself. */
export function tagIn(text: string, discriminant = "type"): string | undefined {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== "object" || message === null) return String(message);
    const tag = (message as Readonly<Record<string, unknown>>)[discriminant];
    return tag === undefined ? undefined : String(tag);
  } catch {
    return undefined;
  }
}

/** Where the first value stands that is to be filled in: after the tag, empty text without its quotes. */
export function firstGap(text: string): readonly [start: number, end: number] {
  const gap = /: ("")|: (0|null|\[\])(?=[,} ])/.exec(text);
  if (!gap) return [text.length, text.length];
  const start = gap.index + 2;
  return gap[1] === undefined ? [start, start + (gap[2] ?? "").length] : [start + 1, start + 1];
}

/** A draft as a file that names its schema, one field on a line; what is no object yet stays as it was typed. */
export function withSchema(text: string, schema: string): string {
  const field = JSON.stringify({ $schema: schema }).slice(1, -1);
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== "object" || message === null || Array.isArray(message)) return text;
    return `${JSON.stringify({ $schema: schema, ...message }, undefined, 2)}\n`;
  } catch {
    return text.replace(/^\s*\{/, (open) => `${open} ${field},`);
  }
}

/** The message that stands in such a file: without the name of its schema. @param scheme with which that begins */
export function bareText(text: string, scheme: string): string {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== "object" || message === null || Array.isArray(message)) return text;
    const { $schema, ...bare } = message as Readonly<Record<string, unknown>>;
    return typeof $schema === "string" && $schema.startsWith(scheme) ? JSON.stringify(bare) : text;
  } catch {
    return text;
  }
}
