import { test } from "node:test";
import { checkRule } from "../fixture.ts";

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
