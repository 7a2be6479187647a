/** The Supervision view: draws what {@link Outline} says, a few times a second, and nothing while nobody looks. */
import * as vscode from "vscode";
import { onSettingsChange, settings } from "../config.ts";
import type { TreeChange } from "../programs/model.ts";
import type { LiveProgram, Node } from "../programs/node.ts";
import { type Programs, QUIET_INTERVAL_MS } from "../programs/programs.ts";
import { Changes } from "./changes.ts";
import { Outline } from "./outline.ts";
import { present } from "./presentation.ts";
import type { Sources } from "./sources.ts";
import { summarize } from "./summary.ts";
import { tooltip } from "./words.ts";

export const VIEW_ID = "airssys.supervision";

/** Milliseconds between two drawings, at least. */
const DRAW_MS = 250;
/** The same for what is no alert. Each drawing closes the tooltip that is open, or about to open after half a second. */
const CALM_DRAW_MS = 1_200;
/** Milliseconds for which a tooltip can be read. */
const READING_MS = 6_000;

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
  readonly #settingsWatch: vscode.Disposable = onSettingsChange(() => this.#attend());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #selected: Node | undefined;
  #due = 0;
  #lastDrawn = 0;
  /** When what is no alert may be drawn again. */
  #calmAt = 0;

  readonly onDidChangeTreeData: vscode.Event<Node[] | undefined> = this.#fired.event;

  constructor(programs: Programs, sources: Sources) {
    this.#programs = programs;
    this.#sources = sources;
    this.#tree = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.#tree.onDidChangeVisibility(() => this.#attend());
    // The tree's own list is empty for a moment after each drawing.
    this.#tree.onDidChangeSelection(({ selection }) => {
      this.#selected = selection[0];
    });
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
    this.#calmAt = Date.now() + READING_MS;
    return item;
  }

  /** Brings the view to the front, with the actor that is worst off selected, if any is. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    for (const program of this.#programs.all) {
      const worst = program.tree.worst;
      this.#outline.show(this.#programs.all, this.#sources.tree.roots);
      const node = worst === undefined ? undefined : this.#outline.find(program, worst);
      if (node) return this.#tree.reveal(node, { select: true, focus: true });
    }
  }

  /** The row the user has selected, if any. */
  get selected(): Node | undefined {
    return this.#selected;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#settingsWatch.dispose();
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
    this.#schedule(this.#lastDrawn + DRAW_MS);
  }

  /** Draws at `time`, or before if that is due already. */
  #schedule(time: number): void {
    if (!this.#tree.visible || (this.#timer !== undefined && this.#due <= time)) return;
    clearTimeout(this.#timer);
    this.#due = time;
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, time - Date.now()));
  }

  #draw(): void {
    this.#timer = undefined;
    this.#lastDrawn = Date.now();
    const isCalm = this.#lastDrawn >= this.#calmAt;
    const nodes = this.#changes.take(!isCalm);
    if (nodes === "all") this.#fired.fire(undefined);
    else if (nodes.length > 0) this.#fired.fire([...nodes]);
    if (isCalm || nodes === "all") {
      this.#calmAt = this.#lastDrawn + CALM_DRAW_MS;
      this.#drawFrame();
    } else if (!this.#changes.isEmpty) this.#schedule(this.#calmAt);
  }

  /** What stands around the rows. */
  #drawFrame(): void {
    const { message, down } = summarize(this.#programs.all, this.#sources.tree.roots.length > 0);
    if (this.#tree.message !== message) this.#tree.message = message;
    if ((this.#tree.badge?.value ?? 0) === down) return;
    this.#tree.badge = down === 0 ? undefined : { value: down, tooltip: `${down} of the actors are down` };
  }
}
