/** A default that does nothing, beside other code that tells messages apart: what it drops is what nobody else takes. */
import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const RULES = ["hidden-message-variants", "unhandled-message"];

const handler = (body: string): string => `
type Message = { type: "a"; n: number } | { type: "b" } | { type: "c" };
class A extends Actor<Message> {
  #count = 0;
  override handleMessage(message: Message): void {
    ${body}
  }
  log(message: Message): void { console.log(message.type); }
}`;

function reported(title: string, body: string): void {
  test(`reported: ${title}`, () => checkRule(handler(body), RULES));
}

function silent(title: string, body: string): void {
  test(`silent: ${title}`, () => checkClean(handler(body), RULES));
}

silent(
  "two switches that take all variants between them",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
   switch (message.type) { case "b": case "c": this.#count--; break; default: break; }`,
);
silent(
  "two switches of which the second has no default",
  `switch (message.type) { case "a": this.#count++; break; default: }
   switch (message.type) { case "b": case "c": this.#count--; break; }`,
);
reported(
  "a variant that both switches drop, at the last",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
   switch (message.type) { case "b": this.#count--; break; default: break; }
                                                         //^^^^^^^ 💡 hidden-message-variants: default drops "c" without a trace`,
);
reported(
  "a variant the first switch drops and the second does not name",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
                                                          //^^^^^^^ 💡 hidden-message-variants: default drops "c" without a trace
   switch (message.type) { case "b": this.#count--; break; }`,
);
reported(
  "a default that returns before the second switch",
  `switch (message.type) { case "a": this.#count++; break; default: return; }
                                                          //^^^^^^^ 💡 hidden-message-variants: default drops "b", "c" without a trace
   switch (message.type) { case "b": case "c": this.#count--; break; }`,
);
reported(
  "the default of the second switch, where the first has none",
  `switch (message.type) { case "a": this.#count++; break; }
   switch (message.type) { case "b": this.#count--; break; default: break; }
                                                         //^^^^^^^ 💡 hidden-message-variants: default drops "c" without a trace`,
);
silent(
  "a second switch whose default does something",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
   switch (message.type) { case "b": this.#count--; break; default: this.log(message); }`,
);
reported(
  "only what an if before the switch has left",
  `if (message.type === "b") this.#count--;
   switch (message.type) { case "a": this.#count++; break; default: break; }
                                                         //^^^^^^^ 💡 hidden-message-variants: default drops "c" without a trace`,
);
silent(
  "ifs that take what the default leaves",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
   if (message.type === "b" || message.type === "c") this.#count--;`,
);
silent(
  "a message that is given to other code after the switch",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
   this.log(message);`,
);
reported(
  "code after the switch that has nothing to do with the message",
  `switch (message.type) { case "a": this.#count++; break; default: break; }
                                                          //^^^^^^^ 💡 hidden-message-variants: default drops "b", "c" without a trace
   this.#count++;`,
);
silent(
  "a default that goes on into the next clause",
  `switch (message.type) { case "a": break; default: case "b": this.#count++; break; }`,
);
silent(
  "a switch in a switch",
  `switch (message.type) {
     case "a": switch (message.n) { case 1: this.#count++; break; default: break; } break;
     case "b": case "c": break;
   }`,
);

test("the fix names in the last switch what both drop", () => {
  const program = (last: string): string =>
    handler(`switch (message.type) { case "a": this.#count++; break; default: break; }
    switch (message.type) {
      case "b":
        this.#count--;
        break;
      ${last}
    }`);
  checkFix(program("default:\n        break;"), program('case "c":\n        break;'), {
    only: "hidden-message-variants",
  });
});
