/** Child specs in another file than their supervisor: where what is wrong with them is shown, what a fix changes, what is rechecked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { analysisOf, checkClean, checkFix, checkRule, filesOf } from "../fixture.ts";

const ACTORS = `
    //- /actors.ts
    type Message = { type: "go" };
    export class Once extends Actor<Message> {
      override preStart(context: ActorContext<Message>): void { context.stop(); }
      override handleMessage(): void {}
    }
    export class File extends Actor<Message> {
      override handleMessage(): void {}
      override postStop(): void { console.log("closed"); }
    }
    export class Ledger extends Actor<Message> { override handleMessage(): void {} }
    export class Caller extends Actor<Message> {
      override handleMessage(message: Message, context: ActorContext<Message>): void { context.whereis<Message>("ledger")?.tell(message); }
    }`;

const DESK = `
    //- /desk.ts
    import { type ChildSpec } from "airssys-rt";
    import { Caller, File, Ledger, Once } from "./actors.ts";
    console.log(Caller, File, Ledger, Once);`;

test("what is wrong with a spec by itself is shown where it is written", () => {
  checkRule(`
    ${ACTORS}
    ${DESK}
    export const once: ChildSpec = { id: "o", start: () => new Once() };
    //                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    export const file = (id: string): ChildSpec => ({ id, start: () => new File(), shutdown: "brutal_kill" });
    //                                                                                       ^^^^^^^^^^^^^ 💡 skipped-post-stop: brutal_kill leaves out the postStop of File
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { file, once } from "./desk.ts";
    export const root = supervisor({ children: [once, file("a"), file("b")] });
    export const other = supervisor({ children: [once] });
  `);
});

test("what a helper is given is shown where it is given", () => {
  checkRule(`
    ${ACTORS}
    //- /child.ts
    import { type Actor, type ChildSpec } from "airssys-rt";
    export const child = (id: string, start: () => Actor<any>, more: Partial<ChildSpec> = {}): ChildSpec => ({ id, start, ...more });
    ${DESK}
    import { child } from "./child.ts";
    export const once = child("o", () => new Once(), { restart: "permanent" });
    //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 💡 permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    export const file = child("f", () => new File(), { shutdown: "brutal_kill" });
    //                                                           ^^^^^^^^^^^^^ 💡 skipped-post-stop: brutal_kill leaves out the postStop of File
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { file, once } from "./desk.ts";
    export const root = supervisor({ children: [once, file] });
  `);
});

test("what a shared constant makes wrong is shown in the spec that uses it", () => {
  checkRule(`
    ${ACTORS}
    //- /terms.ts
    export const KILL = "brutal_kill";
    export const FOR_EVER = { restart: "permanent" } as const;
    ${DESK}
    import { FOR_EVER, KILL } from "./terms.ts";
    export const file = { id: "f", start: () => new File(), shutdown: KILL } satisfies ChildSpec;
    //                                                                ^^^^ 💡 skipped-post-stop: brutal_kill leaves out the postStop of File
    export const once = { id: "o", start: () => new Once(), ...FOR_EVER } satisfies ChildSpec;
    //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { file, once } from "./desk.ts";
    export const root = supervisor({ children: [file, once] });
  `);
});

test("what is wrong between siblings is shown where the supervisor names them", () => {
  checkRule(`
    ${ACTORS}
    ${DESK}
    export const ledger: ChildSpec = { id: "ledger", name: "ledger", start: () => new Ledger(), restart: "temporary" };
    export const caller = (id: string): ChildSpec => ({ id, start: () => new Caller() });
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { caller, ledger } from "./desk.ts";
    export const root = supervisor({
      strategy: "rest_for_one",
      children: [
        caller("caller"),
    //  ^^^^^^^^^^^^^^^^ 💡 children-out-of-order: this child needs "ledger", which is started after it and restarted without it
        ledger,
    //  ^^^^^^ 💡 temporary-dependency: "caller" needs this child, and a temporary child never comes back
      ],
    });
  `);
});

test("what is wrong in a list of specs is shown in the list, once", () => {
  checkRule(`
    ${ACTORS}
    ${DESK}
    export const DESK: readonly ChildSpec[] = [
      { id: "caller", start: () => new Caller() },
    //^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 💡 children-out-of-order: this child needs "ledger", which is started after it and restarted without it
      { id: "ledger", name: "ledger", start: () => new Ledger() },
    ];
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { DESK } from "./desk.ts";
    export const root = supervisor({ strategy: "rest_for_one", children: [...DESK] });
    export const again = supervisor({ strategy: "rest_for_one", children: DESK });
  `);
});

test("a supervisor in another file that starts itself, and a name two files give, are found", () => {
  checkRule(`
    ${ACTORS}
    ${DESK}
    import { root } from "./main.ts";
    export const SELF: readonly ChildSpec[] = [{ id: "r", start: root }];
    //                                         ^^^^^^^^^^^^^^^^^^^^^^^^ supervisor-cycle: root starts itself through this child
    //- /main.ts
    import { type Definition, supervisor } from "airssys-rt";
    import { SELF } from "./desk.ts";
    export const root: Definition = supervisor({ children: [...SELF] });
  `);
  checkRule(`
    ${ACTORS}
    ${DESK}
    export const LEDGERS: readonly ChildSpec[] = [{ id: "b", name: "ledger", start: () => new Ledger() }];
    //                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ duplicate-registered-name: the name "ledger" is taken by another child
    //- /main.ts
    import { ActorSystem, supervisor } from "airssys-rt";
    import { Ledger } from "./actors.ts";
    import { LEDGERS } from "./desk.ts";
    const root = supervisor({ children: [{ id: "a", name: "ledger", start: () => new Ledger() }, ...LEDGERS] });
    export const system = ActorSystem.start({ name: "s", root });
  `);
});

test("sound specs from other files are clean", () => {
  checkClean(`
    ${ACTORS}
    ${DESK}
    export const once: ChildSpec = { id: "o", start: () => new Once(), restart: "transient" };
    export const file = (shutdown: number): ChildSpec => ({ id: "f", start: () => new File(), shutdown });
    export const ledger: ChildSpec = { id: "ledger", name: "ledger", start: () => new Ledger() };
    export const caller = (id: string, restart: ChildSpec["restart"]): ChildSpec => ({ id, start: () => new Caller(), restart: restart ?? "permanent" });
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { caller, file, ledger, once } from "./desk.ts";
    export const root = supervisor({ strategy: "rest_for_one", children: [once, file(5), ledger, caller("c", "temporary")] });
  `);
});

test("a fix changes the file the value is written in", () => {
  const program = (restart: string, shutdown: string): string => `
    ${ACTORS}
    ${DESK}
    export const once: ChildSpec = { id: "o", start: () => new Once(), restart: ${restart} };
    export const file: ChildSpec = { id: "f", start: () => new File(), shutdown: ${shutdown} };
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { file, once } from "./desk.ts";
    export const root = supervisor({ children: [once, file] });
  `;
  checkFix(program('"permanent"', "5_000"), program('"transient"', "5_000"), { only: "permanent-one-shot" });
  checkFix(program('"transient"', '"brutal_kill"'), program('"transient"', "5_000"), { only: "skipped-post-stop" });
});

test("the fix for an order changes the list, wherever it stands", () => {
  const program = (children: string): string => `
    ${ACTORS}
    ${DESK}
    export const ledger: ChildSpec = { id: "ledger", name: "ledger", start: () => new Ledger() };
    export const caller: ChildSpec = { id: "caller", start: () => new Caller() };
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { caller, ledger } from "./desk.ts";
    export const root = supervisor({ strategy: "rest_for_one", children: [${children}] });
  `;
  checkFix(program("caller, ledger"), program("ledger, caller"), { only: "children-out-of-order" });
});

test("both files are rechecked when either changes", () => {
  const files = filesOf(`
    ${ACTORS}
    ${DESK}
    export function once(): ChildSpec {
      return { id: "o", start: () => new Once(), restart: "transient" };
    }
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { once } from "./desk.ts";
    export const root = supervisor({ children: [once()] });
  `);
  const analysis = analysisOf(files);
  const found = (path: string): readonly string[] => analysis.diagnosticsOf(path).map(({ rule }) => rule);
  const edit = (path: string, from: string, to: string): void => {
    analysis.open(path, files.get(path)?.replace(from, to) ?? "");
    analysis.workThrough();
  };
  assert.deepEqual(found("/desk.ts"), []);

  edit("/desk.ts", '"transient"', '"permanent"');
  assert.deepEqual(found("/desk.ts"), ["permanent-one-shot"]);

  edit("/main.ts", "once()", "");
  assert.deepEqual(found("/desk.ts"), []);

  edit("/main.ts", "", "");
  assert.deepEqual(found("/desk.ts"), ["permanent-one-shot"]);

  edit("/actors.ts", "context.stop()", "context.self");
  assert.deepEqual(found("/desk.ts"), []);
});

test("no fix is offered where the value is given by a parameter or stands for its name", () => {
  checkRule(`
    ${ACTORS}
    ${DESK}
    type Restart = NonNullable<ChildSpec["restart"]>;
    const child = (id: string, start: () => Once, restart: Restart = "permanent"): ChildSpec => ({ id, start, restart });
    const other = (id: string, start: () => Once, terms: Restart = "permanent"): ChildSpec => ({ id, start, restart: terms });
    const restart = "permanent";
    export const one = child("o", () => new Once());
    //                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    export const two = other("o", () => new Once());
    //                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    export const three = { id: "o", start: () => new Once(), restart } satisfies ChildSpec;
    //                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    export const four = child("o", () => new Once(), "permanent");
    //                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 💡 permanent-one-shot: Once always ends after its start, and a permanent child is then started again
    //- /main.ts
    import { supervisor } from "airssys-rt";
    import { four, one, three, two } from "./desk.ts";
    export const first = supervisor({ children: [one] });
    export const second = supervisor({ children: [two] });
    export const third = supervisor({ children: [three] });
    export const fourth = supervisor({ children: [four] });
  `);
});

test("a fix is not offered for what a parameter gives, also in the list of children", () => {
  checkRule(`
    ${ACTORS}
    //- /main.ts
    import { type ChildSpec, supervisor } from "airssys-rt";
    import { File } from "./actors.ts";
    const file = (id: string, shutdown: ChildSpec["shutdown"] = "brutal_kill"): ChildSpec => ({ id, start: () => new File(), shutdown });
    //                                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ skipped-post-stop: brutal_kill leaves out the postStop of File
    export const root = supervisor({ children: [file("a"), file("b", 5_000)] });
  `);
});
