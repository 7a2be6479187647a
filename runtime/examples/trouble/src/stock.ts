/** How many loaves there are. Functional: a state, and one handler for each message. */
import { type ActorDefinition, defineActor } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { OrdersMessage, StockMessage } from "./messages.ts";

/** Loaves of one day. */
const LOAVES = 1_000_000;
/** Milliseconds that the orders may take. */
const ORDERS_LIMIT_MS = 60_000;

export function stock(faults: Faults): ActorDefinition<StockMessage> {
  return defineActor<StockMessage, { readonly left: number }>({
    name: "stock",

    init: () => ({ left: LOAVES }),

    handlers: {
      async reserve({ left }, { order }, context) {
        // The fault `hang`: it asks who waits for its own answer.
        const orders = faults.has("hang") ? context.whereis<OrdersMessage>("orders") : undefined;
        await orders?.ask({ type: "open" }, { timeoutMs: ORDERS_LIMIT_MS });
        context.reply(left - order.loaves);
        return { left: left - order.loaves };
      },
    },
  });
}
