/** The colour of a row's name and what stands at its right edge. VS Code knows both only for resources, so each look is one. */
import * as vscode from "vscode";
import type { Tone } from "../programs/node.ts";
import { say } from "../sentence.ts";
import { BLAST_BADGES } from "./blast-radius.ts";
import { DIFFERENCE_BADGES } from "./compare.ts";

const SCHEME = "airssys-row";

const COLORS: { readonly [T in Tone]: string } = {
  error: "list.errorForeground",
  warning: "list.warningForeground",
  stale: "disabledForeground",
};

/** The resource that looks so; all rows that look alike share it, and none needs an event when it changes. */
export function decorated(tone: Tone | undefined, badge: string | undefined): vscode.Uri | undefined {
  if (tone === undefined && badge === undefined) return undefined;
  return vscode.Uri.from({ scheme: SCHEME, path: `/${tone ?? "calm"}/${badge ?? ""}` });
}

/** What a resource of ours looks like. */
export function decorationOf(uri: vscode.Uri): vscode.FileDecoration | undefined {
  if (uri.scheme !== SCHEME) return undefined;
  const [, tone, badge] = uri.path.split("/");
  const color = Object.hasOwn(COLORS, tone ?? "") ? new vscode.ThemeColor(COLORS[tone as Tone]) : undefined;
  const words = badge
    ? ((BLAST_BADGES[badge] ?? DIFFERENCE_BADGES[badge])?.() ?? say("restarted {0}", badge))
    : undefined;
  return new vscode.FileDecoration(badge || undefined, words, color);
}
