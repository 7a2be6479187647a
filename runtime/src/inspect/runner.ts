/** Who keeps the event loop: the actor whose callback runs right now. Also asked from within that callback, by a debugger. */
import { type Cell, cellOf } from "../actor/cell.ts";
import { Incarnation } from "../actor/incarnation.ts";
import { type InspectedSystem, runningSystems } from "../health/systems.ts";
import { currentScope } from "../values/async-scope.ts";
import { typeOf } from "../values/errors.ts";
import { keyOf } from "./keys.ts";
import type { Runner } from "./protocol.ts";
import { nameText, pathOf } from "./rows.ts";

/** A turn that runs comes first; what follows an `await` is no turn, and known by its scope. */
export function runner(): Runner | undefined {
  for (const system of runningSystems()) {
    const { running } = system.env;
    if (running !== undefined) return describe(system, cellOf(running));
  }
  const scope = currentScope();
  const owner = scope?.owner ?? scope?.starter;
  if (!(owner instanceof Incarnation)) return undefined;
  const system = runningSystems().find(({ env }) => env === owner.host.env);
  return system && describe(system, cellOf(owner.self));
}

function describe(system: InspectedSystem, cell: Cell): Runner {
  const letter = cell.letterInHand;
  const messageType = letter === undefined || letter.isSignal ? undefined : typeOf(letter.message);
  return {
    key: keyOf(system, cell),
    path: pathOf(cell),
    ...(messageType === undefined ? {} : { messageType: nameText(messageType) }),
    ...(messageType === undefined || letter?.sender === undefined ? {} : { sender: letter.sender.id }),
  };
}
