/** The files of a new actor project: typed, supervised, runnable as they are. Pure. */

const COUNTER = `/** Adds up, and starts again from 0 when something broken makes it crash. */
import { Actor, type ActorContext, type Ask } from "airssys-rt";

/** What a counter understands. */
export type CounterMessage =
  | { readonly type: "add"; readonly amount: number }
  | Ask<{ readonly type: "total" }, number>;

export class Counter extends Actor<CounterMessage> {
  #total = 0;

  override handleMessage(message: CounterMessage, context: ActorContext<CounterMessage>): void {
    switch (message.type) {
      case "add":
        if (!Number.isFinite(message.amount)) throw new RangeError(\`cannot add \${message.amount}\`);
        this.#total += message.amount;
        return;
      case "total":
        context.reply(this.#total);
        return;
    }
  }
}
`;

const CLOCK = `/** Gives the counter something to do, and now and then something broken. */
import { Actor, type ActorContext } from "airssys-rt";
import type { CounterMessage } from "./counter.ts";

export type ClockMessage = { readonly type: "tick" };

export class Clock extends Actor<ClockMessage> {
  #ticks = 0;

  override preStart(context: ActorContext<ClockMessage>): void {
    context.timers.startPeriodic("tick", { type: "tick" }, 1_000);
  }

  override async handleMessage(_message: ClockMessage, context: ActorContext<ClockMessage>): Promise<void> {
    this.#ticks += 1;
    const counter = context.whereis<CounterMessage>("counter");
    if (!counter) return;
    counter.tell({ type: "add", amount: this.#ticks % 10 === 0 ? Number.NaN : 1 });
    if (this.#ticks % 5 === 0) console.log("total:", await counter.ask({ type: "total" }, { timeoutMs: 500 }));
  }
}
`;

const MAIN = `/** Two supervised actors. Run it with F5, and watch them in the Supervision view. */
import { ActorSystem, supervisor } from "airssys-rt";
import { Clock } from "./clock.ts";
import { Counter } from "./counter.ts";

const root = supervisor({
  name: "root",
  strategy: "one_for_one",
  maxRestarts: 3,
  maxRestartPeriodMs: 5_000,
  children: [
    { id: "counter", name: "counter", start: () => new Counter() },
    { id: "clock", start: () => new Clock() },
  ],
});

const system = await ActorSystem.start({ name: "NAME", root });
// Ctrl-C ends the actors in order.
process.once("SIGINT", () => void system.stop());
`;

const TEST = `/** The counter under a system whose time and schedule belong to the test. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { supervisor } from "airssys-rt";
import { TestSystem } from "airssys-rt/testing";
import { Counter, type CounterMessage } from "../src/counter.ts";

test("something broken crashes the counter, and its supervisor starts it again from 0", async (t) => {
  const root = supervisor({
    name: "root",
    children: [{ id: "counter", name: "counter", start: () => new Counter() }],
  });
  const run = await TestSystem.start({ root, seed: 1 });
  t.after(() => run.stop());
  const counter = run.system.whereis<CounterMessage>("counter");
  assert.ok(counter);

  counter.tell({ type: "add", amount: 2 });
  assert.equal(await counter.ask({ type: "total" }), 2);

  counter.tell({ type: "add", amount: Number.NaN });
  assert.equal(await counter.ask({ type: "total" }), 0);
  assert.equal(counter.incarnation, 2);
});
`;

const README = `# NAME

An actor program, made with *Airssys: New Actor Project*.

- **F5** runs it under the debugger; the **Supervision** view shows its actors while it runs. There is nothing to configure.
- \`npm start\` runs it without an editor, \`npm test\` its test. Both need Node 22.18 or newer, which takes TypeScript as it is.

## What to break

1. Wait ten seconds. The clock sends the counter something that is not a number: it crashes, \`1×\` appears beside it, and the total
   starts again from 0. *Go to Crash* on its row opens the line.
2. Send the counter the same from the menu of its row, *Send Message to Actor…*: \`{ "type": "add", "amount": null }\`. Four times within
   five seconds are more than its supervisor allows: the system gives up, and the view says because of whom.
3. Set a breakpoint in \`src/counter.ts\` and let it be hit: time stands still for all actors.
4. Write \`while (true);\` into a handler: the view names the actor that does not let go.
5. Take the case \`"total"\` out of the counter: the editor says, before anything runs, which message nobody handles.

## What is here

\`airssys-rt\` and the types of Node lie in \`vendor/\`, so that \`npm install\` needs no network. To take them from npm instead, put
versions in the place of the paths that begin with \`file:vendor/\` in \`package.json\`. The types of Node are those of \`@types/node\`
without their comments.

For \`npx tsc\` add TypeScript with \`npm install --save-dev typescript\`.
`;

/** The packages that lie in a new project, by their names: where, in it. */
export const VENDORED = {
  "airssys-rt": "vendor/airssys-rt",
  "@types/node": "vendor/node-types",
  "undici-types": "vendor/undici-types",
} as const;

/** What is opened first. */
export const MAIN_FILE = "src/main.ts";

/** @param name of the folder; @returns the text of each file, by its path in the project */
export function projectFiles(name: string): ReadonlyMap<string, string> {
  const title = packageName(name);
  return new Map([
    ["package.json", json(packageJson(title))],
    ["tsconfig.json", json(TSCONFIG)],
    [MAIN_FILE, MAIN.replaceAll("NAME", title)],
    ["src/counter.ts", COUNTER],
    ["src/clock.ts", CLOCK],
    ["test/counter.test.ts", TEST],
    [".vscode/extensions.json", json({ recommendations: ["airssys.airssys"] })],
    [".gitignore", "node_modules/\ndist/\n*.log\n"],
    ["README.md", README.replaceAll("NAME", title)],
  ]);
}

/** A name npm takes, as near to the folder's as can be. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);
  return name === "" || name === "node-modules" ? "actors" : name;
}

const TSCONFIG = {
  compilerOptions: {
    target: "es2023",
    lib: ["es2023"],
    types: ["node"],
    module: "nodenext",
    strict: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    noFallthroughCasesInSwitch: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src", "test"],
};

function packageJson(name: string): object {
  return {
    name,
    version: "0.0.1",
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: { start: `node ${MAIN_FILE}`, test: 'node --test "test/**/*.test.ts"' },
    dependencies: { "airssys-rt": `file:${VENDORED["airssys-rt"]}` },
    devDependencies: {
      "@types/node": `file:${VENDORED["@types/node"]}`,
      "undici-types": `file:${VENDORED["undici-types"]}`,
    },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
