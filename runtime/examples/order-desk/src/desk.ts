/** The supervision tree: who is started in which order, and who falls with whom. */
import { type SupervisorDefinition, supervisor } from "airssys-rt";
import type { CardNetwork } from "./card-network.ts";
import { cards } from "./cards.ts";
import { Customers } from "./customers.ts";
import { dispatch } from "./dispatch.ts";
import { Gateway } from "./gateway.ts";
import { inventory } from "./inventory.ts";
import { Ledger } from "./ledger.ts";
import { Orders } from "./orders.ts";
import { Packer } from "./packer.ts";
import { Vouchers } from "./vouchers.ts";

export interface DeskOptions {
  /** Port on 127.0.0.1; 0 takes a free one at each start of the gateway. */
  readonly port: number;
  readonly ledgerPath: string;
  readonly network: CardNetwork;
  /** Milliseconds the card network may take; default 400. */
  readonly networkTimeoutMs?: number;
  /** Milliseconds a packer needs for a parcel; default 300. */
  readonly packMs?: number;
  /** Milliseconds between two visits of the delivery van; default 60,000. */
  readonly deliveryEveryMs?: number;
  /** What `GET /health` shows. */
  readonly health: () => unknown;
  /** Told of the address each time the gateway opens. */
  readonly onOpen?: (url: string) => void;
  /** Whether the desk has customers of its own, which send gentle traffic. Default false. */
  readonly withTraffic?: boolean;
}

/**
 * Cards and vouchers have nothing in common but their purpose: a card that crashes one must not disturb the other. Hence
 * `one_for_one`. Six crashes in ten seconds are more than bad luck: then all payments start over.
 */
const payments = ({ network, networkTimeoutMs: timeoutMs = 400 }: DeskOptions): SupervisorDefinition =>
  supervisor({
    name: "payments",
    strategy: "one_for_one",
    maxRestarts: 5,
    maxRestartPeriodMs: 10_000,
    children: [
      { id: "cards", name: "cards", start: cards({ network, timeoutMs }) },
      { id: "vouchers", name: "vouchers", start: () => new Vouchers() },
    ],
  });

/** Packers are alike and independent: `one_for_one`. */
const packers = ({ packMs = 300 }: DeskOptions): SupervisorDefinition =>
  supervisor({
    name: "packers",
    strategy: "one_for_one",
    maxRestarts: 10,
    maxRestartPeriodMs: 10_000,
    children: ["packer-1", "packer-2", "packer-3"].map((id) => ({ id, start: () => new Packer(id, packMs) })),
  });

/**
 * Packers tell the dispatcher when they are ready, and a new dispatcher knows of none of them. When it crashes they have to
 * start after it; when they fail, it stays. Hence `rest_for_one`.
 */
const fulfilment = (options: DeskOptions): SupervisorDefinition =>
  supervisor({
    name: "fulfilment",
    strategy: "rest_for_one",
    maxRestarts: 3,
    maxRestartPeriodMs: 10_000,
    children: [
      { id: "dispatch", name: "dispatch", start: dispatch() },
      { id: "packers", start: packers(options) },
    ],
  });

/**
 * The inventory holds what open orders have reserved, the orders hold which orders are open: two halves of one truth. When
 * one half is lost the other is worth nothing, and both are worked out from the ledger again. Hence `one_for_all`.
 */
const sales = ({ deliveryEveryMs = 60_000 }: DeskOptions): SupervisorDefinition =>
  supervisor({
    name: "sales",
    strategy: "one_for_all",
    maxRestarts: 3,
    maxRestartPeriodMs: 10_000,
    children: [
      { id: "inventory", name: "inventory", start: inventory(deliveryEveryMs) },
      { id: "orders", name: "orders", start: () => new Orders() },
    ],
  });

/**
 * Everybody relies on those who stand before them: all on the ledger, sales on payments and fulfilment, the gateway on all.
 * Whoever fails takes those after it along, and they start when it is there again; those before it notice nothing. Hence
 * `rest_for_one`. It also makes the shutdown an orderly one: the door closes first, the books last.
 */
export function orderDesk(options: DeskOptions): SupervisorDefinition {
  const { port, ledgerPath, health, onOpen, withTraffic } = options;
  let url = "";
  const gateway = {
    port,
    health,
    onOpen: (opened: string) => {
      url = opened;
      onOpen?.(opened);
    },
  };
  return supervisor({
    name: "order-desk",
    strategy: "rest_for_one",
    maxRestarts: 5,
    maxRestartPeriodMs: 60_000,
    children: [
      { id: "ledger", name: "ledger", start: () => new Ledger(ledgerPath) },
      { id: "payments", start: payments(options) },
      { id: "fulfilment", start: fulfilment(options) },
      { id: "sales", start: sales(options) },
      {
        id: "gateway",
        name: "gateway",
        start: () => new Gateway(gateway),
        // More than this waiting is more than can be served in time: better to say so at once, with a 503.
        mailbox: { capacity: 200, overflow: "reject" },
      },
      ...(withTraffic === true
        ? [{ id: "customers", start: () => new Customers(() => url), restart: "transient" as const }]
        : []),
    ],
  });
}
