/** The smallest standard library and the smallest runtime typings the rules can be tested with: a program costs milliseconds. */

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
declare var Symbol: { for(key: string): symbol; readonly iterator: unique symbol; readonly asyncIterator: unique symbol };
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
declare module "node:child_process" { export function execSync(command: string): string; export function spawn(command: string): { on(name: string, f: () => void): void }; export function spawnSync(command: string): void }
declare module "node:timers/promises" { export function setTimeout(ms: number): Promise<void> }
declare module "node:crypto" { export function pbkdf2Sync(p: string, s: string, n: number, l: number, d: string): string; export function randomUUID(): string }
declare module "node:process" { const process: { exit(code?: number): never }; export default process; export function exit(code?: number): never }
declare module "node:assert" { function assert(value: unknown): void; export default assert }
`;

export const MINI_RUNTIME = `
declare const REPLY: unique symbol;
export type Ask<M, R> = M & { readonly [REPLY]?: { readonly reply: R } };
export type ReplyOf<M> = M extends unknown ? (typeof REPLY extends keyof M ? (Exclude<M[typeof REPLY], undefined> extends { readonly reply: infer R } ? R : never) : never) : never;
export type AskOf<M> = M extends unknown ? (typeof REPLY extends keyof M ? M : never) : never;
export type TypeOf<M> = M extends { readonly type: infer T } ? T : never;
export type Variant<M, T> = M extends { readonly type: infer U } ? (T extends U ? M : never) : never;
export type ExitReason = { readonly kind: "normal" } | { readonly kind: "shutdown"; readonly detail?: unknown } | { readonly kind: "killed" } | { readonly kind: "noproc" } | { readonly kind: "crashed"; readonly cause: unknown; readonly where: string };
export interface Monitor { readonly monitorId: number; readonly ref: ActorRef }
export type Signal = { readonly type: "exit"; readonly from: ActorRef; readonly reason: ExitReason } | { readonly type: "down"; readonly monitor: Monitor; readonly from: ActorRef; readonly reason: ExitReason };
export interface AskOptions { readonly timeoutMs?: number; readonly signal?: AbortSignal }
export interface ActorRef<M = never> {
  readonly id: string;
  readonly createdAt: number;
  readonly incarnation: number;
  readonly isAlive: boolean;
  tell(message: M): boolean;
  tellAsync(message: M): Promise<void>;
  ask<const K extends TypeOf<AskOf<M>>>(message: { readonly type: K } & Variant<AskOf<M>, K>, options?: AskOptions): Promise<ReplyOf<Variant<AskOf<M>, K>>>;
  toString(): string;
}
export interface Envelope<M = unknown> { readonly messageId: string; readonly message: M; readonly timestamp: number; readonly sender: ActorRef | undefined }
export interface ReplyPort<R> { reply(value: R): void; fail(error: unknown): void }
export interface ActorTimers<M> { startOnce(key: string, message: M, delayMs: number): void; startPeriodic(key: string, message: M, periodMs: number): void; cancel(key: string): boolean; isActive(key: string): boolean }
export interface ActorContext<M = unknown> {
  readonly self: ActorRef<M>;
  readonly sender: ActorRef | undefined;
  readonly envelope: Envelope<M> | undefined;
  readonly incarnation: number;
  readonly signal: AbortSignal;
  readonly timers: ActorTimers<M>;
  reply(value: ReplyOf<M>): void;
  deferReply(): ReplyPort<ReplyOf<M>>;
  spawn<N>(start: Start<N>, options?: SpawnOptions): ActorRef<N>;
  stop(): void;
  exit(reason: ExitReason): void;
  exit(ref: ActorRef, reason: ExitReason): void;
  kill(ref: ActorRef): void;
  link(ref: ActorRef): void;
  unlink(ref: ActorRef): void;
  monitor(ref: ActorRef): Monitor;
  demonitor(monitor: Monitor): void;
  trapExit(on: boolean): void;
  stash(): void;
  unstashAll(): void;
  pipeToSelf<T>(promise: Promise<T>, map: (result: PromiseSettledResult<T>) => M): void;
  whereis<N>(nameOrPath: string): ActorRef<N> | undefined;
}
export abstract class Actor<M> {
  preStart?(context: ActorContext<M>): void | Promise<void>;
  abstract handleMessage(message: M, context: ActorContext<M>): void | Promise<void>;
  handleSignal?(signal: Signal, context: ActorContext<M>): void | Promise<void>;
  postStop?(context: ActorContext<M>, reason: ExitReason): void | Promise<void>;
}
export const IGNORE: unique symbol;
export const DEFINITION: unique symbol;
export interface Definition<M = never> { readonly [DEFINITION]: "actor" | "supervisor"; readonly name: string; create(): Actor<M> }
export type Start<M, Args extends readonly unknown[] = readonly []> = ((...args: Args) => Actor<M> | typeof IGNORE | Promise<Actor<M> | typeof IGNORE>) | Definition<M>;
export interface MailboxSpec { readonly capacity?: number; readonly overflow?: "reject" | "drop_newest" | "drop_oldest" | "block" }
export interface SpawnOptions { readonly id?: string; readonly name?: string; readonly mailbox?: MailboxSpec }
export class Become<M, S> { readonly handlers: Handlers<M, S>; readonly state: S | undefined }
export type Next<M, S> = S | undefined | void | Become<M, S>;
export type Handlers<M, S> = { readonly [K in TypeOf<M> & PropertyKey]: (state: S, message: Variant<M, K>, context: ActorContext<M>) => Next<M, S> | Promise<Next<M, S>> };
export interface FunctionalActor<M, S> {
  readonly name?: string;
  readonly init: (context: ActorContext<M>) => S | Promise<S>;
  readonly handlers: Handlers<M, S>;
  readonly onSignal?: (state: S, signal: Signal, context: ActorContext<M>) => Next<M, S> | Promise<Next<M, S>>;
  readonly postStop?: (state: S, reason: ExitReason, context: ActorContext<M>) => void | Promise<void>;
}
export function become<M, S>(handlers: Handlers<M, S>, state?: S): Become<M, S>;
export function defineActor<M, S>(actor: FunctionalActor<M, S>): Definition<M>;
export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one" | "simple_one_for_one";
export type RestartType = "permanent" | "transient" | "temporary";
export type Shutdown = "brutal_kill" | number | "infinity";
export interface BackoffSpec { readonly minMs: number; readonly maxMs: number; readonly factor?: number; readonly jitter?: number }
export interface ChildSpec<M = never, Args extends readonly unknown[] = readonly []> {
  readonly id: string;
  readonly start: Start<M, Args>;
  readonly restart?: RestartType;
  readonly shutdown?: Shutdown;
  readonly significant?: boolean;
  readonly type?: "worker" | "supervisor";
  readonly mailbox?: MailboxSpec;
  readonly name?: string;
  readonly backoff?: BackoffSpec;
  readonly startTimeoutMs?: number | "infinity";
}
export interface SupervisorSpec {
  readonly name?: string;
  readonly strategy?: Strategy;
  readonly maxRestarts?: number;
  readonly maxRestartPeriodMs?: number;
  readonly autoShutdown?: "never" | "any_significant" | "all_significant";
  readonly children: readonly ChildSpec<any, any>[];
}
export interface SupervisorDefinition extends Definition<never> { readonly spec: SupervisorSpec }
export function supervisor(spec: SupervisorSpec): SupervisorDefinition;
export interface Topic<M> { readonly name: string; readonly accepts?: (message: M) => void }
export function topic<M>(name: string): Topic<M>;
export class Topics { publish<M>(on: Topic<M>, message: M): number }
export class MessageRouter { direct(nameOrPath: string, message: unknown): boolean }
export class ActorPool<M> {
  tell(message: M): boolean;
  ask<const K extends TypeOf<AskOf<M>>>(message: { readonly type: K } & Variant<AskOf<M>, K>, options?: AskOptions): Promise<ReplyOf<Variant<AskOf<M>, K>>>;
}
export class ActorSystem {
  readonly topics: Topics;
  readonly router: MessageRouter;
  static start(options: { readonly name: string; readonly root?: Definition<any> }): Promise<ActorSystem>;
  spawn<M>(start: Start<M>, options?: SpawnOptions): ActorRef<M>;
  whereis<M>(nameOrPath: string): ActorRef<M> | undefined;
  stop(): Promise<void>;
}
`;
