/** Who keeps the event loop: the actor whose callback runs right now. Also asked from within that callback, by a debugger. */
import { typeOf } from "../values/errors.ts";
import { whoIsHere } from "./here.ts";
import { keyOf } from "./keys.ts";
import type { Runner } from "./protocol.ts";
import { nameText, pathOf } from "./rows.ts";

export function runner(): Runner | undefined {
  const here = whoIsHere();
  if (here === undefined) return undefined;
  const { system, cell } = here;
  const letter = cell.letterInHand;
  const messageType = letter === undefined || letter.isSignal ? undefined : typeOf(letter.message);
  return {
    key: keyOf(system, cell),
    path: pathOf(cell),
    ...(messageType === undefined ? {} : { messageType: nameText(messageType) }),
    ...(messageType === undefined || letter?.sender === undefined ? {} : { sender: letter.sender.id }),
  };
}
