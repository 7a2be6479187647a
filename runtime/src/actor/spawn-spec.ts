/** Options of `spawn`, checked. */

import { checkMailbox } from "../spec/spec-check.ts";
import { type Fields, print, unknownKeys } from "../spec/spec-fault.ts";
import type { SpawnOptions } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";

/** @throws {InvalidArgumentError} with every fault. */
export function spawnSpec(options: SpawnOptions): CellSpec {
  if (typeof options !== "object" || options === null)
    throw new InvalidArgumentError("spawn", ["options must be an object"]);
  const { id, name, mailbox } = options;
  const faults = [
    ...unknownKeys(options as Fields, ["id", "name", "mailbox"], []),
    ...checkMailbox(mailbox, ["mailbox"]),
  ].map((fault) => fault.message);
  if (id !== undefined && (typeof id !== "string" || id === "" || id.includes("/")))
    faults.push(`id must be text, not empty and without "/", got ${print(id)}`);
  if (name !== undefined && (typeof name !== "string" || name === ""))
    faults.push(`name must be text and not empty, got ${print(name)}`);
  if (faults.length > 0) throw new InvalidArgumentError("spawn", faults);
  return { ...PLAIN_SPEC, id, name, mailbox };
}
