/** What the clients of one actor asked it for, when, and what came of it: to be told as what a plain object would have done. */
import { inspect, isDeepStrictEqual } from "node:util";
import type { Letter } from "../environment/letter.ts";
import { InvalidArgumentError, typeOf } from "../values/errors.ts";
import { isFields } from "../values/fields.ts";
import { describeValue, safeText } from "../values/safe-text.ts";
import { isThenable } from "../values/thenable.ts";
import { ViolationError } from "./errors.ts";
import { judge, type Operation, type SequentialModel } from "./linearizability.ts";

/** States that are tried at most for one history. */
const MOST_STATES = 100_000;

/** Operations that are told. */
const MOST_TOLD = 12;

type Outcome = { readonly value: unknown } | "error";

class Done implements Operation {
  readonly client: string;
  readonly message: unknown;
  readonly began: number;
  ended: number | undefined = undefined;
  outcome: Outcome | undefined = undefined;

  constructor(client: string, message: unknown, began: number) {
    this.client = client;
    this.message = message;
    this.began = began;
  }

  toString(): string {
    const { outcome } = this;
    const came =
      outcome === undefined ? "(no answer)" : outcome === "error" ? "(an error)" : safeText(outcome.value, 100);
    return `${this.began}–${this.ended ?? ""} ${this.client}: ${safeText(this.message)} → ${came}`;
  }
}

export class History {
  readonly name: string;
  /** What the moments are to the order of turns: an operation that ends, before or after another begins, is not the same. */
  readonly thing: number;
  readonly #model: SequentialModel<Done, object>;
  readonly #methods: ReadonlySet<string>;
  readonly #operations = new Map<Letter, Done>();
  #moment = 0;

  /** @throws {InvalidArgumentError} with every fault. */
  constructor(name: string, model: object, thing: number) {
    this.name = name;
    this.thing = thing;
    this.#model = readModel(model);
    this.#methods = new Set(methodsOf(model));
  }

  begins(letter: Letter, client: string): void {
    this.#operations.set(letter, new Done(client, letter.message, ++this.#moment));
  }

  /** It was answered. What nobody waits for any more has no end, as it may still have its effect. */
  ends(letter: Letter, hasFailed: boolean): void {
    const operation = this.#operations.get(letter);
    if (operation === undefined) return;
    operation.ended = ++this.#moment;
    operation.outcome = hasFailed ? "error" : { value: undefined };
  }

  /** With what it was answered. */
  isAnswered(letter: Letter, value: unknown): void {
    const operation = this.#operations.get(letter);
    const set = (settled: unknown): void => {
      if (operation !== undefined && operation.outcome !== "error") operation.outcome = { value: settled };
    };
    if (isThenable(value)) value.then(set, () => {});
    else set(value);
  }

  /**
   * @returns what could not be decided, in words.
   * @throws {ViolationError} when no order explains the answers.
   * @throws {InvalidArgumentError} for a message without a method.
   */
  check(): string | undefined {
    const operations = [...this.#operations.values()];
    const unknown = operations.map(({ message }) => String(typeOf(message))).find((type) => !this.#methods.has(type));
    if (unknown !== undefined)
      throw new InvalidArgumentError("linearizable", [`the model of ${this.name} has no method ${unknown}`]);
    const verdict = judge(operations, this.#model, MOST_STATES);
    if (verdict.is === "linearizable") return undefined;
    if (verdict.is === "undecided")
      return `whether ${this.name} is linearizable: ${operations.length} operations have too many orders`;
    const { until } = verdict;
    const before = operations.filter(({ began }) => began <= (until.ended as number)).slice(-MOST_TOLD);
    const told = `as no order of its operations explains ${until.client}'s answer: ${before.join("; ")}`;
    throw new ViolationError("linearizable", this.name, told);
  }
}

/** Also those of a class. */
function methodsOf(model: object): readonly string[] {
  const names = new Set<string>();
  for (let at: object | null = model; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  return [...names].filter((name) => name !== "constructor" && typeof Reflect.get(model, name) === "function");
}

/** @throws {InvalidArgumentError} also for what does not let itself be read. */
function readModel(model: object): SequentialModel<Done, object> {
  try {
    return sequential(model, fieldsOf(model));
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    throw new InvalidArgumentError("linearizable", [`the model cannot be read: ${safeText(cause)}`]);
  }
}

/** @throws {InvalidArgumentError} */
function fieldsOf(model: unknown): object {
  if (!isFields(model))
    throw new InvalidArgumentError("linearizable", [`the model must be an object, got ${describeValue(model)}`]);
  if (methodsOf(model).length === 0)
    throw new InvalidArgumentError("linearizable", ["the model must have a method for each type of message"]);
  const fields = Object.entries(model).filter(([, value]) => typeof value !== "function");
  try {
    return structuredClone(Object.fromEntries(fields));
  } catch (cause) {
    throw new InvalidArgumentError("linearizable", [`the fields of the model cannot be copied: ${safeText(cause)}`]);
  }
}

function sequential(model: object, first: object): SequentialModel<Done, object> {
  const methods = Object.fromEntries(Object.entries(model).filter(([, value]) => typeof value === "function"));
  const prototype = Object.getPrototypeOf(model) as object;
  return {
    first,
    textOf: (state) =>
      inspect(state, { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null, breakLength: Infinity }),
    step: (state, { message, outcome }) => {
      const object = Object.assign(Object.create(prototype), structuredClone(state), methods) as Record<
        string,
        unknown
      >;
      const came = outcomeOf(object, message);
      const isAsTold =
        outcome === undefined ||
        (outcome === "error" || came === "error" ? outcome === came : isDeepStrictEqual(outcome.value, came.value));
      if (!isAsTold) return undefined;
      return { state: Object.fromEntries(Object.entries(object).filter(([name]) => !(name in methods))) };
    },
  };
}

function outcomeOf(object: Record<string, unknown>, message: unknown): Outcome {
  try {
    const value = (object[String(typeOf(message))] as (message: unknown) => unknown)(message);
    return { value };
  } catch {
    return "error";
  }
}
