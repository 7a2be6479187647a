/** Bytes with one owner: sent without a copy, and gone for whoever sent them. Knows nothing of actors. */

import { BufferClaimedError, InvalidArgumentError } from "./errors.ts";
import { isInstance } from "./instance.ts";

/** ES2024; in every supported Node. */
interface Transferable {
  readonly detached: boolean;
  transferToFixedLength(): ArrayBuffer;
}

/**
 * A message value that carries bytes to one actor. Taking them detaches the buffer they came from: the sender's views of it are
 * empty from then on, and nothing was copied. Whoever gets the message claims them, once.
 *
 * @example
 * encoder.tell({ type: "frame", pixels: OwnedBuffer.take(pixels) }); // pixels.byteLength => 0
 * // in the encoder's handler:
 * const pixels = new Uint8Array(message.pixels.claim());
 */
export class OwnedBuffer {
  readonly byteLength: number;
  #buffer: ArrayBuffer | undefined;

  private constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
    this.byteLength = buffer.byteLength;
  }

  /**
   * Takes the bytes away from whoever has them.
   *
   * @param source a buffer, or a view of all of one. A view of a part is refused: it would take the rest away too. (Node's small
   * `Buffer`s are such views; `Buffer.allocUnsafeSlow` and `new Uint8Array` make others.)
   * @throws {InvalidArgumentError} when it is no such thing, is shared between threads, was taken before, or cannot be taken (the
   * memory of WebAssembly).
   */
  static take(source: ArrayBuffer | ArrayBufferView<ArrayBufferLike>): OwnedBuffer {
    const buffer: unknown = ArrayBuffer.isView(source) ? source.buffer : source;
    if (!isInstance(buffer, ArrayBuffer)) throw refusal("expected an ArrayBuffer or a view of one");
    const { detached } = buffer as unknown as Transferable;
    if (detached) throw refusal("the buffer is detached: it was sent before");
    if (ArrayBuffer.isView(source) && source.byteLength !== buffer.byteLength)
      throw refusal(`the view has ${source.byteLength} of the buffer's ${buffer.byteLength} bytes, expected all`);
    try {
      return new OwnedBuffer((buffer as unknown as Transferable).transferToFixedLength());
    } catch {
      throw refusal("the buffer cannot be detached");
    }
  }

  get isClaimed(): boolean {
    return this.#buffer === undefined;
  }

  /** Hands out the bytes, once: from now on they are the caller's. @throws {BufferClaimedError} the second time. */
  claim(): ArrayBuffer {
    const buffer = this.#buffer;
    if (buffer === undefined) throw new BufferClaimedError(this.byteLength);
    this.#buffer = undefined;
    return buffer;
  }

  toJSON(): { readonly byteLength: number; readonly isClaimed: boolean } {
    return { byteLength: this.byteLength, isClaimed: this.isClaimed };
  }
}

function refusal(fault: string): InvalidArgumentError {
  return new InvalidArgumentError("OwnedBuffer.take", [fault]);
}
