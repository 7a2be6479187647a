/** Gives parcels to packers that have nothing to do. Functional; watches the packers with monitors. */
import { type ActorContext, type ActorDefinition, type ActorRef, defineActor, type Monitor } from "airssys-rt";
import type { OrdersMessage } from "./order-taking.ts";
import type { DispatchMessage, PackerMessage, Parcel } from "./packing.ts";

interface Job {
  readonly packer: ActorRef<PackerMessage>;
  readonly parcel: Parcel;
  readonly monitor: Monitor;
}

interface Bench {
  /** Parcels by order, oldest first. */
  readonly waiting: Map<number, Parcel>;
  /** Packers by path. */
  readonly idle: Map<string, ActorRef<PackerMessage>>;
  /** Jobs by the path of the packer. */
  readonly busy: Map<string, Job>;
}

/** A parcel on which so many packers crash is put aside for a person. */
const MAX_ATTEMPTS = 2;

export function dispatch(): ActorDefinition<DispatchMessage> {
  return defineActor<DispatchMessage, Bench>({
    name: "dispatch",

    init(context) {
      // When the program starts there are no orders yet; after a crash they send what is open.
      context.whereis<OrdersMessage>("orders")?.tell({ type: "dispatcher_started" });
      return { waiting: new Map(), idle: new Map(), busy: new Map() };
    },

    handlers: {
      pack(bench, { parcel }, context) {
        const isKnown = [...bench.busy.values()].some((job) => job.parcel.orderId === parcel.orderId);
        if (!isKnown) bench.waiting.set(parcel.orderId, parcel);
        assign(bench, context);
      },

      ready(bench, { packer }, context) {
        const finished = bench.busy.get(packer.id);
        if (finished !== undefined) context.demonitor(finished.monitor);
        bench.busy.delete(packer.id);
        bench.idle.set(packer.id, packer);
        assign(bench, context);
      },
    },

    onSignal(bench, signal, context) {
      if (signal.type !== "down") return;
      const job = [...bench.busy.values()].find(({ monitor }) => monitor.monitorId === signal.monitor.monitorId);
      if (job === undefined) return;
      bench.busy.delete(job.packer.id);
      const parcel = { ...job.parcel, attempts: job.parcel.attempts + 1 };
      if (parcel.attempts < MAX_ATTEMPTS) bench.waiting.set(parcel.orderId, parcel);
      else context.whereis<OrdersMessage>("orders")?.tell({ type: "stuck", orderId: parcel.orderId });
      assign(bench, context);
    },
  });
}

function assign({ waiting, idle, busy }: Bench, context: ActorContext<DispatchMessage>): void {
  for (const [orderId, parcel] of waiting) {
    const [packer] = idle.values();
    if (packer === undefined) return;
    waiting.delete(orderId);
    idle.delete(packer.id);
    busy.set(packer.id, { packer, parcel, monitor: context.monitor(packer) });
    packer.tell({ type: "pack", parcel });
  }
}
