/** The last crash: of all, whose it was; of an actor, with its stack, which programs tell only when they are asked. */
import type { ActorRow } from "airssys-rt/inspect";
import { readCrash } from "../inspect/frame.ts";
import type { LiveProgram, Node } from "../programs/node.ts";
import { actorNode } from "./outline.ts";

/**
 * The row with the stack of its last crash: as the program tells it, or as it stood in the last words of its system. Without it, when
 * neither is there. Never rejects.
 */
export async function withStack<R extends ActorRow>(program: LiveProgram, row: R): Promise<R> {
  const { key, lastCrash } = row;
  if (lastCrash === undefined || lastCrash.stack !== undefined) return row;
  const left = program.tree.systems.find(({ end }) => end?.cause === key)?.end?.crash;
  if (left !== undefined) return { ...row, lastCrash: left };
  if (!program.can("crash")) return row;
  try {
    const crash = readCrash(await program.request({ type: "crash", key }));
    return crash?.incarnation === lastCrash.incarnation ? { ...row, lastCrash: crash } : row;
  } catch {
    // The program is busy, or gone: what is known is shown.
    return row;
  }
}

/** The row that is selected, if its actor has crashed; else the actor that crashed last, if any did. */
export function crashedOf(selected: Node | undefined, programs: readonly LiveProgram[]): Node | undefined {
  if (selected?.kind === "actor" && selected.program.tree.row(selected.key)?.lastCrash) return selected;
  const crashed = programs.flatMap((program) =>
    [...program.tree.rows].flatMap(({ key, lastCrash }) => (lastCrash ? [{ program, key, at: lastCrash.at }] : [])),
  );
  const [last] = crashed.sort((one, other) => other.at - one.at);
  return last && actorNode(last.program, last.key);
}
