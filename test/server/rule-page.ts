/** The examples of the pages in `server/docs/rules`, which the tests run. */
import { readFileSync } from "node:fs";
import path from "node:path";

export const PAGES = path.join(import.meta.dirname, "../../server/docs/rules");

export function pageOf(rule: string): string {
  return readFileSync(path.join(PAGES, `${rule}.md`), "utf8");
}

/** @param heading `Reported` or `Not reported`. */
export function examples(page: string, heading: string): readonly string[] {
  const section = page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
}
