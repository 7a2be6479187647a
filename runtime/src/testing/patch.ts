/** One property that has something else put in its place for a while, beside others who do the same: mocks of test runners. */

/** Makes what is put there of what was there. */
export type Replacing = (before: unknown) => unknown;

/**
 * | who came | while both are there | what is there when both have gone |
 * |---|---|---|
 * | first a mock, then this | this, which passes on to the mock | what was there before either, whoever goes first |
 * | first this, then a mock | the mock | this, if it goes first, which then only passes on; else what was there before |
 */
export class Patch {
  readonly #target: () => object;
  readonly #key: PropertyKey;
  readonly #replacing: Replacing;
  /** What is put there is read by calling it. */
  readonly #isGetter: boolean;
  #owner: object | undefined = undefined;
  /** What was put there and may still come back, with what was there before it. */
  readonly #before: Map<unknown, PropertyDescriptor | undefined> = new Map();

  /** @param target whose property it is, as of now. */
  constructor(target: () => object, key: PropertyKey, replacing: Replacing, isGetter = false) {
    this.#target = target;
    this.#key = key;
    this.#replacing = replacing;
    this.#isGetter = isGetter;
  }

  /** @returns whether it is there: some objects do not let themselves be changed. */
  put(): boolean {
    const owner = this.#target();
    this.#owner = owner;
    const before = Object.getOwnPropertyDescriptor(owner, this.#key);
    // A mock that came later has put it back.
    if (before !== undefined && this.#before.has(readFrom(before))) return true;
    const put = this.#replacing(Reflect.get(owner, this.#key));
    const enumerable = before?.enumerable ?? false;
    const placed = this.#isGetter ? { get: put as () => unknown } : { value: put, writable: true };
    if (!Reflect.defineProperty(owner, this.#key, { ...placed, enumerable, configurable: true })) return false;
    this.#before.set(put, before);
    return true;
  }

  /** Puts back what was there, unless somebody else has put something there meanwhile. */
  restore(): void {
    const owner = this.#owner;
    if (owner === undefined) return;
    const there = Object.getOwnPropertyDescriptor(owner, this.#key);
    const put = there === undefined ? undefined : readFrom(there);
    if (!this.#before.has(put)) return;
    const before = this.#before.get(put);
    this.#before.delete(put);
    if (before === undefined) Reflect.deleteProperty(owner, this.#key);
    else Reflect.defineProperty(owner, this.#key, before);
  }
}

function readFrom(descriptor: PropertyDescriptor): unknown {
  return descriptor.get ?? (descriptor.value as unknown);
}
