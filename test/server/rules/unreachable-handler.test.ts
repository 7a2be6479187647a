import { test } from "node:test";
import { checkFix } from "../fixture.ts";

const actor = (clauses: string): string => `
  type Message = { type: "a" } | { type: "b" };
  class A extends Actor<Message> {
    override handleMessage(message: Message): void {
      switch (message.type) {
${clauses}
      }
    }
  }
`;
const only = "unreachable-handler";

test("the fix takes the whole clause out, with its line", () => {
  checkFix(
    actor(`        case "a":
          break; // here
        case "b":
          break;
        case "a": {
          console.log(1);
          break;
        }`),
    actor(`        case "a":
          break; // here
        case "b":
          break;`),
    { only },
  );
});

test("the fix takes only the label out when the clause before runs on into it", () => {
  checkFix(
    actor(`        case "a":
        case "b":
        case "a":
          console.log(1);
          break;`),
    actor(`        case "a":
        case "b":
          console.log(1);
          break;`),
    { only },
  );
});

test("the fix of a clause in the line of another leaves that alone", () => {
  checkFix(
    actor(`        case "a": return; case "a": return; case "b": return;`),
    actor(`        case "a": return; case "b": return;`),
    { only },
  );
});
