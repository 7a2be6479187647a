/** Ports of deferred replies: which are dropped, and which may still be answered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const payments = (pay: string, done = "", failed = "", members = ""): string => `
import { Actor, type ActorContext, type Ask } from "airssys-rt";
type Port = { reply(value: string): void };
type Message = Ask<{ type: "pay"; id: number }, string> | { type: "done"; id: number } | { type: "failed"; id: number };
declare function keep(value: unknown): void;
export class Payments extends Actor<Message> {
  readonly #open = new Map<number, Port>();
  readonly shared = new Map<number, Port>();
  #last: Port | undefined;
  override handleMessage(message: Message, context: ActorContext<Message>): void {
    switch (message.type) {
      case "pay": ${pay} return;
      case "done": ${done} return;
      case "failed": ${failed} return;
    }
  }
  ${members}
  last(): unknown { return [this.#last, this.#open.size]; }
}`;
const SET = "this.#open.set(message.id, context.deferReply());";
const ANSWER = 'this.#open.get(message.id)?.reply("done"); this.#open.delete(message.id);';
const DELETE = "this.#open.delete(message.id);";

function found(text: string): readonly string[] {
  return diagnose(filesOf(text), ["dropped-reply"]).flatMap(({ diagnostics }) =>
    diagnostics.map(({ message }) => message),
  );
}

for (const [title, text] of [
  ["thrown away", payments("context.deferReply();")],
  ["kept in a constant nobody uses", payments("const port = context.deferReply(); keep(1);")],
  ["put where nobody looks", payments(SET, "", DELETE)],
  ["deleted unseen", payments(SET, ANSWER, DELETE)],
  [
    "deleted unseen, put there by a constant",
    payments("const port = context.deferReply(); this.#open.set(message.id, port);", ANSWER, DELETE),
  ],
  [
    "deleted unseen by a method",
    payments(SET, ANSWER, "this.#drop(message.id);", "#drop(id: number): void { this.#open.delete(id); }"),
  ],
  [
    "deleted unseen, of two that share a map",
    payments(`if (message.id > 1) { ${SET} } else { ${SET} }`, ANSWER, DELETE),
  ],
] as const)
  test(`a port that is ${title} is reported once`, () => {
    assert.deepEqual(found(text), ['"pay" gets no reply from Payments: its port is dropped here']);
  });

for (const [title, text] of [
  ["answered", payments(SET, ANSWER, ANSWER)],
  [
    "taken before it is deleted",
    payments(SET, `const port = this.#open.get(message.id); ${DELETE} port?.reply("");`, ANSWER),
  ],
  ["answered and left for a later deletion", payments(SET, 'this.#open.get(message.id)?.reply("done");', DELETE)],
  [
    "answered by a method first",
    payments(
      SET,
      ANSWER,
      `this.#fail(message.id); ${DELETE}`,
      '#fail(id: number): void { this.#open.get(id)?.reply("failed"); this.#open.delete(id); }',
    ),
  ],
  ["given to other code", payments("keep(context.deferReply());")],
  ["in a map that is given away", payments(SET, ANSWER, `keep(this.#open); ${DELETE}`)],
  [
    "in a map that others see",
    payments("this.shared.set(message.id, context.deferReply());", "", "this.shared.delete(message.id);"),
  ],
  ["in a field", payments("this.#last = context.deferReply();", 'this.#last?.reply("done");')],
  [
    "forgotten by a timer",
    payments(`${SET} context.timers.startOnce("t", { type: "failed", id: message.id }, 9_000);`, ANSWER, DELETE),
  ],
  [
    "among all that are answered",
    payments(SET, 'for (const port of this.#open.values()) port.reply("done"); this.#open.clear();', ANSWER),
  ],
  ["answered at once", payments('const port = context.deferReply(); port.reply("x");')],
] as const)
  test(`a port that is ${title} is left alone`, () => {
    assert.deepEqual(found(text), []);
  });
