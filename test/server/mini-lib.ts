/** The smallest standard library the rules can be tested with, and the typings of the runtime as one file: a program costs milliseconds. */
import { readFileSync } from "node:fs";
import path from "node:path";

export const MINI_LIB = `
interface Object {}
interface Function { call(self: any, ...args: any[]): any; bind(self: any, ...args: any[]): any }
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {}
interface Boolean {}
interface RegExp {}
interface String { readonly length: number; startsWith(s: string): boolean; toUpperCase(): string; includes(s: string): boolean }
interface Number { toFixed(n?: number): string }
interface Symbol {}
interface TemplateStringsArray extends ReadonlyArray<string> {}
declare var Symbol: { for(key: string): symbol; readonly iterator: unique symbol; readonly asyncIterator: unique symbol; readonly asyncDispose: unique symbol };
interface IteratorResult<T> { done?: boolean; value: T }
interface Iterator<T> { next(): IteratorResult<T> }
interface Iterable<T> { [Symbol.iterator](): Iterator<T> }
interface IterableIterator<T> extends Iterator<T> { [Symbol.iterator](): IterableIterator<T> }
interface ArrayLike<T> { readonly length: number; readonly [n: number]: T }
interface ReadonlyArray<T> extends Iterable<T> { readonly length: number; readonly [n: number]: T; includes(x: T): boolean; map<U>(f: (x: T, i: number) => U): U[]; forEach(f: (x: T, i: number) => void): void; find(f: (x: T) => boolean): T | undefined; filter(f: (x: T) => boolean): T[]; slice(): T[]; reduce<U>(f: (a: U, x: T) => U, start: U): U }
interface Array<T> extends Iterable<T> { length: number; [n: number]: T; push(...items: T[]): number; pop(): T | undefined; includes(x: T): boolean; map<U>(f: (x: T, i: number) => U): U[]; forEach(f: (x: T, i: number) => void): void; find(f: (x: T) => boolean): T | undefined; filter(f: (x: T) => boolean): T[]; slice(): T[]; sort(): this; reduce<U>(f: (a: U, x: T) => U, start: U): U }
interface ArrayConstructor { from<T>(x: ArrayLike<T> | Iterable<T>): T[]; from<T, U>(x: ArrayLike<T>, f: (x: T, i: number) => U): U[]; isArray(x: unknown): x is any[] }
declare var Array: ArrayConstructor;
interface Map<K, V> extends Iterable<[K, V]> { get(k: K): V | undefined; set(k: K, v: V): this; delete(k: K): boolean; has(k: K): boolean; values(): IterableIterator<V>; readonly size: number }
declare var Map: { new <K, V>(from?: Iterable<readonly [K, V]>): Map<K, V> };
interface Set<T> extends Iterable<T> { add(v: T): this; delete(v: T): boolean; has(v: T): boolean; readonly size: number }
declare var Set: { new <T>(from?: Iterable<T>): Set<T> };
interface WeakMap<K extends object, V> { get(k: K): V | undefined }
interface ArrayBuffer { readonly byteLength: number }
type ArrayBufferLike = ArrayBuffer;
interface ArrayBufferView<B extends ArrayBufferLike = ArrayBufferLike> { readonly buffer: B }
interface Date { getTime(): number }
declare var Date: { new (): Date; now(): number };
interface Error { name: string; message: string; stack?: string }
declare var Error: { new (message?: string, options?: { cause?: unknown }): Error; (message?: string): Error };
interface PromiseLike<T> { then<A = T, B = never>(a?: ((v: T) => A | PromiseLike<A>) | null, b?: ((e: any) => B | PromiseLike<B>) | null): PromiseLike<A | B> }
interface Promise<T> { then<A = T, B = never>(a?: ((v: T) => A | PromiseLike<A>) | null, b?: ((e: any) => B | PromiseLike<B>) | null): Promise<A | B>; catch<B = never>(b?: ((e: any) => B | PromiseLike<B>) | null): Promise<T | B>; finally(f?: (() => void) | null): Promise<T> }
interface PromiseConstructor { new <T>(f: (resolve: (v: T | PromiseLike<T>) => void, reject: (e?: any) => void) => void): Promise<T>; all<T>(all: Iterable<T | PromiseLike<T>>): Promise<T[]>; race<T>(all: Iterable<T | PromiseLike<T>>): Promise<T>; allSettled<T>(all: Iterable<T | PromiseLike<T>>): Promise<PromiseSettledResult<T>[]>; resolve(): Promise<void>; resolve<T>(v: T): Promise<T>; reject<T = never>(e?: any): Promise<T> }
declare var Promise: PromiseConstructor;
type PromiseSettledResult<T> = { status: "fulfilled"; value: T } | { status: "rejected"; reason: any };
type Awaited<T> = T extends null | undefined ? T : T extends object & { then(f: infer F, ...args: infer _): any } ? (F extends (v: infer V, ...args: infer _) => any ? Awaited<V> : never) : T;
type Partial<T> = { [K in keyof T]?: T[K] };
type Readonly<T> = { readonly [K in keyof T]: T[K] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type PropertyKey = string | number | symbol;
interface AbortSignal { readonly aborted: boolean }
declare var AbortSignal: { timeout(ms: number): AbortSignal };
declare var Object: { assign<T, U>(t: T, u: U): T & U; freeze<T>(v: T): Readonly<T>; keys(o: {}): string[] };
declare var Number: { readonly POSITIVE_INFINITY: number; readonly MAX_SAFE_INTEGER: number; isInteger(x: unknown): boolean; (x: unknown): number };
declare var NaN: number;
declare var Infinity: number;
declare var Math: { random(): number; max(...n: number[]): number; floor(n: number): number };
declare var JSON: { parse(text: string): any; stringify(value: unknown): string };
declare var console: { log(...args: unknown[]): void; error(...args: unknown[]): void; warn(...args: unknown[]): void };
declare function setTimeout(f: (...args: any[]) => void, ms?: number): number;
declare function setInterval(f: (...args: any[]) => void, ms?: number): number;
declare function setImmediate(f: (...args: any[]) => void): number;
declare function clearTimeout(timer: number): void;
declare function clearInterval(timer: number): void;
declare function queueMicrotask(f: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function fetch(url: string, init?: { signal?: AbortSignal }): Promise<{ ok: boolean; text(): Promise<string> }>;
interface EventEmitterLike { on(name: string, f: (...args: any[]) => void): this }
declare var process: EventEmitterLike & { exit(code?: number): never; exitCode: number | undefined; kill(pid: number, signal?: string): true; abort(): never; readonly env: Record<string, string | undefined>; readonly pid: number };
declare module "node:fs" { export function readFileSync(path: string, encoding?: string): string; export function writeFileSync(path: string, text: string): void; export function existsSync(path: string): boolean; export const promises: { readFile(path: string): Promise<string> } }
declare module "node:fs/promises" { export function readFile(path: string, encoding?: string): Promise<string>; export function writeFile(path: string, text: string): Promise<void> }
declare module "node:child_process" { interface Child { on(name: string, f: () => void): void; kill(): boolean } interface Options { shell?: boolean | string; signal?: AbortSignal; cwd?: string } export function execSync(command: string): string; export function execFileSync(command: string, args?: readonly string[]): string; export function exec(command: string, options?: Options): Child; export function execFile(command: string, args?: readonly string[], options?: Options): Child; export function fork(path: string, args?: readonly string[]): Child; export function spawn(command: string, args?: readonly string[], options?: Options): Child; export function spawnSync(command: string, args?: readonly string[], options?: Options): void }
declare module "node:util" { export function promisify(f: (command: string, args?: readonly string[]) => any): (command: string, args?: readonly string[]) => Promise<{ stdout: string }> }
declare module "node:timers/promises" { export function setTimeout(ms: number): Promise<void> }
declare module "node:crypto" { export function pbkdf2Sync(p: string, s: string, n: number, l: number, d: string): string; export function randomUUID(): string }
declare module "node:process" { const process: { exit(code?: number): never }; export default process; export function exit(code?: number): never }
declare module "node:worker_threads" {
  export class MessagePort { postMessage(value: any, transferList?: readonly any[]): void }
  export class MessageChannel { readonly port1: MessagePort; readonly port2: MessagePort }
  export class BroadcastChannel { constructor(name: string); postMessage(message: unknown): void }
  export class Worker { constructor(path: string, options?: { workerData?: any; transferList?: any[] }); postMessage(value: any, transferList?: readonly any[]): void }
  export const parentPort: MessagePort | null;
}
interface ArrayBuffer { readonly byteLength: number }
declare var ArrayBuffer: { new (length: number): ArrayBuffer };
interface WeakMap<K extends object, V> { get(k: K): V | undefined }
declare var WeakMap: { new <K extends object, V>(): WeakMap<K, V> };
interface WeakSet<T extends object> { has(v: T): boolean }
declare var WeakSet: { new <T extends object>(): WeakSet<T> };
interface WeakRef<T extends object> { deref(): T | undefined }
declare var WeakRef: { new <T extends object>(v: T): WeakRef<T> };
declare module "node:assert" { function assert(value: unknown): void; export default assert }
`;

export const TYPINGS_FILE: string = path.join(import.meta.dirname, "runtime-typings.txt");

/** What the runtime exports; `runtime-typings.test.ts` checks that it does. */
export const MINI_RUNTIME: string = readFileSync(TYPINGS_FILE, "utf8");
