/** State that is sent and then replaced belongs to the receiver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose, filesOf } from "../fixture.ts";

const batcher = (body: string, members = "", handler = "this.flush(context);"): string => `
import { Actor, type ActorContext, type ActorRef } from "airssys-rt";
type Batch = { type: "batch"; list: number[] };
type Message = { type: "add"; n: number } | { type: "flush" };
declare const sink: ActorRef<Batch>;
export class Batcher extends Actor<Message> {
  batch: number[] = [];
  spare: number[] = [];
  #own: number[] = [];
  override async handleMessage(message: Message, context: ActorContext<Message>): Promise<void> {
    if (message.type === "add") { this.batch.push(message.n); this.#own.push(message.n); return; }
    ${handler}
  }
  flush(context: ActorContext<Message>): void { console.log(context, this.#own); ${body} }
  ${members}
}`;
const SEND = 'sink.tell({ type: "batch", list: this.batch });';

function found(text: string): number {
  return diagnose(filesOf(text), ["leaked-actor-state"]).flatMap(({ diagnostics }) => diagnostics).length;
}

for (const [body, members, handler] of [
  [`${SEND} this.batch = [];`],
  ['sink.tell({ type: "batch", list: this.#own }); this.#own = [];'],
  [`${SEND} this.batch = Array.from(this.spare);`],
  [`${SEND} this["batch"] = [];`],
  [`${SEND} [this.batch, this.spare] = [this.spare, []];`],
  [`${SEND} ({ batch: this.batch } = { batch: [] });`],
  [`${SEND} Object.assign(this, { batch: [] });`],
  [`${SEND} const self = this; self.batch = [];`],
  [`${SEND} if (this.spare.length > 0) this.batch = this.spare; else this.batch = [];`],
  [`try { ${SEND} } finally { this.batch = []; }`],
  [`${SEND} this.reset();`, "reset(): void { this.batch = []; }"],
  [`${SEND} this.reset();`, "reset(): void { this.clear(); } clear(): void { this.batch = []; }"],
  [SEND, "", "this.flush(context); this.batch = [];"],
  [`${SEND} console.log((this.batch = []));`],
  [`${SEND} return void (this.batch = []);`],
  ['const { batch } = this; sink.tell({ type: "batch", list: batch }); this.batch = [];'],
  ['const batch = this.batch; this.batch = []; sink.tell({ type: "batch", list: batch });'],
] as const)
  test(`handed over: ${body} ${members ?? ""} ${handler ?? ""}`, () => {
    assert.equal(found(batcher(body, members, handler)), 0);
  });

for (const [body, members] of [
  [SEND],
  [`this.batch = []; ${SEND}`],
  [`${SEND} this.spare = [];`],
  [`${SEND} this.batch.length = 0;`],
  [`${SEND} this.reset();`, "reset(): void { this.spare = []; }"],
  [`${SEND} this.spare = this.batch;`],
  [`if (this.spare.length > 0) { this.batch = []; } else { ${SEND} }`],
  [`switch (this.spare.length) { case 0: ${SEND} break; case 1: this.batch = []; break; }`],
  [`if (this.spare.length > 0) { ${SEND} } else { this.batch = []; }`],
  [`if (this.spare.length > 0) { ${SEND} return; } this.batch = [];`],
] as const)
  test(`kept: ${body} ${members ?? ""}`, () => {
    assert.equal(found(batcher(body, members)), 1);
  });
