import assert from "node:assert/strict";
import { test } from "node:test";
import { analysisOf, checkClean, checkFix, checkRule, filesOf } from "../fixture.ts";

/** As much of the typings of ts-pattern as the cases need. */
const TS_PATTERN = `
//- /node_modules/ts-pattern/package.json
{ "name": "ts-pattern", "types": "index.d.ts" }
//- /node_modules/ts-pattern/index.d.ts
// airssys-rt
export interface Match<I, O> {
  with(...args: any[]): Match<I, O>;
  when(predicate: (value: I) => unknown, handler: (value: any) => unknown): Match<I, O>;
  returnType<T>(): Match<I, T>;
  narrow(): Match<I, O>;
  otherwise(handler: (value: I) => unknown): O;
  exhaustive(): O;
  run(): O;
}
export function match<const I, O = unknown>(value: I): Match<I, O>;
export declare const P: { any: unique symbol; _: unique symbol; string: unique symbol; select(): any; when(f: (value: any) => boolean): any; union(...values: any[]): any };
`;

/** An actor whose handler has a given body, over the messages a, b and c. */
function actor(body: string, head = 'import { match, P } from "ts-pattern";'): string {
  return `
//- /main.ts
import { Actor, type ActorContext } from "airssys-rt";
${head}
type Message = { type: "a"; n: number } | { type: "b" } | { type: "c" };
export class Probe extends Actor<Message> {
  override handleMessage(message: Message): unknown {
    ${body}
  }
}
${TS_PATTERN}`;
}

const RULES = ["unhandled-message", "hidden-message-variants", "unreachable-handler"];

function reported(title: string, body: string, head?: string): void {
  test(`reported: ${title}`, () => checkRule(actor(body, head), RULES));
}

function silent(title: string, body: string, head?: string): void {
  test(`silent: ${title}`, () => checkClean(actor(body, head), RULES));
}

reported(
  "run without a pattern for every message",
  `return match(message)
               //^^^^^^^ 💡 unhandled-message: "b" and "c" are not handled
      .with({ type: "a" }, () => 1)
      .run();`,
);
reported(
  "run over the discriminant",
  `return match(message.type).with("a", () => 1).with("b", () => 2).run();
               //^^^^^^^^^^^^ 💡 unhandled-message: "c" is not handled`,
);
reported(
  "the discriminant in a constant, match under another name",
  `const { type } = message;
    return match.match(type).with("a", "b", () => 1).run();
                     //^^^^ 💡 unhandled-message: "c" is not handled`,
  'import * as match from "ts-pattern";',
);
reported(
  "with returnType and narrow between",
  `return match(message).returnType<number>().with({ type: "a" }, () => 1).narrow().with({ type: "b" }, () => 2).run();
               //^^^^^^^ 💡 unhandled-message: "c" is not handled`,
);
reported(
  "an otherwise that does nothing",
  `match(message)
      .with({ type: "a" }, () => 1)
      .otherwise(() => {});
     //^^^^^^^^^ 💡 hidden-message-variants: otherwise drops "b" and "c" without a trace`,
);
reported(
  "an otherwise that gives undefined",
  `return match(message.type).with("a", () => 1).otherwise(() => undefined);
                                                //^^^^^^^^^ 💡 hidden-message-variants: otherwise drops "b" and "c" without a trace`,
);
reported(
  "a pattern for no message",
  `return match(message).with({ type: "d" }, () => 1).otherwise(() => 2);
                                     //^^^ unreachable-handler: no message of Message is "d"`,
);
reported(
  "a pattern for what was handled before",
  `return match(message).with({ type: "a" }, () => 1).with({ type: "b" }, { type: "a" }, () => 3).with({ type: "b" }, () => 2).otherwise(() => 4);
                                                                                 //^^^ unreachable-handler: "a" was handled before
                                                                                                              //^^^ unreachable-handler: "b" was handled before`,
);
reported(
  "what is left after a test",
  `if (message.type === "a") return 1;
    return match(message).with({ type: "b" }, () => 1).run();
               //^^^^^^^ 💡 unhandled-message: "c" is not handled`,
);

silent(
  "everything matched",
  `return match(message).with({ type: "a" }, () => 1).with({ type: "b" }, { type: "c" }, () => 2).run();`,
);
silent("exhaustive: the compiler's work", `return match(message).with({ type: "a" }, () => 1).exhaustive();`);
silent(
  "an otherwise that does something",
  `return match(message).with({ type: "a" }, () => 1).otherwise((m) => m.type);`,
);
silent(
  "an otherwise that throws",
  `return match(message).with({ type: "a" }, () => 1).otherwise(() => { throw new Error("x"); });`,
);
silent(
  "an otherwise that takes nothing",
  `return match(message).with({ type: "a" }, { type: "b" }, { type: "c" }, () => 1).otherwise(() => {});`,
);
silent(
  "a guard: the next pattern is reached",
  `return match(message).with({ type: "a" }, (m: any) => m.n > 1, () => 1).with({ type: "a" }, () => 2).with({ type: "b" }, { type: "c" }, () => 3).run();`,
);
silent(
  "when may take anything",
  `return match(message).when((m) => m.type !== "a", () => 1).with({ type: "a" }, () => 2).run();`,
);
silent(
  "patterns that are not known",
  `return match(message).with({ type: P.union("a", "b") }, () => 1).with({ type: "c" }, () => 2).run();`,
);
silent("a pattern for everything", `return match(message).with(P._, () => 1).with({ type: "a" }, () => 2).run();`);
silent(
  "a pattern that asks more",
  `return match(message).with({ type: "a", n: 1 }, () => 1).with({ type: "a" }, () => 2).with({ type: "b" }, { type: "c" }, () => 3).run();`,
);
silent(
  "a pattern that is spread",
  `const rest = { n: 1 }; return match(message).with({ ...rest, type: "a" } as never, () => 1).with({ type: "b" }, { type: "c" }, () => 3).run();`,
);
silent("a chain that is not ended", `match(message).with({ type: "a" }, () => 1);`);
silent("a match of something else", `return match({ message, n: 1 }).with({ n: 1 }, () => 1).run();`);
silent("a match of a cast", `return match(message as any).with({ type: "x" }, () => 1).run();`);
silent(
  "two matches, each for a part",
  `match(message).with({ type: "a" }, () => 1).otherwise(() => {});
    match(message).with({ type: "b" }, () => 1).with({ type: "c" }, () => 1).otherwise(() => {});`,
);
silent(
  "a match besides a switch",
  `switch (message.type) { case "a": break; case "b": case "c": console.log(1); }
    match(message).with({ type: "b" }, () => 1).otherwise(() => {});`,
);
silent(
  "another function called match",
  `return match(message).with({ type: "a" }, () => 1).run();`,
  "declare function match(value: unknown): any;",
);
silent("broken code", `return match(message).with({ type: , () => 1).with(.run();`);

test("the fix of run adds the patterns, in lines of their own where the others are", () => {
  checkFix(
    actor(`return match(message)
      .with({ type: "a" }, () => 1)
      .run();`),
    actor(`return match(message)
      .with({ type: "a" }, () => 1)
      .with({ type: "b" }, () => {
        throw new Error("b is not handled yet");
      })
      .with({ type: "c" }, () => {
        throw new Error("c is not handled yet");
      })
      .run();`),
    { only: "unhandled-message" },
  );
  checkFix(
    actor(`return match(message.type).with("a", "b", () => 1).run();`),
    actor(
      `return match(message.type).with("a", "b", () => 1).with("c", () => { throw new Error("c is not handled yet"); }).run();`,
    ),
    { only: "unhandled-message" },
  );
});

test("the fix of an otherwise names what it drops", () => {
  checkFix(
    actor(`match(message)
      .with({ type: "a" }, () => 1)
      .otherwise(() => {});`),
    actor(`match(message)
      .with({ type: "a" }, () => 1)
      .with({ type: "b" }, () => {})
      .with({ type: "c" }, () => {})
      .exhaustive();`),
    { only: "hidden-message-variants" },
  );
});

test("what is sent in a handler of a match is sent while that message is handled", () => {
  const analysis = analysisOf(
    filesOf(
      actor(`return match(message)
      .with({ type: "a" }, () => this.peer.tell({ type: "b" }))
      .with({ type: "b" }, { type: "c" }, () => 1)
      .exhaustive();`).replace(
        "override handle",
        'constructor(readonly peer: import("airssys-rt").ActorRef<Message>) { super(); }\n  override handle',
      ),
    ),
  );
  const facts = analysis.factsOf("/main.ts");

  assert.deepEqual(
    facts?.sends.map(({ during }) => during),
    [["s:a"]],
  );
  assert.deepEqual(
    facts?.dispatches.map(({ kind, arms }) => [kind, arms.map(({ tags }) => tags)]),
    [["match", [["s:a"], ["s:b"], ["s:c"]]]],
  );
});
