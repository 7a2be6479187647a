/** What a single statement of an actor does that it should not: changes out of turn, lost states and stashes, timers, listeners, shared objects. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

function found(text: string, rule: string): number {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics).length;
}

/** A class with a field that its handler reads. */
const actor = (body: string, members = "", start = ""): string => `
import { Actor, defineActor, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type M = { type: "go"; n: number } | { type: "other" } | Ask<{ type: "get" }, number>;
declare function load(): Promise<number>;
declare const bus: { on(name: string, f: (x: number) => void, options?: object): unknown; off(name: string, f: unknown): void; once(name: string, f: (x: number) => void): unknown; addEventListener(name: string, f: () => void, options?: object): void; readonly inner: { on(name: string, f: (x: number) => void): void } };
declare function give(what: unknown): void;
declare function busFor(n: number): typeof bus;
export class A extends Actor<M> {
  #n = 0;
  #list: number[] = [];
  #byId = new Map<string, number>();
  #unread = 0;
  readonly #own = busFor(1);
  #context: unknown;
  constructor() { super(); bus.once("made", (n) => { this.#n = n; }); }
  override async preStart(context: ActorContext<M>): Promise<void> { console.log(context.incarnation, this.#own, this.#context); ${start} }
  override async handleMessage(message: M, context: ActorContext<M>): Promise<void> {
    if (message.type === "get") context.reply(this.#n + this.#list.length + this.#byId.size);
    ${body}
  }
  ${members}
}`;

const OUTSIDE = "state-changed-outside-turn";
for (const body of [
  "void load().then((n) => { this.#n = n; });",
  "load().then((n) => (this.#n = n), () => {});",
  "load().catch(() => { this.#n++; });",
  "load().finally(() => { this.#n += 1; });",
  "void load().then((n) => { if (n > 1) this.#list.push(n); });",
  'void load().then((n) => { this.#byId.set("a", n); });',
  "void load().then((n) => { this.#list[0] = n; });",
  "setTimeout(() => { this.#n = 1; }, 5);",
  "const t = setInterval(() => { this.#n--; }, 5); clearInterval(t);",
  'bus.on("x", (n) => { this.#n = n; });',
  'bus.on("x", (n) => { [n].forEach((one) => { this.#n = one; }); });',
  "context.pipeToSelf(load().then((n) => { this.#n = n; return n; }), () => ({ type: 'other' }));",
])
  test(`the state is changed outside of a turn: ${body}`, () => assert.equal(found(actor(body), OUTSIDE), 1));

for (const [body, members] of [
  ["await load().then((n) => { this.#n = n; });"],
  ["return load().then((n) => { this.#n = n; });"],
  ["await Promise.all([1].map(async (n) => { this.#n = n + (await load()); }));"],
  ['await new Promise<void>((resolve) => { bus.once("x", (n) => { this.#n = n; resolve(); }); });'],
  ["[1].forEach((n) => { this.#n = n; });"],
  ["void load().then((n) => { context.self.tell({ type: 'go', n }); });"],
  ["void load().then((n) => { let mine = 0; mine = n; console.log(mine); });"],
  ["void load().finally(() => { this.#byId.delete('a'); });"],
  ["void load().then((n) => { this.#unread = n; });"],
  ["context.signal.addEventListener('abort', () => { this.#n = -1; });"],
  ["void this.#later();", "async #later(): Promise<void> { await load(); }"],
] as const)
  test(`the state is changed in a turn, or not at all: ${body}`, () =>
    assert.equal(found(actor(body, members), OUTSIDE), 0));

const functional = (add: string, init = "{ count: 0, items: [] }", before = "", more = ""): string => `
import { Actor, become, defineActor, supervisor, type ActorContext } from "airssys-rt";
interface S { count: number; items: number[] }
type M = { type: "add"; n: number };
declare function load(): Promise<number>;
${before}
const others = { add: (state: S) => state };
console.log(become, others);
export const a = defineActor<M, S>({ init: () => (${init}), handlers: { add: ${add} }, ${more} });`;

test("the state of a functional actor is changed outside of a turn", () => {
  const add = (body: string): string => `async (state, message) => { console.log(state.count, message); ${body} }`;
  assert.equal(found(functional(add("void load().then((n) => { state.count = n; });")), OUTSIDE), 1);
  assert.equal(found(functional(add("await load().then((n) => { state.count = n; });")), OUTSIDE), 0);
});

const LOST = "lost-next-state";
for (const add of [
  "(state, message) => { ({ ...state, count: message.n }); }",
  "(state) => { count: state.count + 1 }",
  "(state) => { state.count + 1; }",
  "(state, message) => { state = { ...state, count: message.n }; }",
  "(state) => { become(others, state); }",
  "(state, message) => { if (message.n > 1) become(others, state); }",
  "(state, message) => { if (message.n > 1) { become(others, state); return; } return { ...state, count: 1 }; }",
])
  test(`a next state goes nowhere: ${add}`, () => assert.equal(found(functional(add), LOST), 1));
for (const add of [
  "(state, message) => ({ ...state, count: message.n })",
  "(state, message) => { state.count = message.n; }",
  "(state, message) => { state = { ...state, count: message.n }; return state; }",
  "(state) => become(others, state)",
  "(state) => { const next = become(others, state); return next; }",
  "(state) => { loop: for (const one of state.items) { if (one > 1) break loop; } }",
  "(state) => { [1].map((n) => ({ n })); return state; }",
  "(state) => { state.items.push(state.count + 1); }",
])
  test(`no next state is lost: ${add}`, () => assert.equal(found(functional(add), LOST), 0));

const SHARED = "shared-initial-state";
test("all incarnations begin with one object only where that is made outside and changed", () => {
  const push = "(state, message) => { state.items.push(message.n); }";
  const INITIAL = "const initial: S = { count: 0, items: [] };";
  assert.equal(found(functional(push, "initial", INITIAL), SHARED), 1);
  assert.equal(found(functional("(state) => { state.count++; }", "initial", INITIAL), SHARED), 1);
  assert.equal(found(functional("(state) => ({ ...state, count: 1 })", "initial", INITIAL), SHARED), 0);
  assert.equal(found(functional(push, "{ ...initial, items: [] }", INITIAL), SHARED), 0);
  assert.equal(found(functional(push), SHARED), 0);
  assert.equal(found(functional(push, "made()", "declare function made(): S;"), SHARED), 0);
  assert.equal(found(functional(push, "initial", "declare const initial: S;"), SHARED), 0);
});
for (const [start, count] of [
  ["const made = new B(); export const root = supervisor({ children: [{ id: 'b', start: () => made }] });", 1],
  [
    "const made = new B(); export const root = supervisor({ children: [{ id: 'b', start: () => { return made; } }] });",
    1,
  ],
  ["const made = new B(); export function run(context: ActorContext<M>): void { context.spawn(() => made); }", 0],
  [
    "const made = new B(); export const root = supervisor({ children: [{ id: 'b', restart: \"temporary\", start: () => made }] });",
    0,
  ],
  ["export const root = supervisor({ children: [{ id: 'b', start: () => new B() }] });", 0],
  [
    "export const root = supervisor({ children: [{ id: 'b', start: () => { const made = new B(); return made; } }] });",
    0,
  ],
  ["export function run(context: ActorContext<M>, made: () => B): void { context.spawn(() => made()); }", 0],
  ["const made = { start: () => other }; const other = {}; console.log(made);", 0],
] as const)
  test(`an actor that is made once: ${start.slice(0, 100)}`, () => {
    assert.equal(
      found(
        functional(
          "(state) => state",
          "{ count: 0, items: [] }",
          `class B extends Actor<M> { override handleMessage(): void {} }\n${start}`,
        ),
        SHARED,
      ),
      count,
    );
  });

const STASH = "stash-without-unstash";
test("what is stashed has to be taken up by somebody", () => {
  assert.equal(found(actor("context.stash();"), STASH), 1);
  assert.equal(found(actor('if (message.type === "go") context.stash(); else context.stash();'), STASH), 1);
  assert.equal(found(actor("context.stash(); context.unstashAll();"), STASH), 0);
  assert.equal(
    found(actor("context.stash();", "#go(context: ActorContext<M>): void { context.unstashAll(); }"), STASH),
    0,
  );
  assert.equal(found(actor("context.stash(); give(context);"), STASH), 0);
  assert.equal(found(actor("context.stash(); this.#context = context;"), STASH), 0);
  assert.equal(
    found(
      actor("context.stash();")
        .replace("extends Actor<M>", "extends Base")
        .replace("export class A", "abstract class Base extends Actor<M> {}\nexport class A"),
      STASH,
    ),
    0,
  );
  assert.equal(found(functional("(state, _message, context) => { context.stash(); return state; }"), STASH), 1);
  assert.equal(
    found(
      functional(
        "(state, _message, context) => { context.stash(); return become({ add: (s, _m, c) => { c.unstashAll(); return s; } }, state); }",
      ),
      STASH,
    ),
    0,
  );
});

const KEY = "timer-key-reused";
const once = (key: string, type: string): string =>
  `context.timers.startOnce("${key}", { type: "${type}", n: 1 } as M, 5);`;
const plain = (key: string, type: string): string =>
  `context.timers.startPeriodic("${key}", { type: "${type}" } as M, 5);`;
for (const [body, count] of [
  [`${once("t", "go")} ${plain("t", "other")}`, 1],
  [`${once("t", "go")} console.log(1); ${plain("t", "other")}`, 1],
  [`${once("t", "go")} { ${plain("t", "other")} }`, 1],
  [`${once("t", "go")} ${plain("u", "other")}`, 0],
  [`${once("t", "go")} ${once("t", "go")}`, 0],
  [`${once("t", "go")} context.timers.cancel("t"); ${plain("t", "other")}`, 0],
  [`${once("t", "go")} await load(); ${plain("t", "other")}`, 0],
  [`if (message.type === "go") { ${once("t", "go")} } else { ${plain("t", "other")} }`, 0],
  [`if (message.type === "go") { ${once("t", "go")} return; } ${plain("t", "other")}`, 0],
] as const)
  test(`timers that replace each other: ${body}`, () => assert.equal(found(actor(body), KEY), count));

const LISTENER = "unreleased-subscription";
for (const [start, count, members] of [
  ['bus.on("x", (n) => context.self.tell({ type: "go", n }));', 1],
  ['bus.on("x", (n) => this.note(n));', 1, "note(n: number): void { console.log(n); }"],
  ['bus.inner.on("x", () => context.stop());', 1],
  ['bus.addEventListener("x", () => context.stop());', 1],
  ['bus.on("x", (n) => console.log(n));', 0],
  ['bus.once("x", () => context.stop());', 0],
  ['bus.addEventListener("x", () => context.stop(), { signal: context.signal });', 0],
  ['const sub = bus.on("x", () => context.stop()); console.log(sub);', 0],
  ['this.#own.on("x", () => context.stop());', 0],
  ['busFor(1).on("x", () => context.stop());', 0],
  ['const mine = busFor(2); mine.on("x", () => context.stop());', 0],
  ['bus.on("x", () => context.stop());', 0, 'override postStop(): void { bus.off("x", this); }'],
] as const)
  test(`a listener of a start: ${start} ${members ?? ""}`, () =>
    assert.equal(found(actor("", members, start), LISTENER), count));

const hall = (body: string): string => `
import { Actor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type Hall = Ask<{ type: "isFree" }, boolean> | Ask<{ type: "count" }, number> | Ask<{ type: "take" }, boolean> | { type: "book" };
declare const hall: ActorRef<Hall>;
declare const other: ActorRef<Hall>;
export class A extends Actor<{ type: "go" }> {
  override async handleMessage(_message: { type: "go" }, context: ActorContext<{ type: "go" }>): Promise<void> { console.log(context); ${body} }
}`;
const ACT = "check-then-act";
const ASKED = 'const isFree = await hall.ask({ type: "isFree" });';
for (const [body, count] of [
  [`${ASKED} if (isFree) hall.tell({ type: "book" });`, 1],
  [`${ASKED} if (!isFree) return; hall.tell({ type: "book" });`, 1],
  [`${ASKED} if (!isFree) { console.log(1); return; } console.log(2); await hall.tellAsync({ type: "book" });`, 1],
  ['if (await hall.ask({ type: "isFree" })) hall.tell({ type: "book" });', 1],
  ['if (!(await hall.ask({ type: "isFree" }))) return; hall.tell({ type: "book" });', 1],
  [`${ASKED} if (isFree) await hall.ask({ type: "take" });`, 1],
  ['const count = await hall.ask({ type: "count" }); if (count < 10) hall.tell({ type: "book" });', 1],
  [`${ASKED} if (isFree) other.tell({ type: "book" });`, 0],
  [`${ASKED} console.log(isFree); hall.tell({ type: "book" });`, 0],
  [`${ASKED} if (isFree) await hall.ask({ type: "isFree" });`, 0],
  ['const count = await hall.ask({ type: "count" }); if (count < 10) await hall.ask({ type: "take" });', 0],
  [`${ASKED} if (Date.now() > 1) hall.tell({ type: "book" }); console.log(isFree);`, 0],
  [`hall.tell({ type: "book" }); ${ASKED} if (isFree) console.log(1);`, 0],
] as const)
  test(`a question and what is done by its answer: ${body}`, () => assert.equal(found(hall(body), ACT), count));
