/** What the types of messages say: which have a reply, and what a discriminant selects. Types only. */

declare const REPLY: unique symbol;

/**
 * A message that is answered with an `R`. The reply type travels with the message type and exists for the compiler only.
 *
 * @example
 * type AccountMessage = { readonly type: "deposit"; readonly amount: number } | Ask<{ readonly type: "balance" }, number>;
 */
export type Ask<M, R> = M & { readonly [REPLY]?: { readonly reply: R } };

/** The reply type of a message: a union of all of them for a protocol, `never` where nothing is answered. */
export type ReplyOf<M> = M extends unknown
  ? typeof REPLY extends keyof M
    ? Exclude<M[typeof REPLY], undefined> extends { readonly reply: infer R }
      ? R
      : never
    : never
  : never;

/** The messages of a protocol that are answered. */
export type AskOf<M> = M extends unknown ? (typeof REPLY extends keyof M ? M : never) : never;

/** The messages of a protocol that are answered, by their `type`. */
export type AskMap<M> = {
  readonly [A in AskOf<M> as A extends { readonly type: infer T extends PropertyKey } ? T : never]: A;
};

/** The replies of a protocol, by the `type` of the message they answer. */
export type ReplyMap<M> = {
  readonly [A in AskOf<M> as A extends { readonly type: infer T extends PropertyKey } ? T : never]: ReplyOf<A>;
};

/** The values of the discriminant `type` of a protocol. */
export type TypeOf<M> = M extends { readonly type: infer T } ? T : never;

/** The message of protocol `M` with the discriminant `T`. */
export type Variant<M, T> = M extends { readonly type: infer U } ? (T extends U ? M : never) : never;
