/** The messages an actor accepts, as plain data. */

/** What tells one kind of message from another. */
export interface Tag {
  /** Equal for equal values: `s:deposit`, `n:1`, `c:Deposit` for a class without a discriminant. */
  readonly key: string;
  /** As one would write it in a comparison: `"deposit"`, `Kind.Deposit`, `Deposit`. */
  readonly text: string;
}

/** A tag at a place where it is missing. */
export interface PlacedTag extends Tag {
  /** Code that means the value there; absent when it cannot be written there. */
  readonly code?: string;
  /** What has to be put into the file first: an import. */
  readonly needs?: { readonly at: number; readonly newText: string };
}

/** A tag of a message that can be sent at a place. */
export interface SendableTag extends PlacedTag {
  /** The other required properties of the message, as one writes their names. */
  readonly fields: readonly string[];
}

export interface Variant {
  readonly tag: Tag;
  /** The declaration the variant comes from, equal in all files: `path#Name:tag`. */
  readonly id: string;
  /** Whether the message is answered, and with what type. */
  readonly reply?: string;
}

/** A protocol whose variants are all known. A type that is open or not understood has no `MessageType`. */
export interface MessageType {
  /** As written where it is used: `AccountMessage`. */
  readonly name: string;
  /** The property that tells the variants apart; absent when the message itself does, or its class. */
  readonly discriminant?: string;
  readonly variants: readonly Variant[];
}
