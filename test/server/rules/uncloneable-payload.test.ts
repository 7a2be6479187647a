import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClean, checkFix, checkRule, diagnose, filesOf } from "../fixture.ts";

const HEAD = `import { BroadcastChannel, MessageChannel, parentPort, Worker } from "node:worker_threads";
import { Actor, ActorSystem, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
declare const worker: Worker;
declare const { port1, port2 }: MessageChannel;`;
const ONLY = ["uncloneable-payload"];

function reported(title: string, code: string): void {
  test(`reported: ${title}`, () => checkRule(`${HEAD}\n${code}`, ONLY));
}

function silent(title: string, code: string): void {
  test(`silent: ${title}`, () => checkClean(`${HEAD}\n${code}`, ONLY));
}

reported(
  "a function written in a message to a worker",
  `
worker.postMessage({ done: () => 1 });
                         //^^^^^^^ 💡 uncloneable-payload: done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "a method written in an object",
  `
worker.postMessage({ id: 1, done() {} });
                          //^^^^ 💡 uncloneable-payload: done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "to a port, deep inside, in an array",
  `
port1.postMessage([{ job: { at: [Symbol.for("x")] } }]);
                               //^^^^^^^^^^^^^^^ 💡 uncloneable-payload: 0.job.at.0 is a symbol: postMessage cannot clone it, and throws`,
);
reported(
  "to the parent",
  `
declare const answer: Promise<number>;
parentPort?.postMessage({ answer });
                        //^^^^^^ 💡 uncloneable-payload: answer is a Promise: postMessage cannot clone it, and throws`,
);
reported(
  "to a channel, the whole message",
  `
new BroadcastChannel("x").postMessage(new WeakMap());
                                    //^^^^^^^^^^^^^ uncloneable-payload: this is a WeakMap: postMessage cannot clone it, and throws`,
);
reported(
  "as the data of a worker",
  `
const seen = new WeakSet();
new Worker("./w.js", { workerData: { seen } });
                                   //^^^^ 💡 uncloneable-payload: seen is a WeakSet: workerData cannot clone it, and throws`,
);
reported(
  "by structuredClone",
  `
export const copy = structuredClone({ at: new WeakRef({}) });
                                        //^^^^^^^^^^^^^^^ 💡 uncloneable-payload: at is a WeakRef: structuredClone cannot clone it, and throws`,
);
reported(
  "refs, contexts and systems of the runtime",
  `
export function f(ref: ActorRef<{ type: "x" }>, context: ActorContext, system: ActorSystem): void {
  worker.postMessage(ref);
                   //^^^ uncloneable-payload: this is an ActorRef: postMessage cannot clone it, and throws
  worker.postMessage(context);
                   //^^^^^^^ uncloneable-payload: this is an ActorContext: postMessage cannot clone it, and throws
  worker.postMessage(system);
                   //^^^^^^ uncloneable-payload: this is an ActorSystem: postMessage cannot clone it, and throws
}`,
);
reported(
  "by the type of what is passed on",
  `
type Job = { id: string; by: ActorRef<{ type: "x" }> };
interface Outer { readonly job: Job }
export function f(outer: Outer): void {
  worker.postMessage(outer);
                   //^^^^^ uncloneable-payload: outer.job.by is an ActorRef: postMessage cannot clone it, and throws
}`,
);
reported(
  "a constant made of an object with a function in it",
  `
const job = { id: 1, done: () => 1 };
worker.postMessage(job);
                 //^^^ uncloneable-payload: job.done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "what an object is spread from",
  `
const job = { id: 1, done: () => 1 };
worker.postMessage({ ...job, id: 2 });
                   //^^^^^^ uncloneable-payload: job.done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "a union of which no member can be cloned",
  `
declare const part: (() => void) | Promise<void>;
worker.postMessage({ part });
                   //^^^^ 💡 uncloneable-payload: part is a function: postMessage cannot clone it, and throws`,
);
reported(
  "a field of a class that holds a function",
  `
class Job { readonly done = (): void => {}; }
worker.postMessage(new Job());
                 //^^^^^^^^^ uncloneable-payload: new Job().done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "a class itself",
  `
class Job {}
worker.postMessage({ kind: Job });
                         //^^^ 💡 uncloneable-payload: kind is a function: postMessage cannot clone it, and throws`,
);
reported(
  "through a cast",
  `
worker.postMessage({ done: (() => 1) as unknown });
                          //^^^^^^^ 💡 uncloneable-payload: done is a function: postMessage cannot clone it, and throws`,
);
reported(
  "an element that a tuple must have",
  `
declare const pair: readonly [string, () => void];
worker.postMessage(pair);
                 //^^^^ uncloneable-payload: pair.1 is a function: postMessage cannot clone it, and throws`,
);

silent(
  "plain data",
  `worker.postMessage({ a: 1, b: [new Date(), new Map([[1, new Set()]])], c: null, d: undefined });`,
);
silent(
  "what is not known",
  `export function f<T>(a: any, b: unknown, c: T, d: { x?: () => void }, e: string | (() => void)): void {
    for (const one of [a, b]) worker.postMessage(one);
    worker.postMessage({ c, d, e });
  }`,
);
silent(
  "elements there may be none of",
  `export function f(a: (() => void)[], b: Map<string, Promise<void>>, c: Record<string, () => void>): void {
    worker.postMessage({ a, b, c });
  }`,
);
silent(
  "methods of classes, and accessors",
  `class Money { constructor(readonly n: number) {} text(): string { return ""; } get late(): Promise<void> { return Promise.resolve(); } #secret = () => 1; static f = () => 1; use() { return this.#secret; } }
  worker.postMessage(new Money(1));`,
);
silent(
  "functions in interfaces and methods in type literals: classes may stand behind them",
  `interface Log { write: (text: string) => void; flush(): void }
  export function f(log: Log, closing: { close(): void }): void {
    worker.postMessage(log);
    worker.postMessage(closing);
  }`,
);
silent(
  "a class that is cloned in a way of its own",
  `class Failure extends Error { readonly retry = (): void => {}; }
  worker.postMessage(new Failure());`,
);
silent(
  "an optional field of a class, and one that is only declared",
  `class Job { done?: () => void; declare late: () => void; }
  worker.postMessage(new Job());`,
);
silent("properties with symbols", `worker.postMessage({ [Symbol.iterator]: () => 1 });`);
silent(
  "the mark on questions",
  `export function f(message: Ask<{ type: "x" }, number>): void { worker.postMessage(message); }`,
);
silent("a property written over later", `const job = { done: () => 1 }; worker.postMessage({ ...job, done: 1 });`);
silent(
  "a property that a later spread may write over",
  `export function f(rest: any): void { worker.postMessage({ done: () => 1, ...rest }); }`,
);
silent("what is transferred", `worker.postMessage({ port: port1, bytes: new ArrayBuffer(8) }, [port1]);`);
silent(
  "somebody who is prepared",
  `export function isCloneable(f: () => void): boolean {
    try { structuredClone(f); return true; } catch { return false; }
  }`,
);
silent(
  "other things called postMessage, structuredClone and Worker",
  `const own = { postMessage(value: unknown): void {} };
  own.postMessage({ done: () => 1 });
  export function f(structuredClone: (value: unknown) => void): void { structuredClone(() => 1); }
  { class Worker { constructor(path: string, options: { workerData: unknown }) {} }
    new Worker("x", { workerData: () => 1 }); }`,
);
silent(
  "messages between actors, which are not cloned",
  `export function f(ref: ActorRef<{ type: "x"; done: () => void; by: ActorRef }>, by: ActorRef): void { ref.tell({ type: "x", done: () => {}, by }); }`,
);
silent("a method whose value is not known", `export function f(rest: { at: any }): void { structuredClone(rest.at); }`);

test("silent: a test", () => {
  checkClean(`//- /test/clone.ts\n${HEAD}\nworker.postMessage({ done: () => 1 });`, ONLY);
});

test("broken code says nothing and does not throw", () => {
  checkClean(`${HEAD}\nworker.postMessage({ done: ( });\nworker.postMessage(\nnew Worker("x", { workerData`, ONLY);
});

for (const [before, after] of [
  ["{ id: 1, done: () => 1 }", "{ id: 1 }"],
  ["{ done: () => 1, id: 1 }", "{ id: 1 }"],
  ["{ id: 1, job: { a: 1, done() {}, b: 2 } }", "{ id: 1, job: { a: 1, b: 2 } }"],
] as const) {
  test(`the fix leaves the property out: ${before}`, () => {
    checkFix(`${HEAD}\nworker.postMessage(${before});`, `${HEAD}\nworker.postMessage(${after});`, {
      only: "uncloneable-payload",
    });
  });
}

const typed = (code: string): string => `${HEAD}
  interface Job { readonly id: number; readonly done: (sum: number) => void }
  interface Plain { readonly id: number; done?: () => void }
  class Later implements Job { readonly id = 1; done(): void {} }
  console.log(Later);
  ${code}`;
const LITERAL = "{ id: 1, done: () => {} }";

for (const code of [
  `const job: Job = ${LITERAL}; worker.postMessage(job);`,
  `const job = ${LITERAL} satisfies Job; const same: Job = job; worker.postMessage(same);`,
  `function jobFor(id: number): Job { return { id, done: () => {} }; } worker.postMessage(jobFor(1));`,
  `const jobFor = (id: number): Job => ({ id, done: () => {} }); const job = jobFor(1); worker.postMessage(job);`,
  `function submit(job: Job): void { worker.postMessage(job); } submit(${LITERAL});`,
  `export class Pool { #submit(job: Job): void { worker.postMessage(job); } #jobFor(): Job { return ${LITERAL}; } run(): void { this.#submit(this.#jobFor()); } }`,
  `export class Pool { async #submit(job: Job): Promise<void> { worker.postMessage(job); } async run(id: number): Promise<void> { const job: Job = id > 1 ? ${LITERAL} : new Later(); await this.#submit(job); } }`,
])
  test(`a literal behind an interface is seen in ${code.slice(0, 90)}`, () => {
    const all = diagnose(filesOf(typed(code)), ONLY).flatMap(({ diagnostics }) =>
      diagnostics.map((one) => one.message),
    );
    assert.deepEqual(
      all.map((one) => one.replace(/^\w+\./, "")),
      ["done is a function: postMessage cannot clone it, and throws"],
    );
  });

for (const code of [
  "const job: Job = new Later(); worker.postMessage(job);",
  "export function submit(job: Job): void { worker.postMessage(job); }",
  `export function submit(job: Job): void { worker.postMessage(job); } submit(${LITERAL});`,
  `const job: Plain = ${LITERAL}; delete job.done; worker.postMessage(job);`,
  `let job: Job = ${LITERAL}; job = new Later(); worker.postMessage(job);`,
  `export class Pool { protected submit(job: Job): void { worker.postMessage(job); } }`,
  `function submit(job: Job): void { worker.postMessage(job.id); } submit(${LITERAL});`,
  "function submit(job: Plain): void { worker.postMessage(job); } submit({ id: 1 });",
])
  test(`nothing is said of ${code.slice(0, 90)}`, () => {
    assert.deepEqual(
      diagnose(filesOf(typed(code)), ONLY).flatMap(({ diagnostics }) => diagnostics),
      [],
    );
  });
