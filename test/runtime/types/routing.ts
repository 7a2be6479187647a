// What the compiler says about topics, groups, pools and probes. Compiled, never run; reasons are checked by types.test.ts.
import {
  type Actor,
  ActorPool,
  type ActorRef,
  type Ask,
  type GroupChange,
  OwnedBuffer,
  type ProcessGroups,
  type Topics,
  topic,
} from "airssys-rt";
import { BehaviorKit, type Probe } from "airssys-rt/testing";
import { expectType } from "./expect-type.ts";

type Price = { readonly type: "price"; readonly cents: number };
type Job = { readonly type: "job"; readonly key: string } | Ask<{ readonly type: "load" }, number>;

declare const topics: Topics;
declare const groups: ProcessGroups;
declare const display: ActorRef<Price | { readonly type: "off" }>;
declare const clock: ActorRef<{ readonly type: "tick" }>;

// --- Topics: a subscriber takes at least what is published ---

const prices = topic<Price>("prices");
topics.subscribe(prices, display);
expectType<number>(topics.publish(prices, { type: "price", cents: 1 }));
// @ts-expect-error is not assignable to parameter of type 'ActorRef<Price>'
topics.subscribe(prices, clock);
// @ts-expect-error Property 'cents' is missing
topics.publish(prices, { type: "price" });
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'Topic<
topics.publish("prices", { type: "price", cents: 1 });

// --- Groups ---

declare const watcher: ActorRef<GroupChange>;
groups.monitor("readers", watcher).end();
// @ts-expect-error is not assignable to parameter of type 'ActorRef<GroupChange>'
groups.monitor("readers", clock);

// --- Pools: told and asked like one of their workers ---

declare const worker: () => Actor<Job>;
const pool = new ActorPool<Job>({ size: 2, start: worker, routing: "sticky", key: (job) => job.type });
pool.tell({ type: "job", key: "a" });
expectType<Promise<number>>(pool.ask({ type: "load" }));
// @ts-expect-error Property 'key' is missing
pool.tell({ type: "job" });
// @ts-expect-error Type '"job"' is not assignable to type '"load"'
pool.ask({ type: "job", key: "a" });
// @ts-expect-error Type '"nearest"' is not assignable to type 'PoolRouting'
export const lost: ActorPool<Job> = new ActorPool<Job>({ size: 2, start: worker, routing: "nearest" });

// --- Buffers ---

expectType<OwnedBuffer>(OwnedBuffer.take(new Float64Array(4)));
// @ts-expect-error Argument of type 'string' is not assignable
OwnedBuffer.take("bytes");

// --- The testkit ---

declare const probe: Probe<Price | { readonly type: "off" } | Ask<{ readonly type: "limit" }, number>>;
export async function observe(): Promise<void> {
  expectType<number>((await probe.expectMessage("price")).cents);
  // @ts-expect-error Property 'cents' does not exist on type
  expectType<number>((await probe.expectMessage("off")).cents);
  // @ts-expect-error Argument of type '"on"' is not assignable to parameter of type
  await probe.expectMessage("on");
  probe.reply(5);
  // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'
  probe.reply("five");
}

const kit = BehaviorKit.start<Job>(worker);
kit.run({ type: "job", key: "a" });
// @ts-expect-error Property 'key' is missing
kit.run({ type: "job" });
