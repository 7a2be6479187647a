/** What `crypto` gives whoever owns chance here: as many bytes, drawn from the seed. Never for secrets. */
import type { Random } from "../values/random.ts";

const BYTE = 256;

/** Fills some bytes. */
export function fill(bytes: Uint8Array, random: Random): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(random() * BYTE);
}

/** The bytes of what `crypto.getRandomValues` takes; `undefined` for what it refuses. */
export function bytesOf(values: unknown): Uint8Array | undefined {
  if (!ArrayBuffer.isView(values) || values instanceof DataView || values.byteLength > 65_536) return undefined;
  if (/^Float/.test(values.constructor.name)) return undefined;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A UUID of version 4. */
export function uuid(random: Random): string {
  const bytes = new Uint8Array(16);
  fill(bytes, random);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** As `randomInt` of `node:crypto`; `undefined` for what it refuses. */
export function intBetween(random: Random, one: unknown, other: unknown): number | undefined {
  const [min, max] = typeof other === "number" ? [one, other] : [0, one];
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) return undefined;
  const range = (max as number) - (min as number);
  return range > 0 && range <= 2 ** 48 ? (min as number) + Math.floor(random() * range) : undefined;
}
