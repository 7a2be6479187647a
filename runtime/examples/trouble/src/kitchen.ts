/** The kitchen: whoever works at the oven, and the two who cannot go on without. */
import { Actor, defineActor, type SupervisorDefinition, supervisor } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { HelperMessage, OvenMessage } from "./messages.ts";

/** The fault `fall`: after so many bakings the oven is too hot. */
const TOO_HOT_AFTER = 20;

class Oven extends Actor<OvenMessage> {
  readonly #faults: Faults;
  #bakings = 0;

  constructor(faults: Faults) {
    super();
    this.#faults = faults;
  }

  override handleMessage({ loaves }: OvenMessage): void {
    this.#bakings++;
    if (this.#faults.has("fall") && this.#bakings >= TOO_HOT_AFTER) throw new Error(`${loaves} loaves burnt`);
  }
}

const dough = defineActor<HelperMessage, null>({ name: "dough", init: () => null, handlers: { idle() {} } });
const cooling = defineActor<HelperMessage, null>({ name: "cooling", init: () => null, handlers: { idle() {} } });

/** Dough and loaves that wait for an oven are worth nothing once it is another one: `one_for_all`. Two hot ovens a minute are too many. */
export function kitchen(faults: Faults): SupervisorDefinition {
  return supervisor({
    name: "kitchen",
    strategy: "one_for_all",
    maxRestarts: 1,
    maxRestartPeriodMs: 60_000,
    children: [
      { id: "oven", name: "oven", start: () => new Oven(faults) },
      { id: "dough", start: dough },
      { id: "cooling", start: cooling },
    ],
  });
}
