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
