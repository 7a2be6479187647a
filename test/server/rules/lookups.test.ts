/** Who is looked up: by registered name, by path of ids, through functions of the project; and what of it comes too early. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

function found(text: string, rule: string): readonly string[] {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

interface Program {
  /** Statements of the start of `Accounts`. */
  readonly start?: string;
  /** Statements of its handler. */
  readonly handler?: string;
  readonly members?: string;
  /** The children of the root. */
  readonly children?: string;
  readonly rest?: string;
}

const LATER =
  '{ id: "accounts", start: () => new Accounts() }, { id: "audit", restart: "temporary", start: () => new Audit() }';

const program = ({ start = "", handler = "", members = "", children = LATER, rest = "" }: Program): string => `
import { Actor, supervisor, type ActorContext, type ActorRef } from "airssys-rt";
type Note = { type: "note" };
class Audit extends Actor<Note> { override handleMessage(): void {} }
function lookup<M>(context: ActorContext<Note>, name: string): ActorRef<M> {
  const ref = context.whereis<M>(name);
  if (ref === undefined) throw new Error(name);
  return ref;
}
class Accounts extends Actor<Note> {
  #audit: ActorRef<Note> | undefined;
  override preStart(context: ActorContext<Note>): void { ${start} }
  override handleMessage(message: Note, context: ActorContext<Note>): void { ${handler} this.#audit?.tell(message); console.log(context, lookup); }
  ${members}
}
${rest}
export const root = supervisor({ children: [${children}] });`;

const LOOKUP = 'this.#audit = context.whereis<Note>("audit");';
const EARLY = "lookup-before-start";

for (const [title, change] of [
  ["by id", { start: LOOKUP }],
  [
    "by name",
    {
      start: LOOKUP,
      children: '{ id: "accounts", start: () => new Accounts() }, { id: "x", name: "audit", start: () => new Audit() }',
    },
  ],
  ["through a function of the project", { start: 'this.#audit = lookup<Note>(context, "audit");' }],
  ["in a method", { start: "this.#find(context);", members: `#find(context: ActorContext<Note>): void { ${LOOKUP} }` }],
  [
    "below another supervisor",
    {
      start: 'this.#audit = context.whereis<Note>("logs/audit");',
      children: '{ id: "accounts", start: () => new Accounts() }, { id: "logs", start: logs }',
      rest: 'const logs = supervisor({ children: [{ id: "audit", start: () => new Audit() }] });',
    },
  ],
  [
    "from below another supervisor",
    {
      start: LOOKUP,
      children: '{ id: "bank", start: bank }, { id: "audit", start: () => new Audit() }',
      rest: 'const bank = supervisor({ children: [{ id: "accounts", start: () => new Accounts() }] });',
    },
  ],
] satisfies readonly (readonly [string, Program])[])
  test(`what is looked up too early ${title} is reported`, () => {
    const [first = "", ...others] = found(program(change), EARLY);
    assert.match(first, /^nobody is found as "(?:logs\/)?audit" yet: Audit is started after this actor$/);
    assert.deepEqual(others, []);
  });

for (const [title, change] of [
  [
    "is started before",
    {
      start: LOOKUP,
      children: '{ id: "audit", start: () => new Audit() }, { id: "accounts", start: () => new Accounts() }',
    },
  ],
  ["is looked up again later", { start: LOOKUP, handler: LOOKUP }],
  [
    "is tested",
    {
      start:
        'const audit = context.whereis<Note>("audit"); if (audit === undefined) console.log("later"); this.#audit = audit;',
    },
  ],
  ["has another in its place", { start: 'this.#audit = context.whereis<Note>("audit") ?? context.self;' }],
  ["is tried", { start: `try { ${LOOKUP} } catch { console.log("later"); }` }],
  ["is looked up later", { start: `setTimeout(() => { ${LOOKUP} }, 5);` }],
  ["has another path", { start: 'this.#audit = context.whereis<Note>("logs/audit");' }],
  [
    "may be another of that name",
    {
      start: LOOKUP,
      children: `${LATER}, { id: "y", name: "audit", start: () => new Audit() }, { id: "z", name: "audit", start: () => new Audit() }`,
    },
  ],
  ["is not known by name", { start: "this.#audit = context.whereis<Note>(context.self.id);" }],
] satisfies readonly (readonly [string, Program])[])
  test(`what ${title} is left alone`, () => {
    assert.deepEqual(found(program(change), EARLY), []);
  });

for (const [title, handler] of [
  ["by id", LOOKUP],
  ["through a function of the project", 'this.#audit = lookup<Note>(context, "audit");'],
])
  test(`a temporary child that is looked up ${title} is reported`, () => {
    assert.equal(found(program({ handler: handler ?? "" }), "temporary-dependency").length, 1);
  });

test("the id of a child of another supervisor is not its path", () => {
  const rest =
    'export const other = supervisor({ children: [{ id: "logs", start: supervisor({ children: [{ id: "accounts", start: () => new Accounts() }, { id: "audit", restart: "temporary", start: () => new Audit() }] }) }] });';
  const children = '{ id: "x", start: () => new Audit() }';

  assert.deepEqual(found(program({ handler: LOOKUP, children, rest }), "temporary-dependency"), []);
});
