/** The Actor view: draws what is known of the actor that is selected in Supervision, or pinned; nothing while nobody looks. */
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { register } from "../commands.ts";
import { settings } from "../config.ts";
import { tellWindow } from "../context-keys.ts";
import { createFreshView } from "../fresh-view.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { ActorNode, Node } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import type { RecentLatencies, RecentLatency } from "../programs/recent-latencies.ts";
import { say } from "../sentence.ts";
import { decorated } from "../tree/decoration.ts";
import { openDeadlock, openQuestion } from "../tree/explain-wait.ts";
import { drawTogether } from "../tree/line-and-rows.ts";
import { openHandler, openSource } from "../tree/open-source.ts";
import type { Sources } from "../tree/sources.ts";
import type { SupervisionView } from "../tree/view.ts";
import { CloseUp, type Look, type Target } from "./close-up.ts";
import type { Entry } from "./entry.ts";
import { LATENCY_ID } from "./latency-entries.ts";
import { sectionsOf, sentenceOf } from "./sections.ts";
import { goneEntry, partEntries } from "./state-entries.ts";

const ACTOR_VIEW_ID = "airssys.actor";

/** Milliseconds between two drawings, at least; and for which a tooltip can be read: a drawing closes it. */
const DRAW_MS = 500;
const READING_MS = 6_000;

const STATES = {
  never: vscode.TreeItemCollapsibleState.None,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
  open: vscode.TreeItemCollapsibleState.Expanded,
} as const;

export class ActorView implements vscode.TreeDataProvider<Entry>, vscode.Disposable {
  readonly #programs: Programs;
  readonly #latencies: RecentLatencies;
  readonly #closeUp = new CloseUp(() => settings().redact);
  readonly #fired = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<Entry>;
  #isPinned = false;
  /** Latencies are counted only while their section is open. */
  #isLatencyOpen = true;
  /** What is drawn. */
  #drawn = "";
  #sections: readonly Entry[] = [];
  #nextMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#fired.event;

  constructor(programs: Programs, latencies: RecentLatencies, chosen: vscode.Event<Node>) {
    this.#programs = programs;
    this.#latencies = latencies;
    this.#tree = createFreshView(ACTOR_VIEW_ID, { treeDataProvider: this, showCollapseAll: false });
    this.#tree.onDidChangeVisibility(() => this.#attend());
    this.#tree.onDidExpandElement(({ element }) => this.#fold(element, true));
    this.#tree.onDidCollapseElement(({ element }) => this.#fold(element, false));
    latencies.on("changed", (program) => {
      if (program === this.#closeUp.look?.program) this.#schedule();
    });
    chosen((node) => {
      if (!this.#isPinned) this.#follow(node);
    });
    programs.on("changed", (program, change) => this.#closeUp.noted(program, change));
    programs.on("ended", (program) => this.#closeUp.noted(program, "all"));
    this.#closeUp.on("changed", () => this.#schedule());
    this.#closeUp.on("waiting", (until) => {
      void vscode.window.withProgress({ location: { viewId: ACTOR_VIEW_ID } }, () => Promise.resolve(until));
    });
    this.#attend();
    this.#draw();
  }

  /** The line above the rows. */
  get message(): string {
    return this.#tree.message ?? "";
  }

  /** Beside the title: the path of the actor. */
  get description(): string {
    return this.#tree.description ?? "";
  }

  /** The actor that is shown. */
  get shown(): ActorNode | undefined {
    const look = this.#closeUp.look;
    return look && { kind: "actor", id: look.key, parent: undefined, program: look.program, key: look.key };
  }

  /** Shows an actor, whatever is selected, and brings the view to the front. */
  async show(target: Target): Promise<void> {
    this.#closeUp.show(target);
    await vscode.commands.executeCommand(`${ACTOR_VIEW_ID}.focus`);
  }

  /** It stays with the actor that it shows, whatever is selected; or no longer does. */
  pin(isPinned: boolean, selected: Node | undefined): void {
    this.#isPinned = isPinned;
    void tellWindow("airssys.isActorPinned", isPinned);
    if (!isPinned && selected) this.#follow(selected);
  }

  async getChildren(entry?: Entry): Promise<Entry[]> {
    if (!entry) return [...this.#sections];
    if (entry.value === undefined) return [...(entry.children ?? [])];
    const { at, from } = entry.value;
    const state = await this.#closeUp.open(at, from);
    return state === undefined ? [goneEntry(at)] : [...partEntries(state, at)];
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    const item = new vscode.TreeItem(entry.label, STATES[entry.expands]);
    item.id = entry.id;
    item.description = entry.description;
    const { icon, tone, action } = entry;
    const decoration = decorated(tone, undefined);
    if (decoration) item.resourceUri = decoration;
    if (icon) item.iconPath = new vscode.ThemeIcon(icon.id, icon.color ? new vscode.ThemeColor(icon.color) : undefined);
    item.contextValue = action?.kind ?? "";
    item.accessibilityInformation = { label: entry.spoken, role: "treeitem" };
    if (action) item.command = { command: "airssys.openEntry", title: say("Open"), arguments: [entry] };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, { tooltip, label, description }: Entry): vscode.TreeItem {
    item.tooltip = tooltip ?? [label, description].filter((part) => part !== "").join(" ");
    this.#nextMs = Date.now() + READING_MS;
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#closeUp.close();
    this.#tree.dispose();
    this.#fired.dispose();
  }

  #follow(node: Node): void {
    if (node.kind !== "actor" && node.kind !== "process") this.#closeUp.show(undefined);
    else this.#closeUp.show({ program: node.program, key: node.key });
  }

  #attend(): void {
    const { visible } = this.#tree;
    this.#programs.watch(ACTOR_VIEW_ID, visible ? settings().updateIntervalMs : undefined);
    this.#closeUp.want(visible);
    this.#count();
    if (visible) this.#draw();
  }

  #fold({ id }: Entry, isOpen: boolean): void {
    if (id !== LATENCY_ID || isOpen === this.#isLatencyOpen) return;
    this.#isLatencyOpen = isOpen;
    this.#count();
    this.#schedule();
  }

  /** Has latencies counted by the program of the actor that somebody looks at; by none while nobody sees them. */
  #count(): void {
    const { row, program } = this.#closeUp.look ?? {};
    const isSeen = this.#tree.visible && this.#isLatencyOpen;
    const isAlive = row !== undefined && row.left !== true && row.kind === "actor" && program?.endedAt === undefined;
    this.#latencies.want(isSeen && isAlive ? program : undefined);
  }

  #schedule(): void {
    if (!this.#tree.visible || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (Date.now() < this.#nextMs) this.#schedule();
        else this.#draw();
      },
      Math.max(0, this.#nextMs - Date.now()),
    );
  }

  /** Rows only when they are different: each drawing asks the program anew for what is open. */
  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = Date.now();
    this.#nextMs = now + DRAW_MS;
    const look = this.#closeUp.look;
    const path = look?.row?.path ?? "";
    if (this.#tree.description !== path) this.#tree.description = path;
    this.#count();
    this.#sections = look === undefined ? [] : sectionsOf(look, now, this.#latencyOf(look, now));
    const drawn = JSON.stringify([look?.program.id, look?.key, look?.at, this.#sections]);
    const isNew = drawn !== this.#drawn;
    this.#drawn = drawn;
    drawTogether(this.#tree, sentenceOf(look, now), isNew ? () => this.#fired.fire(undefined) : undefined);
  }

  #latencyOf({ row, program }: Look, now: number): RecentLatency | undefined {
    if (row === undefined || !this.#isLatencyOpen) return undefined;
    return this.#latencies.of(program, row.definition, program.endedAt ?? now);
  }
}

export interface ActorViewParts {
  readonly log: Log;
  readonly programs: Programs;
  readonly supervision: SupervisionView;
  readonly sources: Sources;
  readonly questions: ActorQuestions;
  readonly latencies: RecentLatencies;
}

/** The view, and with it its commands. */
export function registerActorView({ log, programs, supervision, sources, questions, latencies }: ActorViewParts): {
  readonly view: ActorView;
  readonly registered: vscode.Disposable;
} {
  const view = new ActorView(programs, latencies, supervision.onDidChoose);
  const open = async (entry?: Pick<Entry, "action">): Promise<void> => {
    const { shown } = view;
    const action = entry?.action;
    if (shown === undefined || action === undefined) return tell(say("this row leads nowhere"));
    if (action.kind === "openQuestion") await openQuestion(shown, action.messageType, sources, questions);
    else if (action.kind === "openHandler") await openHandler(shown, action.messageType, sources, questions);
    else if (action.kind === "openCrash") await vscode.commands.executeCommand("airssys.goToCrash", shown);
    else await supervision.reveal(shown.program, action.key);
  };
  const registered = vscode.Disposable.from(
    view,
    register(log, "airssys.showActor", async (node = supervision.selected) => {
      if (node?.kind === "actor" || node?.kind === "process") await view.show(node);
      else tell(say("choose an actor first"));
    }),
    register(log, "airssys.pinActor", () => view.pin(true, undefined)),
    register(log, "airssys.unpinActor", () => view.pin(false, supervision.selected)),
    register(log, "airssys.sendToShown", () => vscode.commands.executeCommand("airssys.send", view.shown)),
    register(log, "airssys.openShown", async () => {
      const { shown } = view;
      if (shown === undefined) tell(say("choose an actor first"));
      else if (!(await openDeadlock(shown, sources, questions))) await openSource(shown, sources);
    }),
    register(log, "airssys.openEntry", open),
  );
  return { view, registered };
}
