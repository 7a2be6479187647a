/** Messages that are sent, but only in answer to each other: nothing begins them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const program = (tick: string, tock: string, start = "", members = "", outside = ""): string => `
import { Actor, type ActorContext, type ActorRef } from "airssys-rt";
type M = { type: "go" } | { type: "tick" } | { type: "tock" };
declare const other: ActorRef<M>;
export class A extends Actor<M> {
  override preStart(context: ActorContext<M>): void { console.log(context.incarnation); ${start} }
  override handleMessage(message: M, context: ActorContext<M>): void {
    switch (message.type) {
      case "go": break;
      case "tick": ${tick} break;
      case "tock": ${tock} break;
    }
  }
  ${members}
}
export const use = (ref: ActorRef<M>): void => { ref.tell({ type: "go" }); ${outside} };`;
const timer = (type: string): string => `context.timers.startOnce("${type}", { type: "${type}" }, 5);`;
const self = (type: string): string => `context.self.tell({ type: "${type}" });`;

function found(text: string): readonly string[] {
  return diagnose(filesOf(text), ["message-never-sent"]).flatMap(({ diagnostics }) =>
    diagnostics.map(({ message }) => /"(\w+)" is (?:sent only|never)/.exec(message)?.[1] ?? message),
  );
}

for (const [title, names, text] of [
  ["itself", ["tick"], program(timer("tick"), "", timer("tock"))],
  ["each other", ["tick", "tock"], program(self("tock"), self("tick"))],
  [
    "itself, in a method",
    ["tick"],
    program("this.#next(context);", "", timer("tock"), `#next(context: ActorContext<M>): void { ${timer("tick")} }`),
  ],
  ["itself, to any of its kind", ["tick"], program('other.tell({ type: "tick" });', "", timer("tock"))],
  ["one that is never sent", ["tick", "tock"], program("", self("tick"))],
] as const)
  test(`a message that is sent only in answer to ${title} is reported`, () => assert.deepEqual(found(text), names));

for (const [title, text] of [
  ["a start", program(timer("tick"), "", timer("tick") + timer("tock"))],
  ["another message", program(self("tock"), "", timer("tick"))],
  ["code outside", program(self("tock"), self("tick"), "", "", 'ref.tell({ type: "tick" });')],
  [
    "a method that a start calls too",
    program(
      "this.#next(context);",
      "",
      `this.#next(context); ${timer("tock")}`,
      `#next(context: ActorContext<M>): void { ${timer("tick")} }`,
    ),
  ],
  [
    "a method that is given away",
    program(
      "this.next(context);",
      "",
      `console.log(this.next); ${timer("tock")}`,
      `next(context: ActorContext<M>): void { ${timer("tick")} }`,
    ),
  ],
  [
    "a signal",
    program(
      timer("tick"),
      "",
      timer("tock"),
      'override handleSignal(_signal: unknown, context: ActorContext<M>): void { context.self.tell({ type: "tick" }); }',
    ),
  ],
  ["code for every message", program("", "", "", "").replace("switch", `${self("tick")} ${self("tock")} switch`)],
] as const)
  test(`a message that ${title} begins is not reported`, () => assert.deepEqual(found(text), []));
