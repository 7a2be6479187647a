/** An order: its shape, and the checks of one that came from outside. Knows no actors. */

export interface OrderItem {
  readonly product: string;
  readonly quantity: number;
}

export type Payment =
  | { readonly method: "card" /** Digits only. */; readonly card: string }
  | { readonly method: "voucher"; readonly code: string };

export interface Order {
  readonly customer: string;
  readonly items: readonly OrderItem[];
  readonly payment: Payment;
}

/** Why an order was not taken. Each is an answer to the customer, not a crash. */
export type Refusal =
  | { readonly code: "malformed_json"; readonly message: string }
  | { readonly code: "invalid_order"; readonly faults: readonly string[] }
  | { readonly code: "unknown_product"; readonly product: string }
  | { readonly code: "out_of_stock"; readonly product: string; readonly available: number }
  | { readonly code: "declined"; readonly reason: string }
  | { readonly code: "payment_timeout"; readonly message: string }
  | { readonly code: "payment_unavailable"; readonly message: string; readonly retryAfterMs: number }
  | { readonly code: "payment_crashed"; readonly message: string }
  | { readonly code: "service_unavailable"; readonly message: string };

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

const MAX_ITEMS = 20;
const MAX_QUANTITY = 100;

/** Reads an order from the body of a request; reports every fault at once. Never throws. */
export function parseOrder(body: string): Result<Order> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return {
      ok: false,
      refusal: { code: "malformed_json", message: error instanceof Error ? error.message : "not JSON" },
    };
  }
  const faults: string[] = [];
  const order = readOrder(value, faults);
  return faults.length === 0 ? { ok: true, value: order } : { ok: false, refusal: { code: "invalid_order", faults } };
}

/** What it returns is an order only if no fault was added. */
function readOrder(value: unknown, faults: string[]): Order {
  const { customer, items, payment } = fieldsOf(value);
  if (!isRecord(value)) faults.push("the order must be an object");
  if (typeof customer !== "string" || customer.trim() === "" || customer.length > 100) {
    faults.push("customer must be a name of 1 to 100 characters");
  }
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_ITEMS) {
    faults.push(`items must be a list of 1 to ${MAX_ITEMS} items`);
  }
  return {
    customer: String(customer),
    items: Array.isArray(items) ? items.slice(0, MAX_ITEMS).map((item, index) => readItem(item, index, faults)) : [],
    payment: readPayment(payment, faults),
  };
}

function readItem(value: unknown, index: number, faults: string[]): OrderItem {
  const { product, quantity } = fieldsOf(value);
  if (typeof product !== "string") faults.push(`items[${index}].product must be a string`);
  const isQuantity =
    typeof quantity === "number" && Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY;
  if (!isQuantity) faults.push(`items[${index}].quantity must be a whole number from 1 to ${MAX_QUANTITY}`);
  return { product: String(product), quantity: Number(quantity) };
}

function readPayment(value: unknown, faults: string[]): Payment {
  const { method, card, code } = fieldsOf(value);
  if (method === "voucher") {
    if (typeof code !== "string" || code === "") faults.push("payment.code must be the code of a voucher");
    return { method, code: String(code) };
  }
  if (method !== "card") faults.push('payment.method must be "card" or "voucher"');
  const digits = typeof card === "string" ? card.replaceAll(" ", "") : "";
  if (method === "card" && !isCardNumber(digits)) faults.push("payment.card must be a card number of 12 to 19 digits");
  return { method: "card", card: digits };
}

/** Whether the last digit is the check digit of the others (Luhn, ISO/IEC 7812-1). */
function isCardNumber(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.at(-1 - place));
    const weighed = place % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface AnyFields {
  readonly customer?: unknown;
  readonly items?: unknown;
  readonly payment?: unknown;
  readonly product?: unknown;
  readonly quantity?: unknown;
  readonly method?: unknown;
  readonly card?: unknown;
  readonly code?: unknown;
}

function fieldsOf(value: unknown): AnyFields {
  return isRecord(value) ? value : {};
}
