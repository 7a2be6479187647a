// A program to be debugged: a till with a secret drawer, that handles one sale in a busy loop.
import { Actor, type ActorContext, ActorSystem, supervisor } from "../../../runtime/src/index.ts";

interface Sale {
  readonly type: "sale" | "stocktaking";
  readonly price: number;
}

class Till extends Actor<Sale> {
  readonly #drawer = new Map([["coins", 12]]);
  sales = 0;

  override handleMessage({ type, price }: Sale, context: ActorContext<Sale>): void {
    this.sales++;
    this.#drawer.set("coins", (this.#drawer.get("coins") ?? 0) + price);
    console.log(`${context.self.id} ${type} ${price}`);
    if (type !== "stocktaking") return;
    const until = performance.now() + price;
    while (performance.now() < until);
  }
}

const root = supervisor({ children: [{ id: "till", start: () => new Till() }] });
const system = await ActorSystem.start({ name: "kiosk", root, logger: false });
setInterval(() => {}, 1_000);
Object.assign(globalThis, {
  sell: (type: Sale["type"], price: number) =>
    setTimeout(() => void system.whereis<Sale>("till")?.tell({ type, price }), 0) && undefined,
});
console.log("ready");
