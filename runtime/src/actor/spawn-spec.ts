/** Options of `spawn`, checked. */

import { checkMailbox, ownMailbox } from "../spec/spec-check.ts";
import { print, unknownKeys } from "../spec/spec-fault.ts";
import type { SpawnOptions } from "../values/actor.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { type Fields, readFields } from "../values/fields.ts";
import { type CellSpec, PLAIN_SPEC } from "./cell-spec.ts";

const KEYS = ["id", "name", "mailbox"];

/** @throws {InvalidArgumentError} with every fault. */
export function spawnSpec(options: SpawnOptions): CellSpec {
  const own = typeof options === "object" && options !== null ? readFields(options, KEYS) : undefined;
  if (own === undefined) throw new InvalidArgumentError("spawn", ["options must be an object"]);
  const { id, name } = own;
  const mailbox = ownMailbox(own.mailbox);
  const faults = [...unknownKeys(own as Fields, KEYS, []), ...checkMailbox(mailbox, ["mailbox"])].map(
    (fault) => fault.message,
  );
  if (id !== undefined && (typeof id !== "string" || id === "" || id.includes("/")))
    faults.push(`id must be text, not empty and without "/", got ${print(id)}`);
  if (name !== undefined && (typeof name !== "string" || name === ""))
    faults.push(`name must be text and not empty, got ${print(name)}`);
  if (faults.length > 0) throw new InvalidArgumentError("spawn", faults);
  return { ...PLAIN_SPEC, id, name, mailbox };
}
