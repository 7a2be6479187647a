/** What Node's permission model keeps from the extension, and which flags let it in. Pure. */

export interface Restricted {
  /** Arguments of Node, and the value of `NODE_OPTIONS`. */
  readonly args: readonly string[];
  readonly nodeOptions: string;
  /** Flags this Node knows. */
  readonly known: ReadonlySet<string>;
  readonly noDebug: boolean;
}

export interface Denied {
  /** Flags that are missing, to be added. */
  readonly flags: readonly string[];
  /** A debugger cannot be let in: this Node has no flag for it. */
  readonly isHopeless: boolean;
}

/**
 * | `--permission` | run | denied unless the flag is there |
 * |---|---|---|
 * | not given | | nothing |
 * | given | without debugging | `--allow-net`: the way to the viewer; Nodes without that flag do not restrict it |
 * | given | under the debugger | `--allow-inspector`, `--allow-net`, `--allow-child-process`, `--allow-worker`: what the debugger starts with |
 * | given | under the debugger, no `--allow-inspector` in this Node | hopeless: without debugging only |
 */
export function denied({ args, nodeOptions, known, noDebug }: Restricted): Denied {
  const given = new Set([...args, ...nodeOptions.split(/\s+/)].map((arg) => arg.replace(/=.*/, "")));
  const isOn = given.has("--permission") || given.has("--experimental-permission");
  if (!isOn) return { flags: [], isHopeless: false };
  const wanted = noDebug
    ? ["--allow-net"]
    : ["--allow-inspector", "--allow-net", "--allow-child-process", "--allow-worker"];
  return {
    flags: wanted.filter((flag) => known.has(flag) && !given.has(flag)),
    isHopeless: !noDebug && !known.has("--allow-inspector"),
  };
}
