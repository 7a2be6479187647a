/** Options of `spawn`, checked. */
import type { SpawnOptions } from "./actor.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";
import { InvalidArgumentError } from "./errors.ts";
import { checkMailbox } from "./spec-check.ts";

/** @throws {InvalidArgumentError} with every fault. */
export function spawnSpec(options: SpawnOptions): CellSpec {
  const { id, name, mailbox } = options;
  const faults = checkMailbox(mailbox, ["mailbox"]).map((fault) => fault.message);
  if (id !== undefined && (id === "" || id.includes("/")))
    faults.push(`id must not be empty or contain "/", got ${JSON.stringify(id)}`);
  if (name === "") faults.push("name must not be empty");
  if (faults.length > 0) throw new InvalidArgumentError("spawn", faults);
  return { ...PLAIN_SPEC, id, name, mailbox };
}
