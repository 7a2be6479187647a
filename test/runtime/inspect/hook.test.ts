import assert from "node:assert/strict";
import { test } from "node:test";
import { defineActor } from "../../../runtime/src/actor/define-actor.ts";
import { HOOK_KEY, type InspectionHook, type ProgramFrame } from "../../../runtime/src/inspect/protocol.ts";
import type { ActorContext } from "../../../runtime/src/values/actor.ts";
import { settle, shop, Worker } from "./viewer.ts";

const globals = globalThis as unknown as Record<PropertyKey, unknown>;
const hookOf = (): InspectionHook => globals[Symbol.for(HOOK_KEY)] as InspectionHook;

test("every program that runs a system has the hook, and nobody to talk to", async (t) => {
  await shop(t);

  const answer = JSON.parse(hookOf().receive('{"type":"snapshot","id":1}'));

  assert.deepEqual([answer.type, answer.code], ["error", "ERR_BAD_FRAME"]);
});

test("a debugger attaches with the name of a global function, hears hello and asks", async (t) => {
  await shop(t);
  const frames: ProgramFrame[] = [];
  globals["takeFrame"] = (text: string) => frames.push(JSON.parse(text) as ProgramFrame);
  t.after(() => delete globals["takeFrame"]);

  hookOf().attach({ binding: "takeFrame" });
  const answer = JSON.parse(hookOf().receive('{"type":"health","id":4}'));

  assert.equal(frames[0]?.type, "hello");
  assert.deepEqual([answer.type, answer.id, answer.ok, answer.value[0].name], ["reply", 4, true, "shop"]);
  assert.equal(hookOf().receive('{"type":"welcome","protocol":1}'), "");
});

test("the hook finds the function that handles a message, and the message that is being handled", async (t) => {
  const system = await shop(t);
  const seen: unknown[] = [];
  const handlers = {
    look: (state: number, _message: { readonly type: "look" }, _context: ActorContext<{ readonly type: "look" }>) => {
      seen.push(hookOf().current);
      return state;
    },
  };
  const ref = system.spawn(defineActor<{ readonly type: "look" }, number>({ init: () => 0, handlers }), {
    id: "looker",
  });
  ref.tell({ type: "look" });
  await settle();

  assert.equal(hookOf().handlerOf("shop/looker", "look"), handlers.look);
  assert.equal(hookOf().handlerOf("shop/staff/ann", "work"), Worker.prototype.handleMessage);
  assert.equal(hookOf().handlerOf("shop/nobody", "work"), undefined);
  const [current] = seen as [{ actor: string; type: string; seq: number }];
  assert.deepEqual([current.actor, current.type], ["shop/looker", "look"]);
  assert.ok(current.seq <= hookOf().lastSentSeq);
  assert.equal(hookOf().current, undefined);
});
