import assert from "node:assert/strict";
import { test } from "node:test";
import { compileErrors } from "./compile.ts";
import { analysisOf, applyEdits, checkFix } from "./fixture.ts";
import { checkCompiles, rewritten } from "./rewriting.ts";

const TITLE = "Put what is spawned here under a supervisor";

const HEAD = `import { Actor, ActorSystem, defineActor, IGNORE, type ActorContext, type ActorRef } from "airssys-rt";
type StockMessage = { type: "take" };
type ShopMessage = { type: "buy" };
class Stock extends Actor<StockMessage> {
  override handleMessage(message: StockMessage): void {
    if (message.type === "take") console.log(1);
  }
}
class Shop extends Actor<ShopMessage> {
  constructor(readonly stock?: ActorRef<StockMessage>) {
    super();
  }
  override handleMessage(message: ShopMessage): void {
    if (message.type === "buy") this.stock?.tell({ type: "take" });
  }
}
type BellMessage = { type: "ring" };
const bell = defineActor<BellMessage, number>({ init: () => 0, handlers: { ring: (n) => n + 1 } });
`;
const HEAD_AFTER = HEAD.replace("type ActorRef }", "type ActorRef, supervisor }");

const supervised = (text: string, cursor: string): string | undefined => rewritten(text, cursor, TITLE);

function checkRewrite(before: string, after: string, cursor: string): void {
  checkCompiles(before, "before");
  assert.equal(supervised(before, cursor), after);
  checkCompiles(after, "after");
}

const SYSTEM = `${HEAD}
export async function main(): Promise<void> {
  const system = await ActorSystem.start({ name: "market" });
  const mainStock = system.spawn(() => new Stock());
  system.spawn(() => new Shop(), { id: "corner" });
  const ringing = system.spawn(bell, { name: "the-bell" });

  mainStock.tell({ type: "take" });
  ringing.tell({ type: "ring" });
}
`;

const SYSTEM_AFTER = `${HEAD_AFTER}
export async function main(): Promise<void> {
  const root = supervisor({
    children: [
      { id: "main-stock", start: () => new Stock() },
      { id: "corner", start: () => new Shop() },
      { id: "ringing", name: "the-bell", start: bell },
    ],
  });
  const system = await ActorSystem.start({ name: "market", root });
  const mainStock = system.whereis<StockMessage>("main-stock")!;
  const ringing = system.whereis<BellMessage>("the-bell")!;

  mainStock.tell({ type: "take" });
  ringing.tell({ type: "ring" });
}
`;

test("what is spawned after the start of a system becomes children of its root", () => {
  checkRewrite(SYSTEM, SYSTEM_AFTER, "const mainStock = system.sp|awn");
  checkRewrite(SYSTEM, SYSTEM_AFTER, "const ring|ing");
});

test("nothing is left to complain about", () => {
  const analysis = analysisOf(new Map([["/main.ts", SYSTEM_AFTER]]));

  assert.deepEqual(
    analysis.diagnosticsOf("/main.ts").map(({ rule, message }) => `${rule}: ${message}`),
    ['message-never-sent: "buy" is never sent in this workspace'],
  );
});

test("it is the fix of unsupervised-spawn", () => {
  const text = SYSTEM.replace(/ {2}system\.spawn\(\(\) => new Shop.*\n.*\n/, "").replace(/ {2}ringing.*\n/, "");
  const after = SYSTEM_AFTER.replace(/ *\{ id: "(?:corner|ringing)".*\n/g, "").replace(/ *(?:const )?ringing.*\n/g, "");

  checkFix(text, after, { only: "unsupervised-spawn" });
});

test("at the top of a module, with options on lines of their own, tabs and CRLF", () => {
  const text = `${HEAD}
// The market.
const system = await ActorSystem.start({
  name: "market",
  logger: false as never,
});
const stock: ActorRef<StockMessage> = system.spawn<StockMessage>(() => {
  return new Stock();
});
stock.tell({ type: "take" });
`.replace("  logger: false as never,\n", "");
  const after = `${HEAD_AFTER}
const root = supervisor({
  children: [
    { id: "stock", start: () => {
      return new Stock();
    } },
  ],
});
// The market.
const system = await ActorSystem.start({
  name: "market",
  root,
});
const stock: ActorRef<StockMessage> = system.whereis<StockMessage>("stock")!;
stock.tell({ type: "take" });
`;
  const there = (one: string): string =>
    one.replace(/^(?: {2})+/gm, (m) => "\t".repeat(m.length / 2)).replaceAll("\n", "\r\n");

  const result = supervised(there(text), "system.sp|awn");

  assert.equal(result?.replace("// The market.\r\n", ""), there(after).replace("// The market.\r\n", ""));
});

test("an actor spawns a supervisor where nobody has the refs", () => {
  const text = (spawns: string): string => `
export class Parent extends Actor<{ type: "go" }> {
  override preStart(context: ActorContext<{ type: "go" }>): void {
    ${spawns}
  }
  override handleMessage(): void {}
}
`;
  checkRewrite(
    HEAD +
      text(`context.spawn(() => new Stock());
    context.spawn(bell, { name: "ring" });`),
    HEAD_AFTER +
      text(`context.spawn(supervisor({
      children: [
        { id: "stock", start: () => new Stock() },
        { id: "bell", name: "ring", start: bell },
      ],
    }));`),
    "context.sp|awn(() =>",
  );
  assert.equal(
    supervised(HEAD + text("const x = context.spawn(bell); x.tell({ type: 'ring' });"), "context.sp|awn"),
    undefined,
  );
});

const START = 'const system = await ActorSystem.start({ name: "market" });\n';
for (const [title, code] of [
  ["a system started elsewhere", "declare const system: ActorSystem;\nsystem.spawn(bell);"],
  ["a system that has a root", `${START.replace("{ name", "{ root: {} as never, name")}system.spawn(bell);`],
  ["a start with options that are not known", `${START.replace("{ name", "{ ...({} as {}), name")}system.spawn(bell);`],
  ["code between", `${START}console.log(1);\nsystem.spawn(bell);`],
  [
    "a start that needs a ref spawned before",
    `${START}const stock = system.spawn(() => new Stock());\nsystem.spawn(() => new Shop(stock));`,
  ],
  ["a start that needs the system", `${START}system.spawn(() => new Shop(system.whereis("x")));`],
  [
    "a start that needs, through a function, what is made later",
    `function make(): Shop { return new Shop(late); }\n${START}system.spawn(() => make());\nconst late: undefined = undefined;`,
  ],
  ["a start of a class that is made later", `${START}system.spawn(() => new Late());\nclass Late extends Stock {}`],
  ["a start that may start nothing", `${START}system.spawn(() => (Date.now() > 1 ? new Stock() : IGNORE));`],
  ["a start that nobody knows", `declare const start: () => Actor<StockMessage>;\n${START}system.spawn(start);`],
  ["an id that is not known", `declare const id: string;\n${START}system.spawn(bell, { id });`],
  ["options that are not known", `declare const options: { id: string };\n${START}system.spawn(bell, options);`],
  ["two of the same name", `${START}system.spawn(() => new Stock());\nsystem.spawn(() => new Stock());`],
  ["a part of something larger", `${START}system.spawn(bell).tell({ type: "ring" });`],
  ["a name that is taken", `const root = 1;\nconsole.log(root);\n${START}system.spawn(bell);`],
  ["another thing called supervisor", `const supervisor = 1;\nconsole.log(supervisor);\n${START}system.spawn(bell);`],
  ["a comment that would be lost", `${START}// Rings.\nsystem.spawn(bell);`],
] as const) {
  test(`it is not offered for ${title}`, () => {
    assert.equal(supervised(`${HEAD}${code}\n`, "system.sp|awn"), undefined);
  });
}

test("the name of the messages is imported with their actor", () => {
  const main = `import { ActorSystem } from "airssys-rt";
import { Stock } from "./stock.ts";
${START}const first = system.spawn(() => new Stock());
const second = system.spawn(() => new Stock());
first.tell({ type: "take" });
second.tell({ type: "take" });
`;
  const stock = HEAD.replace("class Stock", "export class Stock");
  const rewrite = (text: string): ReadonlyMap<string, string> | undefined => {
    const files = new Map([
      ["/stock.ts", text],
      ["/main.ts", main],
    ]);
    const [found] = analysisOf(files).workspace.rewritesAt("/main.ts", main.indexOf("spawn("));
    return found === undefined ? undefined : applyEdits(files, found.edits);
  };

  const result = rewrite(stock.replace("type StockMessage", "export type StockMessage"));

  assert.match(result?.get("/main.ts") ?? "", /import \{ Stock, type StockMessage \} from/);
  assert.deepEqual(compileErrors(result ?? new Map()), []);
  assert.equal(rewrite(stock), undefined);
});

test("broken code offers nothing and does not throw", () => {
  assert.equal(supervised(`${HEAD}${START}system.spawn(`, "system.sp|awn"), undefined);
  assert.equal(supervised(`${HEAD}${START}const = system.spawn(bell, {`, "system.sp|awn"), undefined);
});
