/** Who sends what: through refs that may be missing, pools, topics, and methods that are given away. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClean, checkRule, diagnose } from "../fixture.ts";

const PROTOCOL = `type Message = { readonly type: "a" } | { readonly type: "b" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
          case "b":
        }
      }
    }`;

test("a message is sent through a ref that may be missing, a pool, or a topic", () => {
  checkClean(
    `
    import { Actor, type ActorPool, type ActorRef, ActorSystem, type Topic } from "airssys-rt";
    ${PROTOCOL}
    declare const ref: ActorRef<Message> | undefined;
    declare const pool: ActorPool<Message>;
    ref?.tell({ type: "a" });
    pool.tell({ type: "b" });
    type News = { readonly type: "news" };
    class Reader extends Actor<News> {
      override handleMessage(message: News): void {
        if (message.type === "news") console.log("news");
      }
    }
    declare const news: Topic<News>;
    declare const system: ActorSystem;
    system.topics.publish(news, { type: "news" });
  `,
    ["message-never-sent"],
  );
});

test("a message that is sent in no such way is never sent", () => {
  checkRule(
    `
    type Message = { readonly type: "a" } | { readonly type: "b" };
    class A extends Actor<Message> {
      override handleMessage(message: Message): void {
        switch (message.type) {
          case "a":
          case "b":
          //   ^^^ message-never-sent: "b" is never sent in this workspace
        }
      }
    }
    declare const ref: ActorRef<Message> | undefined;
    ref?.tell({ type: "a" });
  `,
    ["message-never-sent"],
  );
});

test("a type declared apart, with the same tag, may mean the same message", () => {
  for (const type of ['{ type: "a" } | { type: "b" }', "Told"]) {
    checkClean(
      `
    ${PROTOCOL}
    interface Told { readonly type: "a" | "b" }
    declare const ref: ActorRef<${type}>;
    ref.tell({ type: "a" });
    ref.tell({ type: "b" });
  `,
      ["message-never-sent"],
    );
  }
});

test("whoever is given the method tell, or a name, may send anything", () => {
  for (const sending of [
    "messages.forEach(ref.tell);",
    'system.router.direct("x", messages[0]);',
    'ref["tell"](messages[0]);',
    "const { tell } = ref; messages.forEach(tell);",
    "const { tellAsync: send } = ref; messages.forEach(send);",
    "(({ ask }: ActorRef<Message>) => ask)(ref);",
  ]) {
    checkClean(
      `
    ${PROTOCOL}
    declare const ref: ActorRef<Message>;
    declare const system: ActorSystem;
    declare const messages: readonly { readonly type: "a" }[];
    ${sending}
  `,
      ["message-never-sent"],
    );
  }
});

test("actors that find each other by name wait in a circle", () => {
  checkRule(
    `
    type Left = Ask<{ readonly type: "left" }, number>;
    type Right = Ask<{ readonly type: "right" }, number>;
    class L extends Actor<Left> {
      override async handleMessage(message: Left, context: ActorContext<Left>): Promise<void> {
        switch (message.type) {
          case "left":
            context.reply((await context.whereis<Right>("r")?.ask({ type: "right" })) ?? 0);
            //                                                ^^^ ask-cycle: deadlock: L waits for R waits for L
        }
      }
    }
    class R extends Actor<Right> {
      override async handleMessage(message: Right, context: ActorContext<Right>): Promise<void> {
        const left = context.whereis<Left>("l");
        switch (message.type) {
          case "right":
            context.reply((await left?.ask({ type: "left" })) ?? 0);
            //                         ^^^ ask-cycle: deadlock: R waits for L waits for R
        }
      }
    }
    export const root = supervisor({
      children: [{ id: "l", name: "l", start: () => new L() }, { id: "r", name: "r", start: () => new R() }],
    });
  `,
    ["ask-cycle"],
  );
});

test("a sibling that is looked up twice is reported once", () => {
  checkRule(
    `
    type Message = { readonly type: "go" };
    class Db extends Actor<Message> {
      override handleMessage(): void {}
    }
    class Web extends Actor<Message> {
      override preStart(context: ActorContext<Message>): void {
        if (context.whereis("db") === undefined) throw new Error("no db");
      }
      override handleMessage(_message: Message, context: ActorContext<Message>): void {
        context.whereis<Message>("db")?.tell({ type: "go" });
      }
    }
    export const root = supervisor({
      children: [
        { id: "db", name: "db", start: () => new Db(), restart: "temporary" },
        //                                                      ^^^^^^^^^^^ 💡 temporary-dependency: "web" needs this child, and a temporary child never comes back
        { id: "web", start: () => new Web() },
      ],
    });
  `,
    ["temporary-dependency"],
  );
});

const CIRCLE = `
    type AM = Ask<{ type: "a" }, number>;
    type BM = Ask<{ type: "b" }, number>;
    class A extends Actor<AM> {
      override async handleMessage(message: AM, context: ActorContext<AM>): Promise<void> {
        switch (message.type) {
          case "a":
            context.reply((await context.whereis<BM>("b")?.ask({ type: "b" })) ?? 0);
        }
      }
    }
    class B extends Actor<BM> {
      override async handleMessage(message: BM, context: ActorContext<BM>): Promise<void> {
        switch (message.type) {
          case "b":
            context.reply((await context.whereis<AM>("a")?.ask({ type: "a" })) ?? 0);
        }
      }
    }
    class C extends Actor<{ type: "c" }> { override handleMessage(): void {} }
    declare const names: readonly string[];
    declare const isBig: boolean;
    declare const ref: ActorRef<any>;
    export const root = supervisor({ children: [{ id: "a", name: "a", start: () => new A() }, { id: "b", name: "b", start: () => new B() }] });`;

for (const [title, more, isFound] of [
  ["nothing else", "", true],
  ["many of another", "supervisor({ children: names.map((id) => ({ id, start: () => new C() })) });", true],
  ["maybe one of another", 'supervisor({ children: [...(isBig ? [{ id: "c", start: () => new C() }] : [])] });', true],
  ["some of another", 'supervisor({ children: [{ id: "c", start: () => new C() }].filter(() => isBig) });', true],
  ["a further child of another", 'startChild(ref, { id: "c", start: () => new C() });', true],
  ["many of them", "supervisor({ children: names.map((id) => ({ id, start: () => new A() })) });", false],
  ["maybe one of them", 'supervisor({ children: [...(isBig ? [{ id: "c", start: () => new A() }] : [])] });', false],
  ["some of them", 'supervisor({ children: [{ id: "c", start: () => new A() }].filter(() => isBig) });', false],
  ["a further child of them", 'startChild(ref, { id: "c", start: () => new A() });', false],
  ["a further child that is not known", "declare const spec: ChildSpec; startChild(ref, spec);", false],
  ["children that are not known", "declare const specs: ChildSpec[]; supervisor({ children: specs });", false],
  [
    "a start that is not known",
    'declare const start: () => Actor<any>; supervisor({ children: [{ id: "x", start }] });',
    false,
  ],
] as const) {
  test(`a circle of questions is ${isFound ? "found" : "not certain"} when the program starts ${title} besides`, () => {
    const text = `import { Actor, supervisor, startChild, type ActorContext, type ActorRef, type Ask, type ChildSpec } from "airssys-rt";${CIRCLE}\n${more}`;
    const found = diagnose(new Map([["/main.ts", text]]), ["ask-cycle"]).flatMap(({ diagnostics }) => diagnostics);
    assert.equal(found.length, isFound ? 2 : 0);
  });
}
