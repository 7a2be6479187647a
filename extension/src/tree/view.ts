/** The Supervision view: draws what {@link Outline} says, a few times a second, and nothing while nobody looks. */
import * as vscode from "vscode";
import { settings } from "../config.ts";
import { type Programs, QUIET_INTERVAL_MS } from "../programs.ts";
import { Changes } from "./changes.ts";
import type { TreeChange } from "./model.ts";
import type { LiveProgram, Node } from "./node.ts";
import { Outline } from "./outline.ts";
import { present } from "./presentation.ts";
import type { Sources } from "./sources.ts";
import { summarize } from "./summary.ts";
import { tooltip } from "./words.ts";

export const VIEW_ID = "airssys.supervision";

/** Milliseconds between two drawings, at least. */
const DRAW_MS = 250;

const STATES = {
  never: vscode.TreeItemCollapsibleState.None,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
  open: vscode.TreeItemCollapsibleState.Expanded,
} as const;

export class SupervisionView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #programs: Programs;
  readonly #sources: Sources;
  readonly #outline = new Outline();
  readonly #changes = new Changes(this.#outline);
  readonly #fired = new vscode.EventEmitter<Node[] | undefined>();
  readonly #tree: vscode.TreeView<Node>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastDrawn = 0;

  readonly onDidChangeTreeData: vscode.Event<Node[] | undefined> = this.#fired.event;

  constructor(programs: Programs, sources: Sources) {
    this.#programs = programs;
    this.#sources = sources;
    this.#tree = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.#tree.onDidChangeVisibility(() => this.#attend());
    for (const event of ["opened", "ended"] as const) programs.on(event, () => this.#count());
    programs.on("changed", (program, change) => this.#note(program, change));
    sources.on("changed", () => this.#redraw());
    this.#attend();
  }

  get isVisible(): boolean {
    return this.#tree.visible;
  }

  getChildren(node?: Node): Node[] {
    if (!node) this.#outline.show(this.#programs.all, this.#sources.tree.roots);
    return [...this.#outline.children(node)];
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { label, description, icon, spoken, context, expands } = present(node);
    const item = new vscode.TreeItem(label, STATES[expands]);
    item.id = node.id;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(
      icon.id,
      icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
    );
    item.contextValue = context;
    item.accessibilityInformation = { label: spoken, role: "treeitem" };
    if (node.kind === "actor" || node.kind === "source") {
      item.command = { command: "airssys.openSource", title: "Open Source", arguments: [node] };
    }
    this.#changes.drawn(node);
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const row = node.kind === "actor" ? node.program.tree.row(node.key) : undefined;
    if (node.kind !== "actor" || !row) return item;
    const text = new vscode.MarkdownString(tooltip(row, node.program.tree.trouble(node.key), Date.now()));
    text.isTrusted = false;
    text.supportHtml = false;
    item.tooltip = text;
    return item;
  }

  /** Shows the row of an actor, opening what is above it. */
  async reveal(program: LiveProgram, key: string): Promise<void> {
    this.#outline.show(this.#programs.all, this.#sources.tree.roots);
    const node = this.#outline.find(program, key);
    if (node) await this.#tree.reveal(node, { select: true, focus: false });
  }

  /** The row the user has selected, if any. */
  get selected(): Node | undefined {
    return this.#tree.selection[0];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#tree.dispose();
    this.#fired.dispose();
  }

  /** Somebody begins to look, or stops. */
  #attend(): void {
    const { visible } = this.#tree;
    this.#sources.want(visible);
    this.#programs.watch(visible ? settings().updateIntervalMs : QUIET_INTERVAL_MS);
    if (visible) this.#redraw();
    else clearTimeout(this.#timer);
    if (!visible) this.#timer = undefined;
  }

  /** A program has come or gone. */
  #count(): void {
    void vscode.commands.executeCommand("setContext", "airssys.running", this.#programs.all.length > 0);
    this.#redraw();
  }

  #redraw(): void {
    this.#changes.addAll();
    this.#schedule(0);
  }

  #note(program: LiveProgram, change: TreeChange): void {
    this.#changes.add(program, change);
    this.#schedule(Math.max(0, this.#lastDrawn + DRAW_MS - Date.now()));
  }

  #schedule(delayMs: number): void {
    if (!this.#tree.visible || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#draw(), delayMs);
  }

  #draw(): void {
    this.#timer = undefined;
    this.#lastDrawn = Date.now();
    const nodes = this.#changes.take();
    if (nodes === "all") this.#fired.fire(undefined);
    else if (nodes.length > 0) this.#fired.fire([...nodes]);
    this.#drawFrame();
  }

  /** What stands around the rows. */
  #drawFrame(): void {
    const { message, down } = summarize(this.#programs.all, this.#sources.tree.roots.length > 0);
    if (this.#tree.message !== message) this.#tree.message = message;
    if ((this.#tree.badge?.value ?? 0) === down) return;
    this.#tree.badge = down === 0 ? undefined : { value: down, tooltip: `${down} of the actors are down` };
  }
}
