/** What an actor does through its methods, and through functions of its file, is what its handlers do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

/** Two actors that ask each other: `a` waits for `b` in its handler, and what `b` does is the test's. */
const circle = (body: string, members = "", functions = ""): string => `
import { Actor, supervisor, type ActorContext, type Ask } from "airssys-rt";
type AMessage = Ask<{ type: "place" }, number> | Ask<{ type: "open" }, number>;
type BMessage = Ask<{ type: "reserve" }, number>;
function must<T>(value: T | undefined): T { if (value === undefined) throw new Error("none"); return value; }
${functions}
class A extends Actor<AMessage> {
  override async handleMessage(message: AMessage, context: ActorContext<AMessage>): Promise<void> {
    const before = 1;
    switch (message.type) {
      case "place":
        context.reply(await must(context.whereis<BMessage>("b")).ask({ type: "reserve" }, { timeoutMs: 9_000 }));
        break;
      case "open":
        context.reply(before);
        break;
    }
  }
}
class B extends Actor<BMessage> {
  override async handleMessage(message: BMessage, context: ActorContext<BMessage>): Promise<void> {
    ${body}
  }
  ${members}
}
export const root = supervisor({ children: [{ id: "a", start: () => new A() }, { id: "b", start: () => new B() }] });
`;
const ASK = 'must(context.whereis<AMessage>("a")).ask({ type: "open" })';
const open = (how: string): string => `#open(context: ActorContext<BMessage>): Promise<number> { ${how} }`;

function found(text: string, rule: string): number {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics).length;
}

for (const [title, body, members, functions] of [
  ["in the handler itself", `context.reply(await ${ASK});`],
  ["under a condition, for a protocol of one message", `if (message.type === "reserve") context.reply(await ${ASK});`],
  ["in a method", "context.reply(await this.#open(context));", open(`return ${ASK};`)],
  [
    "in an asynchronous method",
    "context.reply(await this.#open(context));",
    `async ${open(`return (await ${ASK}) + 1;`)}`,
  ],
  [
    "in a method of a method",
    "context.reply(await this.outer(context));",
    `async outer(context: ActorContext<BMessage>): Promise<number> { return (await this.#open(context)) + 1; } ${open(`return ${ASK};`)}`,
  ],
  [
    "in a field that is a function",
    "context.reply(await this.open(context));",
    `readonly open = (context: ActorContext<BMessage>): Promise<number> => ${ASK};`,
  ],
  [
    "in a function of the file",
    "context.reply(await opened(context));",
    "",
    `async function opened(context: ActorContext<BMessage>): Promise<number> { return (await ${ASK}) + 1; }`,
  ],
  [
    "in a constant that is a function",
    "context.reply(await opened(context));",
    "",
    `const opened = (context: ActorContext<BMessage>): Promise<number> => ${ASK};`,
  ],
  [
    "in a method that calls itself",
    "context.reply(await this.#open(context));",
    `async ${open(`if (context.incarnation > 9) await this.#open(context); return await ${ASK};`)}`,
  ],
] as const)
  test(`a question asked ${title} closes the circle`, () => {
    assert.equal(found(circle(body, members, functions), "ask-cycle"), 1);
  });

for (const [title, body, members, functions] of [
  [
    "that is piped",
    "context.pipeToSelf(this.#open(context), () => ({ type: 'reserve' }) as BMessage); context.reply(1);",
    open(`return ${ASK};`),
  ],
  ["that is not waited for", "void this.#open(context); context.reply(1);", open(`return ${ASK};`)],
  [
    "that is called later",
    "const later = async () => await this.#open(context); console.log(later); context.reply(1);",
    open(`return ${ASK};`),
  ],
  ["that nobody calls", "context.reply(1);", `async ${open(`return await ${ASK};`)}`],
  [
    "of another name",
    "context.reply(await opened(context));",
    open(`return ${ASK};`),
    "const opened = async (context: ActorContext<BMessage>) => context.incarnation;",
  ],
] as const)
  test(`a question asked in a method ${title} closes no circle`, () => {
    assert.equal(found(circle(body, members, functions), "ask-cycle"), 0);
  });

test("a start that waits in a method waits for what is started later", () => {
  const program = (start: string): string => `
    import { Actor, supervisor, type ActorContext, type Ask } from "airssys-rt";
    type Message = Ask<{ type: "get" }, number>;
    class First extends Actor<{ type: "go" }> {
      override async preStart(context: ActorContext<{ type: "go" }>): Promise<void> { ${start} }
      override handleMessage(): void {}
      async #load(context: ActorContext<{ type: "go" }>): Promise<void> { await context.whereis<Message>("second")?.ask({ type: "get" }); }
    }
    class Second extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void { context.reply(message.type.length); }
    }
    export const root = supervisor({ children: [{ id: "first", start: () => new First() }, { id: "second", start: () => new Second() }] });
  `;
  assert.equal(found(program("await this.#load(context);"), "ask-before-start"), 1);
  assert.equal(found(program("void this.#load(context);"), "ask-before-start"), 0);
});

for (const [rule, body] of [
  ["floating-promise-in-handler", "save();"],
  ["global-timer-in-actor", 'setInterval(() => context.self.tell({ type: "go" }), 5);'],
  ["process-exit-in-actor", "process.exit(1);"],
] as const)
  test(`${rule} is found in a function of the file that an actor calls, and in no other`, () => {
    const program = (call: string): string => `
      import { Actor, type ActorContext } from "airssys-rt";
      type Message = { type: "go" };
      declare function save(): Promise<void>;
      function inner(context: ActorContext<Message>): void { console.log(context); ${body} }
      const outer = (context: ActorContext<Message>): void => inner(context);
      export class A extends Actor<Message> {
        override handleMessage(message: Message, context: ActorContext<Message>): void { console.log(message); ${call} }
      }
      export class B extends Actor<Message> {
        override handleMessage(message: Message, context: ActorContext<Message>): void { console.log(message); ${call} }
      }
      console.log(outer);`;
    assert.equal(found(program("outer(context);"), rule), 1);
    assert.equal(found(program("console.log(context);"), rule), 0);
  });

/** The same circle, whose actors stand in files of their own and ask through what other files have. */
const apart = (a: string, b: string, helpers: string): string => `
//- /protocol.ts
import { type Ask } from "airssys-rt";
export type AMessage = Ask<{ type: "place" }, number> | Ask<{ type: "open" }, number>;
export type BMessage = Ask<{ type: "reserve" }, number>;
//- /helpers.ts
import { Actor, type ActorContext, type ActorRef, type AnyActorContext } from "airssys-rt";
import type { AMessage, BMessage } from "./protocol.ts";
export function must<T>(value: T | undefined): T { if (value === undefined) throw new Error("none"); return value; }
${helpers}
//- /a.ts
import { Actor, type ActorContext } from "airssys-rt";
import type { AMessage, BMessage } from "./protocol.ts";
import * as helpers from "./helpers.ts";
import { must } from "./helpers.ts";
export class A extends Actor<AMessage> {
  override async handleMessage(message: AMessage, context: ActorContext<AMessage>): Promise<void> {
    switch (message.type) {
      case "place":
        context.reply(await ${a});
        break;
      case "open":
        context.reply(1);
        break;
    }
  }
}
//- /b.ts
import { Actor, supervisor, type ActorContext, type ActorRef } from "airssys-rt";
import type { AMessage, BMessage } from "./protocol.ts";
import * as helpers from "./helpers.ts";
import { must } from "./helpers.ts";
import { A } from "./a.ts";
export class B extends Actor<BMessage> {
  override async handleMessage(message: BMessage, context: ActorContext<BMessage>): Promise<void> {
    context.reply(${b});
  }
}
export const root = supervisor({ children: [{ id: "a", start: () => new A() }, { id: "b", start: () => new B() }] });
`;
const RESERVE = 'must(context.whereis<BMessage>("b")).ask({ type: "reserve" })';
const ASKS_OPEN = `export async function open(context: AnyActorContext): Promise<number> { return (await must(context.whereis<AMessage>("a")).ask({ type: "open" })) + 1; }`;

for (const [title, b, helpers] of [
  ["in a function of another file", "await helpers.open(context)", ASKS_OPEN],
  [
    "in a constant of another file that is a function",
    "await helpers.open(context)",
    `export const open = (context: AnyActorContext): Promise<number> => must(context.whereis<AMessage>("a")).ask({ type: "open" });`,
  ],
  [
    "in a function of another file that calls another",
    "await helpers.outer(context)",
    `${ASKS_OPEN} export async function outer(context: AnyActorContext): Promise<number> { console.log(1); return await open(context); }`,
  ],
  [
    "in a function that is given the ref",
    'await helpers.openOf(must(context.whereis<AMessage>("a")))',
    `export async function openOf(ref: ActorRef<AMessage>): Promise<number> { return await ref.ask({ type: "open" }); }`,
  ],
  [
    "in a method of another class",
    'await new helpers.Client(must(context.whereis<AMessage>("a"))).open()',
    `export class Client { readonly #ref: ActorRef<AMessage>; constructor(ref: ActorRef<AMessage>) { this.#ref = ref; } async open(): Promise<number> { return await this.#ref.ask({ type: "open" }); } }`,
  ],
] as const)
  test(`a question asked ${title} closes the circle`, () => {
    assert.equal(found(apart(RESERVE, b, helpers), "ask-cycle"), 1);
  });

test("a function that two actors share asks for both", () => {
  const helpers = `export async function open(context: AnyActorContext): Promise<number> { return await must(context.whereis<AMessage>("a")).ask({ type: "open" }); }
    export async function reserve(context: AnyActorContext): Promise<number> { console.log(1); return await must(context.whereis<BMessage>("b")).ask({ type: "reserve" }); }`;
  assert.equal(found(apart("helpers.reserve(context)", "await helpers.open(context)", helpers), "ask-cycle"), 1);
  const shared = `export async function both(context: AnyActorContext): Promise<number> {
    await must(context.whereis<AMessage>("a")).ask({ type: "open" });
    return await must(context.whereis<BMessage>("b")).ask({ type: "reserve" });
  }`;
  assert.equal(found(apart("helpers.both(context)", "await helpers.both(context)", shared), "ask-cycle") > 0, true);
});

for (const [title, b, helpers] of [
  ["that is not waited for", "(void helpers.open(context), 1)", ASKS_OPEN],
  [
    "that does not wait itself",
    "await helpers.opened(context)",
    `export async function opened(context: AnyActorContext): Promise<number> { void must(context.whereis<AMessage>("a")).ask({ type: "open" }).catch(() => 1); return 2; }`,
  ],
  ["that nobody calls", "1", ASKS_OPEN],
  [
    "that is called later",
    "(() => { const later = async () => await helpers.open(context); console.log(later); return 1; })()",
    ASKS_OPEN,
  ],
] as const)
  test(`a question asked in a function of another file ${title} closes no circle`, () => {
    assert.equal(found(apart(RESERVE, b, helpers), "ask-cycle"), 0);
  });

test("what a function of the same file asks, it asks for each actor that calls it", () => {
  const shared =
    'async function opened(context: AnyContext): Promise<number> { return await must(context.whereis<AMessage>("a")).ask({ type: "open" }); }';
  const other = `class Other extends Actor<{ type: "go" }> {
    override async handleMessage(_message: { type: "go" }, context: ActorContext<{ type: "go" }>): Promise<void> { await opened(context); }
  }
  type AnyContext = Pick<ActorContext, "whereis">;`;
  assert.equal(found(circle("context.reply(await opened(context));", "", `${other}\n${shared}`), "ask-cycle"), 1);
});

for (const [rule, body] of [
  ["floating-promise-in-handler", "save();"],
  ["global-timer-in-actor", "setInterval(() => context.stop(), 5);"],
  ["process-exit-in-actor", "process.exit(1);"],
  ["message-context-outlives-turn", "setTimeout(() => console.log(context.sender), 5);"],
  ["escaped-context", "kept = context;"],
] as const)
  test(`${rule} is found in a function of another file that is given the context, where it is called first`, () => {
    const program = (call: string, parameter = "context: AnyActorContext"): string => `
      //- /helper.ts
      import { Actor, type AnyActorContext } from "airssys-rt";
      declare function save(): Promise<void>;
      export let kept: unknown;
      declare const context: AnyActorContext;
      export function inner(${parameter}): void { console.log(context); ${body} }
      export function outer(${parameter}): void { console.log(1); inner(context); }
      //- /a.ts
      import { Actor, type ActorContext } from "airssys-rt";
      import { inner, outer } from "./helper.ts";
      type Message = { type: "go" };
      export class A extends Actor<Message> {
        override handleMessage(message: Message, context: ActorContext<Message>): void { console.log(message); ${call} }
      }
      console.log(inner, outer);`;
    assert.equal(found(program("inner(context);"), rule), 1);
    assert.equal(found(program("outer(context); inner(context);"), rule), 1);
    assert.equal(found(program("console.log(context);"), rule), 0);
    assert.equal(found(program("const later = (): void => inner(context); console.log(later);"), rule), 0);
    assert.equal(found(program("inner(context);", "..._: readonly unknown[]"), rule), 0);
  });

/** `a` answers what its clauses say; what it asks of `b` stands around them. Where that is asked for `open`, `b` waits for `a` and `a` for `b`, too. */
const around = (before: string, after: string, place: string, open: string, more = ""): string => `
import { Actor, supervisor, type ActorContext, type Ask } from "airssys-rt";
type AMessage = Ask<{ type: "place" }, number> | Ask<{ type: "open" }, number> | { type: "note" };
type BMessage = Ask<{ type: "reserve" }, number>;
function must<T>(value: T | undefined): T { if (value === undefined) throw new Error("none"); return value; }
class A extends Actor<AMessage> {
  #isOpen = true;
  override async handleMessage(message: AMessage, context: ActorContext<AMessage>): Promise<void> {
    ${before}
    switch (message.type) {
      case "place": ${place}
      case "open": ${open}
      case "note": ${more}
    }
    ${after}
  }
}
class B extends Actor<BMessage> {
  override async handleMessage(message: BMessage, context: ActorContext<BMessage>): Promise<void> {
    context.reply(await must(context.whereis<AMessage>("a")).ask({ type: "open" }));
  }
}
export const root = supervisor({ children: [{ id: "a", start: () => new A() }, { id: "b", start: () => new B() }] });
`;
const ASKS_B = 'await must(context.whereis<BMessage>("b")).ask({ type: "reserve" });';

for (const [title, isForOpen, before, after, place, open, more] of [
  ["before a switch", true, ASKS_B, "", "context.reply(1); return;", "context.reply(1); return;", "return;"],
  ["after a switch that goes on", true, "", ASKS_B, "context.reply(1); break;", "context.reply(1); break;", "break;"],
  [
    "after a switch that only others leave",
    true,
    "",
    ASKS_B,
    "context.reply(1); return;",
    "context.reply(1); break;",
    "return;",
  ],
  [
    "after a switch that this message leaves",
    false,
    "",
    ASKS_B,
    "context.reply(1); break;",
    "context.reply(1); return;",
    "return;",
  ],
  [
    "after a switch that this message leaves with others",
    false,
    "",
    ASKS_B,
    "context.reply(1); break;",
    "",
    "context.reply(1); return;",
  ],
  [
    "under a condition of the actor's own",
    true,
    `if (this.#isOpen) ${ASKS_B}`,
    "",
    "context.reply(1); return;",
    "context.reply(1); return;",
    "return;",
  ],
  [
    "after a way out of the actor's own",
    true,
    `if (!this.#isOpen) return; ${ASKS_B}`,
    "",
    "context.reply(1); return;",
    "context.reply(1); return;",
    "return;",
  ],
  [
    "under a condition on the message that is not known",
    false,
    `if (String(message) === "x") ${ASKS_B}`,
    "",
    "context.reply(1); return;",
    "context.reply(1); return;",
    "return;",
  ],
] as const)
  test(`a question ${title} is asked for ${isForOpen ? "every message that comes there" : "others only"}`, () => {
    assert.equal(found(around(before, after, place, open, more), "ask-cycle"), isForOpen ? 2 : 1);
  });
