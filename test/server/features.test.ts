import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import type { Position } from "../../server/src/analysis/analysis-calls.ts";
import { EditorFeatures } from "../../server/src/analysis/editor-features.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { analysisOf, applyEdits, filesOf } from "./fixture.ts";

const SHOP = `
  //- /messages.ts
  export type StockMessage =
    | { readonly type: "take"; readonly item: string; readonly count: number }
    | Ask<{ readonly type: "left"; readonly item: string }, number>;
  //- /stock.ts
  import { Actor, type ActorContext } from "airssys-rt";
  import type { StockMessage } from "./messages.ts";
  export class Stock extends Actor<StockMessage> {
    override handleMessage(message: StockMessage, context: ActorContext<StockMessage>): void {
      switch (message.type) {
        case "take":
          break;
        case "left":
          context.reply(1);
      }
    }
  }
  //- /shop.ts
  import { Actor, type ActorRef, supervisor } from "airssys-rt";
  import type { StockMessage } from "./messages.ts";
  import { Stock } from "./stock.ts";
  type ShopMessage = { readonly type: "buy" };
  export class Shop extends Actor<ShopMessage> {
    constructor(readonly stock: ActorRef<StockMessage>) { super(); }
    override async handleMessage(message: ShopMessage): Promise<void> {
      switch (message.type) {
        case "buy":
          this.stock.tell({ type: "take", item: "tea", count: 1 });
          console.log(await this.stock.ask({ type: "left", item: "tea" }));
      }
    }
  }
  export const root = supervisor({
    name: "market",
    strategy: "rest_for_one",
    maxRestarts: 2,
    children: [
      { id: "stock", start: () => new Stock() },
      { id: "shop", start: (): Shop => { throw new Error("no ref yet"); } },
      { id: "bell", start: () => new Stock(), restart: "temporary" },
    ],
  });
`;

/** Features over a text; positions are given as the text around them with a bar at the cursor. */
function open(text: string): {
  features: EditorFeatures;
  files: ReadonlyMap<string, string>;
  at(path: string, cursor: string): Position;
} {
  const files = filesOf(text);
  const analysis = analysisOf(files);
  const features = new EditorFeatures(analysis, (path) => new LineMap(files.get(path) ?? ""));
  const at = (path: string, cursor: string): Position => {
    const content = files.get(path) ?? "";
    const start = content.indexOf(cursor.replace("|", ""));
    assert.notEqual(start, -1, `${cursor} is in ${path}`);
    return { path, position: new LineMap(content).position(start + cursor.indexOf("|")) };
  };
  return { features, files, at };
}

function texts(
  files: ReadonlyMap<string, string>,
  places: readonly {
    path: string;
    range: { start: { line: number; character: number }; end: { line: number; character: number } };
  }[],
): readonly string[] {
  return places.map(({ path, range }) => {
    const text = files.get(path) ?? "";
    const map = new LineMap(text);
    return `${path} ${text.slice(map.offset(range.start), map.offset(range.end))}`;
  });
}

test("from a send one goes to the handler, from a handler to the declaration", () => {
  const { features, files, at } = open(SHOP);

  assert.deepEqual(texts(files, features.definition(at("/shop.ts", 'tell({ type: "ta|ke"'))), ['/stock.ts "take"']);
  assert.deepEqual(texts(files, features.definition(at("/shop.ts", "stock.as|k("))), ['/stock.ts "left"']);
  assert.deepEqual(texts(files, features.definition(at("/stock.ts", 'case "le|ft"'))), ['/messages.ts "left"']);
  assert.deepEqual(texts(files, features.implementation(at("/messages.ts", 'type: "ta|ke"'))), ['/stock.ts "take"']);
});

test("references are senders and handlers, and the declaration when it is wanted", () => {
  const { features, files, at } = open(SHOP);
  const here = at("/messages.ts", 'type: "ta|ke"');

  assert.deepEqual(texts(files, features.references({ ...here, withDeclaration: false })), [
    "/stock.ts take",
    "/shop.ts take",
  ]);
  assert.deepEqual(texts(files, features.references({ ...here, withDeclaration: true })), [
    "/messages.ts take",
    "/stock.ts take",
    "/shop.ts take",
  ]);
});

test("references are the texts of the message alone, as TypeScript's own server tells them, and each once", () => {
  const text = `
    //- /a.ts
    import { Actor, type ActorRef } from "airssys-rt";
    export type Message = { readonly type: "on" } | { readonly type: "off" };
    export class Lamp extends Actor<Message> {
      override handleMessage(message: Message): void {
        if (message.type === "on" || message.type === "off") console.log(message.type);
      }
    }
    export const press = (lamp: ActorRef<Message>): void => lamp.tell({ type: "on" });
  `;
  const { features, files, at } = open(text);
  const found = features.references({ ...at("/a.ts", 'lamp.tell({ type: "o|n"'), withDeclaration: true });
  const ours = found.map(({ path: file, range }) => `${file} ${JSON.stringify(range)}`).sort();

  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => ["/a.ts"],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = files.get(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => "/",
    getCompilationSettings: () => ({ noLib: true }),
    getDefaultLibFileName: () => "",
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name),
  };
  const content = files.get("/a.ts") ?? "";
  const map = new LineMap(content);
  const theirs = ts
    .createLanguageService(host)
    .getReferencesAtPosition("/a.ts", content.indexOf('"on"') + 1)
    ?.map(({ textSpan }) => ({ start: textSpan.start, end: textSpan.start + textSpan.length }))
    .filter(({ start }) => content.slice(start, start + 2) === "on")
    .map((span) => JSON.stringify(map.range(span)));
  assert.equal(new Set(ours).size, ours.length);
  // What theirs finds of the message is in ours, with the same range.
  assert.ok((theirs ?? []).length > 0);
  for (const range of theirs ?? []) assert.ok(ours.includes(`/a.ts ${range}`), range);
});

test("an actor that several children of one supervisor are made of has one supervisor", () => {
  const { features } = open(`
    class A extends Actor<{ type: "a" }> { override handleMessage(): void {} }
    export const one = supervisor({ name: "one", children: [{ id: "x", start: () => new A() }, { id: "y", start: () => new A() }] });
    export const two = supervisor({ name: "two", children: [{ id: "z", start: () => new A() }] });
    class B extends Actor<{ type: "b" }> { override handleMessage(): void {} }
  `);
  assert.deepEqual(
    features.lenses("/main.ts").map(({ title }) => title),
    ["supervised by one (one_for_one) and 1 more, as 3 children", "no supervisor"],
  );
});

test("lenses stand in the order of the source", () => {
  const actor = (name: string) => `class ${name} extends Actor<Message> {
      override handleMessage(message: Message): void { if (message.type === "a") console.log(1); else if (message.type === "b") console.log(2); }
    }`;
  const { features } = open(`
    type Message = { type: "a" } | { type: "b" };
    ${actor("A")}
    ${actor("B")}
  `);
  const lines = features.lenses("/main.ts").map(({ range }) => range.start.line * 1_000 + range.start.character);
  assert.equal(lines.length, 6);
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
});

test("a message is completed by the name that means it here, with an import where that is needed, or not at all", () => {
  const text = (imports: string) => `
    //- /kind.ts
    export enum Kind { Open = "open", Close = "close" }
    export type Message = { readonly kind: Kind.Open } | { readonly kind: Kind.Close };
    export declare function door(): import("airssys-rt").ActorRef<Message>;
    export class Door extends (await import("airssys-rt")).Actor<Message> { override handleMessage(): void {} }
    //- /shop.ts
    ${imports}
    import { Actor } from "airssys-rt";
    door().tell();
  `;
  for (const [imports, snippets, edits] of [
    ['import { door, Kind } from "./kind.ts";', ["{ kind: Kind.Close }", "{ kind: Kind.Open }"], []],
    ['import { door, Kind as K } from "./kind.ts";', ["{ kind: K.Close }", "{ kind: K.Open }"], []],
    ['import { door } from "./kind.ts";', ["{ kind: Kind.Close }", "{ kind: Kind.Open }"], [", Kind", ", Kind"]],
  ] as const) {
    const { features, at } = open(text(imports));
    const found = features.completion(at("/shop.ts", "tell(|"));
    assert.deepEqual(
      [found.map(({ snippet }) => snippet), found.flatMap((one) => one.edits.map(({ newText }) => newText))],
      [snippets, edits],
      imports,
    );
  }
});

test("a completed message has all the fields that it has to have, however its tag is written", () => {
  const { features, at } = open(`
    enum Kind { Open = "open", Close = "close" }
    enum Level { Low, High }
    declare const STOP: unique symbol;
    interface Timed { readonly at: number; readonly note?: string }
    type Door = (Timed & { readonly type: Kind.Open; readonly by: string }) | Ask<{ readonly type: Kind.Close; readonly why: string }, boolean>;
    type Tank = { readonly level: Level.Low; litres: number } | { readonly level: Level.High; litres: number; "too much": boolean };
    type Mixed = { readonly type: "go"; readonly to: string } | { readonly type: typeof STOP; readonly $now: boolean };
    class A extends Actor<Door> { override handleMessage(): void {} }
    class B extends Actor<Tank> { override handleMessage(): void {} }
    class C extends Actor<Mixed> { override handleMessage(): void {} }
    declare const door: ActorRef<Door>;
    declare const tank: ActorRef<Tank>;
    declare const mixed: ActorRef<Mixed>;
    door.tell();
    tank.tell();
    mixed.tell();
  `);

  const snippets = (place: string): readonly string[] =>
    features.completion(at("/main.ts", place)).map(({ snippet }) => snippet);

  assert.deepEqual(snippets("door.tell(|"), ["{ type: Kind.Open, at: $1, by: $2 }", "{ type: Kind.Close, why: $1 }"]);
  assert.deepEqual(snippets("tank.tell(|"), [
    "{ level: Level.Low, litres: $1 }",
    '{ level: Level.High, litres: $1, "too much": $2 }',
  ]);
  assert.deepEqual(snippets("mixed.tell(|"), ['{ type: "go", to: $1 }', "{ type: STOP, \\$now: $1 }"]);
});

test("a message is renamed in its declaration, its handlers and its senders", () => {
  const { features, files, at } = open(SHOP);
  const here = at("/stock.ts", 'case "ta|ke"');

  const edits = features.rename({ ...here, newName: "remove" });

  const plain = edits?.map(({ path, range, newText }) => {
    const map = new LineMap(files.get(path) ?? "");
    return { path, span: { start: map.offset(range.start), end: map.offset(range.end) }, newText };
  });
  const renamed = applyEdits(files, plain ?? []);
  assert.equal(
    [...renamed.values()].some((text) => text.includes('"take"')),
    false,
  );
  assert.equal([...renamed.values()].filter((text) => text.includes('"remove"')).length, 3);
  const errors = analysisOf(renamed).index.files.flatMap((file) =>
    file.dispatches.flatMap((dispatch) => dispatch.missing),
  );
  assert.deepEqual(errors, []);
});

test("handlers in maps and in comparisons are renamed too", () => {
  const { features, at } = open(`
    type M = { type: "go" } | { type: "halt" };
    const a = defineActor<M, number>({ init: () => 0, handlers: { go: (s) => s, halt: (s) => s } });
    class B extends Actor<M> {
      override handleMessage(message: M): void {
        if (message.type === "go") console.log(1);
        else console.log(2);
      }
    }
  `);

  const edits = features.rename({ ...at("/main.ts", '{ type: "g|o" }'), newName: "set-off" });

  assert.deepEqual(
    edits?.map((edit) => edit.newText),
    ['"set-off"', '"set-off"', 'message.type === "set-off"'],
  );
});

test("what is no plain text cannot be renamed", () => {
  const { features, at } = open(SHOP);

  assert.equal(features.prepareRename(at("/shop.ts", "stock.as|k(")), undefined);
  assert.equal(features.prepareRename(at("/shop.ts", "export const ro|ot")), undefined);
});

test("a message's hover tells its protocol, reply, handlers and senders", () => {
  const { features, at } = open(SHOP);

  const hover = features.hover(at("/messages.ts", 'type: "le|ft"'));

  assert.equal(hover?.markdown, '**"left"** — StockMessage, replies `number`  \nHandled by Stock  \nSent from Shop');
});

test("an actor's hover tells what it accepts and who starts it", () => {
  const { features, at } = open(SHOP);

  const hover = features.hover(at("/stock.ts", "class Sto|ck"));

  assert.equal(
    hover?.markdown,
    '**Stock** accepts `"left"` → `number`, `"take"`  \nStarted as stock of market (permanent, rest_for_one), bell of market (temporary, rest_for_one)',
  );
});

test("a child's hover tells who stops and starts when it crashes, and when the supervisor gives up", () => {
  const { features, at } = open(SHOP);

  const stock = features.hover(at("/shop.ts", '{ id|: "stock"'));
  const bell = features.hover(at("/shop.ts", '{ id|: "bell"'));

  assert.equal(
    stock?.markdown,
    "**stock** — permanent child of market\n\nWhen it crashes `bell`, `shop` stop first, then `stock`, `shop` start. Crash 3 within 5 s ends the supervisor.",
  );
  assert.match(bell?.markdown ?? "", /not started again/);
});

test("lenses count senders and name supervisors", () => {
  const { features } = open(SHOP);

  assert.deepEqual(
    features.lenses("/stock.ts").map((lens) => [lens.title, lens.places.length]),
    [
      ["supervised by market (rest_for_one), as 2 children", 2],
      ["1 sender", 1],
      ["1 sender", 1],
    ],
  );
});

test("a lens over a handler says what a running program calls its actor", () => {
  const { features } = open(`
  //- /main.ts
  import { Actor, defineActor } from "airssys-rt";
  type M = { readonly type: "go" };
  export class Walker extends Actor<M> {
    override handleMessage(message: M): void {
      switch (message.type) { case "go": break; }
    }
  }
  const name = () => "computed";
  export const nameless = defineActor<M, number>({ init: () => 0, handlers: { go: () => 1 } });
  export const other = defineActor<M, number>({ name: "given", init: () => 0, handlers: { go: () => 1 } });
  export const computed = defineActor<M, number>({ name: name(), init: () => 0, handlers: { go: () => 1 } });
  `);

  assert.deepEqual(
    features.lenses("/main.ts").flatMap(({ handled }) => (handled ? [handled.definition] : [])),
    ["Walker", "actor", "given", undefined],
  );
});

test("inlay hints tell defaults of children and replies of asks", () => {
  const { features, files } = open(SHOP);
  const end = new LineMap(files.get("/shop.ts") ?? "").position(Number.MAX_SAFE_INTEGER);

  const hints = features.hints({ path: "/shop.ts", range: { start: { line: 0, character: 0 }, end } });

  assert.deepEqual(
    hints.map((hint) => hint.text),
    ["→ number", "permanent, 5 s", "permanent, 5 s"],
  );
});

test("inlay hints stand in specs that are written there, not in names of specs", () => {
  const { features, files } = open(`
    class Worker extends Actor<{ type: "go" }> { override handleMessage(): void {} }
    const named: ChildSpec = { id: "a", start: () => new Worker(), restart: "transient" };
    const terms = { restart: "transient", shutdown: 10 } as const;
    export const root = supervisor({ children: [named, { id: "b", start: () => new Worker(), ...terms }] });
  `);
  const end = new LineMap(files.get("/main.ts") ?? "").position(Number.MAX_SAFE_INTEGER);

  const hints = features.hints({ path: "/main.ts", range: { start: { line: 0, character: 0 }, end } });

  assert.deepEqual(hints, []);
});

test("the outline shows actors with their handlers and supervisors with their children", () => {
  const { features } = open(SHOP);

  const show = (symbols: ReturnType<typeof features.symbols>): unknown =>
    symbols.map((symbol) => [
      symbol.kind,
      symbol.name,
      ...(symbol.children.length === 0 ? [] : [show(symbol.children)]),
    ]);
  assert.deepEqual(show(features.symbols("/stock.ts")), [
    [
      "actor",
      "Stock",
      [
        ["handler", '"take"'],
        ["handler", '"left"'],
      ],
    ],
  ]);
  assert.deepEqual(show(features.symbols("/shop.ts")), [
    ["actor", "Shop", [["handler", '"buy"']]],
    [
      "supervisor",
      "market",
      [
        ["child", "stock"],
        ["child", "shop"],
        ["child", "bell"],
      ],
    ],
  ]);
  assert.deepEqual(
    features.workspaceSymbols("mkt").map(({ path, symbol }) => [path, symbol.name]),
    [["/shop.ts", "market"]],
  );
});

test("the call hierarchy of a message goes to its senders and to what is sent while it is handled", () => {
  const { features, at } = open(SHOP);

  const [left] = features.hierarchyItems(at("/messages.ts", 'type: "le|ft"'));
  assert.deepEqual([left?.name, left?.detail, left?.path], ['"left"', "Stock", "/stock.ts"]);
  const [from] = features.incoming(left?.variant ?? "");
  assert.deepEqual([from?.item.name, from?.item.detail], ['"buy"', "Shop"]);
  const out = features.outgoing(from?.item.variant ?? "");
  assert.deepEqual(out.map(({ item }) => item.name).sort(), ['"left"', '"take"']);
});

test("after tell( all messages are offered, after ask( only the questions", () => {
  const { features, at } = open(SHOP);

  const told = features.completion(at("/shop.ts", "stock.tell(|{"));
  const asked = features.completion(at("/shop.ts", "stock.ask(|{"));

  assert.deepEqual(
    told.map((item) => item.snippet),
    ['{ type: "take", item: $1, count: $2 }', '{ type: "left", item: $1 }'],
  );
  assert.deepEqual(
    asked.map((item) => [item.label, item.detail]),
    [['"left"', "StockMessage, replies number"]],
  );
  assert.deepEqual(features.completion(at("/shop.ts", "export con|st")), []);
});

test("a variant is added to the union and to everything that takes it apart", () => {
  const { features, files, at } = open(SHOP);
  const { path, position } = at("/messages.ts", 'type: "ta|ke"');

  const [assist] = features.assists(path, new LineMap(files.get(path) ?? "").offset(position));

  assert.equal(assist?.title, "Add a variant to StockMessage, with its handlers");
  const changed = applyEdits(files, assist?.edits ?? []);
  assert.match(
    changed.get("/messages.ts") ?? "",
    /readonly count: number \}\n {2}\| \{ readonly type: "newMessage" \}/,
  );
  assert.match(changed.get("/stock.ts") ?? "", /case "newMessage":\n/);
  assert.deepEqual(
    analysisOf(changed)
      .diagnosticsOf("/stock.ts")
      .filter((one) => one.rule === "unhandled-message"),
    [],
  );
});

test("a question that is told can be asked, and one whose reply is lost can be told", () => {
  const text = (line: string): string => `
    export async function f(ref: ActorRef<Ask<{ type: "x" }, number>>): Promise<void> {
      ${line}
    }
  `;
  const assist = (line: string): string | undefined => {
    const { features, files, at } = open(text(line));
    const { position } = at("/main.ts", line.includes("tell") ? "ref.te|ll" : "ref.as|k");
    const [found] = features.assists("/main.ts", new LineMap(files.get("/main.ts") ?? "").offset(position));
    return found === undefined
      ? undefined
      : applyEdits(files, found.edits)
          .get("/main.ts")
          ?.split("\n")
          .find((one) => one.includes("ref."))
          ?.trim();
  };

  assert.equal(assist('ref.tell({ type: "x" });'), 'await ref.ask({ type: "x" });');
  assert.equal(assist('ref.ask({ type: "x" });'), 'ref.tell({ type: "x" });');
  assert.equal(assist('console.log(await ref.ask({ type: "x" }));'), undefined);
});
