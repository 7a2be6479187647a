// Tests with a race, as a person writes them: a worker whose job may come before its settings, and one that gets settings alone.
export const NAME = 'it\'s a race (of "two")';

export const TEXT = `import assert from "node:assert/strict";
import { test } from "node:test";
import { defineActor, supervisor } from "airssys-rt";
import { explore, type World } from "airssys-rt/testing";

type Go = { type: "go" };
type Work = { type: "job" } | { type: "config" };

const worker = defineActor<Work, { isReady: boolean }>({
  name: "worker",
  init: () => ({ isReady: false }),
  handlers: {
    config: (state) => {
      state.isReady = true;
    },
    job: (state) => {
      assert.ok(state.isReady, "job before config");
    },
  },
});
const sender = (type: Work["type"]) =>
  defineActor<Go>({
    name: type,
    init: () => undefined,
    handlers: {
      go: (_state, _message, context) => {
        context.whereis<Work>("worker")?.tell({ type });
      },
    },
  });
const desk = supervisor({
  children: [
    { id: "worker", restart: "temporary", start: worker },
    { id: "configurer", restart: "temporary", start: sender("config") },
    { id: "relay", restart: "temporary", start: sender("job") },
  ],
});

async function go(world: World, ...ids: string[]): Promise<void> {
  const { system, eventsOf, settle } = await begin(world);
  for (const id of ids) system.whereis<Go>(id)?.tell({ type: "go" });
  await settle();
  assert.equal(eventsOf(), 0, "job before config");
}

async function begin(world: World) {
  const run = await world.start({ root: desk });
  return { system: run.system, settle: () => run.settle(), eventsOf: () => run.eventsOf("crashed").length };
}

test(${JSON.stringify(NAME)}, async () => {
  await explore({}, (world) => go(world, "configurer", "relay"));
});
test("a configuration alone", async () => {
  await explore({}, (world) => go(world, "configurer"));
});
`;
