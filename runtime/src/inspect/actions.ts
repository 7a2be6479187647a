/** What a viewer may do to actors. Every action is one that the program itself could do. */

import { type Cell, cellOf } from "../actor/cell.ts";
import { restartChild, terminateChild } from "../supervision/children.ts";
import { AirssysError } from "../values/errors.ts";
import { isInstance } from "../values/instance.ts";
import { messageOf } from "../values/safe-text.ts";
import type { InspectErrorCode } from "./protocol.ts";

/** An action that was refused, in the words of the protocol. */
export class ActionRefused extends AirssysError {
  readonly code: InspectErrorCode;
  constructor(code: InspectErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type Action = "kill" | "restart" | "stop";

/** Carries out an action. @returns when it has been, unless that is at once. @throws {ActionRefused} as a rejection. */
export function act(action: Action, cell: Cell): Promise<void> | undefined {
  switch (action) {
    case "kill":
      cell.receiveKill();
      return undefined;
    case "stop":
      if (supervisorOf(cell) !== undefined) return ordered(() => terminateChild(parentOf(cell).asRef, nameOf(cell)));
      cell.endByOrder({ kind: "shutdown" });
      return undefined;
    case "restart":
      return ordered(() => restart(cell));
  }
}

/** Sends a message as if nobody had sent it. @returns whether the mailbox took it. */
export function send(cell: Cell, message: unknown): { readonly accepted: boolean } {
  if (cell.isSupervisor) throw new ActionRefused("ERR_NOT_SUPPORTED", `the supervisor ${cell.id} takes no messages`);
  return { accepted: cell.tell(message) };
}

/** Ends it in order and starts it again; this is not counted as a restart after a crash. */
async function restart(cell: Cell): Promise<void> {
  const supervisor = supervisorOf(cell);
  if (supervisor === undefined || cell.spec.id === undefined || cell.spec.restart === "temporary") {
    throw new ActionRefused("ERR_NOT_SUPPORTED", `${cell.id} cannot be restarted: no supervisor keeps its spec`);
  }
  await terminateChild(supervisor.asRef, cell.spec.id);
  await restartChild(supervisor.asRef, cell.spec.id);
}

function supervisorOf(cell: Cell): Cell | undefined {
  const parent = cell.parent as Cell | undefined;
  return parent?.isSupervisor === true && cell.spec.restart !== undefined ? parent : undefined;
}

function parentOf(cell: Cell): Cell {
  return cellOf(cell.parent);
}

function nameOf(cell: Cell): string | Cell {
  return cell.spec.id ?? cell;
}

async function ordered(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (isInstance(error, ActionRefused)) throw error;
    throw new ActionRefused("ERR_ACTION_FAILED", messageOf(error));
  }
}
