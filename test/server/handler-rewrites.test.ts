import assert from "node:assert/strict";
import { stripTypeScriptTypes } from "node:module";
import { test } from "node:test";
import { compileErrors } from "./compile.ts";
import { analysisOf } from "./fixture.ts";
import { checkCompiles, checkSound, rewritten } from "./rewriting.ts";

const TO_MAP = "Convert the switch to a map of handlers";
const TO_SWITCH = "Convert the map of handlers to a switch";

const IMPORTS = `import { Actor, type ActorContext, type Ask } from "airssys-rt";\n`;

/** Makes one of the other, compiles both, and finds nothing wrong with either. */
function checkRewrite(before: string, after: string, cursor: string, title: string): void {
  checkCompiles(before, "before");
  assert.equal(rewritten(before, cursor, title), after);
  checkSound(after);
}

const SWITCH = `${IMPORTS}
type Message =
  | { readonly type: "deposit"; readonly amount: number }
  | Ask<{ readonly type: "balance" }, number>
  | { readonly type: "close-out" };

export class Account extends Actor<Message> {
  #sum = 0;

  /** What an account does. */
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    switch (message.type) {
      case "deposit": {
        const { amount } = message;
        this.#sum += amount;
        break;
      }
      // Asked by everybody.
      case "balance":
        context.reply(this.#sum);
        break;
      case "close-out":
        for (let n = 0; n < 3; n++) {
          if (n > 1) break;
          console.log(n);
        }

        // The last word.
        context.stop();
        break;
    }
  }
}
`;

const MAP = `${IMPORTS}
type Message =
  | { readonly type: "deposit"; readonly amount: number }
  | Ask<{ readonly type: "balance" }, number>
  | { readonly type: "close-out" };

export class Account extends Actor<Message> {
  #sum = 0;

  readonly #handlers: {
    readonly [K in Message["type"]]: (
      message: Extract<Message, { readonly type: K }>,
      context: ActorContext<Message>,
    ) => void;
  } = {
    deposit: (message) => {
      const { amount } = message;
      this.#sum += amount;
    },
    // Asked by everybody.
    balance: (_message, context) => {
      context.reply(this.#sum);
    },
    "close-out": (_message, context) => {
      for (let n = 0; n < 3; n++) {
        if (n > 1) break;
        console.log(n);
      }

      // The last word.
      context.stop();
    },
  };

  /** What an account does. */
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    const handle = this.#handlers[message.type] as (message: Message, context: ActorContext<Message>) => void;
    handle(message, context);
  }
}
`;

test("a switch becomes a map of handlers", () => {
  checkRewrite(SWITCH, MAP, "switch (mess|age.type)", TO_MAP);
});

test("a map of handlers becomes a switch", () => {
  checkRewrite(MAP, SWITCH, "readonly #hand|lers", TO_SWITCH);
});

test("both are offered in the heads of the method, of the map and of its parts", () => {
  for (const cursor of ["handle|Message(", "swi|tch (", 'case "depo|sit"'])
    assert.notEqual(rewritten(SWITCH, cursor, TO_MAP), undefined, cursor);
  for (const cursor of ["handle|Message(", "depo|sit: (", "#handlers[mes|sage.type]"])
    assert.notEqual(rewritten(MAP, cursor, TO_SWITCH), undefined, cursor);
  for (const cursor of ["this.#su|m += amount", "type Mess|age", "class Acc|ount"])
    assert.equal(rewritten(SWITCH, cursor, TO_MAP), undefined, cursor);
  assert.equal(rewritten(SWITCH, "swi|tch (", TO_SWITCH), undefined);
  assert.equal(rewritten(MAP, "depo|sit: (", TO_MAP), undefined);
});

test("CRLF, tabs and single quotes are kept", () => {
  const there = (text: string): string =>
    text.replaceAll("  ", "\t").replaceAll("\n\t|", "\n  |").replaceAll('"', "'").replaceAll("\n", "\r\n");
  const [before, after] = [there(SWITCH), there(MAP)];

  const result = rewritten(before, "swi|tch (", TO_MAP);

  assert.equal(result, after);
  assert.equal(rewritten(after, "#hand|lers:", TO_SWITCH), before);
});

test("asynchronous handlers are awaited, and only those that wait are asynchronous", () => {
  const text = (body: string): string => `${IMPORTS}
type Message = { type: "load" } | { type: "save" } | { type: "drop" };
declare function later(): Promise<void>;
export class Store extends Actor<Message> {
  ${body}
}
`;
  checkRewrite(
    text(`override async handleMessage(message: Message): Promise<void> {
    switch (message.type) {
      case "load":
        await later();
        break;
      case "save":
        return later();
      case "drop":
        break;
    }
  }`),
    text(`readonly #handlers: {
    readonly [K in Message["type"]]: (
      message: Extract<Message, { readonly type: K }>,
    ) => void | Promise<void>;
  } = {
    load: async () => {
      await later();
    },
    save: () => {
      return later();
    },
    drop: () => {},
  };

  override async handleMessage(message: Message): Promise<void> {
    const handle = this.#handlers[message.type] as (message: Message) => void | Promise<void>;
    await handle(message);
  }`),
    "swi|tch (",
    TO_MAP,
  );
});

/** An actor whose method has a given body, with the types that the bodies below need. */
function actor(body: string, more = ""): string {
  return `${IMPORTS}
type Message = { type: "a"; n: number } | { type: "b"; n: number };
declare function log(value: unknown): void;
declare function assertNever(value: never): never;
export class Probe extends Actor<Message> {
  #n = 0;
  ${more}
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    ${body}
    void context;
  }
}
`.replace("    void context;\n", body.includes("context") ? "" : "");
}

const switchOf = (clauses: string): string => actor(`switch (message.type) { ${clauses} }`);

test("a break deeper in a clause becomes the end of the handler", () => {
  const result = rewritten(
    switchOf(`
      case "a":
        if (message.n > 1) break;
        while (true) { break; }
        log(() => { switch (message.n) { case 1: break; } });
        break;
      case "b":
        log(message.n);`),
    "swi|tch (message.type",
    TO_MAP,
  );

  assert.match(result ?? "", /if \(message\.n > 1\) return;/);
  assert.match(result ?? "", /while \(true\) \{ break; \}/);
  assert.match(result ?? "", /case 1: break;/);
});

test("a default that is there for the compiler is not needed any more", () => {
  for (const last of ["message satisfies never;", "assertNever(message);", 'throw new Error("unknown");']) {
    const result = rewritten(
      switchOf(`case "a": log(1); break; case "b": log(2); break; default: ${last}`),
      "swi|tch (",
      TO_MAP,
    );
    assert.match(result ?? "", /b: \(\) => \{\n *log\(2\);\n *\},\n *\};/, last);
  }
});

test("a template over several lines keeps its lines", () => {
  const text = switchOf(
    '\n      case "a":\n        log(`one\n          two`);\n        break;\n      case "b":\n        break;',
  );

  assert.match(rewritten(text, "swi|tch (", TO_MAP) ?? "", /\n {6}log\(`one\n {10}two`\);\n/);
});

for (const [title, clauses] of [
  ["a clause that goes on into the next", 'case "a": log(1); case "b": log(2);'],
  ["two labels for one clause", 'case "a": case "b": log(1);'],
  ["a variable that two clauses share", 'case "a": let x = 1; log(x); break; case "b": x = 2; log(x); break;'],
  ["a variable of the whole method", 'case "a": var x = 1; log(x); break; case "b": break;'],
  ["a variable with the name of a parameter", 'case "a": { const message = 1; log(message); break; } case "b": break;'],
  ["a variant that is not handled", 'case "a": log(1); break;'],
  ["a default that does something", 'case "a": log(1); break; default: log(2);'],
  ["a default that does nothing", 'case "a": log(1); break; case "b": break; default: break;'],
  ["the arguments of the method", 'case "a": log(arguments.length); break; case "b": break;'],
  ["a comment that would be lost", 'case "a": break; // done\n case "b": break; /* all */'],
  ["a label outside", 'case "a": outer: for (;;) { break outer; } case "b": break;'],
] as const) {
  test(`no map is offered for ${title}`, () => {
    assert.equal(rewritten(switchOf(clauses), "swi|tch (", TO_MAP), undefined);
  });
}

for (const [title, text] of [
  ["code before the switch", actor('log(1); switch (message.type) { case "a": break; case "b": break; }')],
  ["code after the switch", actor('switch (message.type) { case "a": break; case "b": break; } log(1);')],
  ["a switch over something else", actor("switch (message.n) { case 1: break; default: log(message.type); }")],
  [
    "a class with such a field",
    actor('switch (message.type) { case "a": break; case "b": break; }', "#handlers = 1; x = this.#handlers;"),
  ],
  [
    "a message type that is written out",
    switchOf('case "a": break; case "b": break;').replace(
      "handleMessage(message: Message",
      'handleMessage(message: { type: "a"; n: number } | { type: "b"; n: number }',
    ),
  ],
  [
    "two types in one member of the union",
    switchOf('case "a": break; case "b": break;').replace(
      /type Message = .*/,
      'type Message = { type: "a" | "b"; n: number };',
    ),
  ],
  [
    "a class that is no actor",
    switchOf('case "a": break; case "b": break;').replace("extends Actor<Message> ", "").replace("override ", ""),
  ],
] as const) {
  test(`no map is offered for ${title}`, () => {
    assert.equal(rewritten(text, "swi|tch (", TO_MAP), undefined);
  });
}

/** An actor with a map of handlers. */
function table(
  handlers: string,
  body = "(this.#handlers[message.type] as Handler)(message, context);",
  more = "",
): string {
  return actor(
    body,
    `readonly #handlers: { [K in Message["type"]]: (message: Extract<Message, { type: K }>, context: ActorContext<Message>) => unknown } = { ${handlers} };
  ${more}`,
  ).replace(
    "declare function log",
    "type Handler = (message: Message, context: ActorContext<Message>) => void;\ndeclare function log",
  );
}

for (const [form, body] of [
  ["called at once", "(this.#handlers[message.type] as Handler)(message, context);"],
  ["given a cast message", "this.#handlers[message.type](message as never, context);"],
  ["through a constant", "const f = this.#handlers[message.type] as Handler; f(message, context);"],
] as const) {
  test(`a switch is made where the handler is ${form}`, () => {
    const result = rewritten(
      table("a: (message, context) => log([message.n, context]), b: () => {}", body),
      "#hand|lers:",
      TO_SWITCH,
    );

    assert.match(
      result ?? "",
      /switch \(message\.type\) \{\n {6}case "a":\n {8}log\(\[message\.n, context\]\);\n {8}break;\n {6}case "b":\n {8}break;\n {4}\}/,
    );
    assert.deepEqual(compileErrors(new Map([["/main.ts", result ?? ""]])), []);
  });
}

for (const [title, text] of [
  ["a handler that is a method, with a this of its own", table("a() {}, b: () => {}")],
  ["a handler from elsewhere", table("a: log, b: () => {}")],
  ["handlers that are spread", table("...({} as never), a: () => {}, b: () => {}")],
  ["a handler with another name for the message", table("a: (m) => log(m.n), b: () => {}")],
  ["a handler that takes the message apart", table("a: ({ n }) => log(n), b: () => {}")],
  ["a handler with a var", table("a: () => { var x = 1; log(x); }, b: () => {}")],
  ["a handler that gives something back that nobody looks at", table("a: () => 1, b: () => {}")],
  ["an asynchronous handler of a synchronous method", table("a: async () => {}, b: () => {}")],
  ["a map that is used elsewhere", table("a: () => {}, b: () => {}", undefined, "x = this.#handlers;")],
  ["a map others can see", table("a: () => {}, b: () => {}").replaceAll("#handlers", "handlers")],
  [
    "other arguments",
    table("a: () => {}, b: () => {}", "this.#handlers[message.type](message as never, context.self as never);"),
  ],
  [
    "code around",
    table("a: () => {}, b: () => {}", "log(1); log(2); (this.#handlers[message.type] as Handler)(message, context);"),
  ],
  [
    "a call that may not happen",
    table("a: () => {}, b: () => {}", "this.#handlers[message.type]?.(message as never, context);"),
  ],
] as const) {
  test(`no switch is offered for ${title}`, () => {
    assert.equal(rewritten(text, "handleMess|age(", TO_SWITCH), undefined);
  });
}

test("nothing is offered where there is nothing to convert: one message, and the map of a functional actor", () => {
  for (const text of [
    actor("log(message.type);"),
    `${IMPORTS.replace("Actor,", "defineActor,")}type Message = { type: "a" } | { type: "b" };
export const one = defineActor<Message, number>({ init: () => 0, handlers: { a: (n) => n, b: (n) => n + 1 } });
export const handleMessage = (message: Message) => { switch (message.type) { case "a": case "b": return 1; } };`,
  ])
    for (const cursor of ["handleMess|age", "handlers|:", "swi|tch ("].filter((one) =>
      text.includes(one.replace("|", "")),
    ))
      for (const title of [TO_MAP, TO_SWITCH]) assert.equal(rewritten(text, cursor, title), undefined);
});

test("broken code offers nothing and does not throw", () => {
  for (const text of [
    SWITCH.replace('case "deposit": {', "case :"),
    MAP.replace("deposit: (message) => {", "deposit: ("),
  ])
    assert.equal(
      rewritten(text, "handleMess|age(", TO_MAP) ?? rewritten(text, "handleMess|age(", TO_SWITCH),
      undefined,
    );
});

test("there and back, the program does the same", () => {
  const map = rewritten(SWITCH, "swi|tch (", TO_MAP) ?? "";
  const back = rewritten(map, "handleMess|age(", TO_SWITCH) ?? "";

  assert.equal(back, SWITCH);
  assert.deepEqual(run(map), run(SWITCH));
  assert.deepEqual(run(map), ["reply 7", "0", "1", "stop"]);
});

/** What an account does on three messages, as lines. */
function run(source: string): readonly string[] {
  const lines: string[] = [];
  const code = stripTypeScriptTypes(source)
    .replace(/^import.*$/m, "")
    .replace("export class", "return class");
  const Account = new Function("Actor", "console", code)(class {}, { log: (n: number) => lines.push(String(n)) });
  const account = new Account();
  const context = { reply: (value: number) => lines.push(`reply ${value}`), stop: () => lines.push("stop") };
  for (const message of [{ type: "deposit", amount: 7 }, { type: "balance" }, { type: "close-out" }])
    account.handleMessage(message, context);
  return lines;
}

test("what is picked out of a map is found like what is told apart by a switch", () => {
  const files = new Map([
    [
      "/main.ts",
      MAP.replace("context.stop();", "").replace(
        "context.reply(this.#sum);",
        "if (this.#sum > 0) context.reply(this.#sum);",
      ),
    ],
  ]);
  const analysis = analysisOf(files);

  assert.deepEqual(
    analysis.factsOf("/main.ts")?.dispatches.map(({ kind, arms }) => [kind, arms.flatMap(({ tags }) => tags)]),
    [["table", ["s:deposit", "s:balance", "s:close-out"]]],
  );
  assert.deepEqual(
    analysis
      .diagnosticsOf("/main.ts")
      .map(({ rule }) => rule)
      .filter((rule) => rule !== "message-never-sent"),
    ["missing-reply"],
  );
});
