/** That one object lives one life: a mark on what has begun to live, unseen by its type, by printing and by comparing. */

class Marked {
  #hasLived = false;

  static has(object: object): boolean {
    return #hasLived in object;
  }

  /** @returns whether that is its first life. */
  static begin(behavior: object): boolean {
    if (!(#hasLived in behavior)) return beginUnmarked(behavior);
    if (behavior.#hasLived) return false;
    behavior.#hasLived = true;
    return true;
  }
}

/** A base class that brings the mark, and adds nothing to a type: whatever handles messages is an actor. */
export const SingleLife: new () => object = Marked;

/** Behaviors that derive from no `Actor` and have begun a life: rare, since keeping them costs ten times what starting one does. */
const others: WeakSet<object> = new WeakSet();

function beginUnmarked(behavior: object): boolean {
  if (others.has(behavior)) return false;
  others.add(behavior);
  return true;
}

/** Notes that a behavior begins to live. @returns false if it has before. */
export const beginLife: (behavior: object) => boolean = Marked.begin;

/** Whether an object bears the mark: it is then the first of its private fields. */
export const bearsMark: (object: object) => boolean = Marked.has;
