/** What keys mean in the view Messages. */

export type Act =
  | "search"
  | "down"
  | "up"
  | "pageDown"
  | "pageUp"
  | "first"
  | "follow"
  | "cause"
  | "effect"
  | "handler"
  | "send"
  | "table"
  | "leave";

const ACTS: Readonly<Record<string, Act>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  PageDown: "pageDown",
  PageUp: "pageUp",
  Home: "first",
  End: "follow",
  ArrowLeft: "cause",
  ArrowRight: "effect",
  t: "table",
  T: "table",
  Escape: "leave",
};

/** What a key asks for; `undefined` for those that are the editor's. */
export function actOf(event: KeyboardEvent): Act | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (ctrlKey || metaKey) return key.toLowerCase() === "f" && !altKey ? "search" : undefined;
  if (altKey) return undefined;
  if (key === "Enter") return shiftKey ? "send" : "handler";
  return Object.hasOwn(ACTS, key) ? ACTS[key] : undefined;
}

/** Whether what was typed for is to be looked at. */
export function endsTyping({ key }: KeyboardEvent): boolean {
  return key === "Escape" || key === "ArrowDown" || key === "Enter";
}
