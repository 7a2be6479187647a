/** The supervision tree of the bakery: who is started in which order, and who falls with whom. */
import { type SupervisorDefinition, supervisor } from "airssys-rt";
import { Customers } from "./customers.ts";
import type { Faults } from "./faults.ts";
import { kitchen } from "./kitchen.ts";
import { Orders } from "./orders.ts";
import { Packer } from "./packer.ts";
import { pricing } from "./pricing.ts";
import { stock } from "./stock.ts";
import { startVouchers } from "./vouchers.ts";

/** They need each other only by message: `one_for_one`. */
const counter = (faults: Faults): SupervisorDefinition =>
  supervisor({
    name: "counter",
    strategy: "one_for_one",
    maxRestarts: 10,
    maxRestartPeriodMs: 10_000,
    children: [
      { id: "orders", name: "orders", start: () => new Orders(faults) },
      { id: "pricing", name: "pricing", start: pricing(faults) },
      { id: "packer", name: "packer", start: () => new Packer(faults) },
    ],
  });

/** Everybody relies on those who stand before them: `rest_for_one`. */
export function bakery(faults: Faults): SupervisorDefinition {
  return supervisor({
    name: "bakery",
    strategy: "rest_for_one",
    maxRestarts: 10,
    maxRestartPeriodMs: 60_000,
    children: [
      { id: "stock", name: "stock", start: stock(faults) },
      { id: "vouchers", name: "vouchers", start: () => startVouchers(faults) },
      { id: "kitchen", start: kitchen(faults) },
      { id: "counter", start: counter(faults) },
      { id: "customers", start: () => new Customers() },
    ],
  });
}
