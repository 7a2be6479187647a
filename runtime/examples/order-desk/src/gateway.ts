/** The way in: HTTP requests become messages, replies become answers. */
import { Actor, type ActorContext } from "airssys-rt";
import { type Answer, type Exchange, type HttpDoor, openDoor } from "./http-door.ts";
import type { InventoryMessage } from "./inventory.ts";
import { lookup, ServiceUnavailable } from "./lookup.ts";
import { parseOrder, type Refusal } from "./order.ts";
import type { OrdersMessage } from "./order-taking.ts";

export interface GatewayOptions {
  readonly port: number;
  /** What `GET /health` shows. */
  readonly health: () => unknown;
  /** Told of the address each time the gateway opens. */
  readonly onOpen: (url: string) => void;
}

export interface GatewayMessage {
  readonly type: "request";
  readonly exchange: Exchange;
}

/**
 * Holds what must be let go of when it ends: the server. `postStop` closes it in an orderly way; the signal of the context
 * closes it in any case, since a killed actor runs no `postStop`.
 */
export class Gateway extends Actor<GatewayMessage> {
  readonly #options: GatewayOptions;
  #door: HttpDoor | undefined;
  /** Requests in the mailbox. */
  readonly #waiting: Set<Exchange> = new Set();
  /** Answers that are being worked out. */
  readonly #serving: Set<Promise<void>> = new Set();

  constructor(options: GatewayOptions) {
    super();
    this.#options = options;
  }

  override async preStart(context: ActorContext<GatewayMessage>): Promise<void> {
    const door = await openDoor(this.#options.port, (exchange) => {
      if (context.self.tell({ type: "request", exchange })) this.#waiting.add(exchange);
      else exchange.answer(BUSY);
    });
    this.#door = door;
    context.signal.addEventListener("abort", () => door.destroy(), { once: true });
    this.#options.onOpen(door.url);
  }

  /** The turn only begins to serve: the next request does not wait for the answer to this one. */
  override handleMessage({ exchange }: GatewayMessage, context: ActorContext<GatewayMessage>): void {
    this.#waiting.delete(exchange);
    const served = route(exchange, context, this.#options)
      .catch(answerToFailure)
      .then((answer) => {
        this.#serving.delete(served);
        exchange.answer(answer);
      });
    this.#serving.add(served);
  }

  override async postStop(): Promise<void> {
    this.#door?.close();
    for (const exchange of this.#waiting) exchange.answer(CLOSING);
    await Promise.all(this.#serving);
  }
}

async function route(
  { method, path, body }: Exchange,
  context: ActorContext<GatewayMessage>,
  { health }: GatewayOptions,
): Promise<Answer> {
  const order = /^\/orders\/([1-9]\d{0,14})$/.exec(path);
  if (path === "/orders") return method === "POST" ? place(body, context) : notAllowed("POST");
  if (method !== "GET") return isKnown(path) || order !== null ? notAllowed("GET") : notFound(`there is no ${path}`);
  if (order !== null) return find(Number(order[1]), context);
  if (path === "/health") return { status: 200, body: await health() };
  if (path === "/ready") return ready(context);
  if (path === "/stock") return { status: 200, body: await levels(context) };
  return notFound(`there is no ${path}`);
}

async function place(body: string, context: ActorContext<GatewayMessage>): Promise<Answer> {
  const parsed = parseOrder(body);
  if (!parsed.ok) return answerToRefusal(parsed.refusal);
  const orders = lookup<OrdersMessage>(context, "orders");
  const placed = await orders.ask({ type: "place", order: parsed.value }, { timeoutMs: 10_000 });
  if (!placed.ok) return answerToRefusal(placed.refusal);
  return { status: 201, body: placed.value, headers: { location: `/orders/${placed.value.orderId}` } };
}

async function find(orderId: number, context: ActorContext<GatewayMessage>): Promise<Answer> {
  const record = await lookup<OrdersMessage>(context, "orders").ask({ type: "find", orderId });
  return record === undefined ? notFound(`there is no order ${orderId}`) : { status: 200, body: record };
}

/** Ready means: an order could be taken right now. */
async function ready(context: ActorContext<GatewayMessage>): Promise<Answer> {
  try {
    await levels(context);
    return { status: 200, body: { status: "ready" } };
  } catch (error) {
    return { status: 503, body: { status: "not_ready", message: textOf(error) } };
  }
}

function levels(context: ActorContext<GatewayMessage>): Promise<Readonly<Record<string, number>>> {
  return lookup<InventoryMessage>(context, "inventory").ask({ type: "levels" }, { timeoutMs: 500 });
}

const STATUS: Readonly<Record<Refusal["code"], number>> = {
  malformed_json: 400,
  invalid_order: 422,
  unknown_product: 422,
  out_of_stock: 409,
  declined: 402,
  payment_timeout: 504,
  payment_unavailable: 503,
  payment_crashed: 502,
  service_unavailable: 503,
};

const BUSY: Answer = problem(503, "busy", "too many requests are waiting", { "retry-after": "1" });
const CLOSING: Answer = problem(503, "closing", "the order desk is closing");

function answerToRefusal(refusal: Refusal): Answer {
  const seconds = refusal.code === "payment_unavailable" ? Math.ceil(refusal.retryAfterMs / 1_000) : 0;
  const headers = seconds > 0 ? { "retry-after": String(seconds) } : {};
  return { status: STATUS[refusal.code], body: { error: refusal }, headers };
}

function answerToFailure(error: unknown): Answer {
  if (error instanceof ServiceUnavailable) return problem(503, "service_unavailable", error.message);
  return problem(500, "internal", textOf(error));
}

function notFound(message: string): Answer {
  return problem(404, "not_found", message);
}

function notAllowed(allow: string): Answer {
  return problem(405, "method_not_allowed", `only ${allow} is allowed here`, { allow });
}

function isKnown(path: string): boolean {
  return path === "/health" || path === "/ready" || path === "/stock";
}

function problem(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, body: { error: { code, message } }, headers };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
