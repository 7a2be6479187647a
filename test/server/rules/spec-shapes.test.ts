/** Every way to write a supervisor spec: a mistake in it is found in all of them, and a sound one in none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const ACTORS = `
type Message = { type: "go" };
export class Worker extends Actor<Message> { override handleMessage(): void {} }
export class Once extends Actor<Message> {
  override preStart(context: ActorContext<Message>): void { context.stop(); }
  override handleMessage(): void {}
}
export class File extends Actor<Message> {
  override handleMessage(): void {}
  override postStop(): void { console.log("closed"); }
}
export class Caller extends Actor<Message> {
  override handleMessage(message: Message, context: ActorContext<Message>): void { context.whereis<Message>("ledger")?.tell(message); }
}`;

/** Specs in one file, the actors they start in a second, the supervisor in a third. */
const imported = (specs: string, names: string, supervisor: string): string => `
//- /actors.ts
import { Actor, type ActorContext } from "airssys-rt";
${ACTORS}
//- /specs.ts
import { type ChildSpec, type SupervisorSpec } from "airssys-rt";
import { Caller, File, Once, Worker } from "./actors.ts";
console.log(Caller, File, Once, Worker);
${specs}
//- /main.ts
import { supervisor } from "airssys-rt";
import {${names === "" ? "" : ` ${names} `}} from "./specs.ts";
export const root = ${supervisor};`;

/** By title: puts a spec there, given as its properties without `children`, and its children. */
const SHAPES: Readonly<Record<string, (properties: string, children: readonly string[]) => string>> = {
  "written in place": (properties, children) =>
    `${ACTORS}\nexport const root = supervisor({ ${properties} children: [${children.join(", ")}] });`,
  "in a constant": (properties, children) =>
    `${ACTORS}\nconst spec: SupervisorSpec = { ${properties} children: [${children.join(", ")}] };\nexport const root = supervisor(spec);`,
  "with satisfies": (properties, children) =>
    `${ACTORS}\nexport const root = supervisor({ ${properties} children: [${children.join(", ")}] } satisfies SupervisorSpec);`,
  "as const": (properties, children) =>
    `${ACTORS}\nconst spec = { ${properties} children: [${children.join(", ")}] } as const;\nexport const root = supervisor(spec);`,
  "with children in a constant": (properties, children) =>
    `${ACTORS}\nconst children = [${children.join(", ")}];\nexport const root = supervisor({ ${properties} children });`,
  "with each child in a constant": (properties, children) =>
    `${ACTORS}\n${children.map((child, index) => `const child${index} = ${child};`).join("\n")}\nexport const root = supervisor({ ${properties} children: [${children.map((_, index) => `child${index}`).join(", ")}] });`,
  "with children spread": (properties, children) =>
    `${ACTORS}\nconst some = [${children.join(", ")}];\nexport const root = supervisor({ ${properties} children: [...some] });`,
  "with a spread of properties": (properties, children) =>
    `${ACTORS}\nconst base = { ${properties} };\nexport const root = supervisor({ ...base, children: [${children.join(", ")}] });`,
  "made by a function": (properties, children) =>
    `${ACTORS}\nfunction make() { return supervisor({ ${properties} children: [${children.join(", ")}] }); }\nexport const root = make();`,
  imported: (properties, children) =>
    imported(
      `export const SPEC: SupervisorSpec = { ${properties} children: [${children.join(", ")}] };`,
      "SPEC",
      "supervisor(SPEC)",
    ),
  "with children imported": (properties, children) =>
    imported(
      `export const CHILDREN: readonly ChildSpec[] = [${children.join(", ")}];`,
      "CHILDREN",
      `supervisor({ ${properties} children: CHILDREN })`,
    ),
  "with imported children spread": (properties, children) =>
    imported(
      `export const CHILDREN: readonly ChildSpec[] = [${children.join(", ")}];`,
      "CHILDREN",
      `supervisor({ ${properties} children: [...CHILDREN] })`,
    ),
  "with each child imported": (properties, children) => {
    const names = children.map((_, index) => `child${index}`);
    return imported(
      children.map((child, index) => `export const child${index}: ChildSpec = ${child};`).join("\n"),
      names.join(", "),
      `supervisor({ ${properties} children: [${names.join(", ")}] })`,
    );
  },
  "with each child made by an imported function": (properties, children) => {
    const names = children.map((_, index) => `make${index}`);
    return imported(
      children.map((child, index) => `export function make${index}(): ChildSpec { return ${child}; }`).join("\n"),
      names.join(", "),
      `supervisor({ ${properties} children: [${names.map((name) => `${name}()`).join(", ")}] })`,
    );
  },
};

const WORKER = '{ id: "w", start: () => new Worker() }';

interface Mistake {
  readonly rule: string;
  readonly what: string;
  readonly properties?: string;
  readonly children?: readonly string[];
  readonly message: string;
  /** The same without the mistake. */
  readonly sound: { readonly properties?: string; readonly children?: readonly string[] };
}

const MISTAKES: readonly Mistake[] = [
  {
    rule: "invalid-restart-intensity",
    what: "a negative maxRestarts",
    properties: "maxRestarts: -1,",
    message: "maxRestarts must be a whole number >= 0, not -1",
    sound: { properties: "maxRestarts: 1," },
  },
  {
    rule: "invalid-restart-intensity",
    what: "a period of 0",
    properties: "maxRestartPeriodMs: 0,",
    message: "maxRestartPeriodMs must be milliseconds > 0, not 0",
    sound: { properties: "maxRestartPeriodMs: 1," },
  },
  {
    rule: "duplicate-child-id",
    what: "an id used twice",
    children: [WORKER, WORKER],
    message: 'the id "w" is used twice',
    sound: { children: [WORKER, '{ id: "v", start: () => new Worker() }'] },
  },
  {
    rule: "invalid-supervisor-spec",
    what: "an id with a slash",
    children: ['{ id: "a/b", start: () => new Worker() }'],
    message: 'id must be text, not empty and without "/", not "a/b"',
    sound: { children: ['{ id: "a-b", start: () => new Worker() }'] },
  },
  {
    rule: "invalid-supervisor-spec",
    what: "a negative shutdown",
    children: ['{ id: "a", start: () => new Worker(), shutdown: -1 }'],
    message: 'shutdown must be "brutal_kill", milliseconds >= 0 or "infinity", not -1',
    sound: { children: ['{ id: "a", start: () => new Worker(), shutdown: 0 }'] },
  },
  {
    rule: "invalid-significant-child",
    what: "a permanent significant child",
    properties: 'autoShutdown: "any_significant" as const,',
    children: ['{ id: "w", start: () => new Worker(), significant: true }'],
    message: "a permanent child cannot be significant: it is always restarted",
    sound: {
      properties: 'autoShutdown: "any_significant" as const,',
      children: ['{ id: "w", start: () => new Worker(), restart: "temporary" as const, significant: true }'],
    },
  },
  {
    rule: "permanent-one-shot",
    what: "a permanent child that ends by itself",
    children: ['{ id: "o", start: () => new Once() }'],
    message: "Once always ends after its start, and a permanent child is then started again",
    sound: { children: ['{ id: "o", start: () => new Once(), restart: "transient" as const }'] },
  },
  {
    rule: "skipped-post-stop",
    what: "brutal_kill over a postStop",
    children: ['{ id: "f", start: () => new File(), shutdown: "brutal_kill" as const }'],
    message: "brutal_kill leaves out the postStop of File",
    sound: { children: ['{ id: "f", start: () => new Worker(), shutdown: "brutal_kill" as const }'] },
  },
  {
    rule: "ineffective-restart-intensity",
    what: "no restarts for a permanent child",
    properties: "maxRestarts: 0,",
    children: [WORKER],
    message: "with maxRestarts 0 the first crash of a child ends this supervisor and all its children",
    sound: {
      properties: "maxRestarts: 0,",
      children: ['{ id: "w", start: () => new Worker(), restart: "temporary" as const }'],
    },
  },
  {
    rule: "childless-supervisor",
    what: "no children",
    children: [],
    message: "this supervisor has no children: only startChild can give it some",
    sound: { children: [WORKER] },
  },
  {
    rule: "children-out-of-order",
    what: "a child before the sibling it needs",
    properties: 'strategy: "rest_for_one" as const,',
    children: ['{ id: "c", start: () => new Caller() }', '{ id: "l", name: "ledger", start: () => new Worker() }'],
    message: 'this child needs "l", which is started after it and restarted without it',
    sound: {
      properties: 'strategy: "rest_for_one" as const,',
      children: ['{ id: "l", name: "ledger", start: () => new Worker() }', '{ id: "c", start: () => new Caller() }'],
    },
  },
  {
    rule: "temporary-dependency",
    what: "a temporary child that a sibling needs",
    children: [
      '{ id: "l", name: "ledger", start: () => new Worker(), restart: "temporary" as const }',
      '{ id: "c", start: () => new Caller() }',
    ],
    message: '"c" needs this child, and a temporary child never comes back',
    sound: {
      children: ['{ id: "l", name: "ledger", start: () => new Worker() }', '{ id: "c", start: () => new Caller() }'],
    },
  },
];

function found(text: string, rule: string): readonly string[] {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

for (const { rule, what, properties = "", children = [WORKER], message, sound } of MISTAKES) {
  for (const [shape, write] of Object.entries(SHAPES)) {
    test(`${rule}: ${what} in a spec ${shape} is found, and the sound spec is silent`, () => {
      assert.deepEqual(found(write(properties, children), rule), [message]);
      assert.deepEqual(found(write(sound.properties ?? "", sound.children ?? [WORKER]), rule), []);
    });
  }

  test(`${rule}: ${what} is left alone when the rest of the spec is not known`, () => {
    const text = `declare const more: Partial<SupervisorSpec>;
${ACTORS}
export const root = supervisor({ ${properties} children: [${children.join(", ")}], ...more });`;

    assert.deepEqual(found(text, rule), []);
  });
}
