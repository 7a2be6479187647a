/** The root of the repository a folder is in: what code hosts take paths from. */
import { existsSync } from "node:fs";
import { pathOfNative } from "../source/path-uri.ts";

/**
 * @param directory absolute, with `/`.
 * @param workspace where a workflow of GitHub has checked the repository out, if it says so.
 * @returns the folder with `.git` at or above it; else that of the workflow when the folder is in it; else the folder itself.
 */
export function repositoryOf(
  directory: string,
  workspace: string | undefined = process.env["GITHUB_WORKSPACE"],
): string {
  for (let at = directory; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (existsSync(`${at}/.git`)) return at;
  const checkedOut = workspace === undefined ? "" : pathOfNative(workspace).replace(/\/$/, "");
  return checkedOut !== "" && `${directory}/`.startsWith(`${checkedOut}/`) ? checkedOut : directory;
}
