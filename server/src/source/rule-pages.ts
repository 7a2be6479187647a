/** The pages of the rules: what each reports and what not, in Markdown. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @param here folder of a script of ours: in the extension the pages lie beside it, in the package and the source tree above it. */
export function rulePagesNear(here: string): string {
  const folders = [join(here, "docs", "rules"), join(here, "..", "docs", "rules")];
  return folders.find((folder) => existsSync(folder)) ?? here;
}

/** Where the page of a rule is, when it is there. */
export function rulePageIn(folder: string, rule: string): string | undefined {
  const path = `${folder}/${rule}.md`;
  return existsSync(path) ? path.replaceAll("\\", "/") : undefined;
}

/** @returns the Markdown of the page, `undefined` when it is not there. */
export function readRulePage(folder: string, rule: string): string | undefined {
  const path = rulePageIn(folder, rule);
  return path === undefined ? undefined : readFileSync(path, "utf8");
}
