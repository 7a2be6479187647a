/** Every way to write a message type and every way to tell messages apart, each complete and with a variant left out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const PROTOCOL_RULES = ["unhandled-message", "hidden-message-variants", "unreachable-handler"];

function found(text: string, rules: readonly string[] = PROTOCOL_RULES): readonly string[] {
  return diagnose(filesOf(text), rules).flatMap(({ diagnostics }) =>
    diagnostics.map(({ rule, message }) => `${rule}: ${message}`),
  );
}

const MISSING = ['unhandled-message: "c" is not handled'];
type Tags = readonly string[];
const ALL: Tags = ["a", "b", "c"];
const SOME: Tags = ["a", "b"];
const each = (tags: Tags, write: (tag: string) => string): string => tags.map(write).join("\n");

const TYPE = `type Message = { type: "a"; n: number } | { type: "b" } | { type: "c"; text: string };`;
const inClass = (body: string, head = "message: Message"): string => `
${TYPE}
class A extends Actor<Message> {
  override handleMessage(${head}): void {
    ${body}
  }
}`;

/** How an actor tells its messages apart. */
const HANDLERS: Readonly<Record<string, (tags: Tags) => string>> = {
  "a switch over the discriminant": (tags) =>
    inClass(`switch (message.type) { ${each(tags, (tag) => `case "${tag}": console.log("${tag}"); break;`)} }`),
  "a switch whose cases share a body": (tags) =>
    inClass(`switch (message.type) { ${each(tags, (tag) => `case "${tag}":`)} console.log(1); }`),
  "a switch with blocks and returns": (tags) =>
    inClass(`switch (message.type) { ${each(tags, (tag) => `case "${tag}": { console.log(1); return; }`)} }`),
  "a switch over the discriminant in brackets": (tags) =>
    inClass(`switch (message["type"]) { ${each(tags, (tag) => `case "${tag}": break;`)} }`),
  "a switch over a discriminant taken out of the parameter": (tags) =>
    inClass(`switch (type) { ${each(tags, (tag) => `case "${tag}": break;`)} }`, "{ type }: Message"),
  "a switch over a constant that holds the discriminant": (tags) =>
    inClass(`const kind = message.type; switch (kind) { ${each(tags, (tag) => `case "${tag}": break;`)} }`),
  "a switch over true": (tags) =>
    inClass(`switch (true) { ${each(tags, (tag) => `case message.type === "${tag}": break;`)} }`),
  "a switch in a try": (tags) =>
    inClass(
      `try { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } } finally { console.log(1); }`,
    ),
  "a switch in parentheses and with constants as cases": (tags) => `
const A_TYPE = "a"; const B_TYPE = "b"; const C_TYPE = "c";
${inClass(`switch ((message.type)) { ${each(tags, (tag) => `case ${tag.toUpperCase()}_TYPE: break;`)} }`)}`,
  "an if chain": (tags) =>
    inClass(tags.map((tag) => `if (message.type === "${tag}") { console.log(1); }`).join(" else ")),
  "an if chain written the other way round": (tags) =>
    inClass(tags.map((tag) => `if ("${tag}" === message.type) { console.log(1); }`).join(" else ")),
  "ifs that return": (tags) => inClass(each(tags, (tag) => `if (message.type === "${tag}") return;`)),
  "one if with alternatives": (tags) =>
    inClass(`if (${tags.map((tag) => `message.type === "${tag}"`).join(" || ")}) console.log(1);`),
  "a handler map": (tags) => `${TYPE}
const a = defineActor<Message, number>({ init: () => 0, handlers: { ${each(tags, (tag) => `${tag}: (s) => s,`)} } });`,
  "a handler map of methods": (tags) => `${TYPE}
const a = defineActor<Message, number>({ init: () => 0, handlers: { ${each(tags, (tag) => `${tag}(s) { return s; },`)} } });`,
  "a handler map with quoted names": (tags) => `${TYPE}
const a = defineActor<Message, number>({ init: () => 0, handlers: { ${each(tags, (tag) => `"${tag}": (s) => s,`)} } });`,
  "a handler map with a spread": (tags) => `${TYPE}
const base = { a: (s: number) => s };
const a = defineActor<Message, number>({ init: () => 0, handlers: { ...base, ${each(tags.slice(1), (tag) => `${tag}: (s) => s,`)} } });`,
  "a handler map in shorthand": (tags) => `${TYPE}
${each(tags, (tag) => `const ${tag} = (s: number) => s;`)}
const actor = defineActor<Message, number>({ init: () => 0, handlers: { ${tags.join(", ")} } });`,
  "a handler map for become": (tags) => `${TYPE}
const later = become<Message, number>({ ${each(tags, (tag) => `${tag}: (s) => s,`)} });`,
  "a method that is given the message": (tags) => `${TYPE}
class A extends Actor<Message> {
  override handleMessage(message: Message): void { this.#on(message); }
  #on(message: Message): void { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } }
}`,
  "a field that holds a function": (tags) => `${TYPE}
class A extends Actor<Message> {
  override handleMessage = (message: Message): void => { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } };
}`,
  "an asynchronous handler": (tags) => `${TYPE}
class A extends Actor<Message> {
  override async handleMessage(message: Message): Promise<void> {
    switch (message.type) { ${each(tags, (tag) => `case "${tag}": await Promise.resolve(); break;`)} }
  }
}`,
  "an exported default class": (tags) => `${TYPE}
export default class extends Actor<Message> {
  override handleMessage(message: Message): void { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } }
}`,
  "a class below an abstract base": (tags) => `${TYPE}
abstract class Base extends Actor<Message> { protected count = 0; }
class A extends Base {
  override handleMessage(message: Message): void { switch (message.type) { ${each(tags, (tag) => `case "${tag}": this.count++; break;`)} } }
}`,
  "a class below a generic base": (tags) => `${TYPE}
abstract class Base<M> extends Actor<M> { protected count = 0; }
class A extends Base<Message> {
  override handleMessage(message: Message): void { switch (message.type) { ${each(tags, (tag) => `case "${tag}": this.count++; break;`)} } }
}`,
  "JavaScript with JSDoc": (tags) => `
//- /main.js
import { Actor } from "airssys-rt";
/** @typedef {{ type: "a" } | { type: "b" } | { type: "c" }} Message */
/** @extends {Actor<Message>} */
export class A extends Actor {
  /** @param {Message} message */
  handleMessage(message) { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } }
}`,
};

for (const [kind, write] of Object.entries(HANDLERS)) {
  test(`${kind} that handles everything is silent`, () => {
    assert.deepEqual(found(write(ALL)), []);
  });

  test(`${kind} that leaves a variant out is reported`, () => {
    assert.deepEqual(found(write(SOME)), MISSING);
  });
}

/** How the messages `a`, `b` and `c` are declared as `Message`. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  "a plain union": `type Message = { type: "a" } | { type: "b" } | { type: "c" };`,
  "a union of unions": `type One = { type: "a" } | { type: "b" }; type Other = { type: "c" }; type Message = One | Other;`,
  "a union with a common part": `type Message = { id: string } & ({ type: "a" } | { type: "b" } | { type: "c" });`,
  interfaces: `interface A1 { type: "a" } interface B1 { type: "b" } interface C1 { type: "c" } type Message = A1 | B1 | C1;`,
  "interfaces that extend another": `interface Base { at: number } interface A1 extends Base { type: "a" } interface B1 extends Base { type: "b" } interface C1 extends Base { type: "c" } type Message = A1 | B1 | C1;`,
  "one object type with a union as discriminant": `type Message = { type: "a" | "b" | "c"; n: number };`,
  "a generic alias": `type Of<T extends string> = { type: T }; type Message = Of<"a"> | Of<"b"> | Of<"c">;`,
  "a generic alias that distributes": `type Of<T extends string> = T extends string ? { type: T } : never; type Message = Of<"a" | "b" | "c">;`,
  "a mapped type": `type Shapes = { a: { n: number }; b: {}; c: {} }; type Message = { [K in keyof Shapes]: { type: K } & Shapes[K] }[keyof Shapes];`,
  "an Exclude of a larger union": `type More = { type: "a" } | { type: "b" } | { type: "c" } | { type: "d" }; type Message = Exclude<More, { type: "d" }>;`,
  "questions among the messages": `type Message = { type: "a" } | Ask<{ type: "b" }, number> | { type: "c" };`,
  "read-only properties": `type Message = Readonly<{ type: "a" }> | Readonly<{ type: "b" }> | { readonly type: "c" };`,
  "discriminants in a template": `type Kind = "a" | "b"; type Message = { type: \`\${Kind}\` } | { type: "c" };`,
  "an optional property besides": `type Message = { type: "a"; n?: number } | { type: "b" } | { type: "c"; m?: { deep: string } };`,
  "the types of constants": `const a = { type: "a" } as const; const b = { type: "b" } as const; const c = { type: "c" } as const; type Message = typeof a | typeof b | typeof c;`,
};

for (const [kind, declaration] of Object.entries(PROTOCOLS)) {
  const actor = (tags: Tags): string => `
class Some extends Actor<Message> {
  override handleMessage(message: Message): void { switch (message.type) { ${each(tags, (tag) => `case "${tag}": break;`)} } }
}`;
  const here = (tags: Tags): string => `${declaration}\n${actor(tags)}`;
  const elsewhere = (tags: Tags): string => `
//- /protocol.ts
import { type Ask } from "airssys-rt";
${declaration.replaceAll(/(?<=^|[;}] )(?=type |interface |const )/g, "export ")}
export type Unused = Ask<{ type: "x" }, number>;
//- /main.ts
import { Actor } from "airssys-rt";
import type { Message as Imported } from "./protocol.ts";
type Message = Imported;
${actor(tags)}`;

  for (const [where, write] of [
    ["", here],
    [", imported under another name,", elsewhere],
  ] as const) {
    test(`${kind}${where} is understood: everything handled is silent, a variant left out is named`, () => {
      assert.deepEqual(found(write(ALL)), []);
      assert.deepEqual(found(write(SOME)), MISSING);
    });
  }
}

/** What stands after `case "a"` and `case "b"`, and what is found then. */
const DEFAULTS: readonly (readonly [string, string, readonly string[]])[] = [
  ["that checks for never with satisfies", "default: message satisfies never;", []],
  ["that gives the rest to assertNever", "default: assertNever(message);", []],
  [
    "that keeps the rest in a constant of type never",
    "default: { const rest: never = message; throw new Error(String(rest)); }",
    [],
  ],
  ["that throws", "default: throw new Error(message.type);", []],
  ["that logs", "default: console.log(message.type);", ['hidden-message-variants: default notes "c" and drops it']],
  ["that is empty", "default:", ['hidden-message-variants: default drops "c" without a trace']],
  ["that breaks", "default: break;", ['hidden-message-variants: default drops "c" without a trace']],
  ["that returns", "default: return;", ['hidden-message-variants: default drops "c" without a trace']],
  ["that is an empty block", "default: {}", ['hidden-message-variants: default drops "c" without a trace']],
];

for (const [title, clause, expected] of DEFAULTS) {
  const write = (cases: string): string => `
declare function assertNever(value: never): never;
declare function String(value: unknown): string;
${inClass(`switch (message.type) { ${cases} ${clause} }`)}`;

  test(`a default ${title} ${expected.length === 0 ? "hides nothing" : "hides what it drops"}`, () => {
    assert.deepEqual(found(write('case "a": break; case "b": break;')), expected);
  });

  test(`a default ${title} is silent when there is nothing left for it`, () => {
    assert.deepEqual(found(write('case "a": break; case "b": break; case "c": break;')), []);
  });
}

const CLAUSES = 'case "a": break; case "b": case "c": break;';

/** Arms no message comes to. */
const DEAD: readonly (readonly [string, string, string])[] = [
  ["a second case", inClass(`switch (message.type) { ${CLAUSES} case "a": break; }`), '"a" was handled before'],
  [
    "a second comparison",
    inClass('if (message.type === "a") return; else if (message.type === "a") console.log(2); else console.log(3);'),
    'message.type === "a" was handled before',
  ],
  [
    "a handler of no variant",
    `${TYPE}\nconst x = defineActor<Message, number>({ init: () => 0, handlers: { a: (s) => s, b: (s) => s, c: (s) => s, d: (s: number) => s } });`,
    "no message of Message is d",
  ],
];

for (const [title, text, message] of DEAD) {
  test(`${title} can never be reached`, () => {
    assert.deepEqual(found(text, ["unreachable-handler"]), [`unreachable-handler: ${message}`]);
  });
}
