// A program whose actor does odd things, for viewers that mean harm. `ODD` says which; a line on standard input asks how it fares.
import { createInterface } from "node:readline";
import { Actor, ActorSystem, supervisor } from "../../../runtime/src/index.ts";

interface Word {
  readonly type: string;
}

const refuse = (): never => {
  throw new Error("hands off");
};
const errorWithout = (part: string): Error => Object.defineProperty(new Error("x"), part, { get: refuse });

function nested(depth: number): object {
  let value: object = {};
  for (let n = 0; n < depth; n++) value = { value };
  return value;
}

/** What is thrown. */
const CAUSES: Readonly<Record<string, () => unknown>> = {
  nothing: () => new Error("x"),
  stack: () => errorWithout("stack"),
  message: () => errorWithout("message"),
  name: () => Object.assign(new Error("x"), { name: Symbol("s") }),
  proxy: () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  prepareStackTrace: () => {
    Error.prepareStackTrace = refuse;
    return new Error("x");
  },
  text: () => "x".repeat(30_000_000),
  depth: () => nested(100_000),
};

class Odd extends Actor<Word> {
  override handleMessage({ type }: Word): void {
    if (type === "throw") throw CAUSES[odd]?.() ?? new Error("x");
  }
}

class Unnamed extends Odd {
  static override get name(): string {
    return refuse();
  }
}

const odd = process.env["ODD"] ?? "nothing";
const make = (): Odd => {
  if (odd === "class") return new Unnamed();
  if (odd === "prototype")
    return Object.assign(Object.create(null) as Odd, { handleMessage: Odd.prototype.handleMessage });
  return new Odd();
};

const count = Number(process.env["ACTORS"] ?? 1);
const children = Array.from({ length: count }, (_, n) => ({ id: `w${n}`, start: make }));
const root = supervisor({ maxRestarts: 1e6, children });
const system = await ActorSystem.start({ name: "odd", root, logger: false });
const first = system.whereis<Word>("w0");
const rss = process.memoryUsage().rss;
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== "how") first?.tell({ type: line });
  let longestMs = 0;
  for (let lap = 0; lap < 200; lap++) {
    const from = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    longestMs = Math.max(longestMs, performance.now() - from);
  }
  const grownMb = Math.round((process.memoryUsage().rss - rss) / 1e6);
  const waits = system.health.peek().longestQueue?.length ?? 0;
  console.log(JSON.stringify({ waits, longestMs, grownMb, incarnation: first?.incarnation }));
}
