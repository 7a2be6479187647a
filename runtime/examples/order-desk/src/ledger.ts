/** The books: every order, delivery and packed parcel, one line each in a file that survives everything. */
import { type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";
import { Actor, type ActorContext, type Ask } from "airssys-rt";
import type { OrderItem, Payment } from "./order.ts";

export type Entry =
  | {
      readonly kind: "order";
      readonly orderId: number;
      readonly customer: string;
      readonly items: readonly OrderItem[];
      readonly totalCents: number;
      /** Card numbers do not belong in books: only the last four digits are kept. */
      readonly paidWith: Payment["method"];
      readonly paidBy: string;
      readonly receipt: string;
    }
  | { readonly kind: "packed"; readonly orderId: number; readonly packer: string }
  | { readonly kind: "stuck"; readonly orderId: number }
  | { readonly kind: "delivery"; readonly product: string; readonly quantity: number };

export type LedgerMessage =
  /** Writes an entry. The reply, its line number, comes when it is on the disk. */
  | Ask<{ readonly type: "append"; readonly entry: Entry }, number>
  /** Writes an entry; nobody waits. */
  | { readonly type: "note"; readonly entry: Entry }
  /** All entries, oldest first. */
  | Ask<{ readonly type: "history" }, readonly Entry[]>;

/**
 * An actor whose state is a file. One message at a time means one write at a time, so lines never mix and need no lock.
 * What cannot be written crashes it: its supervisor then starts it, and everybody who relies on it, afresh from the file.
 */
export class Ledger extends Actor<LedgerMessage> {
  readonly #path: string;
  #file: FileHandle | undefined;
  #lines = 0;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  override async preStart(_context: ActorContext<LedgerMessage>): Promise<void> {
    await mkdir(path.dirname(this.#path), { recursive: true });
    this.#file = await open(this.#path, "a+");
    const text = await this.#read();
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    // The program died within a write: the line was never confirmed to anybody.
    if (whole.length < text.length) await this.#file.truncate(Buffer.byteLength(whole));
    this.#lines = whole.split("\n").length - 1;
  }

  override async handleMessage(message: LedgerMessage, context: ActorContext<LedgerMessage>): Promise<void> {
    switch (message.type) {
      case "append":
        await this.#append(message.entry);
        context.reply(this.#lines);
        return;
      case "note":
        await this.#append(message.entry);
        return;
      case "history":
        context.reply(await this.#history());
        return;
    }
  }

  override async postStop(): Promise<void> {
    await this.#file?.close();
  }

  async #append(entry: Entry): Promise<void> {
    await this.#opened.appendFile(`${JSON.stringify(entry)}\n`);
    await this.#opened.datasync();
    this.#lines += 1;
  }

  async #history(): Promise<readonly Entry[]> {
    const text = await this.#read();
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Entry);
  }

  async #read(): Promise<string> {
    const { size } = await this.#opened.stat();
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await this.#opened.read(bytes, 0, size, 0);
    return bytes.toString("utf8", 0, bytesRead);
  }

  get #opened(): FileHandle {
    if (this.#file === undefined) throw new Error("the ledger is not open");
    return this.#file;
  }
}
