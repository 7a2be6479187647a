/** Customers within the program: gentle traffic, so that there is something to see. */
import { Actor, type ActorContext } from "airssys-rt";
import { visit, type Wave, waves } from "./traffic-plan.ts";

export type CustomersMessage =
  | { readonly type: "visit" }
  | { readonly type: "answered"; readonly kind: string; readonly outcome: PromiseSettledResult<number> };

/** Milliseconds between two waves, in the mean. */
const MEAN_PAUSE_MS = 1_500;

/** They visit through the front door, like everybody: over HTTP. */
export class Customers extends Actor<CustomersMessage> {
  readonly #url: () => string;
  readonly #waves: Generator<Wave, never> = waves(Math.random, MEAN_PAUSE_MS);

  constructor(url: () => string) {
    super();
    this.#url = url;
  }

  override preStart(context: ActorContext<CustomersMessage>): void {
    context.timers.startOnce("visit", { type: "visit" }, MEAN_PAUSE_MS);
  }

  override handleMessage(message: CustomersMessage, context: ActorContext<CustomersMessage>): void {
    switch (message.type) {
      case "visit": {
        const { visits, pauseMs } = this.#waves.next().value;
        for (const each of visits) {
          const answer = visit(this.#url(), each, context.signal);
          context.pipeToSelf(answer, (outcome) => ({ type: "answered", kind: each.kind, outcome }));
        }
        context.timers.startOnce("visit", { type: "visit" }, pauseMs);
        return;
      }
      case "answered":
        // Whatever the answer is, they come again. The message is there to be seen.
        return;
    }
  }
}
