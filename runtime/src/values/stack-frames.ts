/** What an error keeps alive: until its `stack` is read, V8 keeps the frames it was made in, and with each frame its `this`. Leaf. */

/** Errors of one chain that are looked at: of `cause`, and of `errors` in an `AggregateError`. */
const MOST = 32;

/**
 * Lets go of the frames in which an error and those it names as its causes were made: the text of the stack is written now, once, and
 * what is kept is text. A crash that somebody keeps then keeps no instance. Never throws, whatever a getter or
 * `Error.prepareStackTrace` does; an error whose stack cannot be read keeps its frames.
 */
export function letGoOfFrames(cause: unknown): void {
  if (typeof cause !== "object" || cause === null) return;
  // By name, since each crash pays for it.
  const error = cause as { readonly stack?: unknown; readonly cause?: unknown; readonly errors?: unknown };
  try {
    void error.stack;
    if (error.cause === undefined && error.errors === undefined) return;
  } catch {
    // What cannot be read may have causes that can.
  }
  letGoOfCauses(cause);
}

function letGoOfCauses(error: object): void {
  const errors = new Set<unknown>([error]);
  for (const one of errors) {
    if (typeof one !== "object" || one === null) continue;
    void field(one, "stack");
    for (const inner of [field(one, "cause"), ...several(field(one, "errors"))])
      if (errors.size < MOST) errors.add(inner);
  }
}

function field(error: object, key: string): unknown {
  try {
    return (error as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** The first of a list, and nothing of what is none. */
function several(list: unknown): readonly unknown[] {
  try {
    return Array.isArray(list) ? list.slice(0, MOST) : [];
  } catch {
    return [];
  }
}
