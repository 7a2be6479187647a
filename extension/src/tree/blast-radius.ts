/** How the rows look while the view shows what a crash takes along, or took along, and what the line at the top says then. Pure. */
import { type Aftermath, keyBefore, outcomesOf } from "../programs/aftermath.ts";
import { type BlastPlan, blastPlanOf, type Fate } from "../programs/blast-plan.ts";
import { endOf } from "../programs/health.ts";
import type { ProgramTree } from "../programs/model.ts";
import type { LiveProgram } from "../programs/node.ts";
import type { SeenRow } from "../programs/row.ts";
import { counted, number, say } from "../sentence.ts";
import { duration } from "../text.ts";
import type { RowMark } from "./row-mark.ts";

/** What is shown: one crash of one program, before or after. */
export interface Blast {
  readonly program: LiveProgram;
  readonly key: string;
  /** For screen readers and the line at the top. */
  readonly sentence: string;
  markOf(key: string): RowMark | undefined;
}

export const BLAST_BADGES: Readonly<Record<string, () => string>> = {
  "✕": () => say("crashes here"),
  "↻": () => say("starts again"),
  "–": () => say("stays down"),
  "!": () => say("not planned"),
};

/**
 * Of an actor that has crashed, what that took along, else what it would.
 *
 * @returns `undefined` when there is no such actor.
 */
export function blastOf(program: LiveProgram, key: string): Blast | undefined {
  const { tree } = program;
  const after = program.aftermaths?.of(key);
  if (after) return afterwards(program, after);
  const plan = blastPlanOf(tree, key);
  if (plan === undefined) return undefined;
  return { program, key, sentence: whenWords(plan, tree), markOf: (each) => planMark(plan, tree, each) };
}

function planMark({ key: crashed, fates, fallen }: BlastPlan, tree: ProgramTree, key: string): RowMark | undefined {
  if (key === crashed) return { icon: "target", tone: "error", badge: "✕", words: say("crashes here") };
  const fate = fates.get(key);
  const row = tree.row(key);
  if (fallen.includes(key))
    return { icon: "arrow-up", tone: "error", badge: SIGNS[fate ?? "staysDown"], words: say("gives up") };
  if (fate === undefined || row === undefined) return undefined;
  return { icon: ICONS[fate], tone: "warning", badge: SIGNS[fate], words: fateWords(row, fate, fates) };
}

const ICONS: { readonly [F in Fate]: string } = { restarts: "debug-restart", staysDown: "circle-slash" };
const SIGNS: { readonly [F in Fate]: string } = { restarts: "↻", staysDown: "–" };

function fateWords({ parent, restart }: SeenRow, fate: Fate, fates: ReadonlyMap<string, Fate>): string {
  if (fate === "restarts") return fates.has(parent ?? "") ? say("state lost") : say("stops, starts again");
  return restart === "temporary" ? say("stops, stays down: temporary") : say("stops, stays down");
}

/** `When dispatch crashes, 5 restart and gift-wrap stays down.` */
function whenWords(plan: BlastPlan, tree: ProgramTree): string {
  return say("When {0} crashes, {1}.", tree.row(plan.key)?.id ?? plan.key, tollWords(plan, tree));
}

/** The same of an actor that is about to be ended: `Then 5 restart and gift-wrap stays down.` */
export function thenWords(plan: BlastPlan, tree: ProgramTree): string {
  return say("Then {0}.", tollWords(plan, tree));
}

function tollWords({ key, fates, fallen, endsSystem }: BlastPlan, tree: ProgramTree): string {
  const above = fallen.map((each) => tree.row(each)?.id ?? each).at(-1);
  if (endsSystem) return counted(fates.size, "the system ends, all {0} actor", "the system ends, all {0} actors");
  const what = toll(fates, key, (each) => tree.row(each)?.id ?? each, WOULD);
  return above === undefined ? what : say("{0} gives up: {1}", above, what);
}

interface TollWords {
  itself(): string;
  alone(): string;
  restarts(count: number): string;
  downAlone(): string;
  down(name: string): string;
  downs(count: number): string;
}

const WOULD: TollWords = {
  itself: () => say("it restarts"),
  alone: () => say("only it restarts"),
  restarts: (count) => counted(count, "{0} restarts", "{0} restart"),
  downAlone: () => say("it stays down"),
  down: (name) => say("{0} stays down", name),
  downs: (count) => counted(count, "{0} stays down", "{0} stay down"),
};
const DID: TollWords = {
  itself: () => say("it restarted"),
  alone: () => say("only it restarted"),
  restarts: (count) => counted(count, "{0} restarted", "{0} restarted"),
  downAlone: () => say("it is down"),
  down: (name) => say("{0} is down", name),
  downs: (count) => counted(count, "{0} is down", "{0} are down"),
};

function toll(
  fates: ReadonlyMap<string, Fate>,
  key: string,
  nameOf: (key: string) => string,
  words: TollWords,
): string {
  const [restarts, downs] = (["restarts", "staysDown"] as const).map((fate) =>
    [...fates].filter(([, each]) => each === fate).map(([each]) => each),
  ) as [string[], string[]];
  const isItself = restarts.length === 1 && restarts[0] === key;
  const parts = [
    isItself ? (downs.length > 0 ? words.itself() : words.alone()) : undefined,
    restarts.length > 0 && !isItself ? words.restarts(restarts.length) : undefined,
    downs.length === 1 ? (downs[0] === key ? words.downAlone() : words.down(nameOf(downs[0] ?? ""))) : undefined,
    downs.length > 1 ? words.downs(downs.length) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length < 2 ? (parts[0] ?? "") : say("{0} and {1}", parts[0] ?? "", parts[1] ?? "");
}

function afterwards(program: LiveProgram, after: Aftermath): Blast {
  const { tree } = program;
  const outcomes = outcomesOf(after, tree);
  return {
    program,
    key: after.key,
    sentence: afterWords(after, outcomes, tree),
    markOf: (key) => afterMark(after, outcomes, tree, key),
  };
}

/**
 * | planned | happened | mark |
 * |---|---|---|
 * | it crashed | | `target`, its error stays beside it |
 * | | its supervisor gave up | `arrow-up` `gave up` |
 * | the same | the same | `as planned` |
 * | nothing, or something else | stopped, or started again | `not planned` |
 * | started again | not yet | `planned, not yet` |
 */
function afterMark(
  after: Aftermath,
  outcomes: ReadonlyMap<string, Fate>,
  tree: ProgramTree,
  key: string,
): RowMark | undefined {
  const row = tree.row(key);
  if (row === undefined) return undefined;
  const { planned, gaveUp } = after;
  const before = keyBefore(after, row);
  if (before === after.key) return { icon: "target", tone: "error", badge: "✕", words: undefined };
  if (gaveUp.includes(key)) {
    const end = endOf(row);
    return {
      icon: "arrow-up",
      tone: "error",
      badge: undefined,
      words: end?.kind === "gaveUp" ? end.text : say("gave up"),
    };
  }
  const [plan, outcome] = [planned.get(before), outcomes.get(before)];
  if (outcome === undefined)
    return plan === undefined
      ? undefined
      : { icon: ICONS[plan], tone: undefined, badge: SIGNS[plan], words: say("planned, not yet") };
  if (outcome !== plan) return { icon: ICONS[outcome], tone: "error", badge: "!", words: say("not planned") };
  const words = outcome === "restarts" ? say("as planned") : say("as planned: stays down");
  return { icon: ICONS[outcome], tone: undefined, badge: SIGNS[outcome], words };
}

/** `dispatch crashed: 5 restarted and gift-wrap is down: as planned.` */
function afterWords(after: Aftermath, outcomes: ReadonlyMap<string, Fate>, tree: ProgramTree): string {
  const { id, isCrash, planned, gaveUp, lives } = after;
  const head = isCrash ? say("{0} crashed", id) : say("{0} ended", id);
  const isAsPlanned =
    planned.size === outcomes.size && [...planned].every(([each, fate]) => outcomes.get(each) === fate);
  if (isAsPlanned) {
    const what = toll(outcomes, after.key, (each) => lives.get(each)?.id ?? each, DID);
    return say("{0}: {1}: as planned.", head, what);
  }
  const missing = [...planned.keys()].filter((each) => !outcomes.has(each)).length;
  const isUnder =
    gaveUp.length === 0 && missing > 0 && [...outcomes].every(([each, fate]) => planned.get(each) === fate);
  if (isUnder) return say("{0}: {1} of {2} done so far.", head, outcomes.size, planned.size);
  const difference = counted(
    planned.size,
    "{1}: {0} was to stop, {2} did.",
    "{1}: {0} were to stop, {2} did.",
    head,
    number(outcomes.size),
  );
  return [difference, ...gaveUp.map((each) => gaveUpWords(tree.row(each), each))].join(" ");
}

function gaveUpWords(row: SeenRow | undefined, key: string): string {
  const limit = row?.supervisor;
  if (row === undefined || limit === undefined) return say("{0} gave up.", row?.id ?? key);
  return counted(
    limit.maxRestarts,
    "{1} gave up: more than {0} restart in {2}.",
    "{1} gave up: more than {0} restarts in {2}.",
    row.id,
    duration(limit.maxRestartPeriodMs),
  );
}

/** Which crash the view shows, if any. Made anew when the tree has changed. */
export class BlastRadius {
  #shown: { readonly program: LiveProgram; readonly key: string } | undefined;
  #made:
    | { readonly revision: number; readonly after: Aftermath | undefined; readonly blast: Blast | undefined }
    | undefined;

  /** @returns whether there is such an actor. */
  show(program: LiveProgram, key: string): boolean {
    this.#made = undefined;
    this.#shown = program.tree.row(key) === undefined ? undefined : { program, key };
    return this.#shown !== undefined;
  }

  hide(): void {
    this.#shown = this.#made = undefined;
  }

  get current(): Blast | undefined {
    if (this.#shown === undefined) return undefined;
    const { program, key } = this.#shown;
    const [revision, after] = [program.tree.revision, program.aftermaths?.of(key)];
    if (this.#made?.revision !== revision || this.#made.after !== after)
      this.#made = { revision, after, blast: blastOf(program, key) };
    return this.#made.blast;
  }

  markOf(program: LiveProgram, key: string): RowMark | undefined {
    const blast = this.current;
    return blast?.program === program ? blast.markOf(key) : undefined;
  }
}
