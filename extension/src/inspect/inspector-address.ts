/** Where an inspector of Node listens, as people write it. Pure. */
import { isIP } from "node:net";
import { say } from "../sentence.ts";
import { WatchError } from "./watch-error.ts";

export interface InspectorAddress {
  readonly host: string;
  readonly port: number;
}

const LOCAL = "127.0.0.1";
/** Where Node's inspector listens if nobody says otherwise. */
const DEFAULT_PORT = 9_229;

/**
 * | text | address |
 * |---|---|
 * | `9229` | that port of this machine |
 * | `host:9229`, `10.0.0.7:9229`, `[::1]:9229` | as it says |
 * | `host` | port 9229 of it |
 * | `ws://host:9229/…` as Node prints it, `http://host:9229` | host and port of it |
 *
 * @throws {WatchError} for any other.
 */
export function readAddress(text: string): InspectorAddress {
  const bare = text
    .trim()
    .replace(/^(wss?|https?|inspect):\/\//i, "")
    .replace(/\/.*$/, "");
  const [, bracketed, named, port] = /^(?:\[([^\]]+)\]|([^:[\]\s@?#]*))(?::(\d{1,5}))?$/.exec(bare) ?? [];
  if (/^\d{1,5}$/.test(bare)) return { host: LOCAL, port: readPort(bare, text) };
  const host = bracketed ?? named ?? "";
  const isHost = bracketed === undefined ? /^[A-Za-z0-9]([A-Za-z0-9._-]{0,252})$/.test(host) : isIP(bracketed) === 6;
  if (!isHost) throw badAddress(text);
  return { host, port: port === undefined ? DEFAULT_PORT : readPort(port, text) };
}

/** As it is written in an address, and for people. */
export function addressText({ host, port }: InspectorAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether that address, which is no name, is of this machine. */
export function isLoopback(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

/** Where the inspector of a program listens, or would, by its flags; port 0 is one of Node's choice. */
export function addressInFlags(flags: readonly string[]): InspectorAddress {
  for (const flag of flags.toReversed()) {
    const [, said] = /^--(?:inspect(?:-brk|-wait|-port)?|debug-port)=(.+)$/.exec(flag) ?? [];
    if (said === undefined) continue;
    const [, host, port] = /^(?:(.*):)?(\d{1,5})$/.exec(said) ?? [];
    const named = (host ?? "").replace(/^\[|\]$/g, "");
    // What listens everywhere listens here, too.
    const isEverywhere = ["", "0.0.0.0", "::", "localhost"].includes(named);
    if (port !== undefined) return { host: isEverywhere ? LOCAL : named, port: Number(port) };
  }
  return { host: LOCAL, port: DEFAULT_PORT };
}

function readPort(digits: string, text: string): number {
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw badAddress(text);
  return port;
}

function badAddress(text: string): WatchError {
  return new WatchError(
    "badAddress",
    say('"{0}" is no address. Write host:port, such as 127.0.0.1:9229.', text.slice(0, 80)),
  );
}
