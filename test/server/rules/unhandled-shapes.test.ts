/** What is no handler, and the shapes in which variants are left out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClean, checkFix, diagnose, filesOf } from "../fixture.ts";

const RULE = "unhandled-message";
const SWITCH = 'switch (message.type) { case "a": return; case "b": return; }';

const program = (body: string, members = ""): string => `
type M = { type: "a"; x: 1; at: number } | { type: "b"; y: 1; at: number } | { type: "c"; z: 1; at: number };
declare function trace(x: unknown): void;
declare function traceAndRun(x: unknown): void;
declare function assertNever(x: never): never;
declare function route(x: unknown): void;
const seen = new Set<M>();
console.log(seen.size);
export class A extends Actor<M> {
  #history: M[] = [];
  #state = "";
  #last = "";
  readonly #queue: M[] = [];
  readonly #emitter!: { emit(n: string, x: unknown): void };
  readonly #map: { [K in M["type"]]?: () => void } = { a: () => {}, b: () => {} };
  readonly #open: { [K in M["type"]]?: () => void } = { a: () => {}, b: () => {} };
  override async handleMessage(message: M): Promise<void> { ${body} }
  next(): M | undefined { this.#emitter.emit("n", 1); this.#open["c"] = () => {}; return this.#queue.shift(); }
  state(): string { console.log(this.#last); return this.#state; }
  shown(): readonly M[] { this.#history = []; console.log(this.#history.length); return [...this.#history]; }
  ${members}
}`;

function found(text: string): readonly string[] {
  return diagnose(filesOf(text), [RULE]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

for (const body of [
  `this.#history.push(message); ${SWITCH}`,
  `this.#history.unshift(message); ${SWITCH}`,
  `seen.add(message); ${SWITCH}`,
  `trace(message); ${SWITCH}`,
  `traceAndRun(message); ${SWITCH}`,
  `const text = JSON.stringify(message); console.log(text); ${SWITCH}`,
  'switch (message.type) { case "a": break; case "b": break; } this.#history.push(message);',
  'out: switch (message.type) { case "a": break out; case "b": return; }',
  'out: { switch (message.type) { case "a": break out; case "b": return; } }',
  "this.#map[message.type]?.();",
  "this.#map[message.type]?.call(this);",
  "await this.#map[message.type]?.();",
  "const run = this.#map[message.type]; run?.();",
  "const run = this.#map[message.type]; if (run) run();",
  "const run = this.#map[message.type]; if (run !== undefined) { await run.call(this); }",
  "const run = this.#map[message.type]; run && run();",
  'if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2); console.log("done");',
  'this.#last = message.type; if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2);',
  'route(message.type); if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2);',
  'route(message.at); if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2);',
  `route(message.at); ${SWITCH}`,
  `const later = () => route(message.at); later(); ${SWITCH}`,
  "console.log(message); this.#map[message.type]?.();",
  'if ("x" in message) console.log(1); else if ("y" in message) console.log(2);',
  'if ("x" in message) { console.log(1); return; } if ("y" in message) { console.log(2); return; }',
])
  test(`"c" is found not to be handled in ${body}`, () => {
    assert.deepEqual(found(program(body)), ['"c" is not handled']);
  });

for (const body of [
  `this.#queue.push(message); ${SWITCH}`,
  `this.#emitter.emit("m", message); ${SWITCH}`,
  "const run = this.#map[message.type]; if (run) run(); else route(message);",
  "const run = this.#map[message.type]; if (run) { run(); return; } route(message);",
  'route(message.at); if (message.type === "a") console.log(1);',
  `this.#state = message.type; ${SWITCH}`,
  `const later = () => { if (message.type === "c") route(1); }; later(); ${SWITCH}`,
  'if (message.type === "a") return; if (message.type === "b") return; console.log("c");',
  'if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2); this.shown();',
  `route(message); ${SWITCH}`,
  'switch (message.type) { case "a": return; case "b": return; } route(message);',
  'switch (message.type) { case "a": return; case "b": return; default: message satisfies never; }',
  'switch (message.type) { case "a": return; case "b": return; default: assertNever(message as never); }',
  'switch (message.type) { case "a": return; case "b": return; } const rest: never = message as never; console.log(rest);',
  "this.#open[message.type]?.();",
  "if (this.#map[message.type] === undefined) route(message); this.#map[message.type]?.();",
  "(this.#map[message.type] ?? (() => route(message)))();",
  "const run = this.#map[message.type]; if (run === undefined) route(message); else run();",
  'if ("x" in message) console.log(1); else if ("y" in message) console.log(2); else console.log(3);',
  'if ("x" in message) console.log(1); else if ("w" in message) console.log(2); else if ("y" in message) console.log(3);',
])
  test(`nothing is said of ${body}`, () => {
    assert.deepEqual(found(program(body)), []);
  });

for (const [title, parameter, body] of [
  ["by its first element", "message", 'switch (message[0]) { case "a": return; case "b": return; }'],
  [
    "taken apart in the parameter",
    "[tag, ...rest]",
    'console.log(rest); switch (tag) { case "a": return; case "b": return; }',
  ],
  [
    "taken apart in a constant",
    "message",
    'const [tag] = message; if (tag === "a") return; else if (tag === "b") return;',
  ],
] as const)
  test(`messages that are tuples are known ${title}`, () => {
    const text = (code: string): string =>
      `type N = readonly ["a", number] | readonly ["b"] | readonly ["c", string];
       export class A extends Actor<N> { override handleMessage(${parameter}: N): void { ${code} } }`;
    assert.deepEqual(found(text(body)), ['"c" is not handled']);
    assert.deepEqual(found(text(body.replace('"b"', '"b" as "c"'))).length, 1);
  });

test("ten variants are named, and how many more there are", () => {
  const variants = (count: number): string => Array.from({ length: count }, (_, at) => `{ type: ${at} }`).join(" | ");
  const text = (count: number): string =>
    `type N = ${variants(count)}; export class A extends Actor<N> { override handleMessage(message: N): void { switch (message.type) { case 0: return; } } }`;
  assert.deepEqual(found(text(11)), ["1, 10, 2, 3, 4, 5, 6, 7, 8 and 9 are not handled"]);
  assert.deepEqual(found(text(25)), ["1, 10, 11, 12, 13, 14, 15, 16, 17, 18 and 14 more are not handled"]);
});

const symbols = (handlers: string): string => `
  declare const START: unique symbol;
  declare const STOP: unique symbol;
  enum Kind { Go = "go", End = "end" }
  type N = { type: typeof START } | { type: typeof STOP };
  type K = { type: Kind.Go } | { type: Kind.End };
  const shared = { [START]: (state: number) => state };
  console.log(shared);
  ${handlers}`;

test("handlers with symbols and constants for names are known", () => {
  for (const whole of ["[START]: (s) => s, [STOP]: (s) => s", "...shared, [STOP]: (s) => s"])
    assert.deepEqual(
      found(symbols(`export const d = defineActor<N, number>({ init: () => 0, handlers: { ${whole} } });`)),
      [],
    );
  for (const part of ["[START]: (s: number) => s", "...shared"])
    assert.deepEqual(
      found(symbols(`export const d = defineActor<N, number>({ init: () => 0, handlers: { ${part} } as never });`)),
      ["STOP is not handled"],
    );
  assert.deepEqual(
    found(
      symbols(
        "export const d = defineActor<K, number>({ init: () => 0, handlers: { [Kind.Go]: (s: number) => s } as never });",
      ),
    ),
    ["Kind.End is not handled"],
  );
  assert.deepEqual(
    found(
      symbols(
        "declare const some: string; export const d = defineActor<N, number>({ init: () => 0, handlers: { [some]: (s: number) => s } as never });",
      ),
    ),
    [],
  );
});

test("the fix of a map whose missing handlers are passed over puts one into it", () => {
  const text = (more: string): string => `
    import { Actor } from "airssys-rt";
    type M = { type: "a" } | { type: "b" };
    export class A extends Actor<M> {
      readonly #map: { [K in M["type"]]?: () => void } = {
        a: () => {},${more}
      };
      override handleMessage(message: M): void {
        this.#map[message.type]?.();
      }
    }`;
  checkClean(text("\n        b: () => {},"), [RULE]);
  checkFix(text(""), text('\n        b: () => {\n          throw new Error("b is not handled yet");\n        },'), {
    only: RULE,
  });
});
