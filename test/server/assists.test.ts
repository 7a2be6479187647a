import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorFeatures } from "../../server/src/analysis/editor-features.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { analysisOf, applyEdits, filesOf } from "./fixture.ts";
import { applied, checkCompiles, checkSound, offsetOf } from "./rewriting.ts";

const IMPORTS = `import { Actor, defineActor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";\n`;

/** The file after the first assist with such a title; `undefined` when it is not offered. */
function assisted(text: string, cursor: string, title: RegExp): string | undefined {
  const files = new Map([["/main.ts", text]]);
  const features = new EditorFeatures(analysisOf(files), (path) => new LineMap(files.get(path) ?? ""));
  return applied(
    text,
    features.assists("/main.ts", offsetOf(text, cursor)).find((one) => title.test(one.title))?.edits,
  );
}

/** Adds a variant, and finds the result right: for the compiler, and as far as every message is handled. */
function checkVariant(text: string, cursor: string, expected: RegExp): void {
  checkCompiles(text, "before");
  const result = assisted(text, cursor, /^Add a variant/) ?? "";
  assert.match(result, expected);
  checkSound(result);
}

const actorOver = (types: string, body: string): string => `${IMPORTS}${types}
export class Probe extends Actor<Message> {
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    console.log(context.incarnation);
    ${body}
  }
}
`;
const SWITCH = `switch (message.type) {
      case "a":
        break;
      case "b":
        console.log(message);
        break;
    }`;

test("a variant beside one in a union of literals, on a line of its own where the others are", () => {
  checkVariant(
    actorOver('type Message = { type: "a" } | { type: "b" };', SWITCH),
    '"|a" }',
    /\{ type: "a" \} \| \{ readonly type: "newMessage" \} \|/,
  );
  checkVariant(
    actorOver('type Message =\n  | { type: "a" }\n  | { type: "b" };', SWITCH),
    'type: "|a"',
    /\n {2}\| \{ type: "a" \}\n {2}\| \{ readonly type: "newMessage" \}\n/,
  );
});

test("a variant beside a question is no question", () => {
  checkVariant(
    actorOver(
      'type Message = Ask<{ type: "a" }, number> | { type: "b" };',
      SWITCH.replace("break;", "context.reply(1);\n        break;"),
    ),
    'type: "|a"',
    /Ask<\{ type: "a" \}, number> \| \{ readonly type: "newMessage" \} \|/,
  );
});

test("a variant beside an interface stands in the union", () => {
  checkVariant(
    actorOver('interface A { readonly type: "a" }\ninterface B { readonly type: "b" }\ntype Message = A | B;', SWITCH),
    'type: "|a"',
    /type Message = A \| \{ readonly type: "newMessage" \} \| B;/,
  );
});

test("a variant by another discriminant", () => {
  checkVariant(
    actorOver('type Message = { kind: "a" } | { kind: "b" };', SWITCH.replace("message.type", "message.kind")),
    'kind: "|a"',
    /\{ readonly kind: "newMessage" \}/,
  );
});

test("a variant is handled in switches that check for never, in chains with an else, in maps and in tables", () => {
  const types = `declare function never(value: never): void;
type Message = { type: "a" } | { type: "b" };
export const one = defineActor<Message, number>({ init: () => 0, handlers: { a: (n) => n, b: (n) => n } });
export function told(message: Message): void {
  if (message.type === "a") console.log(1);
  else console.log(2);
}
export class Table extends Actor<Message> {
  readonly #handlers: { readonly [K in Message["type"]]: (message: Extract<Message, { type: K }>) => void } = {
    a: () => {},
    b: (message) => console.log(message),
  };
  override handleMessage(message: Message): void {
    const handle = this.#handlers[message.type] as (message: Message) => void;
    handle(message);
  }
}`;
  const body = `${SWITCH.slice(0, -1)}  default:
        never(message);
    }
    if (message.type === "a") {
      console.log(1);
    } else {
      console.log(2);
    }`;

  checkVariant(
    actorOver(types, body),
    'type: "|a"',
    /case "newMessage":\n\s+throw new Error\("newMessage is not handled yet"\);\n\s+default:/,
  );
});

test("a chain of ifs gets its branch before the else", () => {
  const result = assisted(
    actorOver(
      'type Message = { type: "a" } | { type: "b" };',
      'if (message.type === "a") {\n      console.log(1);\n    } else {\n      console.log(2);\n    }',
    ),
    'type: "|a"',
    /^Add a variant/,
  );

  assert.match(
    result ?? "",
    /console\.log\(1\);\n {4}\} else if \(message\.type === "newMessage"\) \{\n {6}throw new Error\("newMessage is not handled yet"\);\n {4}\} else \{/,
  );
});

test("the clause before does not go on into the new one", () => {
  checkVariant(
    actorOver(
      'type Message = { type: "a" } | { type: "b" };',
      SWITCH.replace("console.log(message);\n        break;", "console.log(message);"),
    ),
    'type: "|a"',
    /console\.log\(message\);\n {8}break;\n {6}case "newMessage":\n {8}throw new Error\("newMessage is not handled yet"\);\n/,
  );
});

test("a map that several use gets its handler once", () => {
  checkVariant(
    `${IMPORTS.replace("defineActor", "become, defineActor, type Handlers")}type Message = { type: "a" } | { type: "b" };
const open: Handlers<Message, number> = { a: () => {}, b: (n) => become(shut, n) };
const shut: Handlers<Message, number> = { a: (n) => become(open, n), b: () => {} };
export const door = defineActor<Message, number>({ init: () => 0, handlers: shut });
`,
    '"|a" }',
    /b: \(\) => \{\},\nnewMessage\(\) \{\n {2}throw new Error\("newMessage is not handled yet"\);\n\}, \};/,
  );
});

test("a chain that says which messages it does not mean takes the new one as it is", () => {
  checkVariant(
    actorOver(
      'type Message = { type: "a" } | { type: "b" };',
      'if (message.type !== "a") return;\n    console.log(message.type);',
    ),
    '"|a" }',
    /if \(message\.type !== "a"\) return;\n {4}console/,
  );
});

test("what takes only a part of the union is left alone", () => {
  const types = `type Message = { type: "a" } | { type: "b" };
type Part = Extract<Message, { type: "a" }>;
export class Other extends Actor<Part> {
  override handleMessage(message: Part): void {
    switch (message.type) {
      case "a":
        break;
    }
  }
}`;
  const result = assisted(actorOver(types, SWITCH), 'type: "|a"', /^Add a variant/);

  assert.equal(result?.match(/case "newMessage":/g)?.length, 1);
});

test("CRLF is kept", () => {
  const text = actorOver('type Message =\n  | { type: "a" }\n  | { type: "b" };', SWITCH).replaceAll("\n", "\r\n");
  const result = assisted(text, 'type: "|a"', /^Add a variant/) ?? "";

  assert.notEqual(result, "");
  assert.equal(result.replaceAll("\r\n", "").includes("\n"), false);
});

test("no variant is added to what is no union here", () => {
  for (const types of [
    'interface A { readonly type: "a" }\ntype Message = A | { type: "b" };\nexport type Other = A | 1;',
    'type Message = Parameters<(x: { type: "a" }) => void>[0] | { type: "b" };\ntype Parameters<F> = F extends (...args: infer A) => unknown ? A : never;',
  ])
    assert.equal(assisted(actorOver(types, SWITCH), 'type: "|a"', /^Add a variant/), undefined, types);
});

const sending = (head: string, line: string): string =>
  `${IMPORTS}type Message = Ask<{ type: "x" }, number>;\nexport ${head} {\n  ${line}\n}\n`;
const ASYNC = "async function f(ref: ActorRef<Message>): Promise<void>";
const SYNC = "function f(ref: ActorRef<Message>): void";

test("tell becomes ask where one can wait for it", () => {
  const line = 'ref.tell({ type: "x" });';

  assert.equal(assisted(sending(ASYNC, line), "ref.te|ll", /^Ask/), sending(ASYNC, 'await ref.ask({ type: "x" });'));
  assert.equal(assisted(sending(SYNC, line), "ref.te|ll", /^Ask/), undefined);
  assert.equal(assisted(sending(ASYNC, `[1].forEach(() => { ${line} });`), "ref.te|ll", /^Ask/), undefined);
  assert.equal(assisted(sending(ASYNC, `if (ref.tell({ type: "x" })) return;`), "ref.te|ll", /^Ask/), undefined);
});

test("ask becomes tell, without its options, where nobody looks at the reply", () => {
  for (const options of ["", ", { timeoutMs: 1_000 }", ", { signal: AbortSignal.timeout(1) }"]) {
    const line = `ref.ask({ type: "x" }${options});`;
    assert.equal(assisted(sending(SYNC, line), "ref.as|k", /^Tell/), sending(SYNC, 'ref.tell({ type: "x" });'));
  }
  for (const line of [
    'console.log(ref.ask({ type: "x" }));',
    'ref.ask({ type: "x" }).then(console.log);',
    'await ref.ask({ type: "x" });',
    'const x = ref.ask({ type: "x" }); console.log(x);',
  ])
    assert.equal(assisted(sending(ASYNC, line), "ref.as|k", /^Tell/), undefined, line);
});

test("a lost reply can be waited for only where one can wait", () => {
  const titles = (head: string): readonly string[] => {
    const files = new Map([["/main.ts", sending(head, 'ref.ask({ type: "x" });')]]);
    const found = analysisOf(files)
      .diagnosticsOf("/main.ts")
      .find((one) => one.rule === "floating-ask");
    return (found?.fixes ?? []).map(({ title }) => title);
  };

  assert.deepEqual(titles(ASYNC), ["Wait for the reply", "Say that the reply does not matter"]);
  assert.deepEqual(titles(SYNC), ["Say that the reply does not matter"]);
});

test("a promise can be waited for only in an asynchronous handler", () => {
  for (const [head, fixes] of [
    ["async handleMessage(): Promise<void>", 1],
    ["handleMessage(): void", 0],
  ] as const) {
    const text = `${IMPORTS}declare function save(): Promise<void>;\nexport class Store extends Actor<{ type: "put" }> {\n  override ${head} {\n    save();\n  }\n}\n`;
    const found = analysisOf(new Map([["/main.ts", text]]))
      .diagnosticsOf("/main.ts")
      .find((one) => one.rule === "floating-promise-in-handler");
    assert.equal(found?.fixes?.length ?? 0, fixes, head);
  }
});

/** Children as `id` and the names each looks up, in a supervisor that restarts the rest. */
function tree(children: readonly (readonly [id: string, needs: string])[]): ReadonlyMap<string, string> {
  const classes = [...children].sort().map(
    ([id, needs]) => `
    class ${id.toUpperCase()} extends Actor<{ type: "go" }> {
      override handleMessage(message: { type: "go" }, context: ActorContext<{ type: "go" }>): void {
        for (const name of [${needs === "" ? "" : `context.whereis("${needs}")`}]) console.log(name, message);
      }
    }`,
  );
  const specs = children.map(
    ([id]) => `        { id: "${id}", name: "${id}", start: () => new ${id.toUpperCase()}() },`,
  );
  return filesOf(`
${classes.join("\n")}
    export const root = supervisor({
      strategy: "rest_for_one",
      children: [
${specs.join("\n")}
      ],
    });
  `);
}

test("children are put in the order of what they need, the others staying as they are", () => {
  const files = tree([
    ["a", "d"],
    ["b", ""],
    ["c", "a"],
    ["d", "b"],
    ["e", ""],
  ]);
  const [found] = analysisOf(files)
    .diagnosticsOf("/main.ts")
    .filter((one) => one.rule === "children-out-of-order");

  const result = applyEdits(files, found?.fixes?.[0]?.edits ?? []);

  assert.deepEqual(
    [...(result.get("/main.ts") ?? "").matchAll(/\{ id: "(.)"/g)].map(([, id]) => id),
    ["b", "d", "a", "c", "e"],
  );
  assert.deepEqual(
    analysisOf(result)
      .diagnosticsOf("/main.ts")
      .filter((one) => one.rule === "children-out-of-order"),
    [],
  );
});

test("children that need each other are not put in any order", () => {
  const files = tree([
    ["a", "b"],
    ["b", "a"],
  ]);
  const found = analysisOf(files)
    .diagnosticsOf("/main.ts")
    .filter((one) => one.rule === "children-out-of-order");

  assert.deepEqual(
    found.map(({ fixes }) => fixes?.length ?? 0),
    [0],
  );
});
