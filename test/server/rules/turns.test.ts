import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

test("a blocking call in a method that only the start calls is left alone", () => {
  checkClean(
    `
    import { readFileSync } from "node:fs";
    import { Actor } from "airssys-rt";
    class A extends Actor<{ type: "go" }> {
      override preStart(): void { console.log(this.#load()); }
      override handleMessage(): void {}
      #load(): string { return readFileSync("a"); }
    }
  `,
    ["blocking-call-in-handler"],
  );
});

test("a blocking call in a method is found where a handler calls it", () => {
  checkRule(
    `
    import { readFileSync } from "node:fs";
    import { Actor } from "airssys-rt";
    class A extends Actor<{ type: "go" }> {
      override async handleMessage(): Promise<void> {
        await this.#load();
        //    ^^^^^^^^^^ blocking-call-in-handler: readFileSync holds up all actors of this thread: use the asynchronous form
      }
      async #load(): Promise<string> { return readFileSync("a"); }
    }
  `,
    ["blocking-call-in-handler"],
  );
});

test("a message changed after a send that is followed by leaving the block is not the one that was sent", () => {
  checkClean(
    `
    class A extends Actor<{ type: "go" }> {
      constructor(readonly sink: ActorRef<{ type: "rows"; rows: number[] }>) { super(); }
      override handleMessage(): void {
        const rows: number[] = [];
        for (const n of [1, 2, 3]) {
          if (n > 2) {
            this.sink.tell({ type: "rows", rows });
            continue;
          }
          rows.push(n);
        }
      }
    }
  `,
    ["mutation-after-send"],
  );
});

test("state that is filled before the first message and then only read may be sent", () => {
  checkClean(
    `
    type Message = Ask<{ type: "all" }, readonly string[]>;
    class A extends Actor<Message> {
      readonly #items: string[] = [];
      constructor() { super(); this.#items.push("a"); }
      override preStart(): void { this.#items.push("b"); }
      override handleMessage(message: Message, context: ActorContext<Message>): void { context.reply(this.#items); }
    }
  `,
    ["leaked-actor-state"],
  );
});

test("replies are followed through branches, helpers and stored contexts", () => {
  checkClean(
    `
    type Message = Ask<{ type: "get"; n: number }, number> | { type: "other" };
    declare function answer(context: ActorContext<Message>): void;
    class A extends Actor<Message> {
      #kept: ActorContext<Message> | undefined;
      override preStart(context: ActorContext<Message>): void { this.#kept = context; }
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        switch (message.type) {
          case "get":
            this.#late();
            break;
          case "other":
            break;
        }
      }
      #late(): void { this.#kept?.reply(1); }
    }
    class B extends Actor<Message> {
      override async handleMessage(message: Message, context: ActorContext<Message>): Promise<void> {
        switch (message.type) {
          case "get":
            if (message.n > 1) {
              answer(context);
              return;
            }
            if (message.n > 0) context.reply(1);
            if (message.n <= 0) context.reply(2);
            break;
          case "other":
            break;
        }
      }
    }
    class C extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        switch (message.type) {
          case "get":
            try {
              context.reply(message.n);
            } catch {
              context.stop();
            }
            break;
          case "other":
            context.stash();
        }
      }
    }
    class D extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        let result = 0;
        switch (message.type) {
          case "get":
            result = 1;
            break;
          case "other":
            return;
        }
        context.reply(result);
      }
    }
    const e = defineActor<Message, ActorContext<Message> | undefined>({
      init: (context) => context,
      handlers: {
        get(state, message, context) {
          for (const n of [1]) if (n === message.n) context.reply(n);
          return state;
        },
        other: (state) => state,
      },
    });
  `,
    ["missing-reply", "double-reply"],
  );
});

test("a functional handler without a reply is found, and one that ends early", () => {
  checkRule(
    `
    type Message = Ask<{ type: "get"; n: number }, number> | Ask<{ type: "put" }, boolean>;
    const store = defineActor<Message, number>({
      init: () => 0,
      handlers: {
        get(state, message, context) {
          if (message.n > 1) return state;
          //                 ^^^^^^^^^^^^^ missing-reply: "get" is asked and gets no reply on this path
          context.reply(state);
          return state;
        },
        put(state) {
          return state + 1;
    //    ^^^^^^^^^^^^^^^^^ missing-reply: "put" is asked and gets no reply on this path
        },
      },
    });
  `,
    ["missing-reply"],
  );
});

test("the one expression of a functional handler is followed like statements", () => {
  checkRule(
    `
    type Message = Ask<{ type: "get" }, number> | Ask<{ type: "put" }, number> | Ask<{ type: "peek" }, number>;
    declare function answer(context: ActorContext<Message>): void;
    const store = defineActor<Message, number>({
      init: () => 0,
      handlers: {
        get: (state, _message, context) => context.reply(state),
        put: (state) => state + 1,
    //  ^^^ missing-reply: "put" is asked and gets no reply on this path
        peek: (state, _message, context) => (state > 1 ? context.reply(1) : answer(context)),
      },
    });
  `,
    ["missing-reply"],
  );
});

test("who asks for nothing but an answer waits for one too", () => {
  checkRule(
    `
    type Message = Ask<{ type: "flush" }, void> | Ask<{ type: "sync" }, void>;
    class Store extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        switch (message.type) {
          case "flush":
            return;
          //^^^^^^^ missing-reply: "flush" is asked and gets no reply on this path
          case "sync":
            context.reply(undefined);
        }
      }
    }
  `,
    ["missing-reply"],
  );
});

test("a reply in a promise that the handler leaves behind comes after the turn", () => {
  checkRule(
    `
    type Message = Ask<{ type: "get" }, number>;
    declare function load(): Promise<number>;
    class Left extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        load().then((n) => context.reply(n)).catch(() => console.log("failed"));
        //                         ^^^^^ message-context-outlives-turn: context.reply is of the message being handled, and this function runs after its turn: take it before, or use deferReply
        void load().then((n) => { console.log(context.sender); });
        //                                            ^^^^^^ message-context-outlives-turn: context.sender is of the message being handled, and this function runs after its turn: take it before, or use deferReply
      }
    }
    class Waits extends Actor<Message> {
      override async handleMessage(message: Message, context: ActorContext<Message>): Promise<void> {
        void load().then((n) => context.reply(n));
        await load();
      }
    }
    class Returns extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): Promise<void> {
        return load().then((n) => context.reply(n));
      }
    }
    class Later extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        const port = context.deferReply();
        load().then((n) => port.reply(n), (cause) => port.fail(cause));
      }
    }
  `,
    ["message-context-outlives-turn"],
  );
});

test("asking oneself in a function that runs later, or in a helper, is left alone", () => {
  checkClean(
    `
    type Message = { type: "go" } | Ask<{ type: "get" }, number>;
    class A extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void {
        if (message.type === "get") context.reply(1);
        else {
          const timer = setTimeout(() => { void context.self.ask({ type: "get" }); }, 1);
          console.log(timer);
        }
      }
      async #helper(context: ActorContext<Message>): Promise<void> {
        await context.self.ask({ type: "get" });
      }
    }
  `,
    ["self-ask"],
  );
});

test("a ref kept in a constant is followed to self", () => {
  checkRule(
    `
    type Message = Ask<{ type: "get" }, number>;
    class A extends Actor<Message> {
      override async handleMessage(message: Message, context: ActorContext<Message>): Promise<void> {
        const me = context.self;
        context.reply(await me.ask({ type: "get" }));
        //                     ^^^ self-ask: an actor cannot answer itself while it waits: call the method, or tell yourself
      }
    }
  `,
    ["self-ask"],
  );
});

test("promises that somebody takes care of are left alone", () => {
  checkClean(
    `
    declare function save(): Promise<void>;
    declare function read(): Promise<number>;
    class A extends Actor<{ type: "go" }> {
      #last: Promise<void> | undefined;
      override async handleMessage(): Promise<void> {
        this.#last = save();
        const both = [save(), save()];
        await Promise.all(both);
        await Promise.all([read(), read()]);
        save().catch(() => {}).finally(() => {});
        save().then(() => {}, () => {});
        [1].forEach(() => { void save(); });
        console.log(this.#last, read);
        return save();
      }
    }
    save();
  `,
    ["floating-promise-in-handler", "floating-ask"],
  );
});

test("timers that are kept, awaited or do not touch the actor are left alone", () => {
  checkClean(
    `
    class A extends Actor<{ type: "go" }> {
      #timer = 0;
      override async handleMessage(): Promise<void> {
        this.#timer = setInterval(() => this.#tick(), 5);
        setTimeout(() => console.log("later"), 5);
        await new Promise<void>((resolve) => setTimeout(() => { this.#tick(); resolve(); }, 5));
      }
      override postStop(): void { clearInterval(this.#timer); }
      #tick(): void {}
    }
    setInterval(() => console.log("not in an actor"), 5);
  `,
    ["global-timer-in-actor"],
  );
});

test("a default that does something, or takes nothing, hides nothing", () => {
  checkClean(
    `
    type Message = { type: "a" } | { type: "b" } | { type: "c" };
    class A extends Actor<Message> {
      constructor(readonly other: ActorRef<Message>) { super(); }
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
            return;
          default:
            this.other.tell(message);
        }
      }
    }
    class B extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
          case "b":
          case "c":
            return;
          default:
        }
      }
    }
  `,
    ["hidden-message-variants", "unhandled-message"],
  );
});

test("the fix names the variants a default dropped", () => {
  checkFix(
    `
    type Message = { type: "a" } | { type: "b" } | { type: "c" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
            return;
          default:
            return;
        }
      }
    }
  `,
    `
    type Message = { type: "a" } | { type: "b" } | { type: "c" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
            return;
          case "b":
          case "c":
            return;
        }
      }
    }
  `,
    { only: "hidden-message-variants" },
  );
});

test("the fixes of asks wait for the reply, or say that it does not matter", () => {
  const text = (line: string): string => `
    export async function f(ref: ActorRef<Ask<{ type: "x" }, number>>): Promise<void> {
      ${line}
    }
  `;
  checkFix(text('ref.ask({ type: "x" });'), text('await ref.ask({ type: "x" });'), { only: "floating-ask" });
  checkFix(text('ref.ask({ type: "x" });'), text('void ref.ask({ type: "x" });'), { only: "floating-ask", n: 1 });
  checkFix(
    text('await ref.ask({ type: "x" }, { timeoutMs: 0 });'),
    text('await ref.ask({ type: "x" }, { timeoutMs: 5_000 });'),
    { only: "invalid-ask-timeout" },
  );
});

test("the fix of children out of order lets them change places", () => {
  const tree = (first: string, second: string): string => `
    type Message = { type: "go" };
    class Ledger extends Actor<Message> { override handleMessage(): void {} }
    class Account extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void { context.whereis<Message>("ledger")?.tell(message); }
    }
    export const root = supervisor({ strategy: "rest_for_one", children: [${first}, ${second}] });
  `;
  const account = '{ id: "account", start: () => new Account() }';
  const ledger = '{ id: "ledger", name: "ledger", start: () => new Ledger() }';
  checkFix(tree(account, ledger), tree(ledger, account), { only: "children-out-of-order" });
});

test("broken code of every kind gives no exception", () => {
  for (const text of [
    "class A extends Actor<",
    "class A extends Actor<{ type: 'a' }> { handleMessage(message, context) { context.reply( } }",
    "class A extends Actor<{ type: 'a' }> { handleMessage({ type: ",
    "const a = defineActor<{ type: 'a' }, number>({ init: , handlers: { a( } })",
    "const a = defineActor({ handlers: { ...x, [y]: 1, get z() { return 1 } } })",
    "supervisor({ children: [ , ...[], { id: `a${}`, start: () => } ] })",
    "ref.tell(; (ref as any).tell({ type }); ref.ask(...x)",
    "class A extends A {} class B extends C {} class C extends B {}",
    "const a = b; const b = a; supervisor(a); supervisor({ ...b, children: a.children.map((x) => x) })",
    "export default class extends Actor<{ type: 'a' }> { handleMessage(m) { switch (m.type) { case: default: } } }",
    "become({ a: (s) => s }); become(); defineActor(); supervisor(null); ActorSystem.start()",
  ]) {
    checkRule(`import { Actor, ActorSystem, become, defineActor, supervisor } from "airssys-rt";\n${text}`, [
      "no-rule-at-all",
    ]);
  }
});

test("a blocking call is found under the name it is imported by, and through a namespace", () => {
  checkRule(
    `
    import { readFileSync as slurp } from "node:fs";
    import * as disk from "node:fs";
    import { Actor } from "airssys-rt";
    class A extends Actor<{ type: "go" }> {
      override handleMessage(): void {
        console.log(slurp("a"));
        //          ^^^^^ blocking-call-in-handler: readFileSync holds up all actors of this thread: use the asynchronous form
        console.log(disk.readFileSync("a"));
        //          ^^^^^^^^^^^^^^^^^ blocking-call-in-handler: readFileSync holds up all actors of this thread: use the asynchronous form
      }
    }
  `,
    ["blocking-call-in-handler"],
  );
});

test("a function of another module that only is called like a blocking one blocks nobody", () => {
  checkClean(
    `
    import { readFile as readFileSync } from "node:fs/promises";
    import { Actor } from "airssys-rt";
    class A extends Actor<{ type: "go" }> {
      override async handleMessage(): Promise<void> { console.log(await readFileSync("a")); }
    }
  `,
    ["blocking-call-in-handler"],
  );
});
