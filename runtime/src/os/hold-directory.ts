/** Holds a directory in the way that this system can. */
import { DescriptorDirectory } from "./descriptor-directory.ts";
import type { Directory } from "./directory.ts";
import { NamedDirectory } from "./named-directory.ts";
import type { PathSafety } from "./path-safety.ts";

/** @param path the operator's own text: links in it are followed. @throws as `node:fs` does, when there is no such directory. */
export function holdDirectory(path: string, safety: PathSafety): Directory {
  return safety === "descriptors" ? DescriptorDirectory.open(path) : NamedDirectory.open(path, safety === "noLinks");
}
