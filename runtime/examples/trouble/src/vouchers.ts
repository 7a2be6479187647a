/** Stamps the cards of customers who come often. */
import { Actor, IGNORE } from "airssys-rt";
import type { Faults } from "./faults.ts";
import type { VoucherMessage } from "./messages.ts";

/** Stamps on a full card. */
const FULL = 10;

class Vouchers extends Actor<VoucherMessage> {
  #stamps = 0;

  override handleMessage(_message: VoucherMessage): void {
    this.#stamps = (this.#stamps + 1) % FULL;
  }
}

/** The fault `missing`: the stamp is not there, and it says to its supervisor that it does not start. */
export function startVouchers(faults: Faults): Vouchers | typeof IGNORE {
  return faults.has("missing") ? IGNORE : new Vouchers();
}
