/** Refuses what comes before `initialize` and after `shutdown`, as the LSP wants it. */
import {
  type Connection,
  ErrorCodes,
  type Message,
  type MessageStrategy,
  type RequestMessage,
  ResponseError,
} from "vscode-languageserver/node";

/** Requests are let through under these names, so that the connection answers them in its order. */
const TOO_EARLY = "airssys/notInitialized";
const TOO_LATE = "airssys/invalidRequest";

type Phase = "new" | "running" | "shut down";

export class Lifecycle implements MessageStrategy {
  #phase: Phase = "new";

  handleMessage(message: Message, next: (message: Message) => unknown): void {
    if (!("method" in message)) {
      next(message);
      return;
    }
    const request = message as RequestMessage;
    const isRequest = "id" in message;
    const refusal = isRequest ? this.#refusal(request.method) : undefined;
    if (refusal !== undefined) next({ ...request, method: refusal } as Message);
    // Notifications out of time are dropped, but for the one that ends the process.
    else if (isRequest || this.#phase === "running" || request.method === "exit") next(message);
  }

  /** Answers what was refused. */
  listen(connection: Connection): void {
    connection.onRequest(TOO_EARLY, () => new ResponseError(ErrorCodes.ServerNotInitialized, "initialize comes first"));
    connection.onRequest(TOO_LATE, () => new ResponseError(ErrorCodes.InvalidRequest, "the time for this is over"));
  }

  #refusal(method: string): string | undefined {
    switch (method) {
      case "initialize":
        if (this.#phase !== "new") return TOO_LATE;
        this.#phase = "running";
        return undefined;
      case "shutdown":
        if (this.#phase === "running") {
          this.#phase = "shut down";
          return undefined;
        }
    }
    if (this.#phase === "running") return undefined;
    return this.#phase === "new" ? TOO_EARLY : TOO_LATE;
  }
}
