/** Which classes are actors, whatever they extend, and which of their methods is given the messages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const BASES = `
type M = { type: "a" } | { type: "b" };
type Q = Ask<{ type: "a" }, number> | { type: "b" };
type Constructor<T = {}> = abstract new (...args: any[]) => T;
function Logged<B extends Constructor<Actor<any>>>(Base: B) {
  abstract class WithLog extends Base { log(text: string): void { console.log(text); } }
  return WithLog;
}
function Plain<B extends Constructor>(Base: B) {
  abstract class WithName extends Base { readonly label = "x"; }
  return WithName;
}
function baseOf<N>(): typeof Actor<N> { return Actor; }
const Typed: typeof Actor<M> = Actor;
const Short = Actor<M>;
abstract class Hooked<N> extends Actor<N> {
  override handleMessage(message: N, context: ActorContext<N>): void { console.log("x"); this.onMessage(message, context); }
  abstract onMessage(message: N, context: ActorContext<N>): void;
}
abstract class Pinged<N extends { type: string }> extends Actor<N | { type: "ping" }> {
  override async handleMessage(message: N | { type: "ping" }, context: ActorContext<N | { type: "ping" }>): Promise<void> {
    if (message.type === "ping") return;
    await this.receive(context, message as N);
  }
  protected abstract receive(context: ActorContext<N | { type: "ping" }>, message: N): void | Promise<void>;
}
abstract class Answering<N> extends Actor<N> {
  override handleMessage(message: N, context: ActorContext<N>): void { context.reply(this.answer(message) as never); }
  abstract answer(message: N): unknown;
}
class Unrelated { handleMessage(message: M): void { console.log(message); } }
const OtherBase: typeof Unrelated = Unrelated;
console.log(OtherBase, Short, Typed);
`;

function found(code: string, rule: string): readonly string[] {
  return diagnose(filesOf(`${BASES}\n${code}`), [rule]).flatMap(({ diagnostics }) =>
    diagnostics.map((one) => one.message),
  );
}

const ONE_CASE = 'switch (message.type) { case "a": return; }';
const handler = (base: string): string =>
  `export class Cart extends ${base} { override handleMessage(message: M): void { ${ONE_CASE} } }`;

for (const [title, code] of [
  ["a mixin over Actor", handler("Logged(Actor<M>)")],
  ["a mixin of a mixin", handler("Plain(Logged(Actor<M>))")],
  ["a mixin that asks for no actor", handler("Plain(Actor<M>)")],
  ["a constant of a type", handler("Typed")],
  ["a constant with type arguments", handler("Short")],
  ["what a function returns", handler("baseOf<M>()")],
  ["a cast", handler("(Actor as typeof Actor<M>)")],
  [
    "an actor, as an expression without a name",
    `export const Cart = class extends Actor<M> { override handleMessage(message: M): void { ${ONE_CASE} } };`,
  ],
  [
    "a base that calls onMessage",
    `export class Cart extends Hooked<M> { override onMessage(message: M): void { ${ONE_CASE} } }`,
  ],
  [
    "a base that calls a field",
    `export class Cart extends Hooked<M> { readonly onMessage = (message: M): void => { ${ONE_CASE} }; }`,
  ],
  [
    "a base that handles some and gives the others on",
    `export class Cart extends Pinged<M> { protected override receive(_context: ActorContext<M | { type: "ping" }>, message: M): void { ${ONE_CASE} } }`,
  ],
  [
    "a generic base of its own",
    "export class Cart<T> extends Actor<{ type: 'a' } | { type: 'b'; value: T }> { override handleMessage(message: { type: 'a' } | { type: 'b'; value: T }): void { switch (message.type) { case 'a': return; } } }",
  ],
] as const)
  test(`a class that extends ${title} is an actor whose messages are known`, () => {
    assert.deepEqual(found(code, "unhandled-message"), ['"b" is not handled']);
  });

for (const [title, code] of [
  ["a constant that is another class", handler("OtherBase")],
  ["a mixin over nothing", handler("Plain(Unrelated)")],
  [
    "an actor, and whose own protocol is not closed",
    `export class Cart<N extends M> extends Actor<N> { override handleMessage(message: N): void { ${ONE_CASE} } }`,
  ],
  [
    "a base that handles all",
    "export class Cart extends Hooked<M> { override onMessage(message: M): void { console.log(message); } }",
  ],
] as const)
  test(`nothing is said of a class that extends ${title}`, () => {
    assert.deepEqual(found(code, "unhandled-message"), []);
  });

test("what a method in the place of handleMessage does is done in turns", () => {
  const code = (body: string): string =>
    `export class Cart extends Hooked<M> { override onMessage(message: M, context: ActorContext<M>): void { console.log(message); ${body} } }`;
  assert.equal(found(code("setInterval(() => context.stop(), 5);"), "global-timer-in-actor").length, 1);
  assert.equal(found(code('context.timers.startOnce("t", { type: "a" }, 5);'), "global-timer-in-actor").length, 0);
});

test("a method in the place of handleMessage has to answer where the base does not", () => {
  const hooked = `export class Cart extends Hooked<Q> { override onMessage(message: Q, context: ActorContext<Q>): void {
    switch (message.type) { case "a": if (context.incarnation > 1) context.reply(1); return; case "b": return; } } }`;
  assert.equal(found(hooked, "missing-reply").length, 1);
  const answering = `export class Cart extends Answering<Q> { override answer(message: Q): unknown {
    switch (message.type) { case "a": return 1; case "b": return 2; } } }`;
  assert.equal(found(answering, "missing-reply").length, 0);
  const first = `export class Cart extends Pinged<Q> { protected override receive(context: ActorContext<Q | { type: "ping" }>, message: Q): void {
    switch (message.type) { case "a": context.reply(1); return; case "b": return; } } }`;
  assert.equal(found(first, "missing-reply").length, 0);
});
