/** Shapes that other hands give to actors: a bug in one is found, and its right twin is left in peace. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const IMPORTS = `import { Actor, type ActorContext, type Ask, type FunctionalActor, type Handlers, defineActor, supervisor } from "airssys-rt";
type Port = { reply(value: string): void };
type Go = { type: "go" };`;

function found(text: string, rule: string): readonly string[] {
  const files = text.includes("//- /") ? text : `${IMPORTS}\n${text}`;
  return diagnose(filesOf(files), [rule]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

const waiters = (field: string, wait: string, done: string, reset: string, members = ""): string => `
type Message = Ask<{ type: "wait"; id: string }, string> | { type: "done"; id: string } | { type: "reset"; id: string };
export class Waiters extends Actor<Message> {
  ${field};
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    switch (message.type) {
      case "wait": ${wait} return;
      case "done": ${done} return;
      case "reset": ${reset} return;
    }
  }
  ${members}
}`;
const RECORD = "private waiting: Record<string, Port> = {}";
const KEPT = "this.waiting[message.id] = context.deferReply();";
const ANSWERED = 'this.waiting[message.id]?.reply("done"); delete this.waiting[message.id];';
const DROPPED = "delete this.waiting[message.id];";
const MAP = "private readonly waiting = new Map<string, Port>()";
const PUT = "this.waiting.set(message.id, context.deferReply());";
const TAKEN = 'this.waiting.get(message.id)?.reply("done"); this.waiting.delete(message.id);';

const state = (imported: string, name: string, first: string, second: string): string => `
//- /state.ts
export const cache = new Map<string, number>();
export const LIMIT = 3;
//- /lib.ts
export * from "./state.ts";
//- /a.ts
import { Actor } from "airssys-rt";
import ${imported} from "./lib.ts";
export class A extends Actor<{ type: "go" }> { override handleMessage(): void { ${name}${first}; } }
//- /b.ts
import { Actor } from "airssys-rt";
import { cache } from "./lib.ts";
export class B extends Actor<{ type: "go" }> { override handleMessage(): void { cache${second}; } }`;

const CHILD = `class Worker extends Actor<Go> { override handleMessage(): void {} }
const child = (id: string) => ({ id, start: () => new Worker() });
function numbered(_: unknown, at: number) { return { id: "w" + AT, start: () => new Worker() }; }`;

const posted = (members: string): string => `import { Worker } from "node:worker_threads";
declare const worker: Worker;
class Job { constructor(${members}) {} }
export const post = (job: Job): void => worker.postMessage({ job });`;

/** Of each shape: its bug, and what is right. */
const TWINS: readonly (readonly [rule: string, shape: string, bug: string, right: string])[] = [
  [
    "dropped-reply",
    "ports in an object by id",
    waiters(RECORD, KEPT, ANSWERED, DROPPED),
    waiters(RECORD, KEPT, ANSWERED, ANSWERED),
  ],
  [
    "dropped-reply",
    "ports in an object whose places are emptied",
    waiters(RECORD, KEPT, ANSWERED, "this.waiting = {};"),
    waiters(
      RECORD,
      KEPT,
      ANSWERED,
      'for (const port of Object.values(this.waiting)) port.reply("no"); this.waiting = {};',
    ),
  ],
  [
    "dropped-reply",
    "ports in a map that is private to the compiler",
    waiters(MAP, PUT, TAKEN, "this.waiting.delete(message.id);"),
    waiters(MAP, PUT, TAKEN, TAKEN),
  ],
  [
    "dropped-reply",
    "ports that another method takes out of the actor by destructuring",
    waiters(MAP, PUT, TAKEN, "this.waiting.delete(message.id);"),
    waiters(
      MAP,
      PUT,
      TAKEN,
      "this.waiting.delete(message.id);",
      "all(): unknown { const { waiting } = this; return waiting; }",
    ),
  ],
  [
    "dropped-reply",
    "ports of a protected map, which a class below may answer",
    waiters(MAP, PUT, TAKEN, "this.waiting.delete(message.id);"),
    waiters(MAP.replace("private", "protected"), PUT, TAKEN, "this.waiting.delete(message.id);"),
  ],
  [
    "shared-module-state",
    "a variable by the name of its module",
    state("* as lib", "lib.cache", '.set("a", 1)', '.delete("a")'),
    state("* as lib", "lib.LIMIT", ".toFixed()", '.delete("a")'),
  ],
  [
    "duplicate-child-id",
    "children made by a named function",
    `${CHILD.replace("AT", "at")}\nexport const root = supervisor({ children: [child("a"), ...["b", "a"].map(child)] });`,
    `${CHILD.replace("AT", "at")}\nexport const root = supervisor({ children: [child("a"), ...["b", "c"].map(child)] });`,
  ],
  [
    "duplicate-child-id",
    "children that are counted",
    `${CHILD.replace("AT", "(at % 2)")}\nexport const root = supervisor({ children: Array.from({ length: 3 }, numbered) });`,
    `${CHILD.replace("AT", "at")}\nexport const root = supervisor({ children: Array.from({ length: 3 }, numbered) });`,
  ],
  [
    "uncloneable-payload",
    "a function that a constructor keeps",
    posted("readonly id: string, readonly done: () => void"),
    posted("readonly id: string, done: () => void"),
  ],
  [
    "lost-next-state",
    "a functional actor in a constant",
    "const counter: FunctionalActor<Go, { n: number }> = { init: () => ({ n: 0 }), handlers: { go: (s) => { ({ ...s, n: 1 }); } } };\nexport const made = defineActor(counter);",
    "const counter: FunctionalActor<Go, { n: number }> = { init: () => ({ n: 0 }), handlers: { go: (s) => ({ ...s, n: 1 }) } };\nexport const made = defineActor(counter);",
  ],
  [
    "missing-reply",
    "handlers that are functions of the file",
    `type Message = Ask<{ type: "inc" }, number>;
function inc(state: number, _message: Message, context: ActorContext<Message>): void { if (state > 3) return; context.reply(state); }
const handlers: Handlers<Message, number> = { inc };
export const made = defineActor<Message, number>({ init: () => 0, handlers });`,
    `type Message = Ask<{ type: "inc" }, number>;
function inc(state: number, _message: Message, context: ActorContext<Message>): void { if (state > 3) return context.reply(3); context.reply(state); }
const handlers: Handlers<Message, number> = { inc };
export const made = defineActor<Message, number>({ init: () => 0, handlers });`,
  ],
];

for (const [rule, shape, bug, right] of TWINS)
  test(`${rule} in ${shape}: the bug is found once, its right twin not reported`, () => {
    assert.equal(found(bug, rule).length, 1, found(bug, rule).join("\n"));
    assert.deepEqual(found(right, rule), []);
  });
