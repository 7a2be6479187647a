import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const check = (text: string): void => checkRule(text, ["unhandled-message"]);
const checkNothing = (text: string): void => checkClean(text, ["unhandled-message"]);

const PROTOCOL = `type Message = { readonly type: "start"; readonly n: number } | { readonly type: "stop" };`;

test("a switch that leaves a variant out is reported at the expression", () => {
  check(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ 💡 unhandled-message: "stop" is not handled
          case "start":
            break;
        }
      }
    }
  `);
});

test("several missing variants are named in one report", () => {
  check(`
    type Message = { type: "a" } | { type: "b" } | { type: "c" } | { type: "d" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "b", "c" and "d" are not handled
          case "a":
        }
      }
    }
  `);
});

test("a union behind an alias, an import and a generic is understood", () => {
  check(`
    //- /messages.ts
    export type Base<K extends string> = { readonly type: K };
    export type Extended<T> = T | Base<"flush">;
    //- /main.ts
    import type { Base, Extended as E } from "./messages.ts";
    import { Actor as Behavior } from "airssys-rt";
    type Message = E<Base<"put"> | Base<"get">>;
    class Store extends Behavior<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "flush" is not handled
          case "put":
          case "get":
            return;
        }
      }
    }
  `);
});

test("the runtime behind a re-export is recognised", () => {
  check(`
    //- /rt.ts
    export { Actor as Base } from "airssys-rt";
    //- /main.ts
    import { Base } from "./rt.ts"; // which is airssys-rt
    type Message = { type: "a" } | { type: "b" };
    export class A extends Base<Message> {
      handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "b" is not handled
          case "a": return;
        }
      }
    }
  `);
});

test("an if chain without an else is reported at its first condition", () => {
  check(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") {
        //  ^^^^^^^^^^^^^^^^^^^^^^^^ 💡 unhandled-message: "stop" is not handled
          console.log(message.n);
        }
      }
    }
  `);
});

test("a chain of ifs with early returns is followed", () => {
  check(`
    type Message = { type: "a" } | { type: "b" } | { type: "c" };
    class A extends Actor<Message> {
      #closed = false;
      override handleMessage(message: Message): void {
        if (this.#closed) return;
        if (message.type === "a") return;
        //  ^^^^^^^^^^^^^^^^^^^^ unhandled-message: "c" is not handled
        if (message.type === "b") return;
      }
    }
  `);
});

test("a handler map that leaves a variant out is reported at the word handlers", () => {
  check(`
    ${PROTOCOL}
    const counter = defineActor<Message, number>({
      init: () => 0,
      handlers: {
    //^^^^^^^^ 💡 unhandled-message: "stop" is not handled
        start: (state, message) => state + message.n,
      },
    });
  `);
});

test("a handler map for become is checked too", () => {
  check(`
    ${PROTOCOL}
    const paused = become<Message, number>({
    //             ^^^^^^ unhandled-message: "stop" is not handled
      start: (state) => state,
    });
  `);
});

test("messages told apart by class are followed through instanceof", () => {
  check(`
    class Deposit { constructor(readonly amount: number) {} }
    class Withdraw { constructor(readonly amount: number, readonly fee: number) {} }
    class Account extends Actor<Deposit | Withdraw> {
      override handleMessage(message: Deposit | Withdraw): void {
        if (message instanceof Deposit) console.log(message.amount);
        //  ^^^^^^^^^^^^^^^^^^^^^^^^^^ unhandled-message: Withdraw is not handled
      }
    }
  `);
});

test("enum discriminants are named as one writes them", () => {
  check(`
    enum Kind { Open = "open", Close = "close" }
    type Message = { type: Kind.Open } | { type: Kind.Close };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: Kind.Close is not handled
          case Kind.Open:
            break;
        }
      }
    }
  `);
});

test("messages that are plain literals are understood", () => {
  check(`
    type Message = "on" | "off" | 3;
    class Lamp extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message) {
        //      ^^^^^^^ unhandled-message: 3 and "off" are not handled
          case "on":
        }
      }
    }
  `);
});

test("a discriminant taken out of the message is followed", () => {
  check(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage({ type }: Message): void {
        switch (type) {
        //      ^^^^ unhandled-message: "stop" is not handled
          case "start":
        }
      }
    }
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        const { type: kind } = message;
        const same = kind;
        switch (same) {
        //      ^^^^ unhandled-message: "start" is not handled
          case "stop":
        }
      }
    }
  `);
});

test("a method that is given the message is checked in its place", () => {
  check(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        this.#dispatch(message);
      }
      #dispatch(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "start" is not handled
          case "stop":
        }
      }
    }
  `);
});

test("a message type without annotation is taken from the base class", () => {
  check(`
    //- /main.js
    import { Actor } from "airssys-rt";
    /** @typedef {{ type: "a" } | { type: "b" }} Message */
    /** @extends {Actor<Message>} */
    export class A extends Actor {
      /** @param {Message} message */
      handleMessage(message) {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "b" is not handled
          case "a":
        }
      }
    }
  `);
});

test("asked messages count like all others", () => {
  check(`
    type Message = { type: "add" } | Ask<{ type: "sum" }, number>;
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "sum" is not handled
          case "add":
        }
      }
    }
  `);
});

test("a tag that two variants share is named once", () => {
  check(`
    type Message = { type: "a" } | { type: "b"; n: number } | { type: "b"; text: string };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        //      ^^^^^^^^^^^^ unhandled-message: "b" is not handled
          case "a":
        }
      }
    }
  `);
});

test("user-defined type guards and lists of types are followed", () => {
  check(`
    type Read = { type: "get" } | { type: "list" };
    type Message = Read | { type: "put" } | { type: "drop" };
    function isRead(message: Message): message is Read { return message.type === "get" || message.type === "list"; }
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (isRead(message)) return;
        //  ^^^^^^^^^^^^^^^ unhandled-message: "drop" is not handled
        else if (message.type === "put") return;
      }
    }
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (isRead(message)) return;
        //  ^^^^^^^^^^^^^^^ unhandled-message: "put" is not handled
        else if (["drop" as const].includes(message.type as "drop")) return;
      }
    }
  `);
});

test("complete handlers are clean", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "start": return;
          case "stop": return;
        }
      }
    }
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") console.log(message.n);
        else console.log("stop");
      }
    }
    class C extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") return;
        console.log("stopped");
      }
    }
    const d = defineActor<Message, number>({ init: () => 0, handlers: { start: (s) => s, stop: (s) => s } });
    const shared = { stop: (state: number) => state };
    const e = defineActor<Message, number>({ init: () => 0, handlers: { ...shared, start: (s) => s } });
    class F extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (true) {
          case message.type === "start": return;
          case message.type === "stop": return;
        }
      }
    }
    class G extends Actor<Message> {
      override handleMessage(message: Message): void {
        try {
          if (!(message.type !== "start" && message.type !== "stop")) return;
        } finally {
          console.log("done");
        }
      }
    }
  `);
});

test("handlers that give the message to other code are left alone", () => {
  checkNothing(`
    ${PROTOCOL}
    declare function other(message: Message): void;
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") console.log("start");
        other(message);
      }
    }
    class B extends A {
      override handleMessage(message: Message): void {
        if (message.type === "stop") return;
        super.handleMessage(message);
      }
    }
    class C extends Actor<Message> {
      override handleMessage(message: Message): void {
        other(message);
        if (message.type === "start") console.log("start");
      }
    }
  `);
});

test("conditions that the variant does not decide are left alone", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      #open = true;
      override handleMessage(message: Message): void {
        if (message.type === "start" || this.#open) return;
        else if (message.type.startsWith("st")) return;
      }
    }
  `);
});

test("a message that a cast makes something else of is left alone", () => {
  checkClean(
    `
    ${PROTOCOL}
    type Wider = Message | { type: "pong" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        const other = message as unknown as Wider;
        switch (other.type) {
          case "pong":
            return;
        }
      }
    }
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        if ((message as Wider).type === "pong") return;
      }
    }
  `,
    ["unhandled-message", "unreachable-handler"],
  );
});

test("refusing one variant is not handling the others, and not leaving them out", () => {
  checkNothing(`
    ${PROTOCOL}
    declare function valid(message: Message): message is { type: "start"; n: number };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "stop") throw new Error("not yet");
        if (valid(message) && message.n < 0) throw new Error("negative");
      }
    }
  `);
});

test("what is taken out of the message after a test is for the variants that are left", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Message> {
      #open = false;
      #last: unknown;
      override handleMessage(message: Message): void {
        if (message.type === "start") return;
        const rest = { ...message };
        if (this.#open) this.#last = rest;
      }
    }
  `);
});

test("an object may have more properties than its type says", () => {
  checkClean(
    `
    type Message = { type: "a"; n: number } | { type: "b" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if ("extra" in message) return;
        else if ("n" in message) return;
      }
    }
  `,
    ["unhandled-message", "unreachable-handler"],
  );
});

test("open and generic message types are left alone", () => {
  checkNothing(`
    class B<M extends { type: "a" | "b" }> extends Actor<M> {
      override handleMessage(message: M): void {
        switch (message.type) { case "a": }
      }
    }
    class C extends Actor<any> {
      override handleMessage(message: any): void {
        switch (message.type) { case "a": }
      }
    }
  `);
});

test("classes that only look like actors are left alone", () => {
  checkNothing(`
    abstract class Fake<M> { abstract handleMessage(message: M): void }
    class A extends Fake<{ type: "a" } | { type: "b" }> {
      handleMessage(message: { type: "a" } | { type: "b" }): void {
        switch (message.type) { case "a": }
      }
    }
    export type Unused = ActorRef;
  `);
});

test("broken code gives no exception and no false alarm", () => {
  checkNothing(`
    ${PROTOCOL}
    class A extends Actor<Missing> {
      override handleMessage(message: Missing): void {
        switch (message.type) { case "a":
      }
    class B extends Actor< {
      override handleMessage(message: Message, ): void { switch ( }
    }
    const c = defineActor<Message, number>({ handlers:
  `);
});

test("the fix adds cases before the default and in the style of the others", () => {
  checkFix(
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "start":
            return;
        }
      }
    }
  `,
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "start":
            return;
          case "stop":
            throw new Error("stop is not handled yet");
        }
      }
    }
  `,
  );
});

test("the fix fills an empty switch", () => {
  checkFix(
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
        }
      }
    }
  `,
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "start":
            throw new Error("start is not handled yet");
          case "stop":
            throw new Error("stop is not handled yet");
        }
      }
    }
  `,
  );
});

test("the fix continues an if chain", () => {
  checkFix(
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") {
          console.log(message.n);
        }
      }
    }
  `,
    `
    ${PROTOCOL}
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "start") {
          console.log(message.n);
        } else if (message.type === "stop") {
          throw new Error("stop is not handled yet");
        }
      }
    }
  `,
  );
});

test("the fix adds handlers to a map, with the comma that is missing", () => {
  checkFix(
    `
    type Message = { type: "a" } | { type: "b-c" };
    const x = defineActor<Message, number>({
      init: () => 0,
      handlers: {
        a: (state) => state
      },
    });
  `,
    `
    type Message = { type: "a" } | { type: "b-c" };
    const x = defineActor<Message, number>({
      init: () => 0,
      handlers: {
        a: (state) => state,
        "b-c"() {
          throw new Error("b-c is not handled yet");
        },
      },
    });
  `,
  );
});

test("a discriminant that is true or false is asked for by itself", () => {
  checkRule(
    `
    type Result = { ok: true; n: number } | { ok: false; why: string };
    class A extends Actor<Result> {
      override handleMessage(message: Result): void {
        if (message.ok) console.log(message.n);
        //  ^^^^^^^^^^ 💡 unhandled-message: false is not handled
      }
    }
    class B extends Actor<Result> {
      override handleMessage({ ok }: Result): void {
        if (!ok) console.log(1);
        //  ^^^ 💡 unhandled-message: true is not handled
      }
    }
    class C extends Actor<Result> {
      override handleMessage(message: Result): void {
        if (!message.ok) {
          console.log(message.why);
          return;
        }
        console.log(message.n);
      }
    }
    class D extends Actor<Result> {
      override handleMessage(message: Result): void {
        if (message.ok) console.log(message.n);
        else console.log(message.why);
      }
    }
    class E extends Actor<Result> {
      override handleMessage(message: Result): void {
        const failed = !message.ok;
        if (failed) throw new Error("failed");
        console.log(message.n);
      }
    }
  `,
    ["unhandled-message"],
  );
});
