/** State that is sent by reference and changed in place, wherever an actor has it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

function found(text: string): readonly string[] {
  return diagnose(filesOf(text), ["leaked-actor-state"]).flatMap(({ diagnostics }) =>
    diagnostics.map(({ message }) => message.split(" is sent")[0] ?? ""),
  );
}

const functional = (add: string, all: string, more = ""): string => `
interface Stats { count: number; byDay: Record<string, number> }
interface State { items: string[]; stats: Stats; name: string }
type Message = { type: "add"; item: string } | Ask<{ type: "all" }, unknown>;
declare const sink: ActorRef<{ type: "take"; what: unknown }>;
${more}
export const basket = defineActor<Message, State>({
  init: () => ({ items: [], stats: { count: 0, byDay: {} }, name: "" }),
  handlers: {
    add: (state, message) => { ${add} },
    all: (state, _message, context) => { ${all} },
  },
});`;

for (const [add, all, subject] of [
  ["state.items.push(message.item);", "context.reply(state.items);", "state.items"],
  ["state.items[0] = message.item;", "context.reply(state.items);", "state.items"],
  [
    "state.items.push(message.item);",
    'sink.tell({ type: "take", what: state.items }); context.reply(1);',
    "state.items",
  ],
  ["state.stats.count++; console.log(message);", "context.reply(state.stats);", "state.stats"],
  ["state.stats.count += message.item.length;", "context.reply(state.stats);", "state.stats"],
  ["state.stats.byDay[message.item] = 1;", "context.reply(state.stats);", "state.stats"],
  ["state.stats.byDay[message.item] = 1;", "context.reply(state.stats.byDay);", undefined],
  ["delete state.stats.byDay[message.item];", "context.reply(state.stats);", "state.stats"],
  ["state.name = message.item;", "context.reply(state);", "state"],
  ["Object.assign(state.stats, { count: message.item.length });", "context.reply(state.stats);", "state.stats"],
  ["state.items.push(message.item);", "context.reply(state.items); return { ...state, name: 'x' };", "state.items"],
] as const)
  test(`sent by reference out of a functional actor: ${all} where ${add}`, () => {
    assert.deepEqual(found(functional(add, all)), subject === undefined ? [] : [subject]);
  });

for (const [add, all] of [
  ["return { ...state, items: [...state.items, message.item] };", "context.reply(state.items);"],
  ["state.items.push(message.item);", "context.reply([...state.items]);"],
  ["state.items.push(message.item);", "context.reply(state.items); return { ...state, items: [] };"],
  ["state.items.push(message.item);", "context.reply(state.items); state.items = [];"],
  ["state.items.push(message.item);", "context.reply(state.stats);"],
  ["state.items.push(message.item);", "context.reply(state.items.length);"],
  ["state.items.push(message.item);", "context.reply(state.name);"],
  ["state.stats = { ...state.stats, count: message.item.length };", "context.reply(state.stats);"],
  ["const items = [message.item]; items.push('x');", "context.reply(state.items);"],
] as const)
  test(`nothing is said of ${all} where ${add}`, () => {
    assert.deepEqual(found(functional(add, all)), []);
  });

const classy = (add: string, all: string): string => `
type Totals = { count: number; readonly lines: string[]; readonly inner: { n: number } };
class Helper { n = 0; bump(): void { this.n++; } }
type Message = { type: "add"; item: string } | Ask<{ type: "all" }, unknown>;
export class Basket extends Actor<Message> {
  #totals: Totals = { count: 0, lines: [], inner: { n: 0 } };
  readonly #rows: { n: number }[] = [];
  readonly #helper = new Helper();
  constructor() { super(); this.#totals.count = 1; }
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    switch (message.type) {
      case "add": console.log(message.item, this.#helper, this.#rows); ${add} break;
      case "all": ${all} break;
    }
  }
}`;

for (const [add, all, subject] of [
  ["this.#totals.count++;", "context.reply(this.#totals);", "this.#totals"],
  ["++this.#totals.count;", "context.reply(this.#totals);", "this.#totals"],
  ["this.#totals.lines.push(message.item);", "context.reply(this.#totals);", "this.#totals"],
  ["this.#totals.lines.push(message.item);", "context.reply(this.#totals.lines);", "this.#totals.lines"],
  ["this.#totals.inner.n = 2;", "context.reply({ totals: this.#totals });", "this.#totals"],
  ["const row = this.#rows[0]; if (row) this.#rows[0]!.n = 2;", "context.reply(this.#rows);", "this.#rows"],
] as const)
  test(`sent by reference out of a class: ${all} where ${add}`, () => {
    assert.deepEqual(found(classy(add, all)), [subject]);
  });

for (const [add, all] of [
  ["this.#totals = { ...this.#totals, count: 2 };", "context.reply(this.#totals);"],
  ["this.#totals.count++;", "context.reply({ ...this.#totals });"],
  ["this.#totals.count++;", "context.reply(structuredClone(this.#totals));"],
  ["this.#totals.count++;", "context.reply(this.#totals.lines);"],
  ["this.#totals.count++;", "context.reply(this.#totals); this.#totals = { count: 0, lines: [], inner: { n: 0 } };"],
  [
    "this.#totals.lines.push(message.item);",
    "context.reply(this.#totals.lines); this.#totals = { count: 0, lines: [], inner: { n: 0 } };",
  ],
  ["this.#helper.bump();", "context.reply(this.#helper);"],
] as const)
  test(`nothing is said of ${all} where ${add}`, () => {
    assert.deepEqual(found(classy(add, all)), []);
  });
