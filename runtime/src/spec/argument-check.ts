/** Checks what a caller hands in and reports every fault at once. */

import type { Clock } from "../values/clock.ts";
import { InvalidArgumentError } from "../values/errors.ts";
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
   * Finds options that do not exist: they are misspelt ones.
   * @throws {InvalidArgumentError} at once for what is no object: nothing more can be said of it.
   */
  options(value: unknown, known: readonly string[]): this {
    if (typeof value !== "object" || value === null) {
      this.fault(`options must be an object, got ${print(value)}`).throwIfFaulty();
    } else for (const key of Object.keys(value)) if (!known.includes(key)) this.fault(`unknown option "${key}"`);
    return this;
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

  optionalClock(value: Clock | undefined): this {
    if (value !== undefined && typeof value?.setTimer !== "function") this.fault("clock must be a Clock");
    return this;
  }

  fault(...faults: readonly string[]): this {
    this.#faults.push(...faults);
    return this;
  }

  /** @throws {InvalidArgumentError} with all faults, when there are any. */
  throwIfFaulty(): void {
    if (this.#faults.length > 0) throw new InvalidArgumentError(this.#subject, this.#faults);
  }
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
