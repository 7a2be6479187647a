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

/** The debugger loads files of its own into the program; to allow only their folder does not suffice, as tried. */
const READ_ALL = "--allow-fs-read=*";

/**
 * | `--permission` | run | denied unless the flag is there |
 * |---|---|---|
 * | not given | | nothing |
 * | given | without debugging | `--allow-net`: the way to the viewer; Nodes without that flag do not restrict it |
 * | given | under the debugger | `--allow-inspector`, `--allow-net`, `--allow-child-process`, `--allow-fs-read=*`: what the debugger starts with |
 * | given | under the debugger, no `--allow-inspector` in this Node | hopeless: without debugging only |
 */
export function denied({ args, nodeOptions, known, noDebug }: Restricted): Denied {
  const words = [...args, ...nodeOptions.split(/\s+/)];
  const given = new Set(words.map((word) => word.replace(/=.*/, "")));
  const isOn = given.has("--permission") || given.has("--experimental-permission");
  if (!isOn) return { flags: [], isHopeless: false };
  const wanted = noDebug ? ["--allow-net"] : ["--allow-inspector", "--allow-net", "--allow-child-process"];
  const flags = wanted.filter((flag) => known.has(flag) && !given.has(flag));
  if (!noDebug && !words.includes(READ_ALL)) flags.push(READ_ALL);
  return { flags, isHopeless: !noDebug && !known.has("--allow-inspector") };
}
