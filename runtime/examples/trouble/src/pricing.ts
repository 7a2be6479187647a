/** What an order costs. Functional, without a state. */
import { setTimeout as wait } from "node:timers/promises";
import { type ActorDefinition, defineActor } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { PricingMessage } from "./messages.ts";

/** The fault `slow`: milliseconds of a price list that is read anew for each order. More orders come than it can price. */
const READING_MS = 250;

export function pricing(faults: Faults): ActorDefinition<PricingMessage> {
  return defineActor<PricingMessage, { readonly priced: number }>({
    name: "pricing",

    init: () => ({ priced: 0 }),

    handlers: {
      async price({ priced }, _message, context) {
        if (faults.has("slow")) await wait(READING_MS, undefined, { signal: context.signal });
        return { priced: priced + 1 };
      },
    },
  });
}
