/** What the environment says about a run. */
import { createServer } from "node:net";
import path from "node:path";

export interface Settings {
  /** `ORDER_DESK_PORT`: 0 to 65535; default 4100. Taken by another program: the next free one after it. */
  readonly port: number;
  /** `ORDER_DESK_LEDGER`: path of the ledger; default `var/ledger-<port>.jsonl` in this project. */
  readonly ledgerPath: string | undefined;
  /** `ORDER_DESK_TRAFFIC`: 1 for customers within the program; default 0. */
  readonly withTraffic: boolean;
}

const DEFAULT_PORT = 4_100;

/** Reads the settings. @throws {Error} with every fault. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { ORDER_DESK_PORT, ORDER_DESK_LEDGER, ORDER_DESK_TRAFFIC } = environment as Readonly<
    Record<"ORDER_DESK_PORT" | "ORDER_DESK_LEDGER" | "ORDER_DESK_TRAFFIC", string | undefined>
  >;
  const faults: string[] = [];
  const port = Number(ORDER_DESK_PORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    faults.push(`ORDER_DESK_PORT must be a port from 0 to 65535, got "${ORDER_DESK_PORT}"`);
  }
  if (!["", "0", "1", undefined].includes(ORDER_DESK_TRAFFIC)) {
    faults.push(`ORDER_DESK_TRAFFIC must be 0 or 1, got "${ORDER_DESK_TRAFFIC}"`);
  }
  if (faults.length > 0) throw new Error(faults.join("; "));
  return { port, ledgerPath: ORDER_DESK_LEDGER || undefined, withTraffic: ORDER_DESK_TRAFFIC === "1" };
}

/** Where the ledger of the desk at this port lies, so that two programs never write to one file. */
export function defaultLedgerPath(port: number): string {
  return path.join(import.meta.dirname, "..", "var", `ledger-${port}.jsonl`);
}

/** How many ports after the wanted one are tried before any free one is taken. */
const NEIGHBOURS = 20;

/** The wanted port if it is free, else the next free one. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; wanted > 0 && port <= Math.min(wanted + NEIGHBOURS, 65_535); port += 1) {
    const free = await probe(port);
    if (free !== undefined) return free;
  }
  const free = await probe(0);
  if (free === undefined) throw new Error("no port is free on 127.0.0.1");
  return free;
}

/** Opens and closes the port. @returns it, or the one that was taken for 0; `undefined` when it is taken. */
function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
