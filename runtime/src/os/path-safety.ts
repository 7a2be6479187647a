/** How sure it is, on each system, that a path leads where it was checked to lead, and what may be granted there. Pure. */
import type { FilePermission } from "./grant.ts";

/**
 * How sure it is that a path leads where it was checked to lead.
 *
 * | safety | where | how | what is not sure | may be granted |
 * |---|---|---|---|---|
 * | `descriptors` | Linux with `/proc` | each part is opened from the one before; all that is done goes by the descriptor | nothing: no swap of directories leads elsewhere | all |
 * | `noLinks` | macOS (untested) | the system itself refuses links in every part (`O_NOFOLLOW_ANY`), and the directory is compared after each opening | a granted directory that is replaced by another one, not by a link, between two looks; what `list`, `stat` and `watch` see while a directory is swapped twice | `read`, `list` |
 * | `identity` | Windows (untested) | the real path, and after each opening the file and each directory on the way are compared with what they were | what is swapped for another and back between two looks; what is swapped is opened before it is refused | `read`, `list` |
 * | `none` | elsewhere | | | nothing: a context that grants files is refused |
 */
export type PathSafety = "descriptors" | "noLinks" | "identity" | "none";

/** What this system can. */
export function pathSafetyOf(platform: NodeJS.Platform, hasProc: boolean): PathSafety {
  if (platform === "linux" && hasProc) return "descriptors";
  if (platform === "darwin") return "noLinks";
  return platform === "win32" ? "identity" : "none";
}

/** Nothing is changed where a path can lead elsewhere: what was written there could not be taken back. */
export function permissionsOn(safety: PathSafety): readonly FilePermission[] {
  if (safety === "descriptors") return ["read", "list", "write", "delete"];
  return safety === "none" ? [] : ["read", "list"];
}
