/** Signals that are asked for and not heard, and signals that are waited for and cannot come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

function found(text: string, rule: string): number {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics).length;
}

const HEAD = 'type Message = { type: "go"; who: ActorRef };\ndeclare function give(what: unknown): void;';
const classy = (start: string, handler: string, base = "Actor<Message>"): string => `${HEAD}
  abstract class Base extends Actor<Message> { override handleSignal(signal: Signal): void { console.log(signal.type); } }
  abstract class Trapping extends Actor<Message> { override preStart(context: ActorContext<Message>): void { context.trapExit(true); } }
  console.log(Base, Trapping);
  export class A extends ${base} {
    #context: unknown;
    override handleMessage(message: Message, context: ActorContext<Message>): void { console.log(this.#context); ${start} }
    ${handler}
  }`;
const functional = (start: string, handler: string): string => `${HEAD}
  export const a = defineActor<Message, number>({
    init: (context) => { console.log(context.incarnation); return 0; },
    handlers: { go: (state, message, context) => { ${start} } },
    ${handler}
  });`;

const DEAF = "monitor-without-signal-handler";
for (const start of ["context.monitor(message.who);", "context.trapExit(true);"]) {
  for (const handler of [
    "",
    "override handleSignal(): void {}",
    "override handleSignal(): void { return; }",
    "override readonly handleSignal = (): void => undefined;",
  ])
    test(`${start} with ${handler || "no handler"} is reported`, () =>
      assert.equal(found(classy(start, handler), DEAF), 1));
  for (const handler of [
    "",
    "onSignal: () => undefined,",
    "onSignal: (state) => state,",
    "onSignal(state) { return state; },",
  ])
    test(`${start} with ${handler || "no handler"} in a functional actor is reported`, () =>
      assert.equal(found(functional(start, handler), DEAF), 1));
  for (const [handler, base] of [
    ["override handleSignal(signal: Signal): void { console.log(signal.type); }"],
    ["override handleSignal(): void { this.next(); } next(): void {}"],
    ["override handleSignal(): void { /* its end is nothing to us */ }"],
    ["", "Base"],
  ] as const)
    test(`${start} with ${handler || "the handler of its base"} is left alone`, () =>
      assert.equal(found(classy(start, handler, base), DEAF), 0));
  test(`${start} with a handler that changes the state is left alone`, () =>
    assert.equal(found(functional(start, "onSignal: (state) => state + 1,"), DEAF), 0));
}
test("trapping no exits any more needs no handler", () => {
  assert.equal(found(classy("context.trapExit(false);", ""), DEAF), 0);
  assert.equal(found(classy("context.trapExit(message.who === undefined);", ""), DEAF), 0);
});

const EXIT = "exit-signal-never-delivered";
const ASKS = 'override handleSignal(signal: Signal): void { if (signal.type === "exit") console.log(1); }';
for (const handler of [
  ASKS,
  'override handleSignal(signal: Signal): void { switch (signal.type) { case "exit": console.log(1); break; case "down": break; } }',
  'override handleSignal({ type }: Signal): void { if (type === "exit") console.log(1); }',
])
  test(`no exit comes to ${handler}`, () => {
    assert.equal(found(classy("context.stop();", handler), EXIT), 1);
    assert.equal(found(classy("context.trapExit(true);", handler), EXIT), 0);
  });
for (const [title, start, handler, base] of [
  ["gives its context away", "give(context);", ASKS],
  ["keeps its context", "this.#context = context;", ASKS],
  ["extends another", "context.stop();", ASKS, "Trapping"],
  [
    "asks for no exit",
    "context.monitor(message.who);",
    "override handleSignal(signal: Signal): void { console.log(signal.reason); }",
  ],
  [
    "asks for the end of a monitored one",
    "context.monitor(message.who);",
    'override handleSignal(signal: Signal): void { if (signal.type === "down") console.log(1); }',
  ],
  [
    "asks whether it is another",
    "context.monitor(message.who);",
    'override handleSignal(signal: Signal): void { if (signal.type !== "exit") console.log(1); }',
  ],
  [
    "traps in a method",
    "this.#trap(context);",
    `${ASKS} #trap(context: ActorContext<Message>): void { context.trapExit(true); }`,
  ],
] as const)
  test(`nothing is said of an actor with a handler for exits that ${title}`, () => {
    assert.equal(found(classy(start, handler, base), EXIT), 0);
  });
test("a functional actor that traps no exits hears of none", () => {
  const handler = 'onSignal: (state, signal) => (signal.type === "exit" ? state + 1 : state),';
  assert.equal(found(functional("context.stop();", handler), EXIT), 1);
  assert.equal(found(functional("context.trapExit(true);", handler), EXIT), 0);
  assert.equal(found(functional("give(context);", handler), EXIT), 0);
});
