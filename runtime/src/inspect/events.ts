/** What happens in a system, in the words of the protocol. */
import { Cell, cellOf } from "../actor/cell.ts";
import type { InspectedSystem } from "../health/systems.ts";
import { typeOf } from "../values/errors.ts";
import type { RuntimeEvent } from "../values/event.ts";
import { describeExit, type ExitReason } from "../values/exit-reason.ts";
import type { AnyActorRef } from "../values/ref.ts";
import type { EndInfo } from "./actor-row.ts";
import type { InspectEvent } from "./inspect-event.ts";
import { keyOf } from "./keys.ts";
import { LIST_LIMITS } from "./protocol-limits.ts";
import { crashOf, exitText, firstCause, nameText, pathOf, rowText } from "./rows.ts";

/** Events since the last report, those that came first. What is too many is counted, and costs no more than that. */
export class EventLog {
  #events: InspectEvent[] = [];
  #missed = 0;

  /** Never throws, whatever the program's values do. */
  note(system: InspectedSystem, event: RuntimeEvent): void {
    if (!isShown(event)) return;
    if (this.#events.length >= LIST_LIMITS.events) this.#missed++;
    else this.#events.push(...describe(system, event));
  }

  /** Hands them out and begins anew. */
  take(): { readonly events: readonly InspectEvent[]; readonly missed: number } {
    const taken = { events: this.#events, missed: this.#missed };
    this.#events = [];
    this.#missed = 0;
    return taken;
  }
}

type ShownEvent = Extract<
  RuntimeEvent,
  {
    readonly type:
      | "crashed"
      | "restarting"
      | "restarted"
      | "escalated"
      | "deadLetter"
      | "mailboxFull"
      | "systemStopped";
  }
>;

function isShown(event: RuntimeEvent): event is ShownEvent {
  switch (event.type) {
    case "crashed":
    case "restarting":
    case "restarted":
    case "escalated":
    case "deadLetter":
    case "mailboxFull":
    case "systemStopped":
      return true;
    default:
      return false;
  }
}

function describe(system: InspectedSystem, event: ShownEvent): InspectEvent[] {
  const at = system.env.clock.now();
  switch (event.type) {
    case "crashed": {
      const crash = crashOf(system, cellOf(event.actor));
      return crash === undefined ? [] : [{ kind: "crashed", at, ...whoIs(system, event.actor), crash }];
    }
    case "restarting": {
      const keys = (refs: readonly AnyActorRef[]) =>
        refs.slice(0, LIST_LIMITS.plan).map((ref) => keyOf(system, cellOf(ref)));
      const plan = { failed: keyOf(system, cellOf(event.actor)), stop: keys(event.stop), start: keys(event.start) };
      return [{ kind: "restarting", at, ...whoIs(system, event.supervisor), ...plan }];
    }
    case "restarted":
      return [{ kind: "restarted", at, ...whoIs(system, event.actor), incarnation: event.incarnation }];
    case "escalated":
      return [
        {
          kind: "escalated",
          at,
          ...whoIs(system, event.supervisor),
          failed: keyOf(system, cellOf(event.actor)),
          text: escalationText(event),
        },
      ];
    case "deadLetter": {
      const { recipient, sender, message } = event.envelope;
      const messageType = nameText(typeOf(message) ?? "unknown");
      return [
        {
          kind: "deadLetter",
          at,
          path: pathOfAny(recipient),
          ...(sender && { sender: pathOfAny(sender) }),
          messageType,
          reason: event.reason,
        },
      ];
    }
    case "mailboxFull":
      return [{ kind: "mailboxFull", at, ...whoIs(system, event.actor), capacity: event.capacity }];
    case "systemStopped":
      return [
        {
          kind: "systemStopped",
          at,
          system: nameText(event.system),
          text: exitText(event.reason),
          ...why(system, event.reason),
        },
      ];
  }
}

/** A router's recipient may be only a name. */
function pathOfAny(ref: AnyActorRef): string {
  return ref instanceof Cell ? pathOf(ref) : nameText(String(ref.id));
}

function why(
  system: InspectedSystem,
  { kind }: ExitReason,
): { readonly reason: EndInfo["kind"]; readonly cause?: string } {
  const first = kind === "crashed" ? firstCause(system) : undefined;
  return first === undefined ? { reason: kind } : { reason: "gaveUp", cause: keyOf(system, first) };
}

function whoIs(system: InspectedSystem, ref: AnyActorRef): { readonly key: string; readonly path: string } {
  const cell: Cell = cellOf(ref);
  return { key: keyOf(system, cell), path: pathOf(cell) };
}

export function escalationText({
  supervisor,
  actor,
  restarts,
  periodMs,
  reason,
}: Extract<ShownEvent, { type: "escalated" }>): string {
  const who = pathOf(cellOf(supervisor));
  return rowText(
    `${who} gave up after ${restarts} restarts within ${periodMs} ms; last: ${pathOf(cellOf(actor))} ${describeExit(reason)}`,
  );
}
