import { test } from "node:test";
import { checkClean, checkRule } from "../fixture.ts";

const actor = (reply: string): string => `
  type Message = Ask<{ type: "get" }, ${reply}>;
  class A extends Actor<Message> {
    override handleMessage(message: Message): void {
      switch (message.type) {
        case "get":
          break;`;
const END = `
      }
    }
  }
`;

// An ask fails with `NoReplyError` when its handler ends without a reply, whatever the reply would have been.
for (const reply of ["void", "number", "undefined", "{ readonly reply: void }", "string | undefined"]) {
  test(`a question whose reply is ${reply} needs one`, () => {
    checkRule(
      `${actor(reply)}
        //^^^^^^ missing-reply: "get" is asked and gets no reply on this path${END}`,
      ["missing-reply"],
    );
  });
}

const STORE = (body: string): string => `
  type Message = Ask<{ type: "get"; key: string }, number>;
  class Store extends Actor<Message> {
    readonly #values = new Map<string, number>();
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      ${body}
    }
  }
`;

test("the only question of a protocol is judged without a switch", () => {
  checkRule(
    STORE(`const value = this.#values.get(message.key);
      if (value === undefined) return;
                             //^^^^^^^ missing-reply: "get" is asked and gets no reply on this path
      context.reply(value);`),
    ["missing-reply"],
  );
});

for (const body of [
  "context.reply(this.#values.get(message.key) ?? 0);",
  'const value = this.#values.get(message.key); if (value === undefined) throw new Error("no"); context.reply(value);',
  "if (this.#values.has(message.key)) { context.reply(1); return; } context.reply(0);",
  "console.log(message.key, context.self);",
  "if (this.#values.has(message.key)) context.reply(1); else this.later(context);",
]) {
  test(`the only question of a protocol is left alone in: ${body}`, () => checkClean(STORE(body), ["missing-reply"]));
}

const SWITCH = (before: string, body: string, members = ""): string => `
  type Message = Ask<{ type: "get"; key: string }, number> | { type: "put" };
  declare function fail(text: string): never;
  class Store extends Actor<Message> {
    #answer: (v: number) => void = () => {};
    ${members}
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      ${before}
      switch (message.type) {
        case "get": ${body}
          break;
        case "put":
          break;
      }
    }
  }
`;

for (const [before, body, members] of [
  ["const answer = (v: number): void => context.reply(v);", "answer(1);"],
  ["function answer(v: number): void { context.reply(v); }", "answer(1);"],
  ["const answer = (v: number): void => context.reply(v); const later = (): void => answer(2);", "later();"],
  ["let answer: (v: number) => void; answer = (v) => context.reply(v);", "answer(1);"],
  ["const answer = context.reply.bind(context);", "answer(1);"],
  ["const table = { get: (): void => context.reply(1) };", "table.get();"],
  ["const port = context.deferReply();", "port.reply(1);"],
  ["const port = context.deferReply();", "this.#keep(port);", "#keep(port: unknown): void {}"],
  ["context.reply(1);", ""],
  ["if (message.type === 'get') context.reply(1);", ""],
  ["this.#answer = (v) => context.reply(v);", "this.#get();", "#get(): void { this.#answer(1); }"],
  ["", "if (message.key === '') fail('no key'); context.reply(1);"],
  ["", "if (message.key === '') return fail('no key'); context.reply(1);"],
  ["", "fail('not yet');"],
  ["", "[1].forEach((v) => context.reply(v));"],
] as const)
  test(`a reply that comes by another way is seen: ${before} ${body}`, () =>
    checkClean(SWITCH(before, body, members), ["missing-reply", "double-reply"]));

for (const before of [
  "const path = context.self.path; console.log(path);",
  "const answer = (v: number): void => context.reply(v); console.log(1);",
  "if (context.incarnation > 1) console.log(context.path);",
])
  test(`a reply that does not come is missed after: ${before}`, () =>
    checkRule(
      SWITCH(
        before,
        `
          if (message.key === "")
          break;
        //^^^^^^ missing-reply: "get" is asked and gets no reply on this path
          context.reply(1);`,
      ),
      ["missing-reply"],
    ));

const CHAIN = (body: string): string => `
  type Message = Ask<{ type: "get"; key: string }, number> | Ask<{ type: "has"; key: string }, boolean> | { type: "put" };
  class Store extends Actor<Message> {
    readonly #values = new Map<string, number>();
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      ${body}
    }
  }
`;

for (const [title, body] of [
  [
    "after a return for another",
    `if (message.type === "put") return;
      if (message.type === "has") return context.reply(true);
      const value = this.#values.get(message.key);
      if (value === undefined) return;
                             //^^^^^^^ missing-reply: "get" is asked and gets no reply on this path
      context.reply(value);`,
  ],
  [
    "in the else of another",
    `if (message.type === "put") console.log(1);
      else if (message.type === "has") context.reply(true);
      else {
        if (message.key === "") return;
                              //^^^^^^^ missing-reply: "get" is asked and gets no reply on this path
        context.reply(1);
      }`,
  ],
  [
    "behind two of them",
    `if (message.type === "get" || message.type === "has") {
        if (message.key === "") {
          if (message.type === "has") context.reply(false);
          else return;
             //^^^^^^^ missing-reply: "get" is asked and gets no reply on this path
        } else if (message.type === "get") context.reply(1);
        else context.reply(true);
      }`,
  ],
] as const)
  test(`a question that conditions tell apart is followed on its own way: ${title}`, () =>
    checkRule(CHAIN(body), ["missing-reply"]));

for (const body of [
  "if (message.type === 'put') return; if (message.type === 'has') context.reply(true); else context.reply(1);",
  "if (message.type === 'get') context.reply(1); if (message.type === 'has') context.reply(true);",
  "const { type } = message; if (type === 'get') return context.reply(1); if (type === 'has') context.reply(true);",
  "if (message.type !== 'put') this.#answer(message, context); } #answer(_m: Message, context: ActorContext<Message>): void { context.reply(1);",
  "if (message.type === 'put') return; if (message.type === 'has') { context.stash(); return; } context.reply(1);",
])
  test(`questions that conditions tell apart are left alone in: ${body}`, () =>
    checkClean(CHAIN(body), ["missing-reply", "double-reply"]));
