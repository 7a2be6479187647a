/** Whether a value cannot be looked into without calling code of the program: it is a proxy, or derives from one. Knows no actors. */
import { types } from "node:util";

/** Prototypes that are looked at. What has more is not read. */
const PROTOTYPES_LIMIT = 100;

/** Whether to read it would call a trap: it is a proxy, or one of those that it derives from is. */
export function isProxied(value: object): boolean {
  let at: object | null = value;
  for (let level = 0; at !== null; level++) {
    if (level > PROTOTYPES_LIMIT || types.isProxy(at)) return true;
    at = Object.getPrototypeOf(at) as object | null;
  }
  return false;
}
