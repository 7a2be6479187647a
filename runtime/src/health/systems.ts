/** The systems of this process, for whoever inspects it. A system tells itself here; nothing here knows how it is inspected. */
import type { Cell } from "../actor/cell.ts";
import type { Environment } from "../environment/environment.ts";
import type { ActorSystemHealth } from "./health.ts";

/** A system as inspection sees it. */
export interface InspectedSystem {
  readonly env: Environment;
  readonly root: Cell;
  readonly health: ActorSystemHealth;
}

type Observer = (system: InspectedSystem, isRunning: boolean) => void;

const systems = new Set<InspectedSystem>();
const observers = new Set<Observer>();

/** Adds a system. @returns what takes it out. */
export function announceSystem(system: InspectedSystem): () => void {
  systems.add(system);
  for (const observer of observers) observer(system, true);
  return () => {
    systems.delete(system);
    for (const observer of observers) observer(system, false);
  };
}

/** Hears of every system, those that run already included. @returns what ends it. */
export function observeSystems(observer: Observer): () => void {
  observers.add(observer);
  for (const system of systems) observer(system, true);
  return () => observers.delete(observer);
}

export function runningSystems(): readonly InspectedSystem[] {
  return [...systems];
}
