/** Promises and asks that are lost in an expression, each at one place and by one rule; and those that are not lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const RULES = ["floating-promise-in-handler", "floating-ask"];
const actor = (body: string): string => `
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type Message = { type: "go"; ids: readonly string[] };
declare function save(id?: string): Promise<void>;
declare function load(id: string): Promise<string>;
declare function logged(id: string): void;
declare function either(): Promise<void> | void;
declare const store: { save(): Promise<void> } | undefined;
declare const other: ActorRef<Ask<{ type: "total" }, number>>;
declare const own: { forEach(each: (id: string) => Promise<void>): void };
export class Saver extends Actor<Message> {
  #last: Promise<void> | undefined;
  override async handleMessage({ ids }: Message, context: ActorContext<Message>): Promise<void> {
    const isMany = ids.length > 1;
    ${body}
    console.log(this.#last, isMany, context);
  }
}`;

function found(body: string): readonly string[] {
  return diagnose(filesOf(actor(body)), RULES).flatMap(({ diagnostics }) => diagnostics.map(({ rule }) => rule));
}

const PROMISE = "floating-promise-in-handler";
const ASK = "floating-ask";

for (const [body, expected] of [
  ["isMany && save();", [PROMISE]],
  ["isMany || save();", [PROMISE]],
  ["ids[0] ?? save();", [PROMISE]],
  ["isMany ? save() : undefined;", [PROMISE]],
  ["isMany ? save() : save();", [PROMISE, PROMISE]],
  ["(isMany && !isMany) || (isMany && save());", [PROMISE]],
  ["logged(''), save();", [PROMISE]],
  ["save(), logged('');", [PROMISE]],
  ["(save() as Promise<unknown>);", [PROMISE]],
  ["[save(), save()];", [PROMISE, PROMISE]],
  ["store?.save();", [PROMISE]],
  ["save().catch(undefined);", [PROMISE]],
  ["save().then(() => {}, undefined);", [PROMISE]],
  ["ids.forEach(async (id) => { await save(id); });", [PROMISE]],
  ["ids.forEach((id) => save(id));", [PROMISE]],
  ["ids.forEach((id) => { return save(id); });", [PROMISE]],
  ["ids.forEach((id) => { save(id); });", [PROMISE]],
  ["ids.forEach(save);", [PROMISE]],
  ["ids.map(async (id) => { await save(id); });", [PROMISE]],
  ["ids.map((id) => save(id));", [PROMISE]],
  ["ids.map(load);", [PROMISE]],
  ["isMany && ids.map(load);", [PROMISE]],
  ["isMany && other.ask({ type: 'total' });", [ASK]],
  ["isMany ? other.ask({ type: 'total' }) : undefined;", [ASK]],
  ["ids.map(() => other.ask({ type: 'total' }));", [ASK]],
  ["ids.forEach(() => other.ask({ type: 'total' }));", [ASK]],
  ["ids.forEach(async () => { await other.ask({ type: 'total' }); });", [PROMISE]],
  ["other.ask({ type: 'total' }).then(console.log);", [ASK]],
  ["other.ask({ type: 'total' }).catch(undefined);", [ASK]],
] as const)
  test(`${body} is reported ${expected.length === 1 ? "once" : "for each"}`, () => {
    assert.deepEqual(found(body), expected);
  });

for (const body of [
  "isMany && (await save());",
  "isMany && void save();",
  "const all = isMany ? save() : undefined; await all;",
  "this.#last = isMany ? save() : undefined;",
  "this.#last ??= save();",
  "save() && logged('');",
  "isMany && save().catch(() => {});",
  "isMany && save().then(() => {}, () => {});",
  "isMany && save().catch(() => {}).finally(() => {});",
  "await Promise.all(ids.map(async (id) => { await save(id); }));",
  "await Promise.all(ids.map(load));",
  "const all = ids.map(load); await Promise.all(all);",
  "void ids.map(load);",
  "ids.forEach(async (id) => { try { await save(id); } catch { logged(id); } });",
  "ids.forEach(logged);",
  "ids.forEach((id) => logged(id));",
  "ids.forEach((id) => void save(id));",
  "own.forEach(async (id) => { await save(id); });",
  "const later = () => save(); logged(String(later));",
  "either();",
  "ids.map(() => void other.ask({ type: 'total' }));",
  "await Promise.all(ids.map(() => other.ask({ type: 'total' })));",
  "const names = await Promise.all(ids.map(async (id) => (id === '' ? id : await load(id)))); logged(names[0] ?? '');",
])
  test(`${body} is left alone`, () => {
    assert.deepEqual(found(body), []);
  });
