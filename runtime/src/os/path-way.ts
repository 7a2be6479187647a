/** All names that the system comes by when it follows a path: whoever may change one of them decides where it leads. */
import fs from "node:fs";
import path from "node:path";

/** Links that Linux follows on one way. */
const MAX_LINKS = 40;

/**
 * The real place of each name on the way, links and what they lead to among them, the end last. A name that is not there ends it, with
 * what would lie below it: who may make it decides as well.
 *
 * @param start an absolute path.
 */
export function wayOf(start: string): readonly string[] {
  const way: string[] = [];
  const { root } = path.parse(start);
  let at = root;
  let rest = partsOf(start.slice(root.length));
  for (let links = 0; ; ) {
    const [name, ...more] = rest;
    if (name === undefined) return way;
    rest = more;
    if (name === "..") at = path.dirname(at);
    if (name === "..") continue;
    const place = path.join(at, name);
    way.push(place);
    const leadsTo = linkAt(place);
    if (leadsTo === undefined) at = place;
    else if (++links > MAX_LINKS) return way;
    else {
      if (path.isAbsolute(leadsTo)) at = path.parse(leadsTo).root;
      rest = [...partsOf(leadsTo), ...rest];
    }
  }
}

function partsOf(text: string): readonly string[] {
  return text.split(path.sep).filter((part) => part !== "" && part !== ".");
}

/** What a link says; `undefined` for everything else, and for what cannot be looked at. */
function linkAt(place: string): string | undefined {
  try {
    return fs.readlinkSync(place);
  } catch {
    // No link, or nothing.
    return undefined;
  }
}
