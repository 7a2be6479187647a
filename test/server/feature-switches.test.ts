/** Every feature of the editor answers when it is on, and is silent when the settings say so, alone. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { AnalysisService } from "../../server/src/analysis/analysis-service.ts";
import { ALL_FEATURES, type Feature } from "../../server/src/features/feature-settings.ts";
import { LineMap } from "../../server/src/source/line-map.ts";
import { filesOf, memory } from "./fixture.ts";

const PATH = "/main.ts";
const FILES = filesOf(`
  type Message = { type: "put"; n: number } | Ask<{ type: "get" }, number>;
  export class Store extends Actor<Message> {
    override handleMessage(message: Message, context: ActorContext<Message>): void {
      switch (message.type) {
        case "put":
          break;
        case "get":
          context.reply(1);
      }
    }
  }
  export class User extends Actor<{ type: "go" }> {
    constructor(readonly store: ActorRef<Message>) { super(); }
    override handleMessage(message: { type: "go" }): void {
      switch (message.type) {
        case "go":
          this.store.tell({ type: "put", n: 1 });
          void this.store.ask({ type: "get" });
      }
    }
  }
  export const root = supervisor({ children: [{ id: "store", start: () => new Store() }] });
`);
const TEXT = FILES.get(PATH) ?? "";
const MAP = new LineMap(TEXT);

function at(cursor: string): { path: string; position: { line: number; character: number } } {
  const start = TEXT.indexOf(cursor.replace("|", ""));
  assert.notEqual(start, -1, cursor);
  return { path: PATH, position: MAP.position(start + cursor.indexOf("|")) };
}

async function variantOf(service: AnalysisService, cursor: string): Promise<string> {
  const [item] = await service.requests.hierarchyItems(at(cursor));
  return item?.variant ?? `${PATH}#none`;
}

/** What each feature is asked, and with which question. */
const QUESTIONS: Readonly<Record<Feature, Readonly<Record<string, (service: AnalysisService) => Promise<unknown>>>>> = {
  hover: {
    "the hover of a message": ({ requests }) => requests.hover(at('case "pu|t"')),
    "the hover of an actor": ({ requests }) => requests.hover(at("class Sto|re")),
    "the hover of a child": ({ requests }) => requests.hover(at('{ id|: "store"')),
  },
  navigation: {
    "the definition": ({ requests }) => requests.definition(at('tell({ type: "pu|t"')),
    "the implementation": ({ requests }) => requests.implementation(at('{ type: "pu|t"; n')),
    "the references": ({ requests }) => requests.references({ ...at('case "pu|t"'), withDeclaration: true }),
    "whether it can be renamed": ({ requests }) => requests.prepareRename(at('case "pu|t"')),
    "the rename": ({ requests }) => requests.rename({ ...at('case "pu|t"'), newName: "store" }),
    "the call hierarchy": ({ requests }) => requests.hierarchyItems(at('case "pu|t"')),
    "the incoming calls": async (service) =>
      service.requests.incoming({ variant: await variantOf(service, 'case "pu|t"') }),
    "the outgoing calls": async (service) =>
      service.requests.outgoing({ variant: await variantOf(service, 'case "g|o"') }),
  },
  codeLens: { "the lenses": ({ requests }) => requests.lenses({ path: PATH }) },
  inlayHints: {
    "the hints": ({ requests }) => requests.hints({ path: PATH, range: MAP.range({ start: 0, end: TEXT.length }) }),
  },
  completion: { "the completion": ({ requests }) => requests.completion(at("store.tell(|{")) },
  symbols: {
    "the outline": ({ requests }) => requests.symbols({ path: PATH }),
    "the search": ({ requests }) => requests.workspaceSymbols({ query: "store" }),
  },
};

function serviceWith(features: Partial<Record<Feature, boolean>>): AnalysisService {
  const service = new AnalysisService(memory(FILES), () => {});
  service.notices.configure({ settings: { features } });
  service.notices.folders({ added: ["/"], removed: [] });
  return service;
}

const isSilent = (answer: unknown): boolean => answer === undefined || (Array.isArray(answer) && answer.length === 0);

for (const [feature, questions] of Object.entries(QUESTIONS)) {
  for (const [what, ask] of Object.entries(questions)) {
    test(`${what} is there, also when everything else is off, and gone when ${feature} is off`, async () => {
      const others = Object.keys(ALL_FEATURES).filter((name) => name !== feature);

      assert.equal(isSilent(await ask(serviceWith({}))), false, "all on");
      const alone = Object.fromEntries(others.map((name) => [name, false]));
      assert.equal(isSilent(await ask(serviceWith(alone))), false, "alone");
      assert.equal(isSilent(await ask(serviceWith({ [feature]: false }))), true, "off");
    });
  }
}

test("a feature is switched while the server runs", async () => {
  const service = serviceWith({ hover: false });
  assert.equal(await service.requests.hover(at('case "pu|t"')), undefined);

  service.notices.configure({ settings: { features: { hover: true } } });

  assert.notEqual(await service.requests.hover(at('case "pu|t"')), undefined);
});

test("diagnostics and fixes stay when every feature is off", async () => {
  const service = new AnalysisService(
    memory(
      new Map([
        [
          PATH,
          TEXT.replace('        case "put":\n          break;\n', "").replace(
            '      case "put":\n        break;\n',
            "",
          ),
        ],
      ]),
    ),
    () => {},
  );
  service.notices.configure({
    settings: { features: Object.fromEntries(Object.keys(ALL_FEATURES).map((name) => [name, false])) },
  });
  service.notices.folders({ added: ["/"], removed: [] });

  const [found] = await service.requests.diagnostics({ path: PATH, isTold: true });

  assert.equal(found?.rule, "unhandled-message");
  assert.ok(found !== undefined && (await service.requests.actions({ path: PATH, range: found.range })).length > 0);
});

test("the extension has a switch for each feature, and they are all on", () => {
  const manifest = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../extension/package.json"), "utf8")) as {
    contributes: { configuration: { properties: Record<string, { type: string; default: unknown }> }[] };
  };
  const settings = Object.assign(
    {},
    ...manifest.contributes.configuration.map(({ properties }) => properties),
  ) as Record<string, { type: string; default: unknown }>;
  const switches = Object.entries(settings).filter(([name]) => name.startsWith("airssys.features."));

  assert.deepEqual(
    switches.map(([name, { type, default: isOn }]) => [name.slice("airssys.features.".length), type, isOn]).sort(),
    Object.keys(ALL_FEATURES)
      .map((name) => [name, "boolean", true])
      .sort(),
  );
});
