/** What the shop sells. */

export interface Product {
  readonly name: string;
  readonly priceCents: number;
  /** Pieces on the shelf when the shop opens for the first time. */
  readonly initialStock: number;
  /** Pieces one delivery brings; 0: it is never ordered again. */
  readonly deliverySize: number;
}

export const CATALOGUE: ReadonlyMap<string, Product> = new Map([
  ["tea", { name: "Green tea, 100 g", priceCents: 690, initialStock: 200, deliverySize: 100 }],
  ["mug", { name: "Mug", priceCents: 1_250, initialStock: 80, deliverySize: 40 }],
  ["kettle", { name: "Kettle", priceCents: 4_990, initialStock: 20, deliverySize: 10 }],
  ["vase", { name: "Vase, fragile", priceCents: 3_400, initialStock: 60, deliverySize: 30 }],
  ["first-edition", { name: "The Book of Tea, 1906", priceCents: 89_000, initialStock: 1, deliverySize: 0 }],
]);
