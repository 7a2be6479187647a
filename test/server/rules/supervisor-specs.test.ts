import { test } from "node:test";
import { checkClean, checkFix, checkRule } from "../fixture.ts";

const RULES = [
  "invalid-restart-intensity",
  "duplicate-child-id",
  "invalid-supervisor-spec",
  "invalid-significant-child",
];
const check = (text: string): void => checkRule(text, RULES);
const checkNothing = (text: string): void => checkClean(text, RULES);

const ACTOR = `class Worker extends Actor<{ type: "go" }> { override handleMessage(): void {} }`;

test("a restart intensity that is no whole number >= 0 is reported", () => {
  check(`
    ${ACTOR}
    const a = supervisor({ maxRestarts: -1, children: [] });
    //                                  ^^ 💡 invalid-restart-intensity: maxRestarts must be a whole number >= 0, not -1
    const b = supervisor({ maxRestarts: 2.5, children: [] });
    //                                  ^^^ invalid-restart-intensity: maxRestarts must be a whole number >= 0, not 2.5
    const c = supervisor({ maxRestarts: Infinity, children: [] });
    //                                  ^^^^^^^^ invalid-restart-intensity: maxRestarts must be a whole number >= 0, not Infinity
    const d = supervisor({ maxRestartPeriodMs: 0, children: [] });
    //                                         ^ 💡 invalid-restart-intensity: maxRestartPeriodMs must be milliseconds > 0, not 0
    const e = supervisor({ maxRestartPeriodMs: NaN, children: [] });
    //                                         ^^^ invalid-restart-intensity: maxRestartPeriodMs must be milliseconds > 0, not NaN
  `);
});

test("values are followed through constants, arithmetic, spreads and helper functions", () => {
  check(`
    const NONE = 0;
    const SECONDS = 1_000;
    const defaults = { maxRestarts: 3, maxRestartPeriodMs: NONE * SECONDS } as const;
    //                                                     ^^^^^^^^^^^^^^ invalid-restart-intensity: maxRestartPeriodMs must be milliseconds > 0, not 0
    const a = supervisor({ ...defaults, children: [] });
    const worker = (id: string) => ({ id, start: () => new Worker(), shutdown: -5 });
    //                                                                         ^^ invalid-supervisor-spec: shutdown must be "brutal_kill", milliseconds >= 0 or "infinity", not -5
    const b = supervisor({ children: [worker("one")] });
    ${ACTOR}
  `);
});

test("a value from another file is reported where it is used", () => {
  check(`
    //- /limits.ts
    export const LIMITS = { maxRestarts: -3 };
    //- /main.ts
    import { LIMITS } from "./limits.ts";
    const a = supervisor({ maxRestarts: LIMITS.maxRestarts, children: [] });
    //                                  ^^^^^^^^^^^^^^^^^^ invalid-restart-intensity: maxRestarts must be a whole number >= 0, not -3
  `);
});

test("two children with one id are reported at the second", () => {
  check(`
    ${ACTOR}
    const start = () => new Worker();
    const a = supervisor({
      children: [
        { id: "db", start },
        { id: "web", start },
        { id: "db", start },
    //        ^^^^ 💡 duplicate-child-id: the id "db" is used twice
      ],
    });
  `);
});

test("ids made by a list of templates are compared", () => {
  check(`
    ${ACTOR}
    const a = supervisor({
      children: [
        { id: "worker-1", start: () => new Worker() },
        ...Array.from({ length: 3 }, (_, i) => ({ id: \`worker-\${i}\`, start: () => new Worker() })),
    //                                                ^^^^^^^^^^^^^ duplicate-child-id: the id "worker-1" is used twice
      ],
    });
  `);
});

test("what is wrong in a combination is shown where a helper is used, what is wrong by itself in the helper", () => {
  check(`
    ${ACTOR}
    const child = (id: string, more: Partial<ChildSpec> = {}): ChildSpec => ({ id, start: () => new Worker(), ...more });
    const first = supervisor({ children: [child("a"), child("b"), child("a")] });
    //                                                                  ^^^ 💡 duplicate-child-id: the id "a" is used twice
    const second = supervisor({ children: ["a", "b", "a"].map((id) => child(id)) });
    //                                                                      ^^ duplicate-child-id: the id "a" is used twice
    const important = (id: string): ChildSpec => ({ ...child(id), restart: "transient", significant: true });
    const third = supervisor({ strategy: "simple_one_for_one", autoShutdown: "any_significant", children: [important("a")] });
    //                                                                                                     ^^^^^^^^^^^^^^ invalid-significant-child: a template cannot be significant under simple_one_for_one
    const wrong = (id: string) => ({ ...child(id), restart: "always" as never });
    //                                                      ^^^^^^^^ invalid-supervisor-spec: restart must be one of "permanent", "transient", "temporary", not "always"
    const fourth = supervisor({ children: [wrong("a")] });
  `);
});

test("unknown words are reported with what was probably meant", () => {
  check(`
    ${ACTOR}
    const a = supervisor({
      strategy: "one_for_al" as "one_for_all",
    //          ^^^^^^^^^^^^ 💡 invalid-supervisor-spec: strategy must be one of "one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one", not "one_for_al"
      children: [
        { id: "w", start: () => new Worker(), restart: "permanant" as any },
    //                                                 ^^^^^^^^^^^ 💡 invalid-supervisor-spec: restart must be one of "permanent", "transient", "temporary", not "permanant"
      ],
    });
  `);
});

test("misspelt options, missing ids and starts are reported in JavaScript", () => {
  check(`
    //- /main.js
    import { supervisor } from "airssys-rt";
    export const a = supervisor({
      maxRestart: 3,
    //^^^^^^^^^^ 💡 invalid-supervisor-spec: unknown option "maxRestart"
      children: [
        { id: "w" },
    //  ^ invalid-supervisor-spec: a child needs a start: a function, defineActor or supervisor
        { start: () => {} },
    //  ^ invalid-supervisor-spec: a child needs an id
        { id: "", start: 5 },
    //        ^^ invalid-supervisor-spec: id must be text, not empty and without "/", not ""
    //                   ^ invalid-supervisor-spec: start must be a function, defineActor or supervisor, not 5
      ],
    });
  `);
});

test("a permanent child cannot be significant", () => {
  check(`
    ${ACTOR}
    const a = supervisor({
      autoShutdown: "any_significant",
      children: [{ id: "w", start: () => new Worker(), significant: true }],
    //                                                              ^^^^ 💡 invalid-significant-child: a permanent child cannot be significant: it is always restarted
    });
    const b = supervisor({
      children: [{ id: "w", start: () => new Worker(), restart: "transient", significant: true }],
    //                                                                                    ^^^^ invalid-significant-child: a significant child needs autoShutdown "any_significant" or "all_significant"
    });
  `);
});

test("simple_one_for_one takes one template that is not significant", () => {
  check(`
    ${ACTOR}
    const a = supervisor({ strategy: "simple_one_for_one", children: [] });
    //                                                               ^^ invalid-supervisor-spec: simple_one_for_one takes exactly one child, the template, not 0
    const b = supervisor({
      strategy: "simple_one_for_one",
      autoShutdown: "all_significant",
      children: [{ id: "w", start: () => new Worker(), restart: "temporary", significant: true }],
    //                                                                                    ^^^^ invalid-significant-child: a template cannot be significant under simple_one_for_one
    });
  `);
});

test("mailboxes and back-offs of children are checked", () => {
  check(`
    ${ACTOR}
    const a = supervisor({
      children: [
        { id: "w", start: () => new Worker(), mailbox: { capacity: 0 } },
    //                                                             ^ invalid-supervisor-spec: capacity must be a whole number >= 1 or Infinity, not 0
        { id: "x", start: () => new Worker(), backoff: { minMs: 500, maxMs: 100 } },
    //                                                                      ^^^ invalid-supervisor-spec: maxMs must be milliseconds >= minMs, not 100
      ],
    });
  `);
});

test("five mistakes in one spec are five reports", () => {
  check(`
    ${ACTOR}
    const a = supervisor({
      strategy: "all_for_one" as any,
    //          ^^^^^^^^^^^^^ invalid-supervisor-spec: strategy must be one of "one_for_one", "one_for_all", "rest_for_one", "simple_one_for_one", not "all_for_one"
      maxRestarts: -1,
    //             ^^ invalid-restart-intensity: maxRestarts must be a whole number >= 0, not -1
      maxRestartPeriodMs: -1,
    //                    ^^ invalid-restart-intensity: maxRestartPeriodMs must be milliseconds > 0, not -1
      children: [
        { id: "w", start: () => new Worker(), shutdown: "brutal" as any },
    //                                                  ^^^^^^^^ invalid-supervisor-spec: shutdown must be "brutal_kill", milliseconds >= 0 or "infinity", not "brutal"
        { id: "w", start: () => new Worker() },
    //        ^^^ duplicate-child-id: the id "w" is used twice
      ],
    });
  `);
});

test("sound specs are clean", () => {
  checkNothing(`
    ${ACTOR}
    const pool = (size: number) => supervisor({
      strategy: "simple_one_for_one",
      maxRestarts: size * 2,
      children: [{ id: "worker", start: () => new Worker(), restart: "temporary" }],
    });
    export const root = supervisor({
      name: "root",
      strategy: "rest_for_one",
      maxRestarts: 3,
      maxRestartPeriodMs: 5_000,
      autoShutdown: "any_significant",
      children: [
        { id: "a", start: () => new Worker(), restart: "transient", significant: true, shutdown: "brutal_kill" },
        { id: "b", start: pool(4), shutdown: "infinity", mailbox: { capacity: Infinity, overflow: "block" } },
        { id: "c", start: async () => new Worker(), name: "c", backoff: { minMs: 10, maxMs: 1_000 }, startTimeoutMs: "infinity" },
      ],
    });
  `);
});

test("what is not known before the program runs is left alone", () => {
  checkNothing(`
    ${ACTOR}
    declare const settings: SupervisorSpec;
    declare const options: Partial<SupervisorSpec>;
    declare const id: string;
    declare const restart: "permanent" | "transient";
    let limit = -1;
    const changed = { maxRestarts: -1 };
    changed.maxRestarts = 2;
    export const a = supervisor(settings);
    export const b = supervisor({ ...options, children: [] });
    export const c = supervisor({ maxRestarts: limit, children: [{ id, start: () => new Worker() }, { id, start: () => new Worker() }] });
    export const d = supervisor({ ...changed, children: [] });
    export const e = supervisor({
      autoShutdown: "any_significant",
      children: [{ id: "w", start: () => new Worker(), restart, significant: true }],
    });
    export const f = supervisor({ maxRestarts: -1, ...options, children: [] });
  `);
});

test("another function called supervisor is left alone", () => {
  checkNothing(`
    import { type ActorRef } from "airssys-rt";
    function supervisor(spec: { maxRestarts: number }): ActorRef | number { return spec.maxRestarts; }
    supervisor({ maxRestarts: -1 });
  `);
});

test("broken specs give no exception", () => {
  checkNothing(`
    const a = supervisor(;
    const b = supervisor({ children: [{ id: , start: () = ] });
    const c = supervisor();
    const d = supervisor({ ...d.spec, children: [] });
    const e: SupervisorSpec = { ...e, children: e.children };
    const f = supervisor(e);
  `);
});

test("the fix for an intensity is the default", () => {
  checkFix(
    `const a = supervisor({ maxRestarts: -1, children: [] });`,
    `const a = supervisor({ maxRestarts: 1, children: [] });`,
  );
});

test("the fix for an unknown word keeps the quotation marks", () => {
  checkFix(
    `const a = supervisor({ strategy: 'one_for_al' as any, children: [] });`,
    `const a = supervisor({ strategy: 'one_for_all' as any, children: [] });`,
  );
});

test("the fix for a misspelt option renames it", () => {
  checkFix(
    `const a = supervisor({ maxRestart: 2, children: [] });`,
    `const a = supervisor({ maxRestarts: 2, children: [] });`,
  );
});

test("the fix for a duplicate id is a free one", () => {
  checkFix(
    `
    ${ACTOR}
    const start = () => new Worker();
    const a = supervisor({ children: [{ id: "db", start }, { id: "db-2", start }, { id: "db", start }] });
  `,
    `
    ${ACTOR}
    const start = () => new Worker();
    const a = supervisor({ children: [{ id: "db", start }, { id: "db-2", start }, { id: "db-3", start }] });
  `,
  );
});

test("the fixes for a significant permanent child make it transient, or ordinary", () => {
  const before = `
    ${ACTOR}
    const a = supervisor({
      autoShutdown: "any_significant",
      children: [{ id: "w", start: () => new Worker(), restart: "permanent", significant: true }],
    });
  `;
  checkFix(before, before.replace('"permanent"', '"transient"'));
  checkFix(before, before.replace("significant: true", "significant: false"), { n: 1 });
});

test("the fix of a child is not applied to another, also where some children are not known", () => {
  const before = `
    ${ACTOR}
    declare const unknown: ChildSpec;
    const a = supervisor({
      autoShutdown: "any_significant",
      children: [
        unknown,
        { id: "w", start: () => new Worker(), restart: "permanent", significant: true },
        { id: "v", start: () => new Worker(), restart: "temporary" },
      ],
    });
  `;
  checkFix(before, before.replace('"permanent"', '"transient"'));
});
