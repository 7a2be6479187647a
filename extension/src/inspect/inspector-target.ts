/** Asks an inspector which program it is of. What answers may be anything: it is bounded, checked, and followed nowhere else. Knows no editor. */
import { lookup } from "node:dns/promises";
import http from "node:http";
import { say } from "../sentence.ts";
import { addressText, type InspectorAddress, isLoopback } from "./inspector-address.ts";
import { WatchError } from "./watch-error.ts";

export interface InspectorTarget {
  /** Of the connection. */
  readonly url: string;
  readonly id: string;
}

const ANSWER_MS = 5_000;
const MAX_ANSWER = 256 * 1024;

/** The address by number, for an inspector takes no names; and whether it is of this machine. @throws {WatchError} as a rejection. */
export async function resolveAddress({
  host,
  port,
}: InspectorAddress): Promise<InspectorAddress & { readonly isLocal: boolean }> {
  try {
    const { address } = await lookup(host);
    return { host: address, port, isLocal: isLoopback(address) };
  } catch {
    throw new WatchError("noAnswer", say('There is no machine named "{0}".', host));
  }
}

/** @param address by number @throws {WatchError} as a rejection. */
export async function findTarget(address: InspectorAddress, limitMs: number = ANSWER_MS): Promise<InspectorTarget> {
  const at = addressText(address);
  const id = idIn(await ask(address, limitMs));
  if (id === undefined)
    throw new WatchError("noInspector", say("What listens at {0} is no inspector of a Node program.", at));
  return { id, url: `ws://${at}/${id}` };
}

/** Only the id is taken from the answer: whom to connect to is not for it to say. */
function idIn(body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(body);
    const first = Array.isArray(list) ? list.find((one) => one?.type === "node") : undefined;
    const id: unknown = first?.id;
    return typeof id === "string" && /^[\w-]{1,100}$/.test(id) ? id : undefined;
  } catch {
    return undefined; // it is not JSON
  }
}

/** @returns `undefined` for an answer that is none of an inspector. */
function ask(address: InspectorAddress, limitMs: number): Promise<string | undefined> {
  const { host, port } = address;
  const at = addressText(address);
  return new Promise((resolve, reject) => {
    const request = http.get({ host, port, path: "/json/list", agent: false }, (response) => {
      let body = "";
      const give = (text: string | undefined): void => {
        clearTimeout(limit);
        request.destroy();
        resolve(text);
      };
      if (response.statusCode !== 200) return give(undefined);
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        body += part;
        if (body.length > MAX_ANSWER) give(undefined);
      });
      response.on("end", () => give(body));
      response.on("error", () => give(undefined));
    });
    const limit = setTimeout(() => {
      request.destroy();
      reject(new WatchError("noAnswer", say("Nothing answers at {0}.", at)));
    }, limitMs);
    request.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(limit);
      // It talks, but not as an inspector does.
      if (error.code?.startsWith("HPE_")) resolve(undefined);
      else reject(new WatchError("noAnswer", say("Nothing answers at {0}.", at)));
    });
  });
}
