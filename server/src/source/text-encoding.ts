/** How the text of a file lies on the disk: in UTF-8, or in UTF-16 where a byte order mark says so, as compilers read it. */

export interface EncodedText {
  /** Without the byte order mark. */
  readonly text: string;
  /** Another text for the same file, with its mark. */
  encode(text: string): Uint8Array;
}

const MARK = "\ufeff";

/** What is no UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Buffer): EncodedText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: bytes.toString("utf16le", 2), encode: (text) => Buffer.from(MARK + text, "utf16le") };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return {
      text: swapped(bytes).toString("utf16le", 2),
      encode: (text) => swapped(Buffer.from(MARK + text, "utf16le")),
    };
  const text = bytes.toString("utf8");
  const mark = text.startsWith(MARK) ? MARK : "";
  return { text: text.slice(mark.length), encode: (other) => Buffer.from(mark + other, "utf8") };
}

/** A copy with the other order of bytes; half a character at the end is left out. */
function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
