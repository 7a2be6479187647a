// What the compiler says about sending and asking. Compiled, never run; the reasons are checked by types.test.ts.
import type { ActorRef, Ask, AskOf, ReplyOf, TypeOf, Variant } from "airssys-rt";
import { expectType } from "./expect-type.ts";

type AccountMessage =
  | { readonly type: "deposit"; readonly amount: number }
  | { readonly type: "close" }
  | Ask<{ readonly type: "balance" }, number>
  | Ask<{ readonly type: "history"; readonly last: number }, readonly string[]>
  | Ask<{ readonly type: "forget"; readonly name?: string }, undefined>;

declare const account: ActorRef<AccountMessage>;

// --- tell ---

expectType<boolean>(account.tell({ type: "deposit", amount: 5 }));
expectType<Promise<void>>(account.tellAsync({ type: "close" }));
account.tell({ type: "balance" });
// @ts-expect-error Property 'amount' is missing
account.tell({ type: "deposit" });
// @ts-expect-error Type 'string' is not assignable to type 'number'
account.tell({ type: "deposit", amount: "5" });
// @ts-expect-error Type '"withdraw"' is not assignable to type
account.tell({ type: "withdraw", amount: 5 });
// @ts-expect-error 'currency' does not exist in type
account.tell({ type: "deposit", amount: 5, currency: "EUR" });
// @ts-expect-error Argument of type 'string' is not assignable
account.tell("close");

// --- ask: the reply is inferred from the discriminant ---

expectType<Promise<number>>(account.ask({ type: "balance" }));
expectType<Promise<readonly string[]>>(account.ask({ type: "history", last: 3 }, { timeoutMs: 10 }));
expectType<Promise<undefined>>(account.ask({ type: "forget" }));
// @ts-expect-error Type 'number' is not assignable to type 'string'
expectType<Promise<string>>(account.ask({ type: "balance" }));
// @ts-expect-error Property 'last' is missing
account.ask({ type: "history" });
// @ts-expect-error Type 'string' is not assignable to type 'number'
account.ask({ type: "history", last: "3" });
// @ts-expect-error Type '"deposit"' is not assignable to type '"balance" | "history" | "forget"'
account.ask({ type: "deposit", amount: 5 });
// @ts-expect-error Type '"withdraw"' is not assignable to type '"balance" | "history" | "forget"'
account.ask({ type: "withdraw" });
// @ts-expect-error 'timeout' does not exist in type 'AskOptions'
account.ask({ type: "balance" }, { timeout: 10 });

/** A message that is put together before it is sent keeps its reply. */
export async function askedLater(message: Variant<AccountMessage, "balance">): Promise<void> {
  expectType<number>(await account.ask(message));
}

// --- refs: a ref of a larger protocol is a ref of each part of it, not the other way round ---

declare const depositOnly: ActorRef<{ readonly type: "deposit"; readonly amount: number }>;
declare const balanceOnly: ActorRef<Ask<{ readonly type: "balance" }, number>>;

expectType<ActorRef<{ readonly type: "deposit"; readonly amount: number }>>(account);
expectType<ActorRef<Ask<{ readonly type: "balance" }, number>>>(account);
expectType<ActorRef<{ readonly type: "close" } | Ask<{ readonly type: "balance" }, number>>>(account);
// @ts-expect-error Argument of type 'ActorRef<{ readonly type: "deposit"; readonly amount: number; }>' is not assignable
expectType<ActorRef<AccountMessage>>(depositOnly);
// @ts-expect-error is not assignable to parameter of type
expectType<ActorRef<Ask<{ readonly type: "balance" }, string>>>(balanceOnly);
// @ts-expect-error is not assignable to parameter of type 'ActorRef<{ readonly type: "withdraw"; }>'
expectType<ActorRef<{ readonly type: "withdraw" }>>(account);

// --- The words of a protocol ---

expectType<"deposit" | "close" | "balance" | "history" | "forget">(null as unknown as TypeOf<AccountMessage>);
expectType<"balance" | "history" | "forget">(null as unknown as TypeOf<AskOf<AccountMessage>>);
expectType<number>(null as unknown as ReplyOf<Variant<AccountMessage, "balance">>);
expectType<undefined>(null as unknown as ReplyOf<Variant<AccountMessage, "forget">>);
expectType<never>(null as unknown as ReplyOf<Variant<AccountMessage, "close">>);
