/** Accepts a value of type `T`: the compiler is the test. */
export declare function expectType<T>(value: T): void;
