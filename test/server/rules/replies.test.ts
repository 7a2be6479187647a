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
