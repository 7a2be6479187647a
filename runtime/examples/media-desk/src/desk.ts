/** The desk as a tree: the store, the worker, and the way in. */
import { Actor, type ActorContext, type SupervisorDefinition, supervisor } from "airssys-rt";
import { files, processManager } from "airssys-rt/os";
import type { Contexts } from "./contexts.ts";
import { openDoor } from "./http-door.ts";
import { type Limits, type Staff, serve } from "./requests.ts";

export interface DeskOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly contexts: Contexts;
  readonly limits: Limits;
  /** Told of the address each time the gateway opens. */
  readonly onOpen: (url: string) => void;
}

/** `rest_for_one`: the gateway relies on both that stand before it. */
export function mediaDesk({ port, contexts, limits, onOpen }: DeskOptions): SupervisorDefinition {
  return supervisor({
    strategy: "rest_for_one",
    children: [
      { id: "store", start: files(contexts.store), name: "store" },
      { id: "worker", start: processManager(contexts.worker), name: "worker" },
      { id: "gateway", start: () => new Gateway(port, contexts.uploads, limits, onOpen) },
    ],
  });
}

class Gateway extends Actor<unknown> {
  readonly #port: number;
  readonly #uploads: string;
  readonly #limits: Limits;
  readonly #onOpen: (url: string) => void;

  constructor(port: number, uploads: string, limits: Limits, onOpen: (url: string) => void) {
    super();
    this.#port = port;
    this.#uploads = uploads;
    this.#limits = limits;
    this.#onOpen = onOpen;
  }

  override async preStart(context: ActorContext<unknown>): Promise<void> {
    const [store, worker] = ["store", "worker"].map((name) => context.whereis(name));
    const staff = { store, worker, uploads: this.#uploads } as Staff;
    const door = await openDoor(this.#port, (request) => serve(request, staff, this.#limits));
    context.signal.addEventListener("abort", () => door.close(), { once: true });
    this.#onOpen(door.url);
  }

  override handleMessage(): void {
    // Requests come by HTTP.
  }
}
