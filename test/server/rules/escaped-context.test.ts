/** Contexts that leave their actor: in variables, objects, collections and messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const program = (body: string, members = ""): string => `
type Message = { type: "go" };
let saved: unknown;
const byId = new Map<string, unknown>();
const known = new Set<unknown>();
const list: unknown[] = [];
const holder: { context?: unknown; deep: { list: unknown[] } } = { deep: { list: [] } };
const table: Record<string, unknown> = {};
declare global { interface WeakSet<T extends object> { add(key: T): this } }
declare const weak: WeakSet<object>;
declare const sink: ActorRef<{ type: "take"; what: unknown }>;
console.log(saved, byId, known, list, holder, table, weak);
export class Registry { static contexts: unknown[] = []; static last: unknown; }
export class A extends Actor<Message> {
  static current: unknown;
  readonly #own: unknown[] = [];
  #context: ActorContext<Message> | undefined;
  override handleMessage(_message: Message, context: ActorContext<Message>): void { this.#own.push(this.#context); ${body} }
  ${members}
}`;

function found(text: string): readonly string[] {
  return diagnose(filesOf(text), ["escaped-context"]).flatMap(({ diagnostics }) =>
    diagnostics.map(({ message }) => /"(.*)"/.exec(message)?.[1] ?? ""),
  );
}

for (const [body, holder] of [
  ["saved = context;", "saved"],
  ["saved = { context };", "saved"],
  ["saved ??= context;", "saved"],
  ["saved = [context, 1];", "saved"],
  ["saved = context.incarnation > 0 ? context : undefined;", "saved"],
  ['byId.set("a", context);', "byId"],
  ['byId.set("a", { context, at: 1 });', "byId"],
  ["known.add(context);", "known"],
  ["list.push(context);", "list"],
  ["list[0] = context;", "list"],
  ["holder.context = context;", "holder"],
  ["holder.deep.list.push({ deep: { context } });", "holder"],
  ['table["a"] = context;', "table"],
  ["Registry.contexts.push(context);", "Registry"],
  ["Registry.last = context;", "Registry"],
  ["A.current = context;", "A"],
  ["(globalThis as any).last = context;", "globalThis"],
  ["this.#context = context; list.push(this.#context);", "list"],
  ['sink.tell({ type: "take", what: context });', "what"],
  ['sink.tell({ type: "take", what: { context } });', "what"],
  ['sink.tell({ type: "take", what: [context] });', "what"],
] as const)
  test(`the context is given out by ${body}`, () => {
    const expected = body.includes("what: context }") ? "context" : holder;
    assert.deepEqual(found(program(body)), [expected]);
  });

for (const [body, members] of [
  ["this.#context = context;"],
  ["this.#own.push(context);"],
  ["const mine: unknown[] = []; mine.push(context); console.log(mine);"],
  ["const mine = { context }; console.log(mine);"],
  ["saved = context.self;"],
  ['byId.set("a", context.self);'],
  ["list.push(() => context.incarnation);"],
  ["weak.add(context);"],
  ['byId.set("a", context);', 'override postStop(): void { byId.delete("a"); }'],
  ["saved = context;", "override postStop(): void { saved = undefined; }"],
  ['sink.tell({ type: "take", what: context.self });'],
] as const)
  test(`the context is not given out by ${body} ${members ?? ""}`, () => {
    assert.deepEqual(found(program(body, members)), []);
  });
