/** What inspection has to say to people, on standard error. */
import { safeText } from "../values/safe-text.ts";

/** One line. Never throws: a program whose console is broken has nobody left to tell. */
export function complain(text: string, cause?: unknown): void {
  try {
    console.error(`[airssys] inspection: ${text}${cause === undefined ? "" : `: ${safeText(cause)}`}`);
  } catch {}
}
