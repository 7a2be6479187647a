/** What an actor must not do, in every place where code of an actor stands, and in the places where it may. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const SETUP = `
import { readFileSync } from "node:fs";
import { Actor, become, defineActor, supervisor, type ActorContext, type ActorRef, type Ask, type Signal } from "airssys-rt";
type Message = { type: "go" } | Ask<{ type: "get" }, number>;
type Rows = { type: "rows"; rows: number[] };
declare function save(): Promise<void>;
declare const store: ActorRef<Message>;
declare const sink: ActorRef<Rows>;
let saved: ActorContext<Message> | undefined;
console.log(readFileSync, saved);
`;

const method = (head: string, body: string): string => `${SETUP}
class A extends Actor<Message> {
  #n = 0;
  ${head === "" ? "" : `override handleMessage(): void {}`}
  ${head || "override async handleMessage(message: Message, context: ActorContext<Message>): Promise<void>"} { ${body} }
}`;
const functional = (parts: string): string => `${SETUP}
const a = defineActor<Message, number>({ ${parts} });`;
const HANDLERS = "handlers: { go: (s) => s, get(s, m, context) { context.reply(1); return s; } }";

/** By title: puts statements there. `context` is the actor's. */
const PLACES = {
  "in handleMessage": (body: string) => method("", body),
  "in a case": (body: string) =>
    method("", `switch (message.type) { case "go": { ${body} break; } case "get": context.reply(1); }`),
  "under a condition": (body: string) => method("", `if (this.#n > 1) { ${body} }`),
  "in a loop": (body: string) => method("", `for (const x of [1, 2]) { console.log(x); ${body} }`),
  "in a try": (body: string) => method("", `try { ${body} } finally { console.log(1); }`),
  "after an await": (body: string) => method("", `await save(); ${body}`),
  "in handleSignal": (body: string) =>
    method("override async handleSignal(signal: Signal, context: ActorContext<Message>): Promise<void>", body),
  "in preStart": (body: string) =>
    method("override async preStart(context: ActorContext<Message>): Promise<void>", body),
  "in postStop": (body: string) =>
    method("override async postStop(context: ActorContext<Message>): Promise<void>", body),
  "in a functional handler": (body: string) =>
    functional(
      `init: () => 0, handlers: { get: (s, m, context) => { context.reply(1); return s; }, async go(s, m, context) { ${body} return s; } }`,
    ),
  "in an arrow as functional handler": (body: string) =>
    functional(
      `init: () => 0, handlers: { get: (s, m, context) => { context.reply(1); return s; }, go: async (s, m, context) => { ${body} return s; } }`,
    ),
  "in onSignal": (body: string) =>
    functional(`init: () => 0, ${HANDLERS}, onSignal: async (s, signal, context) => { ${body} return s; }`),
  "in init": (body: string) => functional(`init: async (context) => { ${body} return 0; }, ${HANDLERS}`),
  "in a functional postStop": (body: string) =>
    functional(`init: () => 0, ${HANDLERS}, postStop: async (s, reason, context) => { ${body} }`),
  "in a handler of become": (body: string) => `${SETUP}
const later = become<Message, number>({ get: (s, m, context) => { context.reply(1); return s; }, async go(s, m, context) { ${body} return s; } });`,
} as const;
type Place = keyof typeof PLACES;

/** Code that is not of an actor. */
const OUTSIDE = {
  "in a function": (body: string) =>
    `${SETUP}\nexport async function f(context: ActorContext<Message>): Promise<void> { ${body} }`,
  "in a class that is no actor": (body: string) => `${SETUP}
class Other { handleMessage2(context: ActorContext<Message>): void { void (async () => { ${body} }); } }`,
} as const;

interface Deed {
  readonly rule: string;
  readonly code: string;
  readonly message: RegExp;
  /** Places where it is right, or where nothing can be said. */
  readonly isFineIn?: readonly Place[];
  /** Whether it is wrong outside of actors too. */
  readonly everywhere?: true;
  /** The same, done as it should be. */
  readonly sound: readonly string[];
}

const DEEDS: readonly Deed[] = [
  {
    rule: "process-exit-in-actor",
    code: "process.exit(1);",
    message: /process\.exit ends every actor/,
    sound: ["process.exitCode = 1;", "context.stop();", "const exit = (n: number) => n; exit(1);"],
  },
  {
    rule: "blocking-call-in-handler",
    code: 'console.log(readFileSync("a"));',
    message: /readFileSync holds up all actors/,
    isFineIn: ["in preStart", "in init", "in postStop", "in a functional postStop"],
    sound: ['const later = () => readFileSync("a"); console.log(later);', "console.log(1);"],
  },
  {
    rule: "floating-promise-in-handler",
    code: "save();",
    message: /nobody waits for save/,
    sound: [
      "await save();",
      "void save();",
      "save().catch(() => {});",
      "const p = save(); await p;",
      'context.pipeToSelf(save(), () => ({ type: "go" }));',
    ],
  },
  {
    rule: "floating-ask",
    code: 'store.ask({ type: "get" });',
    message: /the reply and the failure of this ask are lost/,
    everywhere: true,
    sound: [
      'await store.ask({ type: "get" });',
      'void store.ask({ type: "get" });',
      'store.ask({ type: "get" }).catch(() => {});',
      'store.tell({ type: "get" });',
    ],
  },
  {
    rule: "invalid-ask-timeout",
    code: 'await store.ask({ type: "get" }, { timeoutMs: -1 });',
    message: /timeoutMs must be a number > 0, not -1/,
    everywhere: true,
    sound: [
      'await store.ask({ type: "get" }, { timeoutMs: 1 });',
      'await store.ask({ type: "get" }, { timeoutMs: 1_000 * 60 });',
      'await store.ask({ type: "get" });',
    ],
  },
  {
    rule: "untyped-send",
    code: '(store as any).tell({ type: "goo" });',
    message: /does not accept "goo", only/,
    everywhere: true,
    sound: [
      'store.tell({ type: "go" });',
      '(store as any).tell({ type: "go" });',
      'const any: any = store; any.tell({ type: "goo" });',
    ],
  },
  {
    rule: "self-ask",
    code: 'await context.self.ask({ type: "get" });',
    message: /an actor cannot answer itself/,
    sound: [
      'context.self.tell({ type: "go" });',
      'const later = () => context.self.ask({ type: "get" }); console.log(later);',
    ],
  },
  {
    rule: "escaped-context",
    code: "saved = context;",
    message: /given out through "saved"/,
    sound: ["const mine = context; mine.stop();", "console.log(context.path);"],
  },
  {
    rule: "mutation-after-send",
    code: 'const rows = [1]; sink.tell({ type: "rows", rows }); rows.push(2);',
    message: /"rows" was sent before and is changed now/,
    sound: [
      'const rows = [1]; sink.tell({ type: "rows", rows: [...rows] }); rows.push(2);',
      'const rows = [1]; rows.push(2); sink.tell({ type: "rows", rows });',
      'let rows = [1]; sink.tell({ type: "rows", rows }); rows = []; rows.push(2);',
      'const rows = [1]; sink.tell({ type: "rows", rows: structuredClone(rows) }); rows.push(2);',
    ],
  },
  {
    rule: "global-timer-in-actor",
    code: 'setInterval(() => context.self.tell({ type: "go" }), 5);',
    message: /setInterval fires also when this incarnation has ended/,
    sound: [
      'context.timers.startPeriodic("t", { type: "go" }, 5);',
      "const t = setInterval(() => context.stop(), 5); clearInterval(t);",
      'setTimeout(() => console.log("later"), 5);',
      "await new Promise<void>((resolve) => setTimeout(() => { console.log(context); resolve(); }, 5));",
    ],
  },
];

test("the context of any actor is a context like another: kept in a module, it is reported", () => {
  const text = method("", "lent = context;").replace(
    "class A extends",
    'import type { AnyActorContext } from "airssys-rt";\nlet lent: AnyActorContext | undefined;\nconsole.log(lent);\nclass A extends',
  );
  assert.match(found(text, "escaped-context").join("\n"), /given out through "lent"/);
});

test("what the context of any actor does is known: the reads of its current message after the turn are reported", () => {
  const text = method("", "setTimeout(() => console.log(context.sender), 1);").replace(
    "context: ActorContext<Message>): Promise",
    "context: AnyActorContext): Promise",
  );
  const withImport = `import type { AnyActorContext } from "airssys-rt";\n${text}`;
  assert.equal(found(withImport, "message-context-outlives-turn").length, 1);
});

function found(text: string, rule: string): readonly string[] {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

for (const { rule, code, message, isFineIn = [], everywhere, sound } of DEEDS) {
  for (const [place, write] of Object.entries(PLACES)) {
    const isFine = isFineIn.includes(place as Place);
    test(`${rule}: ${code.slice(0, 40)} ${place} is ${isFine ? "left alone" : "reported"}`, () => {
      const all = found(write(code), rule);
      assert.equal(all.length, isFine ? 0 : 1, all.join("\n"));
      if (!isFine) assert.match(all[0] ?? "", message);
    });
  }
  for (const [place, write] of Object.entries(OUTSIDE)) {
    test(`${rule}: ${code.slice(0, 40)} ${place} is ${everywhere ? "reported" : "left alone"}`, () => {
      assert.equal(found(write(code), rule).length, everywhere ? 1 : 0);
    });
  }
  for (const right of sound) {
    test(`${rule}: ${right.slice(0, 70)} is left alone wherever it stands`, () => {
      const texts = Object.values(PLACES).map((write, index) => `//- /place-${index}.ts\n${write(right)}`);
      assert.deepEqual(found(texts.join("\n"), rule), []);
    });
  }
}
