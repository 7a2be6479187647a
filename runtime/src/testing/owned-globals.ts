/**
 * The globals, and those of Node's modules, that tell the time, wait or draw lots: while a test system runs, each asks whose code calls it.
 * To the code of its actors it answers by the virtual clock and the seed, to everybody else what it always does.
 */
import nodeCrypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import nodeTimers from "node:timers";
import nodePromises from "node:timers/promises";
import { promisify } from "node:util";
import { original, standsFor } from "../values/original.ts";
import { bytesOf, fill, intBetween, uuid } from "./owned-chance.ts";
import { epochMs, hrtime, hrtimeBigint, type TemporalObject, temporalReadings, virtualDate } from "./owned-date.ts";
import { breathe, expiring, NOT_SET, setSoon, setVirtual, sleep, ticks } from "./owned-timers.ts";
import { type Owner, ownerHere } from "./owner.ts";
import { Patch } from "./patch.ts";
import { clearVirtual } from "./virtual-timeout.ts";

type Args = unknown[];
type Method = (this: unknown, ...args: unknown[]) => unknown;
/** What a call comes to in the code of an actor; {@link NOT_SET} where the machine's own function is to say that it cannot be. */
type Virtual = (owner: Owner, args: Args) => unknown;

/** Answers by whoever owns the code that calls. @param name of a reading, to be told where the machine's is read all the same. */
function asking(before: unknown, virtual: Virtual, name?: string): unknown {
  if (typeof before !== "function") return before;
  const ask = function (this: unknown, ...args: Args): unknown {
    const owner = ownerHere();
    if (name !== undefined) owner?.reads(name);
    const answer = owner === undefined || owner.isReal ? NOT_SET : virtual(owner, args);
    return answer === NOT_SET ? Reflect.apply(before, this, args) : answer;
  };
  return looksLike(ask, before);
}

/** A timer may be cleared by whoever has it. */
function clearing(before: unknown): unknown {
  if (typeof before !== "function") return before;
  const clear = function (this: unknown, ...args: Args): unknown {
    return clearVirtual(args[0]) ? undefined : Reflect.apply(before, this, args);
  };
  return looksLike(clear, before);
}

/** Has what the other has: fake timers note in theirs how to take them away. */
function looksLike(fn: Method, before: object): Method {
  const { prototype: _, ...its } = Object.getOwnPropertyDescriptors(before as { readonly prototype?: unknown });
  for (const [key, descriptor] of Object.entries(its)) Object.defineProperty(fn, key, descriptor);
  // What `promisify` takes for it is one of those below.
  if (promisify.custom in before)
    Object.defineProperty(fn, promisify.custom, { get: () => Reflect.get(before, promisify.custom) as unknown });
  return standsFor(fn, original(before));
}

const TIMERS: Readonly<Record<string, (before: unknown) => unknown>> = {
  setTimeout: (before) => asking(before, (owner, args) => setVirtual(owner, false, args)),
  setInterval: (before) => asking(before, (owner, args) => setVirtual(owner, true, args)),
  setImmediate: (before) => asking(before, setSoon),
  clearTimeout: clearing,
  clearInterval: clearing,
  clearImmediate: clearing,
};

const PROMISES: Readonly<Record<string, Virtual>> = {
  setTimeout: sleep,
  setImmediate: breathe,
  setInterval: ticks,
};

const CHANCE: Readonly<Record<string, Virtual>> = {
  randomUUID: ({ random }) => uuid(random),
  randomInt: ({ random }, [one, other, callback]) => {
    const drawn = intBetween(random, one, other);
    return drawn === undefined ? NOT_SET : answered(drawn, typeof other === "function" ? other : callback);
  },
  randomBytes: ({ random }, [size, callback]) => {
    if (!Number.isInteger(size) || (size as number) < 0 || (size as number) >= 2 ** 31) return NOT_SET;
    const bytes = Buffer.alloc(size as number);
    fill(bytes, random);
    return answered(bytes, callback);
  },
  randomFillSync: ({ random }, [values, ...part]) => (filled(random, values, part) ? values : NOT_SET),
  randomFill: ({ random }, [values, ...rest]) =>
    filled(random, values, rest.slice(0, -1)) ? answered(values, rest.at(-1)) : NOT_SET,
};

function filled(random: Owner["random"], values: unknown, [offset = 0, size]: Args): boolean {
  const isView = ArrayBuffer.isView(values);
  // Parts of others than bytes are counted in elements.
  if (!(isView && (values instanceof Uint8Array || (offset === 0 && size === undefined)))) return false;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const end = size === undefined ? bytes.length : Number(offset) + Number(size);
  if (!(Number(offset) >= 0 && end <= bytes.length)) return false;
  fill(bytes.subarray(Number(offset), end), random);
  return true;
}

/** Node calls back, later, if there is something to call. */
function answered(value: unknown, callback: unknown): unknown {
  if (typeof callback !== "function") return value;
  process.nextTick(callback as (...args: unknown[]) => void, null, value);
  return undefined;
}

const readsMachine = (name: string, virtual: Virtual): ((before: unknown) => unknown) => {
  return (before) => asking(before, virtual, name);
};

const globals: readonly Patch[] = [
  new Patch(
    () => Date,
    "now",
    readsMachine("Date.now", ({ clock }) => epochMs(clock)),
  ),
  new Patch(
    () => globalThis,
    "Date",
    (before) => virtualDate(before as DateConstructor),
  ),
  // Dates say what made them.
  new Patch(
    () => Date.prototype,
    "constructor",
    () => Date,
  ),
  new Patch(
    () => performance,
    "now",
    readsMachine("performance.now", ({ clock }) => clock.monotonicMs()),
  ),
  new Patch(() => performance, "timeOrigin", timeOrigin, true),
  new Patch(
    () => process,
    "hrtime",
    (before) => {
      const asks = asking(before, ({ clock }, [since]) => hrtime(clock, since), "process.hrtime") as Method;
      const { bigint } = before as typeof process.hrtime;
      return Object.assign(asks, {
        bigint: asking(bigint, ({ clock }) => hrtimeBigint(clock), "process.hrtime.bigint"),
      });
    },
  ),
  new Patch(
    () => Math,
    "random",
    readsMachine("Math.random", ({ random }) => random()),
  ),
  new Patch(
    () => crypto,
    "randomUUID",
    readsMachine("crypto.randomUUID", ({ random }) => uuid(random)),
  ),
  new Patch(
    () => crypto,
    "getRandomValues",
    readsMachine("crypto.getRandomValues", ({ random }, [values]) => {
      const bytes = bytesOf(values);
      if (bytes === undefined) return NOT_SET;
      fill(bytes, random);
      return values;
    }),
  ),
  new Patch(
    () => AbortSignal,
    "timeout",
    (before) => asking(before, (owner, [delay]) => (isDelay(delay) ? expiring(owner, delay) : NOT_SET)),
  ),
  ...Object.entries(TIMERS).map(([key, replacing]) => new Patch(() => globalThis, key, replacing)),
  ...temporalPatches(),
];

function timeOrigin(before: unknown): () => unknown {
  return () => {
    const owner = ownerHere();
    owner?.reads("performance.timeOrigin");
    if (owner === undefined || owner.isReal) return before;
    return owner.clock.now() - owner.clock.monotonicMs();
  };
}

function isDelay(delay: unknown): delay is number {
  return Number.isInteger(delay) && (delay as number) >= 0;
}

function temporalPatches(): readonly Patch[] {
  const temporal = Reflect.get(globalThis, "Temporal") as TemporalObject | undefined;
  if (temporal === undefined) return [];
  return Object.entries(temporalReadings(temporal)).map(
    ([key, read]) =>
      new Patch(
        () => temporal.Now,
        key,
        readsMachine(`Temporal.Now.${key}`, ({ clock }, [zone]) => read(clock, zone)),
      ),
  );
}

/** What modules export: `import` and `require` hold it apart, and mocks replace only the latter. */
interface Exported {
  readonly module: object;
  readonly key: string;
  readonly loaded: unknown;
  readonly replacing: (before: unknown) => unknown;
}

const exported: readonly Exported[] = [
  ...Object.entries(TIMERS).map(([key, replacing]) => ({ module: nodeTimers, key, replacing })),
  ...Object.entries(PROMISES).map(([key, virtual]) => ({
    module: nodePromises,
    key,
    replacing: (before: unknown) => asking(before, virtual),
  })),
  ...Object.entries(CHANCE).map(([key, virtual]) => ({
    module: nodeCrypto,
    key,
    replacing: readsMachine(`crypto.${key}`, virtual),
  })),
].map((one) => ({ ...one, loaded: Reflect.get(one.module, one.key) as unknown }));

const exports: readonly Patch[] = [
  ...exported.map(({ module, key, replacing }) => new Patch(() => module, key, replacing)),
  new Patch(
    () => nodePromises.scheduler,
    "wait",
    (before) => asking(before, (owner, [delay, options]) => sleep(owner, [delay, undefined, options])),
  ),
  new Patch(
    () => nodePromises.scheduler,
    "yield",
    (before) => asking(before, (owner) => breathe(owner, [])),
  ),
];

/** What `import` gets is set for a moment, and published; what `require` gets is left as it was. */
function publish(published: (one: Exported) => unknown): void {
  const before = exported.map(({ module, key }) => Object.getOwnPropertyDescriptor(module, key));
  for (const one of exported) Reflect.set(one.module, one.key, published(one));
  syncBuiltinESMExports();
  exported.forEach(({ module, key }, at) => {
    const descriptor = before[at];
    if (descriptor !== undefined) Object.defineProperty(module, key, descriptor);
  });
}

let holders = 0;

/**
 * Puts them in place, until the last who holds them lets go: also where one of several test systems fails.
 *
 * @returns what lets go; the second call does nothing.
 */
export function holdGlobals(): () => void {
  if (holders++ === 0) {
    publish(({ loaded, replacing }) => replacing(loaded));
    for (const patch of [...globals, ...exports]) patch.put();
  }
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    if (--holders > 0) return;
    for (const patch of [...globals, ...exports].reverse()) patch.restore();
    publish(({ loaded }) => loaded);
  };
}
