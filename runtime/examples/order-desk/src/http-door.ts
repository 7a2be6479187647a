/** HTTP on the loopback interface: whole requests in, whole answers out. Knows no actors. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, and the way to answer it once. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, body: string, response: ServerResponse) {
    this.method = request.method ?? "GET";
    this.path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    this.body = body;
    this.#response = response;
  }

  /** Only the first answer counts; a customer who has left is not an error. */
  answer({ status, body, headers }: Answer): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    this.#response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    this.#response.end(`${JSON.stringify(body)}\n`);
  }

  toJSON(): unknown {
    return { method: this.method, path: this.path };
  }
}

export interface HttpDoor {
  readonly url: string;
  /** Takes no new connections; those that are open may finish. */
  close(): void;
  /** Ends everything at once. */
  destroy(): void;
}

/** Characters of a body; a longer one is refused with 413. */
const MAX_BODY_LENGTH = 64 * 1024;

/** Opens the door on 127.0.0.1. Rejects when the port is taken; port 0 takes a free one. */
export function openDoor(port: number, onExchange: (exchange: Exchange) => void): Promise<HttpDoor> {
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 5_000 }, (request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      if (body.length + part.length <= MAX_BODY_LENGTH) body += part;
      else refuseBody(request, response);
    });
    request.on("end", () => {
      if (!response.headersSent) onExchange(new Exchange(request, body, response));
    });
    request.on("error", () => {});
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({
        url: `http://127.0.0.1:${taken}`,
        close: () => {
          server.close();
          server.closeIdleConnections();
        },
        destroy: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) return;
  response.writeHead(413, { "content-type": "application/json; charset=utf-8", connection: "close" });
  response.end(`{"error":{"code":"body_too_long","message":"a body has at most ${MAX_BODY_LENGTH} characters"}}\n`);
  request.resume();
}
