import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorFeatures } from "../../server/src/analysis/editor-features.ts";
import type { ActorMessages, ActorsAt, TypeShape } from "../../server/src/protocol.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { analysisOf, filesOf } from "./fixture.ts";

function open(text: string): {
  readonly forms: (name: string, path?: string) => ActorMessages | undefined;
  readonly asks: (name: string, message: string) => readonly string[];
  readonly at: (path: string, cursor: string) => ActorsAt["actors"];
} {
  const files = filesOf(text);
  const features = new EditorFeatures(analysisOf(files), (path) => new LineMap(files.get(path) ?? ""));
  return {
    forms: (name, path) => features.messages({ name, ...(path === undefined ? {} : { path }) }),
    asks: (name, message) =>
      features.askPlaces({ name, message }).map(({ path, range }) => {
        const lines = (files.get(path) ?? "").split("\n");
        const from = lines.findIndex((line) => line.includes("type Store"));
        const text = lines[range.start.line]?.slice(range.start.character, range.end.character);
        return `${text} @${range.start.line - from}`;
      }),
    at: (path, cursor) => {
      const content = files.get(path) ?? "";
      const start = content.indexOf(cursor.replace("|", ""));
      assert.notEqual(start, -1, `${cursor} is in ${path}`);
      return features.actorsAt({ path, position: new LineMap(content).position(start + cursor.indexOf("|")) }).actors;
    },
  };
}

/** A shape in one line: `{ type: "a", n: number, s?: string }`. */
function print(shape: TypeShape): string {
  switch (shape.kind) {
    case "literal":
      return JSON.stringify(shape.value);
    case "list":
      return `${print(shape.of)}[]`;
    case "tuple":
      return `[${shape.of.map(print).join(", ")}] of ${shape.required}`;
    case "union":
      return shape.of.map(print).join(" | ");
    case "impossible":
      return `(${shape.what})`;
    case "object": {
      const fields = shape.fields.map(
        ({ name, shape: of, isOptional }) => `${name}${isOptional ? "?" : ""}: ${print(of)}`,
      );
      return `{ ${[...fields, ...(shape.rest ? [`[rest]: ${print(shape.rest)}`] : [])].join(", ")} }`;
    }
    default:
      return shape.kind;
  }
}

const told = (forms: ActorMessages | undefined): readonly string[] =>
  (forms?.messages ?? []).map(({ text, reply, shape }) => `${text} ${print(shape)}${reply ? ` replies ${reply}` : ""}`);

test("the messages of an actor have their fields with their types, the discriminant first", () => {
  const { forms } = open(`
    enum Kind { Gold = "gold", Tin = "tin" }
    interface Item { readonly sku: string; readonly count: number; readonly tags?: readonly string[] }
    export type Desk =
      | Ask<{ readonly cents: number; readonly type: "charge"; readonly account: string; readonly note?: string }, number>
      | { readonly type: "order"; readonly items: readonly Item[]; readonly at: { readonly lat: number; readonly lon: number } }
      | { readonly type: "grade"; readonly kind: Kind; readonly flag: boolean; readonly maybe: boolean | undefined; readonly level: 1 | 2 | null }
      | { readonly type: "odd"; readonly pair: [string, number?]; readonly more: [string, ...number[]]; readonly by: Record<string, number>; readonly what: unknown; readonly id: \`order-\${number}\` };
    export class Cards extends Actor<Desk> {
      override handleMessage(message: Desk): void { console.log(message); }
    }`);
  const { name, discriminant } = forms("Cards") ?? {};
  assert.deepEqual([name, discriminant], ["Desk", "type"]);
  assert.deepEqual(told(forms("Cards")), [
    '"charge" { type: "charge", cents: number, account: string, note?: string } replies number',
    '"grade" { type: "grade", kind: "gold" | "tin", flag: boolean, maybe?: boolean, level: null | 1 | 2 }',
    '"odd" { type: "odd", pair: [string, number] of 1, more: string | number[], by: { [rest]: number }, what: any, id: string }',
    '"order" { type: "order", items: { sku: string, count: number, tags?: string[] }[], at: { lat: number, lon: number } }',
  ]);
});

test("what JSON cannot say is called impossible, unless something else will do", () => {
  const { forms } = open(`
    class Money { cents = 1; add(): void {} }
    export type Odd =
      | { readonly type: "refs"; readonly to: ActorRef<Odd>; readonly also?: ActorRef<Odd> | undefined; readonly perhaps: ActorRef<Odd> | string }
      | { readonly type: "rest"; readonly f: () => void; readonly map: Map<string, number>; readonly when: Date; readonly money: Money; readonly big: bigint; readonly gone: undefined };
    export const odd = defineActor<Odd>({ name: "odd-one", init: () => 0, handlers: {
      refs: (state) => state, rest: (state) => state } } as never);`);
  assert.deepEqual(told(forms("odd")), [
    '"refs" { type: "refs", to: (an ActorRef), also?: (an ActorRef), perhaps: string }',
    '"rest" { type: "rest", f: (a function), map: (a Map), when: (a Date), money: (a Money), big: (a bigint), gone?: (undefined) }',
  ]);
});

test("a type that has itself in it ends, and one message with two tags is two", () => {
  const { forms } = open(`
    interface Tree { readonly left?: Tree; readonly right?: Tree; readonly value: number }
    export type Grow = { readonly type: "grow" | "shrink"; readonly tree: Tree };
    export class Wood extends Actor<Grow> { override handleMessage(message: Grow): void { console.log(message); } }`);
  const [grow, shrink] = told(forms("Wood"));
  assert.match(grow ?? "", /^"grow" \{ type: "grow", tree: \{ left\?: \{ left\?: .*any.* \}, value: number \} \}$/);
  assert.match(shrink ?? "", /^"shrink" \{ type: "shrink", /);
});

test("messages that are words or instances of classes are told as such, and an open protocol is not told", () => {
  const { forms } = open(`
    class Deposit { constructor(readonly cents: number) {} }
    class Close { readonly reason = "done"; }
    export class Bell extends Actor<"ring" | "rest"> { override handleMessage(message: "ring" | "rest"): void { console.log(message); } }
    export class Till extends Actor<Deposit | Close> { override handleMessage(message: Deposit | Close): void { console.log(message); } }
    export class Any extends Actor<any> { override handleMessage(message: any): void { console.log(message); } }`);
  assert.deepEqual(told(forms("Bell")), ['"rest" "rest"', '"ring" "ring"']);
  assert.deepEqual(told(forms("Till")).toSorted(), ["Close (a Close)", "Deposit (a Deposit)"]);
  assert.equal(forms("Any"), undefined);
  assert.equal(forms("Nobody"), undefined);
});

const TWO = `
  //- /a.ts
  import { Actor, supervisor } from "airssys-rt";
  export type A = { readonly type: "a" };
  export class Same extends Actor<A> {
    override handleMessage(message: A): void {
      switch (message.type) {
        case "a":
          console.log("first");
      }
    }
  }
  export const top = supervisor({ name: "top", children: [{ id: "one", start: () => new Same() }, { id: "two", start: () => new Same() }] });
  //- /b.ts
  import { Actor } from "airssys-rt";
  export class Same extends Actor<{ readonly type: "b" }> {
    override handleMessage(message: { readonly type: "b" }): void { console.log(message); }
  }
`;

test("of two definitions of one name the one in the file that is named is meant, and without it nobody is", () => {
  const { forms } = open(TWO);
  assert.equal(forms("Same"), undefined);
  assert.deepEqual(told(forms("Same", "/b.ts")), ['"b" { type: "b" }']);
});

test("where an actor asks is known by its name and the message, within the actor first", () => {
  const { asks } = open(`
    type Store = Ask<{ readonly type: "get"; readonly key: string }, string> | { readonly type: "put" };
    class Clerk extends Actor<{ readonly type: "go" }> {
      constructor(readonly store: ActorRef<Store>) { super(); }
      override async handleMessage(message: { readonly type: "go" }): Promise<void> {
        console.log(message);
        this.store.tell({ type: "put" });
        console.log(await this.store.ask({ type: "get", key: "a" }));
      }
    }
    export async function outside(store: ActorRef<Store>): Promise<void> { console.log(await store.ask({ type: "get", key: "b" })); }`);
  assert.deepEqual(asks("Clerk", "get"), ["ask @6"]);
  assert.deepEqual(asks("Clerk", "put"), []);
  assert.deepEqual(asks("Nobody", "get"), []);
});

test("the actor at a place is that of the handler or the class, in a spec the child, else the supervisor", () => {
  const { at } = open(TWO);
  assert.deepEqual(at("/a.ts", 'log("fi|rst")'), [{ name: "Same" }]);
  assert.deepEqual(at("/a.ts", 'case "|a"'), [{ name: "Same" }]);
  assert.deepEqual(at("/a.ts", 'id: "t|wo"'), [{ name: "Same", child: "two" }]);
  assert.deepEqual(at("/a.ts", 'name: "t|op"'), [{ name: "top" }]);
  assert.deepEqual(at("/a.ts", "export type |A"), []);
});
