/**
 * Who reads the machine's own clock or chance while a run is explored: such a reading follows from no schedule. The functions are the
 * same as ever, and say that they were called.
 */

/** Hears of a reading, by the name of what was read. */
type OnReading = (name: string) => void;

const listeners = new Set<OnReading>();
let restore: (() => void) | undefined;

/** Where the runtime's own files lie; `undefined` when it was bundled with the program, and nobody can tell them apart. */
const OWN_FOLDER = /^(.*\/(?:dist|src)\/)testing\/real-readings\.[jt]s$/.exec(import.meta.url)?.[1];

/**
 * Whether what is called right now was called by the program and not by the runtime, which may have a viewer that reads clocks. To be
 * asked by whoever {@link hearReadings}.
 */
export function isReadByProgram(): boolean {
  const frames = (new Error("who reads?").stack ?? "").split("\n").slice(1);
  const isWatch = (frame: string): boolean => /\/testing\/(real-readings|run-watch)\.[jt]s/.test(frame);
  const caller = frames.find((frame) => !isWatch(frame) && !frame.includes("(<anonymous>)"));
  return caller === undefined || OWN_FOLDER === undefined || !caller.includes(OWN_FOLDER);
}

/** Hears of every reading of this process from now on. @returns what ends it. */
export function hearReadings(listener: OnReading): () => void {
  listeners.add(listener);
  restore ??= watchAll();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    restore?.();
    restore = undefined;
  };
}

function tell(name: string): void {
  for (const listener of listeners) listener(name);
}

function watchAll(): () => void {
  const restores = [
    watchMethod(Date, "now", "Date.now"),
    watchMethod(performance, "now", "performance.now"),
    watchMethod(Math, "random", "Math.random"),
    watchMethod(crypto, "randomUUID", "crypto.randomUUID"),
    watchMethod(crypto, "getRandomValues", "crypto.getRandomValues"),
    watchDate(),
  ];
  return () => {
    for (const one of restores) one();
  };
}

/** Somebody else may have put a mock in its place, or may do so meanwhile: then it stays as it is. */
function watchMethod(owner: object, key: string, name: string): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, key);
  const original: unknown = Reflect.get(owner, key);
  if (typeof original !== "function") return () => {};
  const watched = function (this: unknown, ...args: unknown[]): unknown {
    tell(name);
    return Reflect.apply(original, this, args);
  };
  if (!Reflect.defineProperty(owner, key, { value: watched, configurable: true, writable: true })) return () => {};
  return () => {
    if (Reflect.get(owner, key) !== watched) return;
    if (before === undefined) Reflect.deleteProperty(owner, key);
    else Reflect.defineProperty(owner, key, before);
  };
}

/** `new Date()` and `Date()` read the clock; dates that are made of something do not. */
function watchDate(): () => void {
  const original = globalThis.Date;
  const watched = new Proxy(original, {
    construct(target, args, newTarget): object {
      if (args.length === 0) tell("new Date");
      return Reflect.construct(target, args, newTarget === watched ? target : newTarget) as object;
    },
    apply(target, self, args): unknown {
      tell("Date");
      return Reflect.apply(target, self, args);
    },
  });
  globalThis.Date = watched;
  return () => {
    if (globalThis.Date === watched) globalThis.Date = original;
  };
}
