/** The files of a new actor project: typed, supervised, runnable as they are. Pure. */

const MAIN = `/** Two supervised actors. Run it with F5, and watch them in the Supervision view. */
import { Actor, type ActorContext, ActorSystem, type Ask, supervisor } from "airssys-rt";

/** What a counter understands. */
type CounterMessage =
  | { readonly type: "add"; readonly amount: number }
  | Ask<{ readonly type: "total" }, number>;

/** Adds up. A broken amount crashes it, and its supervisor starts it again from 0. */
class Counter extends Actor<CounterMessage> {
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

type ClockMessage = { readonly type: "tick" };

/** Gives the counter something to do, and now and then something broken. */
class Clock extends Actor<ClockMessage> {
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

await ActorSystem.start({ name: "NAME", root });
`;

const README = `# NAME

An actor program, made with *Airssys: New Actor Project*.

- **F5** runs it under the debugger; the **Supervision** view shows its actors while it runs.
- \`npm start\` runs it without an editor. It needs Node 22.18 or newer, which takes TypeScript as it is.

\`airssys-rt\` lies in \`vendor/\`, so that \`npm install\` needs no network. To take it from npm instead, put a version in the place
of \`file:vendor/airssys-rt\` in \`package.json\`.

For \`npx tsc\` add TypeScript with \`npm install --save-dev typescript\`; for the types of Node's own modules add
\`@types/node\` the same way, and \`"types": ["node"]\` to \`tsconfig.json\`.
`;

/** Where the runtime lies in a new project. */
export const VENDORED = "vendor/airssys-rt";

/** @param name of the folder; @returns the text of each file, by its path in the project */
export function projectFiles(name: string): ReadonlyMap<string, string> {
  const title = packageName(name);
  return new Map([
    ["package.json", json(packageJson(title))],
    ["tsconfig.json", json(TSCONFIG)],
    ["src/main.ts", MAIN.replaceAll("NAME", title)],
    [".vscode/launch.json", json(launchJson(title))],
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
    lib: ["es2023", "dom"],
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
  include: ["src"],
};

function packageJson(name: string): object {
  return {
    name,
    version: "0.0.1",
    private: true,
    type: "module",
    engines: { node: ">=22.18" },
    scripts: { start: "node src/main.ts" },
    dependencies: { "airssys-rt": `file:${VENDORED}` },
  };
}

function launchJson(name: string): object {
  const program = `\${workspaceFolder}/src/main.ts`;
  return { version: "0.2.0", configurations: [{ type: "airssys", request: "launch", name, program }] };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
