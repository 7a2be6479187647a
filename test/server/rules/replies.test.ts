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

test("a question whose reply is nothing may go without one", () => {
  checkClean(`${actor("void")}${END}`, ["missing-reply"]);
});

for (const reply of ["number", "undefined", "{ readonly reply: void }", "string | undefined"]) {
  test(`a question whose reply is ${reply} needs one`, () => {
    checkRule(
      `${actor(reply)}
        //^^^^^^ missing-reply: "get" is asked and gets no reply on this path${END}`,
      ["missing-reply"],
    );
  });
}
