/** What a class does for those that extend it is what they do. */
import { test } from "node:test";
import { checkClean, checkRule } from "../fixture.ts";
import { twins } from "../twins.ts";

const IMPORTS = `import { Actor, supervisor, type ActorContext, type ActorRef, type Ask } from "airssys-rt";`;
const REGISTERED = `//- /base.ts
${IMPORTS}
export type Registry = Ask<{ type: "register"; name: string }, boolean>;
export abstract class Registered<M> extends Actor<M> {
  override async preStart(context: ActorContext<M, never>): Promise<void> {
    const registry = context.whereis<Registry>("registry"); //?
    if (registry === undefined) throw new Error("no registry");
    await registry.ask({ type: "register", name: "me" });
  }
}
`;
twins(
  "a base class's start that looks up who starts later",
  "lookup-before-start",
  `${IMPORTS}
import { Registered, type Registry } from "./base.ts";
type M = { type: "go" };
class Till extends Registered<M> { override handleMessage(): void {} }
class Book extends Actor<Registry> { override handleMessage(_m: Registry, context: ActorContext<Registry>): void { context.reply(true); } }
export const root = supervisor({ children: [{ id: "till", start: () => new Till() }, { id: "registry", start: () => new Book() }] });
${REGISTERED.replace("//?", "//!").replace('    if (registry === undefined) throw new Error("no registry");\n', "").replace("await registry.ask", "await registry!.ask").replace('name: "me" });', 'name: "me" }); //! ask-before-start')}`,
  `${IMPORTS}
import { Registered, type Registry } from "./base.ts";
type M = { type: "go" };
class Till extends Registered<M> {
  override async preStart(): Promise<void> { await Promise.resolve(); }
  override handleMessage(): void {}
}
class Book extends Actor<Registry> { override handleMessage(_m: Registry, context: ActorContext<Registry>): void { context.reply(true); } }
export const root = supervisor({ children: [{ id: "till", start: () => new Till() }, { id: "registry", start: () => new Book() }] });
${REGISTERED.replace(" //?", "")}`,
);
twins(
  "a circle of questions through the handler of a base class",
  "ask-cycle",
  `${IMPORTS}
type DepotMessage = Ask<{ type: "level" }, number>;
type PumpMessage = Ask<{ type: "run" }, number>;
abstract class Pumping extends Actor<PumpMessage> {
  override async handleMessage(_m: PumpMessage, context: ActorContext<PumpMessage>): Promise<void> {
    const depot = context.whereis<DepotMessage>("depot");
    if (depot === undefined) throw new Error("no depot");
    context.reply(await depot.ask({ type: "level" }, { timeoutMs: 1_000 })); //!
  }
}
class Pump extends Pumping {}
class Depot extends Actor<DepotMessage> {
  override async handleMessage(_m: DepotMessage, context: ActorContext<DepotMessage>): Promise<void> {
    const pump = context.whereis<PumpMessage>("pump");
    if (pump === undefined) throw new Error("no pump");
    context.reply(await pump.ask({ type: "run" }, { timeoutMs: 2_000 })); //! ask-cycle //! ask-timeout-exceeds-outer
  }
}
export const root = supervisor({ children: [{ id: "depot", start: () => new Depot() }, { id: "pump", start: () => new Pump() }] });
`,
  `${IMPORTS}
type DepotMessage = Ask<{ type: "level" }, number>;
type PumpMessage = Ask<{ type: "run" }, number>;
abstract class Pumping extends Actor<PumpMessage> {
  override async handleMessage(_m: PumpMessage, context: ActorContext<PumpMessage>): Promise<void> {
    const depot = context.whereis<DepotMessage>("depot");
    if (depot === undefined) throw new Error("no depot");
    context.reply(await depot.ask({ type: "level" }, { timeoutMs: 1_000 }));
  }
}
class Pump extends Pumping {
  override async handleMessage(_m: PumpMessage, context: ActorContext<PumpMessage>): Promise<void> { context.reply(1); }
}
class Depot extends Actor<DepotMessage> {
  override async handleMessage(_m: DepotMessage, context: ActorContext<DepotMessage>): Promise<void> {
    const pump = context.whereis<PumpMessage>("pump");
    if (pump === undefined) throw new Error("no pump");
    context.reply(await pump.ask({ type: "run" }, { timeoutMs: 500 }));
  }
}
export const root = supervisor({ children: [{ id: "depot", start: () => new Depot() }, { id: "pump", start: () => new Pump() }] });
`,
);
twins(
  "a question that a base class's start waits for",
  "ask-before-start",
  `${IMPORTS}
import { Registered, type Registry } from "./base.ts";
type M = { type: "go" };
class Till extends Registered<M> {
  override async preStart(context: ActorContext<M, never>): Promise<void> {
    console.log("till");
    await super.preStart(context);
  }
  override handleMessage(): void {}
}
class Book extends Actor<Registry> { override handleMessage(_m: Registry, context: ActorContext<Registry>): void { context.reply(true); } }
export const root = supervisor({ children: [{ id: "till", start: () => new Till() }, { id: "registry", start: () => new Book() }] });
${REGISTERED.replace(" //?", "").replace('name: "me" });', 'name: "me" }); //!')}`,
  `${IMPORTS}
import { Registered, type Registry } from "./base.ts";
type M = { type: "go" };
class Till extends Registered<M> { override handleMessage(): void {} }
class Book extends Actor<Registry> { override handleMessage(_m: Registry, context: ActorContext<Registry>): void { context.reply(true); } }
export const root = supervisor({ children: [{ id: "registry", start: () => new Book() }, { id: "till", start: () => new Till() }] });
${REGISTERED.replace(" //?", "")}`,
);

test("a generic base that leaves its messages open has no discriminant yet", () => {
  checkClean(
    `
    abstract class Base<T extends { type: string }> extends Actor<T> {
      log(what: unknown): void { console.log(what); }
    }
    abstract class Middle<K, T extends { type: string }> extends Base<T> { keys = new Set<K>(); }
    class Worker extends Middle<number, { type: "a" }> {
      override handleMessage(message: { type: "a" }): void { this.log(message); }
    }
    export { Worker };
  `,
    ["widened-discriminant"],
  );
});

test("a discriminant that is any text is told of the class that is used with it, also over a generic base", () => {
  checkRule(
    `
    abstract class Base<T extends { type: string }> extends Actor<T> {}
    abstract class Worker extends Base<{ type: string }> {}
    //                                         ^^^^^^ widened-discriminant: "type" of the messages of Worker can be any value: write the literal of each variant
    export { Worker };
  `,
    ["widened-discriminant"],
  );
});
