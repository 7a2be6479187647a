/** Takes a CPU profile of a program, shows it by actor and message, and keeps it as a file for VS Code's own view of profiles. */
import { setTimeout as delay } from "node:timers/promises";
import type { ProfileReport, ProfileRow } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { readProfile } from "../inspect/frame.ts";
import { tell } from "../notice.ts";
import type { LiveProgram, Node } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { iconless, withIcon } from "../text.ts";
import { locate, show } from "./open-source.ts";
import { hotWords, profileLine, profileSummary } from "./profile-words.ts";
import type { Sources } from "./sources.ts";
import { fileAddress } from "./stack.ts";

/** Seconds to choose from. */
const SPANS = [2, 5, 10, 30];
/** Milliseconds that a program may take to hand over what it found. */
const ANSWER_MS = 30_000;

/** @param seconds given: nothing is asked. @returns what was found; `undefined` when it was cancelled. */
export async function profileByActor(
  node: Node | undefined,
  programs: Programs,
  sources: Sources,
  seconds?: unknown,
): Promise<ProfileReport | undefined> {
  const program = await choose(node, programs);
  if (program === undefined) return undefined;
  if (!program.can("profile")) {
    tell(program.whyNot?.("profile") ?? say("{0} uses a runtime that cannot be profiled", program.title));
    return undefined;
  }
  const span = typeof seconds === "number" ? seconds : await askSpan();
  if (span === undefined) return undefined;
  const report = await record(program, span);
  if (report !== undefined && seconds === undefined) await present(program, report, sources);
  return report;
}

async function choose(node: Node | undefined, { all }: Programs): Promise<LiveProgram | undefined> {
  const given = node !== undefined && "program" in node ? node.program : undefined;
  if (given !== undefined || all.length <= 1) {
    const only = given ?? all[0];
    if (only !== undefined && only.endedAt === undefined) return only;
    tell(say("no actor program is running"));
    return undefined;
  }
  const items = all.map((program) => ({ label: iconless(program.title), description: program.detail, program }));
  return (await vscode.window.showQuickPick(items, { title: say("Profile which program?") }))?.program;
}

async function askSpan(): Promise<number | undefined> {
  const items = SPANS.map((span) => ({ label: say("{0} s", span), span }));
  const title = say("Profile for how long?");
  return (await vscode.window.showQuickPick(items, { title }))?.span;
}

/** Cancelled, it ends at once and is thrown away. */
async function record(program: LiveProgram, seconds: number): Promise<ProfileReport | undefined> {
  await program.request({ type: "profile", on: true });
  const title = say("Profiling {0}", program.title);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancelled = new AbortController();
    token.onCancellationRequested(() => cancelled.abort());
    for (let second = 0; second < seconds && !cancelled.signal.aborted; second++) {
      progress.report({ increment: 100 / seconds });
      await delay(1_000, undefined, { signal: cancelled.signal }).catch(() => {});
    }
    const report = readProfile(await program.request({ type: "profile", on: false }, ANSWER_MS));
    return cancelled.signal.aborted ? undefined : report;
  });
}

async function present(program: LiveProgram, report: ProfileReport, sources: Sources): Promise<void> {
  const rows = report.rows.map((row) => ({ ...profileLine(row, report), ...detail(row), row }));
  const save = { label: withIcon("save", say("Save as .cpuprofile…")), row: undefined };
  const items = report.profile === undefined ? rows : [...rows, save];
  const title = iconless(profileSummary(report));
  const placeHolder = say("Enter opens the function that took most of it");
  const chosen = await vscode.window.showQuickPick<(typeof items)[number]>(items, {
    title,
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (chosen?.row) await openHot(program, chosen.row, sources);
  else if (chosen) await saveProfile(program, report.profile ?? "");
}

function detail(row: ProfileRow): { readonly detail?: string } {
  const words = hotWords(row);
  return words === undefined ? {} : { detail: words };
}

/** The actor's own source, where the function is not known. */
async function openHot(program: LiveProgram, { key, hot }: ProfileRow, sources: Sources): Promise<void> {
  const file = hot && fileAddress(hot.file);
  if (hot && file !== undefined) {
    const start = { line: hot.line - 1, character: hot.column - 1 };
    return show({ uri: vscode.Uri.file(file).toString(), range: { start, end: start } });
  }
  const place = await locate({ kind: "actor", id: "", parent: undefined, program, key }, sources);
  if (place) return show(place);
  tell(say("the source of this actor is not known"));
}

async function saveProfile(program: LiveProgram, profile: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = `${program.title.replace(/\.[^.]*$/, "")}.cpuprofile`;
  const uri = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
    filters: { [say("CPU profile")]: ["cpuprofile"] },
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(profile));
  await vscode.commands.executeCommand("vscode.open", uri);
}
