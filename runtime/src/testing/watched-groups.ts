/** Process groups and topics whose uses are heard of while a run is explored. */
import { cellOf } from "../actor/cell.ts";
import type { ActorSystem } from "../system.ts";
import { readField } from "../values/fields.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** Hears that something with a name is looked at, or changed. */
type Uses = (name: string, isChange: boolean) => void;

type Method = (...args: unknown[]) => unknown;

/** Whether a method changes the group or topic that is its first argument; those without one look at all of them. */
const GROUPS = { join: true, leave: true, monitor: true, members: false } as const;
const TOPICS = { subscribe: true, unsubscribe: true, publish: false, subscribers: false } as const;

/** From now on `uses` hears of the system's groups and topics. */
export function watchGroups({ groups, topics }: ActorSystem, uses: Uses): void {
  for (const [method, isChange] of Object.entries(GROUPS)) around(groups, method, "group", isChange, uses);
  for (const [method, isChange] of Object.entries(TOPICS)) around(topics, method, "topic", isChange, uses);
  lookAtAll(groups, "groups", "group", uses);
  lookAtAll(topics, "names", "topic", uses);
}

function around(target: object, method: string, kind: string, isChange: boolean, uses: Uses): void {
  replace(target, method, (original) => (...args) => {
    const [of, member] = args;
    const name = typeof of === "string" ? of : readField(of as object, "name");
    const noted = `the ${kind} ${String(name)}`;
    const result = original(...args);
    // Who looks at all of them changes nothing, and depends on every change of one.
    const changes = (): void => {
      uses(noted, true);
      uses(`all ${kind}s`, false);
    };
    if (!isChange) uses(noted, false);
    else {
      changes();
      if (result !== false && typeof name === "string") atEnd(member, changes);
    }
    return result;
  });
}

/** The end of a member takes it out. */
function atEnd(member: unknown, leave: () => void): void {
  const cell = cellOf(member as AnyActorRef);
  if (!cell.hasEnded) cell.onEnd(leave);
}

function lookAtAll(target: object, method: string, kind: string, uses: Uses): void {
  replace(target, method, (original) => (...args) => {
    uses(`all ${kind}s`, true);
    return original(...args);
  });
}

function replace(target: object, method: string, wrap: (original: Method) => Method): void {
  const original = (readField(target, method) as Method).bind(target);
  Object.defineProperty(target, method, { value: wrap(original), configurable: true });
}
