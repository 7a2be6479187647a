/** The door `airssys-rt/testing`, as far as rules look at it: small, since the tests of rules compile it each time. */
export const MINI_TESTING: string = `
import type { ActorRef, ActorSystem, Start, SupervisorDefinition } from "./index";
export interface TestSystemOptions { readonly name?: string; readonly root?: SupervisorDefinition; readonly seed?: number }
export declare class TestSystem { static start(options?: TestSystemOptions): Promise<TestSystem>; readonly system: ActorSystem; settle(): Promise<void>; advance(ms: number): Promise<void>; stop(): Promise<unknown>; [Symbol.asyncDispose](): Promise<void> }
export declare class World { start(options?: Omit<TestSystemOptions, "seed">): Promise<TestSystem> }
export declare function explore(options: { readonly seeds?: number }, program: (world: World) => Promise<void>): Promise<void>;
export declare class BehaviorKit<M> { static start<M>(start: Start<M>): BehaviorKit<M>; static startAsync<M>(start: Start<M>): Promise<BehaviorKit<M>>; run(message: M): void }
export declare function replayActor<M>(options: { readonly recording: object; readonly actor: string; readonly start: Start<M> }): Promise<object>;
`;
