import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const FOUND =
  'lost-registration: "feed" begins without this registration when it is restarted, and nobody registers again';

interface Parts {
  /** Beside `price` and `subscribe` in the feed. */
  readonly variants?: string;
  readonly field?: string;
  readonly keep?: string;
  readonly feedCases?: string;
  readonly feedMembers?: string;
  readonly register?: string;
  readonly displayMembers?: string;
  readonly head?: string;
  readonly strategy?: string;
  readonly feedSpec?: string;
  readonly extra?: string;
}

/** A feed, and a display that subscribes to it when it starts. */
function program(parts: Parts): string {
  return `
type Prices = { type: "subscribe"; by: ActorRef<Shown> } | { type: "price"; value: number }${parts.variants ?? ""};
type Shown = { type: "price"; value: number };
${parts.head ?? ""}
class Feed extends Actor<Prices> {
  ${parts.field ?? "readonly #subscribers = new Set<ActorRef<Shown>>();"}
  override handleMessage(message: Prices, context: ActorContext<Prices>): void {
    switch (message.type) {
      case "subscribe":
        ${parts.keep ?? "this.#subscribers.add(message.by);"}
        break;
      case "price":
        break;
      ${parts.feedCases ?? ""}
    }
  }
  ${parts.feedMembers ?? ""}
}
class Display extends Actor<Shown> {
  override preStart(context: ActorContext<Shown>): void {
    ${parts.register ?? 'context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });'}
  }
  override handleMessage(message: Shown, context: ActorContext<Shown>): void {}
  ${parts.displayMembers ?? ""}
}
${parts.extra ?? ""}
export const root = supervisor({
  ${parts.strategy ?? 'strategy: "one_for_one",'}
  children: [
    { id: "feed", ${parts.feedSpec ?? 'name: "feed",'} start: () => new Feed() },
    { id: "display", start: () => new Display() },
  ],
});
`;
}

const MARK = `
    context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
                                   //^^^^ ${FOUND}`;

function reported(title: string, parts: Parts): void {
  test(`reported: ${title}`, () => checkRule(program({ register: MARK, ...parts }), ["lost-registration"]));
}

function silent(title: string, parts: Parts): void {
  test(`silent: ${title}`, () => checkClean(program(parts), ["lost-registration"]));
}

reported("a ref put into a set", {});
reported("under the default strategy", { strategy: "" });
reported("a ref put into a map with a key from the message", {
  field: "#subscribers = new Map<string, ActorRef<Shown>>();",
  keep: "this.#subscribers.set(message.by.id, message.by);",
});
reported("a ref that is the value of a field", {
  field: "#listener: ActorRef<Shown> | undefined;",
  keep: "this.#listener = message.by;",
});
reported("an array made anew with the ref", {
  field: "#subscribers: readonly ActorRef<Shown>[] = [];",
  keep: "this.#subscribers = [...this.#subscribers, message.by];",
});
reported("a ref within an object", {
  field: "#subscribers: { ref: ActorRef<Shown> }[] = [];",
  keep: "this.#subscribers.push({ ref: message.by });",
});
reported("a transient sibling", { feedSpec: 'name: "feed", restart: "transient",' });
reported("a sibling that monitors who registers, and forgets who has ended", {
  keep: "this.#subscribers.add(message.by); context.monitor(message.by);",
  feedMembers: "override handleSignal(signal: Signal): void { this.#subscribers.delete(signal.from as never); }",
});
reported("a sibling that one can leave again", {
  variants: ' | { type: "leave"; by: ActorRef<Shown> }',
  feedCases: 'case "leave": this.#subscribers.delete(message.by); break;',
});
reported("a sibling that tells those who registered", {
  variants: ' | { type: "change"; value: number }',
  feedCases:
    'case "change": for (const one of this.#subscribers) one.tell({ type: "price", value: message.value }); break;',
});
reported("through a constant", {
  register: `
    const feed = context.whereis<Prices>("feed");
    if (feed !== undefined) feed.tell({ type: "subscribe", by: context.self });
                               //^^^^ ${FOUND}`,
});

const SUBSCRIBE = `#subscribe(context: ActorContext<Shown>): void {
    context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
  }`;
reported("a method that only the start calls", {
  register: "this.#subscribe(context);",
  displayMembers: `#subscribe(context: ActorContext<Shown>): void { this.#send(context); }
  #send(context: ActorContext<Shown>): void {
    context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
                                   //^^^^ ${FOUND}
  }`,
});
reported("a method that keeps the ref it is given", {
  keep: "this.#keep(message.by);",
  feedMembers: "#keep(by: ActorRef<Shown>): void { this.#subscribers.add(by); }",
});
reported("a method that keeps a ref of the message it is given", {
  keep: "this.#keep(message);",
  feedMembers: "#keep(got: { by: ActorRef<Shown> }): void { this.#subscribers.add(got.by); }",
});
reported("a method that takes the ref out of the message in its parameters", {
  keep: "this.#keep(message, context);",
  feedMembers:
    "#keep({ by: who }: { by: ActorRef<Shown> }, context: ActorContext<Prices>): void { this.#subscribers.add(who); context.monitor(who); }",
});
silent("a method that the start and a handler call", {
  register: "this.#subscribe(context);",
  displayMembers: `again(context: ActorContext<Shown>): void { this.#subscribe(context); } ${SUBSCRIBE}`,
});
silent("a method that a signal calls too", {
  register: "this.#subscribe(context);",
  displayMembers: `override handleSignal(signal: Signal, context: ActorContext<Shown>): void { this.#subscribe(context); } ${SUBSCRIBE}`,
});
silent("a method that is given away", {
  register: "this.#subscribe(context); console.log(this.#subscribe);",
  displayMembers: `retry = (): unknown => this.#subscribe; ${SUBSCRIBE}`,
});
silent("a method that anybody can call", {
  register: "this.subscribe(context);",
  displayMembers: SUBSCRIBE.replace("#subscribe", "subscribe"),
});
silent("a sibling whose start asks for registrations in a method", {
  feedMembers: `override preStart(context: ActorContext<Prices>): void { this.#ask(context); }
  #ask(context: ActorContext<Prices>): void { context.whereis<Shown>("display")?.tell({ type: "price", value: 0 }); }`,
});
silent("a method that only tells the ref", {
  keep: "this.#answer(message.by);",
  feedMembers: '#answer(by: ActorRef<Shown>): void { by.tell({ type: "price", value: 1 }); }',
});
silent("a method that keeps the ref, of which another takes it away", {
  variants: ' | { type: "done" }',
  keep: "this.#keep(message.by);",
  feedCases: 'case "done": this.#forget(); break;',
  feedMembers:
    "#keep(by: ActorRef<Shown>): void { this.#subscribers.add(by); } #forget(): void { this.#subscribers.clear(); }",
});

test("reported: functional actors, in files of their own", () => {
  checkRule(
    `
    //- /prices.ts
    export type Prices = { type: "subscribe"; by: ActorRef<Shown> } | { type: "price"; value: number };
    export type Shown = { type: "price"; value: number };
    //- /feed.ts
    import { type ActorRef, defineActor } from "airssys-rt";
    import type { Prices, Shown } from "./prices.ts";
    export const feed = defineActor<Prices, { readonly subscribers: readonly ActorRef<Shown>[] }>({
      init: () => ({ subscribers: [] }),
      handlers: {
        subscribe: (state, { by }) => ({ ...state, subscribers: [...state.subscribers, by] }),
        price: (state) => state,
      },
    });
    //- /display.ts
    import { defineActor } from "airssys-rt";
    import type { Prices, Shown } from "./prices.ts";
    export const display = defineActor<Shown, number>({
      init: (context) => {
        context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
                                       //^^^^ ${FOUND}
        return 0;
      },
      handlers: { price: (_, message) => message.value },
    });
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { display } from "./display.ts";
    import { feed } from "./feed.ts";
    export const root = supervisor({
      children: [
        { id: "feed", name: "feed", start: feed },
        { id: "display", start: display },
      ],
    });
    `,
    ["lost-registration"],
  );
});

for (const [title, handlers] of [
  ["another handler makes the list anew", "price: () => ({ subscribers: [] })"],
  ["another handler empties the list", "price: (state) => ({ ...state, subscribers: [] })"],
] as const) {
  test(`silent: functional, ${title}`, () => {
    checkClean(
      `
      type Prices = { type: "subscribe"; by: ActorRef<Shown> } | { type: "price"; value: number };
      type Shown = { type: "price"; value: number };
      const feed = defineActor<Prices, { readonly subscribers: readonly ActorRef<Shown>[] }>({
        init: () => ({ subscribers: [] }),
        handlers: {
          subscribe: (state, { by }) => ({ ...state, subscribers: [...state.subscribers, by] }),
          ${handlers},
        },
      });
      const display = defineActor<Shown, number>({
        init: (context) => {
          context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
          return 0;
        },
        handlers: { price: (_, message) => message.value },
      });
      export const root = supervisor({
        children: [
          { id: "feed", name: "feed", start: feed },
          { id: "display", start: display },
        ],
      });
      `,
      ["lost-registration"],
    );
  });
}

silent("rest_for_one, the child after the sibling", { strategy: 'strategy: "rest_for_one",' });
silent("one_for_all", { strategy: 'strategy: "one_for_all",' });
silent("an unknown strategy", {
  head: 'declare const strategy: "one_for_one" | "one_for_all";',
  strategy: "strategy,",
});
silent("a supervisor that restarts nothing", { strategy: "maxRestarts: 0," });
silent("a sibling that is never restarted", { feedSpec: 'name: "feed", restart: "temporary",' });
silent("an unknown name", {
  head: "declare const feedName: string;",
  register: 'context.whereis<Prices>(feedName)?.tell({ type: "subscribe", by: context.self });',
});
silent("a name of nobody here", { feedSpec: 'name: "other",' });
silent("a name two children have", {
  extra: 'export const other = supervisor({ children: [{ id: "x", name: "feed", start: () => new Feed() }] });',
});
silent("a child that monitors", {
  register: `
    const feed = context.whereis<Prices>("feed");
    if (feed === undefined) return;
    context.monitor(feed);
    feed.tell({ type: "subscribe", by: context.self });`,
});
silent("a child that links", {
  register: `
    const feed = context.whereis<Prices>("feed");
    if (feed === undefined) return;
    context.link(feed);
    feed.tell({ type: "subscribe", by: context.self });`,
});
silent("a sibling that links who registers", {
  keep: "this.#subscribers.add(message.by); context.link(message.by);",
});
silent("a child that registers again in a handler", {
  displayMembers: `again(context: ActorContext<Shown>): void {
    context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
  }`,
});
silent("somebody else who registers children", {
  extra: `export function help(feed: ActorRef<Prices>, by: ActorRef<Shown>): void { feed.tell({ type: "subscribe", by }); }`,
});
silent("somebody who sends messages that are not known", {
  extra: "export function pass(feed: ActorRef<Prices>, message: any): void { feed.tell(message); }",
});
silent("a child that gives its context to other code", {
  head: "declare function keepRegistered(context: ActorContext<Shown>): void;",
  register: `
    context.whereis<Prices>("feed")?.tell({ type: "subscribe", by: context.self });
    keepRegistered(context);`,
});
silent("a sibling that asks for registrations when it starts", {
  feedMembers: `override preStart(context: ActorContext<Prices>): void {
    context.whereis<Shown>("display")?.tell({ type: "price", value: 0 });
  }`,
});
silent("a ref that is only answered", { keep: 'message.by.tell({ type: "price", value: 1 });' });
silent("a ref kept in a variable of the module", {
  head: "const subscribers = new Set<ActorRef<Shown>>();",
  keep: "subscribers.add(message.by);",
});
silent("a field that holds what others hold too", {
  head: "const shared = new Set<ActorRef<Shown>>();",
  field: "#subscribers = shared;",
});
silent("a field given from outside", {
  field: "constructor(readonly list: Set<ActorRef<Shown>> = new Set()) { super(); }",
  keep: "this.list.add(message.by);",
});
silent("another property of the message", {
  field: "readonly #values = new Set<string>();",
  keep: "this.#values.add(message.type);",
});
silent("one that is told once and forgotten", {
  variants: ' | { type: "done" }',
  field: "#waiting: ActorRef<Shown> | undefined;",
  keep: "this.#waiting = message.by;",
  feedCases: 'case "done": this.#waiting?.tell({ type: "price", value: 0 }); this.#waiting = undefined; break;',
});
silent("all are told once and forgotten", {
  variants: ' | { type: "done" }',
  feedCases: 'case "done": this.#subscribers.clear(); break;',
});
silent("the set is given to other code", {
  head: "declare function save(refs: Set<ActorRef<Shown>>): void;",
  keep: "this.#subscribers.add(message.by); save(this.#subscribers);",
});
test("silent: an actor of a class between", () => {
  checkClean(
    program({ head: "abstract class Base extends Actor<Prices> {}" }).replace(
      "class Feed extends Actor<Prices>",
      "class Feed extends Base",
    ),
    ["lost-registration"],
  );
});

test("broken code says nothing and does not throw", () => {
  checkClean(program({ keep: "this.#subscribers.add(message.", register: "context.whereis(" }), ["lost-registration"]);
});

test("the fix restarts the child with the sibling", () => {
  checkFix(program({}), program({ strategy: 'strategy: "rest_for_one",' }), { only: "lost-registration" });
});

test("the fix writes the strategy where none is", () => {
  checkFix(program({ strategy: "name: 'x'," }), program({ strategy: "strategy: \"rest_for_one\",\n  name: 'x'," }), {
    only: "lost-registration",
  });
});

test("no fix where the sibling stands after the child", () => {
  const text = program({ register: MARK }).replace(
    /children: \[\n(.*)\n(.*)\n/,
    (_, feed: string, display: string) => `children: [\n${display}\n${feed}\n`,
  );
  checkRule(text, ["lost-registration"]);
});

test("no fix is offered where the strategy stands for its name, or comes with a spread", () => {
  for (const [head, strategy] of [
    ['const strategy = "one_for_one";', "strategy,"],
    ['const base = { strategy: "one_for_one" } as const;', "...base,"],
  ] as const)
    checkRule(program({ register: MARK, head, strategy }), ["lost-registration"]);
  assert.throws(
    () =>
      checkFix(program({ head: 'const strategy = "one_for_one";', strategy: "strategy," }), "", {
        only: "lost-registration",
      }),
    /no finding has a fix/,
  );
});
