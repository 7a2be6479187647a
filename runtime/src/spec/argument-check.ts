/** Checks what a caller hands in and reports every fault at once. */

import type { Clock } from "../values/clock.ts";
import { InvalidArgumentError } from "../values/errors.ts";
import { readField, readFields } from "../values/fields.ts";
import { clip } from "../values/safe-text.ts";
import { print } from "./spec-fault.ts";

interface Bounds {
  /** Inclusive. */
  readonly min?: number;
  /** Exclusive. */
  readonly above?: number;
  /** Inclusive. */
  readonly max?: number;
  readonly isWhole?: boolean;
  /** Whether `Infinity` will do. Default false. */
  readonly orInfinity?: boolean;
}

/** Collects the faults of one call, to throw them together. */
export class ArgumentCheck {
  readonly #subject: string;
  readonly #faults: string[] = [];

  /** @param subject what is being made or called, for the text of the error. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /**
   * Reads options, each once, and finds those that do not exist: they are misspelt ones.
   *
   * @returns a copy: use it instead of what was given, which may read differently the next time.
   * @throws {InvalidArgumentError} at once for what is no object: nothing more can be said of it.
   */
  options<T extends object>(value: T, known: readonly string[]): T {
    const options = typeof value === "object" && value !== null ? readFields(value, known) : undefined;
    if (options === undefined) throw this.fault(`options must be an object, got ${print(value)}`).#error();
    for (const key of Object.keys(options)) if (!known.includes(key)) this.fault(`unknown option "${clip(key, 100)}"`);
    return options;
  }

  number(name: string, value: unknown, bounds: Bounds): this {
    if (!isWithin(value, bounds)) this.fault(`${name} must be ${describe(bounds)}, got ${print(value)}`);
    return this;
  }

  optionalFunction(name: string, value: unknown): this {
    if (value !== undefined && typeof value !== "function") {
      this.fault(`${name} must be a function, got ${print(value)}`);
    }
    return this;
  }

  optionalText(name: string, value: unknown): this {
    if (value !== undefined && typeof value !== "string") this.fault(`${name} must be text, got ${print(value)}`);
    return this;
  }

  optionalClock(value: Clock | undefined): this {
    return this.optionalPort("clock", value, "a Clock", ["now", "monotonicMs", "setTimer", "clearTimer", "keepAlive"]);
  }

  /** Something of the user's with methods. */
  optionalPort(name: string, value: unknown, what: string, methods: readonly string[]): this {
    if (value === undefined) return this;
    const missing = methods.filter((method) => !isObject(value) || typeof readField(value, method) !== "function");
    if (missing.length > 0) this.fault(`${name} must be ${what}, with ${list(methods)}`);
    return this;
  }

  fault(...faults: readonly string[]): this {
    this.#faults.push(...faults);
    return this;
  }

  /** @throws {InvalidArgumentError} with all faults, when there are any. */
  throwIfFaulty(): void {
    if (this.#faults.length > 0) throw this.#error();
  }

  #error(): InvalidArgumentError {
    return new InvalidArgumentError(this.#subject, this.#faults);
  }
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isWithin(value: unknown, { min, above, max, isWhole, orInfinity }: Bounds): boolean {
  if (value === Number.POSITIVE_INFINITY) return orInfinity === true;
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (isWhole === true && !Number.isInteger(value)) return false;
  return value >= (min ?? value) && value > (above ?? Number.NEGATIVE_INFINITY) && value <= (max ?? value);
}

function describe({ min, above, max, isWhole, orInfinity }: Bounds): string {
  const limits = [
    min === undefined ? "" : ` >= ${min}`,
    above === undefined ? "" : ` > ${above}`,
    max === undefined ? "" : ` <= ${max}`,
  ].filter((limit) => limit !== "");
  const kind = isWhole === true ? "a whole number" : "a number";
  return `${kind}${limits.join(" and")}${orInfinity === true ? " or Infinity" : ""}`;
}
