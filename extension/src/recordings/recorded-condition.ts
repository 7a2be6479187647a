/** Conditions of breakpoints, asked of recorded messages: the user's own code, which sees a message as data and has little time. */
import vm from "node:vm";
import type { ConditionFacts, Judge } from "./recorded-jumps.ts";

/** Milliseconds a condition may take for one message, and how often it may take them. */
const LONGEST_MS = 100;
const PATIENCE = 10;

interface Compiled {
  readonly script: vm.Script;
  readonly context: vm.Context;
  timesOut: number;
  lastError?: unknown;
}

/** Each condition is compiled once. One that takes too long again and again is asked no more. */
export class RecordedConditions {
  readonly #compiled = new Map<string, Compiled>();

  readonly judge: Judge = (condition, facts) => {
    const compiled = this.#compiled.get(condition) ?? compile(condition);
    this.#compiled.set(condition, compiled);
    if (compiled.timesOut >= PATIENCE) throw compiled.lastError;
    return holds(compiled, facts);
  };
}

function compile(condition: string): Compiled {
  return { script: new vm.Script(`(${condition}\n)`), context: vm.createContext({}), timesOut: 0 };
}

function holds(compiled: Compiled, { message, sender, actor }: ConditionFacts): boolean {
  const { script, context } = compiled;
  Object.assign(context, { message, sender, actor, incarnation: undefined });
  try {
    return Boolean(script.runInContext(context, { timeout: LONGEST_MS }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") compiled.timesOut++;
    compiled.lastError = error;
    throw error;
  }
}
