/** A minimal client of the Chrome DevTools Protocol over a WebSocket. Knows no debugger session and no actor. */

/** A CDP call that failed, or whose connection closed. */
export class CdpError extends Error {
  override readonly name = "CdpError";
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: CdpError) => void;
}

interface CdpMessage {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: unknown } | null;
}

export class CdpClient {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (method: string, params: unknown) => void;
  #lastId = 0;

  private constructor(socket: WebSocket, onEvent: (method: string, params: unknown) => void, onClose: () => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.addEventListener("message", ({ data }) => this.#take(String(data)));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#pending.values()) reject(new CdpError("the debugger closed the connection"));
      this.#pending.clear();
      onClose();
    });
  }

  /** @throws {CdpError} as a rejection, when nobody answers there. */
  static connect(
    url: string,
    onEvent: (method: string, params: unknown) => void,
    onClose: () => void,
  ): Promise<CdpClient> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      socket.addEventListener("open", () => resolve(new CdpClient(socket, onEvent, onClose)), { once: true });
      socket.addEventListener("error", () => reject(new CdpError(`cannot connect to the debugger at ${url}`)), {
        once: true,
      });
    });
  }

  /** @throws {CdpError} as a rejection. */
  call(method: string, params: object): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN)
      return Promise.reject(new CdpError("the debugger closed the connection"));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): void {
    this.#socket.close();
  }

  #take(data: string): void {
    const message = read(data);
    if (message === undefined) {
      this.close(); // this is no debugger
      return;
    }
    const { id, method, params, result, error } = message;
    if (typeof method === "string") this.#onEvent(method, params);
    if (typeof id !== "number") return;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    const text = error?.message;
    if (error) pending?.reject(new CdpError(typeof text === "string" ? text : "the debugger refused"));
    else pending?.resolve(result);
  }
}

/** @returns `undefined` for what is no message. */
function read(data: string): CdpMessage | undefined {
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}
