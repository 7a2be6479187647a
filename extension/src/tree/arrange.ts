/** Lets the user choose in which order the rows stand, and which of them are shown. */
import * as vscode from "vscode";
import { ORDERS, type Order } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { withIcon } from "../text.ts";
import { type Arrangement, AS_STARTED } from "./arrangement.ts";

const KEY = "airssys.arrangement";

const ORDER_WORDS: { readonly [O in Order]: () => readonly [label: string, detail: string, icon: string] } = {
  start: () => [say("Start Order"), say("As the supervisors start them."), "list-ordered"],
  name: () => [say("Name"), say("By id; numbers by their value."), "case-sensitive"],
  trouble: () => [say("Trouble First"), say("Down, then in trouble, then calm."), "warning"],
  mailbox: () => [say("Fullest Mailbox First"), say("By the most messages that wait for one actor."), "inbox"],
  rate: () => [say("Busiest First"), say("By the most messages a second of one actor."), "pulse"],
};

/** What was chosen in this workspace last. */
export function storedArrangement(state: vscode.Memento): Arrangement {
  const stored = state.get<Partial<Record<keyof Arrangement, unknown>>>(KEY);
  const order = ORDERS.find((one) => one === stored?.order) ?? AS_STARTED.order;
  return { order, filter: typeof stored?.filter === "string" ? stored.filter : "" };
}

export async function storeArrangement(state: vscode.Memento, arrangement: Arrangement): Promise<void> {
  const isUsual = arrangement.order === AS_STARTED.order && arrangement.filter === "";
  await state.update(KEY, isUsual ? undefined : arrangement);
}

/** Beside the title of the view; nothing, while all stand in start order. */
export function arrangementWords({ order, filter }: Arrangement): string | undefined {
  const [label] = ORDER_WORDS[order]();
  const parts = [filter === "" ? "" : `“${filter}”`, order === "start" ? "" : label].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join(" · ");
}

/** @returns `undefined` when the user has changed their mind. */
export async function chooseOrder(now: Order): Promise<Order | undefined> {
  const items = ORDERS.map((order) => {
    const [label, detail, icon] = ORDER_WORDS[order]();
    return { label: withIcon(icon, label), detail, order, ...(order === now && { description: say("now") }) };
  });
  const title = say("Order of the Supervision View");
  return (await vscode.window.showQuickPick(items, { title }))?.order;
}

/** Shows what is typed at once. @returns the text; `undefined` when the user has changed their mind. */
export function typeFilter(now: string, shown: (filter: string) => void): Promise<string | undefined> {
  const box = vscode.window.createInputBox();
  box.title = say("Filter the Supervision View");
  box.prompt = say("Part of an id, a path, a definition or a name. Empty shows all.");
  box.value = now;
  box.onDidChangeValue(shown);
  return new Promise((resolve) => {
    let result: string | undefined;
    box.onDidAccept(() => {
      result = box.value.trim();
      box.hide();
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(result);
    });
    box.show();
  });
}
