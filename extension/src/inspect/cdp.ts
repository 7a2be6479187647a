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
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
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
    const message = JSON.parse(data) as CdpMessage;
    if (message.id === undefined) {
      if (message.method !== undefined) this.#onEvent(message.method, message.params);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error) pending?.reject(new CdpError(message.error.message ?? "the debugger refused"));
    else pending?.resolve(message.result);
  }
}
