/** HTTP on the loopback interface: whole requests in, whole answers out. Knows no actors. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface DeskRequest {
  readonly method: string;
  /** Parts of the path, decoded. */
  readonly parts: readonly string[];
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  /** Bytes as they are, or what becomes JSON. */
  readonly body: unknown;
}

export interface HttpDoor {
  readonly url: string;
  /** Ends everything at once. */
  close(): void;
}

/** Bytes of an upload; a longer one is refused with 413. */
const MAX_UPLOAD_BYTES = 16_777_216;

/** Opens the door on 127.0.0.1. Rejects when the port is taken; port 0 takes a free one. */
export function openDoor(port: number, serve: (request: DeskRequest) => Promise<Answer>): Promise<HttpDoor> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void receive(request, response, serve);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = server.address() as AddressInfo;
      const close = (): void => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ url: `http://127.0.0.1:${taken}`, close });
    });
  });
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  serve: (request: DeskRequest) => Promise<Answer>,
): Promise<void> {
  const parts = partsOf(request.url ?? "/");
  if (parts === undefined) return send(response, refusal(400, "bad_path", "the path is no UTF-8"));
  const body = await bodyOf(request);
  if (body === "gone") return;
  if (body === "too long")
    return send(response, refusal(413, "upload_too_long", `an upload has at most ${MAX_UPLOAD_BYTES} bytes`));
  send(response, await serve({ method: request.method ?? "GET", parts, body }));
}

export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function partsOf(url: string): readonly string[] | undefined {
  try {
    const [path = "/"] = url.split("?", 1);
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | "too long" | "gone"> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length;
      // Read to its end, so that the answer is heard; kept only as far as it is wanted.
      if (length <= MAX_UPLOAD_BYTES) pieces.push(piece);
    }
  } catch {
    return "gone";
  }
  return length > MAX_UPLOAD_BYTES ? "too long" : Buffer.concat(pieces);
}

/** A customer who has left is not an error. */
function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  const isBytes = body instanceof Uint8Array;
  response.writeHead(status, {
    "content-type": isBytes ? "application/octet-stream" : "application/json; charset=utf-8",
  });
  response.end(isBytes ? body : `${JSON.stringify(body)}\n`);
}
