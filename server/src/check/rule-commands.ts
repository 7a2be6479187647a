/** `airssys rules` and `airssys explain`: what there is to be found, and why it is a fault. */
import { FileSettings } from "../engine/file-settings.ts";
import { severityOf } from "../engine/rule-settings.ts";
import { closestWord } from "../rules/closest-word.ts";
import { RULES } from "../rules/index.ts";
import type { FileSystem } from "../source/file-system.ts";
import { uriOfPath } from "../source/path-uri.ts";
import { readRulePage, rulePageIn } from "../source/rule-pages.ts";
import type { Output } from "./output.ts";
import type { Style } from "./style.ts";

/** @param directory absolute, with `/`: the settings there say which rules are on. */
export function printRules(
  directory: string,
  files: FileSystem,
  { asJson, style, pages }: { readonly asJson: boolean; readonly style: Style; readonly pages: string },
  out: Output,
): void {
  const settings = new FileSettings(files, RULES).of(`${directory}/_`);
  const rules = RULES.map((rule) => ({
    number: rule.code,
    name: rule.name,
    finds: rule.title,
    severity: rule.severity,
    preset: rule.preset,
    here: (settings === "ignored" ? undefined : severityOf(settings, rule)) ?? "off",
    options: rule.options ?? {},
  }));
  if (asJson) {
    out.write(`${JSON.stringify({ version: 1, rules }, undefined, 2)}\n`);
    return;
  }
  const widest = Math.max(...rules.map(({ name }) => name.length));
  for (const { number, name, finds, preset, here } of rules) {
    const page = rulePageIn(pages, name);
    const linked = style.link(name, page === undefined ? undefined : uriOfPath(page));
    const level = here.padEnd(11);
    out.write(
      `${number}  ${linked}${" ".repeat(widest - name.length)}  ${here === "off" ? style.dim(level) : level}  ${preset.padEnd(11)}  ${finds}\n`,
    );
  }
}

/** @returns the exit code. */
export function explainRule(
  named: string,
  { style, pages }: { readonly style: Style; readonly pages: string },
  out: Output,
  err: Output,
): number {
  const rule = RULES.find(({ name, code }) => name === named || String(code) === named);
  const page = rule === undefined ? undefined : readRulePage(pages, rule.name);
  if (rule === undefined || page === undefined) {
    const near = closestWord(
      RULES.map(({ name }) => name),
      named,
    );
    const meant = near === undefined ? ": airssys rules lists them" : `: did you mean "${near}"?`;
    err.write(
      `airssys: ${rule === undefined ? `there is no rule "${named}"${meant}` : `the page of ${named} is missing`}\n`,
    );
    return 2;
  }
  out.write(page.replace(/^(#+ .*)$/gm, (head) => style.bold(head)));
  return 0;
}
