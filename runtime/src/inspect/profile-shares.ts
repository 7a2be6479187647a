/** Shares the samples of a CPU profile out among those whose turns ran then. Pure. */

interface CallFrame {
  readonly functionName: string;
  readonly scriptId: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
    readonly children?: readonly number[];
  }[];
  /** Microseconds. */
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Whose turns are meant: one actor, one type of message. */
export interface TurnLabel {
  readonly actor: number;
  readonly messageType?: string;
}

export interface Share<L extends TurnLabel = TurnLabel> {
  readonly label: L;
  us: number;
  turns: number;
  hot?: { readonly name: string; readonly file: string; readonly line: number; readonly column: number };
}

/** Nothing is told of them apart. */
const SEVERAL = -1;

/**
 * | a sample | is of |
 * |---|---|
 * | `(idle)` | nobody |
 * | within the synchronous part of a turn | that actor and message |
 * | outside of any, and one of its functions ran in turns of one actor and message only | these: it followed an `await` |
 * | the same of one actor, but several messages | the actor |
 * | anything else | nobody |
 */
export class Shares {
  /** The most time first. */
  readonly rows: readonly Share[];
  idleUs = 0;
  otherUs = 0;
  readonly #profile: CpuProfile;
  readonly #labels: readonly TurnLabel[];
  readonly #byNode: Map<number, { readonly frame: CallFrame; readonly parent: number | undefined }>;
  readonly #shares = new Map<string, Share>();
  readonly #hot = new Map<string, Map<number, number>>();

  /**
   * @param turns label, begin and end of the synchronous part of each turn, in microseconds, in their order; an end of 0: it never came
   * @param shiftUs what is to be added to the times of the profile to compare them with those of turns
   */
  constructor(profile: CpuProfile, turns: readonly number[], labels: readonly TurnLabel[], shiftUs: number) {
    this.#profile = profile;
    this.#labels = labels;
    this.#byNode = parentsOf(profile);
    const unlabelled = this.#shareTurns(turns, shiftUs);
    const owners = this.#ownersOf(unlabelled.labelled);
    for (const { node, us } of unlabelled.rest) this.#shareLater(node, us, owners);
    for (let at = 0; at < turns.length; at += 3) {
      const label = labels[turns[at] ?? 0];
      if (label) this.#shareOf(label).turns++;
    }
    this.rows = [...this.#shares]
      .map(([name, share]) => ({ ...share, ...this.#hottest(name) }))
      .sort((one, other) => other.us - one.us);
  }

  #shareTurns(
    turns: readonly number[],
    shiftUs: number,
  ): { readonly labelled: Map<number, Set<number>>; readonly rest: { readonly node: number; readonly us: number }[] } {
    const { samples = [], timeDeltas = [] } = this.#profile;
    const labelled = new Map<number, Set<number>>();
    const rest: { readonly node: number; readonly us: number }[] = [];
    let time = this.#profile.startTime + shiftUs;
    let turn = 0;
    samples.forEach((node, index) => {
      time += timeDeltas[index] ?? 0;
      // A sample stands for the time until the next one.
      const us = Math.max(0, timeDeltas[index + 1] ?? 0);
      if (this.#byNode.get(node)?.frame.functionName === "(idle)") {
        this.idleUs += us;
        return;
      }
      while (turn < turns.length && isOver(turns, turn, time)) turn += 3;
      const number = turn < turns.length && (turns[turn + 1] ?? 0) <= time ? (turns[turn] ?? 0) : undefined;
      const label = number === undefined ? undefined : this.#labels[number];
      if (number === undefined || label === undefined) rest.push({ node, us });
      else {
        labelled.set(node, (labelled.get(node) ?? new Set()).add(number));
        this.#add(label, node, us);
      }
    });
    return { labelled, rest };
  }

  /** In whose turns each function of the program ran: the number of a label, `SEVERAL`, or an actor by its number as text. */
  #ownersOf(labelled: ReadonlyMap<number, ReadonlySet<number>>): ReadonlyMap<string, TurnLabel | typeof SEVERAL> {
    const owners = new Map<string, TurnLabel | typeof SEVERAL>();
    for (const [node, numbers] of labelled)
      for (const frame of this.#stackOf(node))
        for (const number of numbers) {
          const label = this.#labels[number];
          if (label) owners.set(placeOf(frame), merged(owners.get(placeOf(frame)), label));
        }
    return owners;
  }

  #shareLater(node: number, us: number, owners: ReadonlyMap<string, TurnLabel | typeof SEVERAL>): void {
    for (const frame of this.#stackOf(node)) {
      const owner = owners.get(placeOf(frame));
      if (owner === undefined || owner === SEVERAL) continue;
      this.#add(owner, node, us);
      return;
    }
    this.otherUs += us;
  }

  /** Functions of the program, the innermost first. */
  *#stackOf(node: number): Iterable<CallFrame> {
    for (
      let at = this.#byNode.get(node);
      at !== undefined;
      at = at.parent === undefined ? undefined : this.#byNode.get(at.parent)
    )
      if (isOfProgram(at.frame)) yield at.frame;
  }

  #add(label: TurnLabel, node: number, us: number): void {
    this.#shareOf(label).us += us;
    const name = nameOf(label);
    const hot = this.#hot.get(name) ?? new Map<number, number>();
    hot.set(node, (hot.get(node) ?? 0) + us);
    this.#hot.set(name, hot);
  }

  #shareOf(label: TurnLabel): Share {
    const name = nameOf(label);
    const share = this.#shares.get(name) ?? { label, us: 0, turns: 0 };
    this.#shares.set(name, share);
    return share;
  }

  #hottest(name: string): Pick<Share, "hot"> {
    const functions = new Map<string, { readonly frame: CallFrame; us: number }>();
    for (const [node, us] of this.#hot.get(name) ?? []) {
      const [frame] = this.#stackOf(node);
      if (frame === undefined) continue;
      const known = functions.get(placeOf(frame)) ?? { frame, us: 0 };
      known.us += us;
      functions.set(placeOf(frame), known);
    }
    const [most] = [...functions.values()].sort((one, other) => other.us - one.us);
    if (most === undefined) return {};
    const { functionName, url, lineNumber, columnNumber } = most.frame;
    return { hot: { name: functionName || "(anonymous)", file: url, line: lineNumber + 1, column: columnNumber + 1 } };
  }
}

/** The same label, or of one actor that of no message, or nobody's. */
function merged(known: TurnLabel | typeof SEVERAL | undefined, label: TurnLabel): TurnLabel | typeof SEVERAL {
  if (known === undefined) return label;
  if (known === SEVERAL || known.actor !== label.actor) return SEVERAL;
  if (known.messageType === label.messageType || known.messageType === undefined) return known;
  const { messageType: _, ...actor } = known;
  return actor;
}

function nameOf({ actor, messageType }: TurnLabel): string {
  return `${actor} ${messageType === undefined ? "" : JSON.stringify(messageType)}`;
}

function isOver(turns: readonly number[], turn: number, time: number): boolean {
  const end = turns[turn + 2] ?? 0;
  if (end > 0) return end <= time;
  // It never returned: what comes after it begins with the next.
  return turn + 4 < turns.length && (turns[turn + 4] ?? 0) <= time;
}

function placeOf({ scriptId, lineNumber, columnNumber }: CallFrame): string {
  return `${scriptId}:${lineNumber}:${columnNumber}`;
}

/** What belongs to Node and to the runtime runs in every turn. */
function isOfProgram({ url }: CallFrame): boolean {
  return url !== "" && !url.startsWith("node:") && (OWN_FOLDER === undefined || !url.startsWith(OWN_FOLDER));
}

/** Where the runtime's files lie; none when it was bundled with the program. */
const OWN_FOLDER = /^(.*\/)inspect\/profile-shares\.[jt]s$/.exec(import.meta.url)?.[1];

function parentsOf({
  nodes,
}: CpuProfile): Map<number, { readonly frame: CallFrame; readonly parent: number | undefined }> {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  return new Map(nodes.map(({ id, callFrame }) => [id, { frame: callFrame, parent: parents.get(id) }]));
}
