/** Who waits for what in a system, in words: each actor with something under way or in its queue. */
import type { Cell } from "../actor/cell.ts";
import { PendingAsk } from "../actor/pending-ask.ts";
import { typeOf } from "../values/errors.ts";
import type { AnyActorRef } from "../values/ref.ts";

/** Actors, and messages of one queue, that are told. */
const MOST = 20;
const MOST_QUEUED = 5;

/** One line for each actor that waits, or that messages wait for; and for each question of nobody's that is open. */
export function describeWaits(root: Cell): readonly string[] {
  const asks = openAsks(root);
  const lines = (root.family as readonly Cell[]).map((cell) => describeCell(cell, asks)).filter((line) => line !== "");
  const ofTest = asks.filter(({ sender }) => sender === undefined).map((ask) => `the test ${waitsFor(ask)}`);
  return [...ofTest, ...lines].slice(0, MOST);
}

/** What one actor does and waits for; empty if it does nothing. */
export function describeWait(cell: Cell): string {
  return describeCell(cell, openAsks(cell));
}

function openAsks({ env }: Cell): readonly PendingAsk[] {
  return [...env.deadlines].filter((one) => one instanceof PendingAsk && one.isPending) as unknown as PendingAsk[];
}

function describeCell(cell: Cell, asks: readonly PendingAsk[]): string {
  const own = asks.filter(({ sender }) => sender === cell).map(waitsFor);
  const inHand = cell.letterInHand;
  const handles = inHand === undefined || inHand.isSignal ? [] : [`handles ${messageName(inHand.message)}`];
  const isAwaiting = own.length === 0 && cell.awaitingSince !== undefined;
  const waits = isAwaiting ? ["waits for a promise that has not settled"] : own;
  const queued = cell.firstQueued(MOST_QUEUED).filter(({ isSignal }) => !isSignal);
  const queue = queued.length === 0 ? [] : [`has ${listOf(cell.mailboxDepth, queued)} in its queue`];
  const aside = cell.setAside === 0 ? [] : [`has set aside ${listOf(cell.setAside, cell.kept.stash)}`];
  const parts = [...handles, ...waits, ...queue, ...aside];
  return parts.length === 0 ? "" : `${labelOf(cell)} ${parts.join(" and ")}`;
}

function waitsFor(ask: PendingAsk): string {
  const limit = ask.batch.delayMs;
  return `waits, for ${limit} ms at most, until ${labelOf(ask.recipient)} answers ${messageName(ask.message)}`;
}

/** Its `type`, for people. */
export function messageName(message: unknown): string {
  return typeOf(message) ?? "a message";
}

/** Path below the root. */
export function labelOf({ id }: AnyActorRef): string {
  const slash = id.indexOf("/");
  return slash < 0 ? id : id.slice(slash + 1);
}

function listOf(count: number, letters: readonly { readonly message: unknown }[]): string {
  const types = letters.slice(0, MOST_QUEUED).map(({ message }) => messageName(message));
  return count > types.length ? `${types.join(", ")} and ${count - types.length} more` : types.join(", ");
}
