/** Tells a client what the server is doing: with our own notification where the client knows it, else in the ways every editor has. */
import {
  type Connection,
  MessageType,
  ShowMessageNotification,
  type ShowMessageParams,
  type WorkDoneProgressServerReporter,
} from "vscode-languageserver/node";
import { type ServerStatus, STATUS_NOTIFICATION } from "../protocol.ts";
import { pathOfUri } from "../source/path-uri.ts";
import type { ClientAbilities } from "./client-abilities.ts";

export class StatusReport {
  readonly #connection: Connection;
  readonly #client: () => ClientAbilities;
  /** What was shown already, for good: a message box is not opened twice for the same. */
  readonly #shown = new Set<string>();
  #progress: Promise<WorkDoneProgressServerReporter> | undefined;

  /** @param client what it can do, once it has said so. */
  constructor(connection: Connection, client: () => ClientAbilities) {
    this.#connection = connection;
    this.#client = client;
  }

  tell(status: ServerStatus): void {
    const { notifications, showsProgress } = this.#client();
    if (notifications.has(STATUS_NOTIFICATION)) {
      void this.#connection.sendNotification(STATUS_NOTIFICATION, status);
      return;
    }
    if (showsProgress) this.#tellProgress(status);
    if (status.state === "failed") this.#show(status.text);
    for (const { uri, text } of status.unread ?? []) this.#show(`${pathOfUri(uri) ?? uri}: ${text}`);
  }

  /** From the first word of loading to the first of anything else. */
  #tellProgress({ state, text }: ServerStatus): void {
    if (state !== "loading") {
      void this.#progress?.then((progress) => progress.done());
      this.#progress = undefined;
    } else if (this.#progress === undefined) {
      this.#progress = this.#connection.window.createWorkDoneProgress();
      void this.#progress.then((progress) => progress.begin("Airssys", undefined, text));
    } else void this.#progress.then((progress) => progress.report(text));
  }

  #show(text: string): void {
    if (this.#shown.has(text)) return;
    this.#shown.add(text);
    // Not the request of that name: nobody is to answer.
    const params: ShowMessageParams = { type: MessageType.Warning, message: `Airssys: ${text}` };
    void this.#connection.sendNotification(ShowMessageNotification.type, params);
  }
}
