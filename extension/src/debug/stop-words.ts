/** Says of a message breakpoint what it does, as the lens over its handler tells it. Pure. */
import type { Armed, Runner } from "airssys-rt/inspect";
import { number, say } from "../sentence.ts";
import { iconless, seenText } from "../text.ts";
import type { ActorStop } from "./actor-stops.ts";

/** Characters of what the user or a program has written. */
const SHOWN = 80;

/**
 * | first of these | text |
 * |---|---|
 * | its condition has failed | `● condition failed: cent is not defined` |
 * | nobody lives who handles it | `○ armed when cards starts`, or why not |
 * | it logs | `◆ logs "order {message.id}"` |
 * | it has a condition | `● stops if message.cents > 10_000` |
 * | only one match counts | `● stops at match 3` |
 * | else | `● stops at every charge` |
 *
 * After that come who handles and who sends it, where only some count, which match does, and how many more there are.
 *
 * @param said what the programs say of the first; `undefined` while none does
 */
export function stopLensText([stop, ...others]: readonly [ActorStop, ...ActorStop[]], said: Armed | undefined): string {
  const more = others.length === 0 ? [] : [say("{0} more", number(others.length))];
  return [stateWords(said, stop) ?? doesWords(stop), ...more].join(" · ");
}

function stateWords(said: Armed | undefined, stop: ActorStop): string | undefined {
  if (said?.state === "badCondition") return say("● condition failed: {0}", shown(said.text ?? ""));
  if (said?.state === "noHandler") return `○ ${noHandlerWords(stop, said)}`;
  return undefined;
}

/** Why it cannot be hit: nobody has started, or who has does not handle that. */
export function noHandlerWords(stop: ActorStop, { text }: Armed): string {
  return text === undefined
    ? say("armed when {0} starts", shown(stop.definition ?? stop.path ?? say("its actor")))
    : shown(text);
}

function doesWords({ messageType, condition, log, hits, path, sender }: ActorStop): string {
  const match = hits === undefined ? [] : [say("match {0}", number(hits))];
  const where = [
    ...(path === undefined ? [] : [shown(path)]),
    ...(sender === undefined ? [] : [say("from {0}", shown(sender))]),
  ];
  if (log !== undefined) return [say('◆ logs "{0}"', shown(log)), ...where, ...match].join(" · ");
  if (condition !== undefined) return [say("● stops if {0}", shown(condition)), ...where, ...match].join(" · ");
  if (hits !== undefined) return [say("● stops at match {0}", number(hits)), ...where].join(" · ");
  return [say("● stops at every {0}", shown(messageType)), ...where].join(" · ");
}

/** In one line and not too long; nothing in it is an icon. */
function shown(text: string): string {
  const line = iconless(seenText(text)).trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

/** Of a program that stands before a handler: `cards is about to handle charge from orders.` @returns `undefined` where it stands in no message */
export function handleWords({ path, messageType, sender }: Runner): string | undefined {
  if (messageType === undefined) return undefined;
  const [name, type] = [lastPart(path), shown(messageType)];
  return sender === undefined
    ? say("{0} is about to handle {1} from outside.", name, type)
    : say("{0} is about to handle {1} from {2}.", name, type, lastPart(sender));
}

function lastPart(path: string): string {
  return shown(path.slice(path.lastIndexOf("/") + 1));
}
