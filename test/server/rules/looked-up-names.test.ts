/** Names that are looked up: whether anybody has them, and takes what the look-up says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const program = (body: string, children = "", members = "", more = ""): string => `
import { Actor, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";
type AMessage = { type: "go" };
type BMessage = { type: "put"; n: number } | Ask<{ type: "get" }, number>;
type Other = { type: "post" };
type Numbered = { type: 1 };
type Open = { type: string };
declare const some: string;
declare const specs: readonly { id: string; start: () => B }[];
function must<T>(value: T | undefined): T { if (value === undefined) throw new Error("none"); return value; }
function lookup<M>(context: ActorContext<AMessage>, name: string): ActorRef<M> { return must(context.whereis<M>(name)); }
class A extends Actor<AMessage> {
  override handleMessage(_message: AMessage, context: ActorContext<AMessage>): void { console.log(some, specs, lookup); ${body} }
  ${members}
}
class B extends Actor<BMessage> { override handleMessage(): void {} }
${more}
const inner = supervisor({ children: [{ id: "deep", start: () => new B() }] });
export const root = supervisor({ children: [{ id: "a", start: () => new A() }, { id: "b", name: "store", start: () => new B() }, { id: "inner", start: inner }, ${children}] });
`;

function found(text: string, rule: string): readonly string[] {
  return diagnose(filesOf(text), [rule]).flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message));
}

const UNKNOWN = "unknown-actor-name";
for (const [body, meant] of [
  ['context.whereis<BMessage>("stoer")?.tell({ type: "put", n: 1 });', "store"],
  ['must(context.whereis<BMessage>("elsewhere"));', undefined],
  ['must(context.whereis<BMessage>("inner/deeep"));', "deep"],
  ['lookup<BMessage>(context, "stoer");', "store"],
  ['const b = context.whereis<BMessage>("stoer"); if (b !== undefined) b.tell({ type: "put", n: 1 });', "store"],
] as const)
  test(`nobody has the name in ${body}`, () => {
    const [message = "", ...others] = found(program(body), UNKNOWN);
    assert.match(message, /^nobody in this workspace is called/);
    assert.equal(/mean "(.*)"/.exec(message)?.[1], meant);
    assert.deepEqual(others, []);
  });

const LOST = 'must(context.whereis<BMessage>("elsewhere"));';
for (const [title, text] of [
  ["a registered name", program('must(context.whereis<BMessage>("store"));')],
  ["an id below the root", program('must(context.whereis<BMessage>("b"));')],
  ["a path of ids", program('must(context.whereis<BMessage>("inner/deep"));')],
  [
    "a name of which the code expects that nobody has it",
    program('const b = context.whereis<BMessage>("elsewhere"); if (b !== undefined) b.tell({ type: "put", n: 1 });'),
  ],
  ["a name that is computed", program("must(context.whereis<BMessage>(some));")],
  ["another name, where one of a child is computed", program(LOST, "{ id: some, start: () => new B() }")],
  ["another name, where a registered one is computed", program(LOST, '{ id: "c", name: some, start: () => new B() }')],
  ["another name, where children are not known", program(LOST, "...specs")],
  ["a name that something spawned has", program(`${LOST} context.spawn(() => new B(), { name: "elsewhere" });`)],
  [
    "an id that something spawned has",
    program('must(context.whereis<BMessage>("a/elsewhere")); context.spawn(() => new B(), { id: "elsewhere" });'),
  ],
  [
    "another name, where something is spawned with one that is computed",
    program(`${LOST} context.spawn(() => new B(), { name: some });`),
  ],
  [
    "another name, in a workspace without supervisors",
    program(LOST).replace(/const inner = [\s\S]*/, "console.log(A, B);"),
  ],
] as const)
  test(`nothing is said of ${title}`, () => assert.deepEqual(found(text, UNKNOWN), []));

test("a test may look for nobody", () => {
  assert.deepEqual(found(`//- /test/names.ts\n${program(LOST)}`, UNKNOWN), []);
});

const WRONG = "wrong-protocol";
for (const [body, refused] of [
  ['context.whereis<Other>("store")?.tell({ type: "post" });', '"post"'],
  ['context.whereis<AMessage>("b")?.tell({ type: "go" });', '"go"'],
  ['lookup<Other>(context, "store").tell({ type: "post" });', '"post"'],
  ['context.whereis<BMessage | Other>("store")?.tell({ type: "post" });', '"post"'],
  ['context.whereis<Numbered>("inner/deep")?.tell({ type: 1 });', "1"],
] as const)
  test(`the actor does not take what it is looked up with in ${body}`, () => {
    assert.deepEqual(found(program(body), WRONG), [
      `"${/"(store|b|inner\/deep)"/.exec(body)?.[1]}" is B, which does not take ${refused}`,
    ]);
  });
for (const body of [
  'context.whereis<BMessage>("store")?.tell({ type: "put", n: 1 });',
  'context.whereis<{ type: "put"; n: number }>("store")?.tell({ type: "put", n: 1 });',
  'context.whereis<Open>("store")?.tell({ type: "x" });',
  'context.whereis("store");',
  'context.whereis<Other>("nobody")?.tell({ type: "post" });',
  'context.whereis<Other>("store")?.tell({ type: "post" }); context.spawn(() => new B(), { name: "store" });',
])
  test(`nothing is said of the protocol in ${body}`, () => assert.deepEqual(found(program(body), WRONG), []));

test("a name that another program of the workspace gives to an actor that takes it is that actor's", () => {
  const other = `//- /other.ts
    import { Actor, supervisor } from "airssys-rt";
    class C extends Actor<{ type: "post" }> { override handleMessage(): void {} }
    export const root = supervisor({ children: [{ id: "c", name: "store", start: () => new C() }] });`;
  const text = program('context.whereis<Other>("store")?.tell({ type: "post" });');
  assert.deepEqual(found(`//- /main.ts\n${text}\n${other}`, WRONG), []);
});
