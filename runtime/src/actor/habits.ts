/** What is believed of a handler after the turns it has had: whether it returns promises. */

/**
 * So many turns that were all alike, over all actors that have the handler, and the next is believed to be like them. Few: what a turn
 * does meanwhile must not be what an engine finds it to do often when it compiles it, since it compiles it once.
 */
const TRIAL_TURNS = 100;

interface Habit {
  /** Turns in which it returned a promise. */
  promises: number;
  /** Turns in which it did not. */
  silent: number;
}

const habits = new WeakMap<object, Habit>();
/** The last two that were found to be synchronous: most actors are like the one before, in their start function and their handler. */
let lastSynchronous: object | undefined;
let lastButOne: object | undefined;

/**
 * What is believed of a handler, and so where it runs:
 *
 * | turns with a promise | turns without | belief | scope |
 * |---|---|---|---|
 * | none | {@link TRIAL_TURNS} or more | synchronous | that of all |
 * | {@link TRIAL_TURNS} or more | none | asynchronous | the incarnation's |
 * | any | any | none | one of its own for each turn |
 */
export type Belief = "synchronous" | "asynchronous" | undefined;

function beliefIn({ promises, silent }: Habit): Belief {
  if (promises === 0 && silent >= TRIAL_TURNS) return "synchronous";
  if (silent === 0 && promises >= TRIAL_TURNS) return "asynchronous";
  return undefined;
}

export function beliefOf(handler: object): Belief {
  return handler === lastSynchronous || handler === lastButOne ? "synchronous" : lookUp(handler);
}

function lookUp(handler: object): Belief {
  const habit = habits.get(handler);
  const belief = habit && beliefIn(habit);
  if (belief === "synchronous") {
    lastButOne = lastSynchronous;
    lastSynchronous = handler;
  }
  return belief;
}

/** It has had a turn. @returns what is believed of it now. */
export function noteTurn(handler: object, hasPromised: boolean): Belief {
  let habit = habits.get(handler);
  if (habit === undefined) {
    habit = { promises: 0, silent: 0 };
    habits.set(handler, habit);
  }
  if (!hasPromised) habit.silent++;
  else {
    habit.promises++;
    if (handler === lastSynchronous) lastSynchronous = undefined;
    if (handler === lastButOne) lastButOne = undefined;
  }
  return beliefIn(habit);
}
