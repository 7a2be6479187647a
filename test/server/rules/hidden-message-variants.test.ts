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
  log(message: Message): void { this.#count += message.type.length; }
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
                                                          //^^^^^^^ 💡 hidden-message-variants: default drops "b" and "c" without a trace
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
                                                          //^^^^^^^ 💡 hidden-message-variants: default drops "b" and "c" without a trace
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

for (const [title, note] of [
  ["the console", "console.warn(message);"],
  ["a logger", "logger.debug({ message }, 'not for me');"],
  ["a logger in a field", "this.#log.info(message.type);"],
  ["a function of the project", "trace(message.type);"],
  ["a function that calls another", "traced(message);"],
  ["a method", "this.note(message);"],
  ["JSON.stringify", "console.log(JSON.stringify(message));"],
] as const) {
  const program = (body: string): string => `
    type Message = { type: "a" } | { type: "b" };
    declare const logger: { debug(...args: readonly unknown[]): void };
    const isOn = false;
    function trace(text: string): void { if (isOn) console.debug(text); }
    const traced = (message: Message): void => trace(message.type);
    class A extends Actor<Message> {
      #count = 0;
      readonly #log = { info(text: string): void { throw new Error(text); } };
      override handleMessage(message: Message): void {
        ${body}
      }
      note(message: Message): void { logger.debug(message); this.#log.info(""); traced(message); }
    }`;
  test(`reported: a default that only notes, by ${title}`, () =>
    checkRule(
      program(`switch (message.type) {
        case "a": this.#count++; break;
        default: ${note} break;
      //^^^^^^^ 💡 hidden-message-variants: default notes "b" and drops it
      }`),
      RULES,
    ));
  test(`reported: a variant that is noted and not handled, by ${title}`, () =>
    checkRule(
      program(`${note}
        switch (message.type) {
              //^^^^^^^^^^^^ 💡 unhandled-message: "b" is not handled
          case "a": this.#count++; break;
        }`),
      RULES,
    ));
}

reported(
  "a variant that is only dropped before code for all",
  `switch (message.type) { case "a": case "b": this.#count++; break; }
          //^^^^^^^^^^^^ 💡 unhandled-message: "c" is not handled
   this.#count++;`,
);
silent(
  "a variant for which the code after a switch is",
  `switch (message.type) { case "a": case "b": this.#count++; return; }
   this.#count--;`,
);
