/** Paths of actors with `*` in the place of one part. */

import { print } from "../spec/spec-fault.ts";
import { InvalidArgumentError } from "../values/errors.ts";

/** Compares paths part by part; `*` stands for any one. Without a pattern, every path fits. @throws {InvalidArgumentError} for no text. */
export function pathMatcher(pattern: string | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  if (typeof pattern !== "string")
    throw new InvalidArgumentError("pathMatcher", [`pattern must be text, got ${print(pattern)}`]);
  const wanted = pattern.split("/");
  if (!wanted.includes("*")) return (path) => path === pattern;
  return (path) => {
    const parts = path.split("/");
    return parts.length === wanted.length && parts.every((part, at) => wanted[at] === "*" || wanted[at] === part);
  };
}
