/** The Supervision view: draws what {@link Outline} says, a few times a second, and nothing while nobody looks. */
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { onSettingsChange, settings } from "../config.ts";
import { tellWindow } from "../context-keys.ts";
import { createFreshView } from "../fresh-view.ts";
import { isForeign } from "../programs/foreign.ts";
import type { TreeChange } from "../programs/model.ts";
import type { ActorNode, LiveProgram, Node, Order } from "../programs/node.ts";
import type { Programs } from "../programs/programs.ts";
import { waitChain } from "../programs/wait-chain.ts";
import { counted, say } from "../sentence.ts";
import { arrangementWords, chooseOrder, storeArrangement, storedArrangement, typeFilter } from "./arrange.ts";
import { type Arrangement, Arranger, AS_STARTED } from "./arrangement.ts";
import { BlastRadius } from "./blast-radius.ts";
import { Changes } from "./changes.ts";
import { Comparison, missingTooltip } from "./compare.ts";
import { decorated, decorationOf } from "./decoration.ts";
import { linksOf } from "./explain-wait.ts";
import { Folds } from "./folds.ts";
import { withStack } from "./last-crash.ts";
import { drawTogether } from "./line-and-rows.ts";
import { Outline } from "./outline.ts";
import { present, type Surroundings } from "./presentation.ts";
import { processOf } from "./process-presentation.ts";
import { processTooltip } from "./process-words.ts";
import type { Sources } from "./sources.ts";
import { framesOf, linkedFrames, ownFrames } from "./stack.ts";
import { type Summary, summarize } from "./summary.ts";
import { waitTooltip } from "./wait-words.ts";
import { tooltip } from "./words.ts";

export const VIEW_ID = "airssys.supervision";

/** Milliseconds between two drawings, at least. */
const DRAW_MS = 250;
/** The same for what is no alert. Each drawing closes the tooltip that is open, or about to open after half a second. */
const CALM_DRAW_MS = 1_200;
/**
 * Milliseconds after VS Code was told of rows, or has asked for some, in which it has drawn them: it may ask 200 ms after it was told. And the
 * longest wait for that.
 */
const SETTLE_MS = 350;
const SETTLE_LIMIT_MS = 1_000;
/** Milliseconds that a tooltip waits for the language server to say where questions are asked. */
const LINKS_MS = 700;
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
  readonly #questions: ActorQuestions;
  readonly #state: vscode.Memento;
  readonly #arranger = new Arranger();
  readonly #blast = new BlastRadius();
  readonly #comparison = new Comparison(() => this.#sources.tree.roots);
  readonly #outline = new Outline(
    (program, key) => this.#arranger.children(program, key),
    (program, key) => this.#comparison.missingBelow(program, key),
  );
  readonly #folds = new Folds();
  readonly #surroundings = (): Surroundings => ({
    now: Date.now(),
    isFolded: (node) => this.#folds.isFolded(node),
    childrenOf: (program, key) => this.#arranger.children(program, key),
    markOf: (program, key) => this.#blast.markOf(program, key) ?? this.#comparison.markOf(program, key),
    lacksBadges: this.#lacksBadges,
  });
  readonly #changes = new Changes(this.#outline, this.#surroundings, () => this.#arranger.isArranged);
  readonly #fired = new vscode.EventEmitter<Node[] | undefined>();
  readonly #chosen = new vscode.EventEmitter<Node>();
  readonly #summed = new vscode.EventEmitter<Summary>();
  readonly #tree: vscode.TreeView<Node>;
  readonly #watches: readonly vscode.Disposable[] = [
    onSettingsChange(() => this.#attend()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration("explorer.decorations")) return;
      this.#lacksBadges = areBadgesOff();
      this.#redraw();
    }),
    vscode.window.registerFileDecorationProvider({ provideFileDecoration: decorationOf }),
  ];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lacksBadges: boolean = areBadgesOff();
  #selected: Node | undefined;
  #isPauseOffered = false;
  /** Rows were given out since what stands around them was drawn. */
  #owesFrame = false;
  #following: ReturnType<typeof setImmediate> | undefined;
  /** What was told last by marks. */
  #marks = "";
  #due = 0;
  #lastDrawn = 0;
  /** When VS Code was told of rows, or has asked for some. */
  #lastAsked = 0;
  /** A program has come or gone that nobody was told of. */
  #hasCounted = false;
  #settling: Promise<void> | undefined;
  #turn: string | undefined;
  /** When what is no alert may be drawn again. */
  #calmAt = 0;

  readonly onDidChangeTreeData: vscode.Event<Node[] | undefined> = this.#fired.event;
  /** What the line at the top says is being drawn. */
  readonly onDidSummarize: vscode.Event<Summary> = this.#summed.event;
  /** The user has selected another row. */
  readonly onDidChoose: vscode.Event<Node> = this.#chosen.event;

  /**
   * @param questions what the language server knows of actors
   * @param state keeps for this workspace how the rows are arranged
   */
  constructor(programs: Programs, sources: Sources, questions: ActorQuestions, state: vscode.Memento) {
    this.#state = state;
    this.#questions = questions;
    this.#programs = programs;
    this.#sources = sources;
    this.#tree = createFreshView(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.#tree.onDidChangeVisibility(() => this.#attend());
    // The tree's own list is empty for a moment after each drawing.
    this.#tree.onDidChangeSelection(({ selection }) => {
      this.#selected = selection[0];
      if (this.#selected) this.#chosen.fire(this.#selected);
    });
    this.#tree.onDidCollapseElement(({ element }) => this.#fold(element, true));
    this.#tree.onDidExpandElement(({ element }) => this.#fold(element, false));
    for (const event of ["opened", "ended", "refused", "forgotten"] as const) programs.on(event, () => this.#count());
    programs.on("ended", (program) => void this.#showCause(program));
    programs.on("changed", (program, change) => this.#note(program, change));
    sources.on("changed", () => this.#redraw());
    this.#arrange(storedArrangement(state));
    this.#attend();
  }

  get isVisible(): boolean {
    return this.#tree.visible;
  }

  /** The line above the rows. */
  get message(): string {
    return this.#tree.message ?? "";
  }

  getChildren(node?: Node): Node[] {
    this.#lastAsked = Date.now();
    if (!node) this.#outline.show(this.#programs.shown, this.#sources.inside);
    const rows = [...this.#outline.children(node)];
    this.#folds.listed(rows);
    return rows;
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const presentation = present(node, this.#surroundings());
    const { label, description, icon, tone, badge, spoken, context } = presentation;
    const { id, expands } = this.#folds.drawn(node, presentation.expands);
    const item = new vscode.TreeItem(label, STATES[expands]);
    item.id = id;
    const decoration = decorated(tone, badge);
    if (decoration) item.resourceUri = decoration;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(
      icon.id,
      icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
    );
    item.contextValue = context;
    item.accessibilityInformation = { label: spoken, role: "treeitem" };
    if (node.kind === "actor" || node.kind === "process" || node.kind === "source") {
      const shown = node.kind === "actor" ? (this.#comparison.specOf(node) ?? node) : node;
      item.command = { command: "airssys.openSource", title: say("Open Source"), arguments: [shown] };
    }
    this.#changes.drawn(node, expands === "never");
    this.#follow();
    return item;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind === "process") {
      const info = processOf(node);
      item.tooltip = info && untrusted(processTooltip(info, Date.now()));
      this.#calmAt = Date.now() + READING_MS;
      return item;
    }
    if (node.kind === "source" && node.missing !== undefined) item.tooltip = untrusted(missingTooltip(node));
    const seen = node.kind === "actor" ? node.program.tree.row(node.key) : undefined;
    if (node.kind !== "actor" || !seen) return item;
    const row = await withStack(node.program, seen);
    const waits = row.waitsFor === undefined ? undefined : await this.#waitsOf(node);
    item.tooltip = untrusted(tooltip(row, node.program.tree.troubleBelow(node.key), Date.now(), linkedStack, waits));
    this.#calmAt = Date.now() + READING_MS;
    return item;
  }

  /** What it waits for to the end, with the line of each question. */
  async #waitsOf(node: ActorNode): Promise<string | undefined> {
    const chain = waitChain(node.program.tree, node.key, Date.now());
    const late = new Promise<ReadonlyMap<number, string>>((resolve) => setTimeout(resolve, LINKS_MS, new Map()));
    return waitTooltip(chain, await Promise.race([linksOf(node, chain, this.#sources, this.#questions), late]));
  }

  /** Brings the view to the front, with the actor selected that is the trouble, if there is any. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    for (const program of this.#programs.shown) {
      const culprit = culpritOf(program);
      if (culprit !== undefined && (await this.#reveal(program, culprit, true))) return;
    }
  }

  /** Marks the rows with what a crash of the actor takes along, or took along. @returns false when there is no row of it. */
  async showBlastRadius(program: LiveProgram, key: string): Promise<boolean> {
    this.#comparison.isOn = false;
    const isShown = this.#blast.show(program, key);
    await this.#showMarks(isShown);
    if (isShown) await this.reveal(program, key);
    return isShown;
  }

  /** Marks the rows with how they differ from the source, or ends that. */
  async compare(): Promise<void> {
    const isOn = !this.#comparison.isOn;
    if (isOn) await this.#sources.current();
    this.#blast.hide();
    this.#comparison.isOn = isOn;
    await this.#showMarks(isOn);
    if (isOn) await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
  }

  async hideMarks(): Promise<void> {
    this.#blast.hide();
    this.#comparison.isOn = false;
    await this.#showMarks(false);
  }

  async #showMarks(isShown: boolean): Promise<void> {
    await tellWindow("airssys.showsMarks", isShown);
    this.#redraw();
  }

  /** What the line at the top says of the marks; `undefined` while there are none. */
  #marksSentence(shown: readonly LiveProgram[]): string | undefined {
    const blast = this.#blast.current;
    if (blast && shown.some((program) => program === blast.program)) return blast.sentence;
    return this.#comparison.isOn && shown.length > 0 ? this.#comparison.words(shown) : undefined;
  }

  /** Says at the top in which turn of its schedule a program stands, while it does. */
  showTurn(sentence: string | undefined): void {
    if (sentence === this.#turn) return;
    this.#turn = sentence;
    this.#redraw();
  }

  #turnSentence(shown: readonly LiveProgram[]): string | undefined {
    return shown.some(({ isPaused }) => isPaused === true) ? this.#turn : undefined;
  }

  /** Shows no more what has ended. */
  clear(): void {
    this.#programs.forget();
  }

  /** Brings the view to the front, with an actor selected. @returns false when there is no row of it. */
  async reveal(program: LiveProgram, key: string): Promise<boolean> {
    await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
    return this.#reveal(program, key, true);
  }

  /** Beside the title: how the rows are arranged. */
  get description(): string {
    return this.#tree.description ?? "";
  }

  /** Asks for an order, and keeps it. */
  async sort(given?: Order): Promise<void> {
    const order = given ?? (await chooseOrder(this.#arranger.arrangement.order));
    if (order) await this.#keep({ ...this.#arranger.arrangement, order });
  }

  /** Asks for a text that rows have, and keeps it. */
  async filter(given?: string): Promise<void> {
    const before = this.#arranger.arrangement;
    const filter =
      given ?? (await typeFilter(before.filter, (text) => this.#arrange({ ...before, filter: text.trim() })));
    if (filter === undefined) this.#arrange(before);
    else await this.#keep({ ...before, filter });
  }

  /** Shows all, in start order. */
  resetArrangement(): Promise<void> {
    return this.#keep(AS_STARTED);
  }

  async #keep(arrangement: Arrangement): Promise<void> {
    this.#arrange(arrangement);
    await storeArrangement(this.#state, arrangement);
  }

  #arrange(arrangement: Arrangement): void {
    this.#arranger.arrangement = arrangement;
    const isArranged = arrangementWords(arrangement) !== undefined;
    void tellWindow("airssys.isArranged", isArranged);
    this.#describe();
    this.#redraw();
  }

  /** The tree of the source stands as it is written. */
  #describe(): void {
    const isLive = this.#programs.shown.length > 0;
    this.#tree.description = (isLive && arrangementWords(this.#arranger.arrangement)) || "";
  }

  /** What waits for a calm moment is drawn first: VS Code selects only rows that it was told of. What the filter hides is shown. */
  async #reveal(program: LiveProgram, key: string, focus: boolean): Promise<boolean> {
    await this.#settling;
    this.#calmAt = 0;
    this.#draw();
    this.#outline.show(this.#programs.shown, this.#sources.inside);
    let node = this.#outline.find(program, key);
    if (!node && this.#arranger.arrangement.filter !== "" && program.tree.row(key)) {
      await this.#keep({ ...this.#arranger.arrangement, filter: "" });
      node = this.#outline.find(program, key);
    }
    if (node) await this.#tree.reveal(node, { select: true, focus });
    return node !== undefined;
  }

  /** Selects the actor with which the end of a program began. */
  async #showCause(program: LiveProgram): Promise<void> {
    const cause = program.tree.failure?.end?.cause;
    if (cause === undefined || !this.#tree.visible) return;
    await this.#reveal(program, cause, false);
  }

  /** How many children a folded row has stands beside its name; what has come below it meanwhile is drawn when it is unfolded. */
  #fold(node: Node, isFolded: boolean): void {
    this.#folds.choose(node, isFolded);
    if (node.kind === "actor" || node.kind === "range") this.#note(node.program, new Set([node.key]));
  }

  /**
   * A row was clicked: of one that was drawn anew in that moment, and of one that was selected before, VS Code does not tell that
   * it was selected.
   */
  choose(node: Node): void {
    this.#selected = node;
    this.#chosen.fire(node);
  }

  /** The row the user has selected, if any. */
  get selected(): Node | undefined {
    return this.#selected;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#following);
    for (const watch of this.#watches) watch.dispose();
    this.#tree.dispose();
    this.#fired.dispose();
    this.#chosen.dispose();
    this.#summed.dispose();
  }

  /** Somebody begins to look, or stops. */
  #attend(): void {
    const { visible } = this.#tree;
    this.#sources.want(visible);
    this.#programs.watch(VIEW_ID, visible ? settings().updateIntervalMs : undefined);
    if (visible) this.#redraw();
    else clearTimeout(this.#timer);
    if (!visible) this.#timer = undefined;
  }

  /** A program has come or gone. */
  #count(): void {
    this.#describe();
    this.#changes.addAll();
    this.#hasCounted = true;
    this.#settling ??= this.#settle();
  }

  /**
   * With programs other views come and go, which makes room for more rows. VS Code must not take it while it replaces them: it would
   * draw some that are gone already, and fail. So it first gets the time to draw what it was told before.
   */
  async #settle(): Promise<void> {
    const end = Date.now() + SETTLE_LIMIT_MS;
    while (this.#hasCounted) {
      this.#hasCounted = false;
      await this.#rest(end);
      await this.#tellPrograms();
    }
    this.#settling = undefined;
    this.#redraw();
  }

  async #rest(end: number): Promise<void> {
    while (this.#tree.visible && Date.now() < end) {
      const restMs = this.#lastAsked + SETTLE_MS - Date.now();
      if (restMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  async #tellPrograms(): Promise<void> {
    const { all, shown, refusals } = this.#programs;
    const blast = this.#blast.current;
    if (blast && !shown.some((program) => program === blast.program)) {
      this.#blast.hide();
      void tellWindow("airssys.showsMarks", this.#comparison.isOn);
    }
    const hasPast = refusals.length > 0 || shown.length > all.length;
    await Promise.all([tellWindow("airssys.running", all.length > 0), tellWindow("airssys.hasEnded", hasPast)]);
  }

  #redraw(): void {
    this.#changes.addAll();
    this.#schedule(0);
  }

  #note(program: LiveProgram, change: TreeChange): void {
    const marks = this.#blast.current?.sentence ?? this.#comparison.signature(this.#programs.shown);
    // What one actor did changes how others are marked.
    if (marks !== this.#marks) this.#changes.addAll();
    this.#marks = marks;
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
    if (this.#settling !== undefined) return;
    this.#lastDrawn = this.#lastAsked = Date.now();
    const isCalm = this.#lastDrawn >= this.#calmAt;
    const nodes = this.#changes.take(!isCalm);
    if (nodes === "all") this.#drawFrame(() => this.#fired.fire(undefined));
    else if (nodes.length > 0) this.#drawFrame(() => this.#fired.fire([...nodes]));
    else if (isCalm || this.#owesFrame) this.#drawFrame();
    if (isCalm || nodes === "all") this.#calmAt = this.#lastDrawn + CALM_DRAW_MS;
    else if (!this.#changes.isEmpty) this.#schedule(this.#calmAt);
  }

  /**
   * VS Code asks for rows some time after it was told of a change, and gets them as they are then: what stands around them is of that
   * moment, too. But while others wait to be drawn it must not be ahead of those, and is drawn with them.
   */
  #follow(): void {
    this.#following ??= setImmediate(() => {
      this.#following = undefined;
      if (!this.#tree.visible) return;
      if (this.#changes.isEmpty) return this.#drawFrame();
      this.#owesFrame = true;
      this.#schedule(this.#lastDrawn + DRAW_MS);
    });
  }

  /** What stands around the rows. @param tellRows tells of those that are drawn with it */
  #drawFrame(tellRows?: () => void): void {
    this.#owesFrame = false;
    const { shown, refusals } = this.#programs;
    const hasSource = this.#sources.inside.length > 0;
    const summary = summarize(shown, { hasSource, refusals, now: Date.now() });
    const { down } = summary;
    const said = this.#marksSentence(shown) ?? this.#turnSentence(shown);
    const message = said ?? this.#withArrangement(summary.message, shown);
    this.#summed.fire(summary);
    this.#offerPause();
    drawTogether(this.#tree, message, tellRows);
    if ((this.#tree.badge?.value ?? 0) === down) return;
    const tooltip = counted(down, "{0} of the actors is down", "{0} of the actors are down");
    this.#tree.badge = down === 0 ? undefined : { value: down, tooltip };
  }

  /** The title of a container with one view leaves the description out: what is hidden must be said all the same. */
  #withArrangement(summary: string, shown: readonly LiveProgram[]): string {
    const { arrangement } = this.#arranger;
    const words = arrangementWords(arrangement);
    if (words === undefined || shown.length === 0) return summary;
    if (this.#arranger.hidesAll(shown)) return say("No actor matches “{0}”. {1}", arrangement.filter, summary);
    return `${summary} · ${say("shown: {0}", words)}`;
  }

  /** *Pause* stands in the title while a program does not answer and can be stopped. */
  #offerPause(): void {
    const isOffered = this.#programs.all.some(
      ({ silence, pause }) => silence !== undefined && silence.isHalted !== true && pause !== undefined,
    );
    if (isOffered === this.#isPauseOffered) return;
    this.#isPauseOffered = isOffered;
    void tellWindow("airssys.canPause", isOffered);
  }
}

function untrusted(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = false;
  text.supportHtml = false;
  return text;
}

function linkedStack(stack: string): string | undefined {
  const frames = ownFrames(framesOf(stack), isForeign);
  return frames.length === 0 ? undefined : linkedFrames(frames, (file) => vscode.Uri.file(file).toString());
}

function areBadgesOff(): boolean {
  return !vscode.workspace.getConfiguration("explorer.decorations").get("badges", true);
}

/** Who to look at: who keeps the loop, who waits in a circle, with whom the end began, where it is paused, who is worst off. */
function culpritOf({ tree, silence, isPaused, runner }: LiveProgram): string | undefined {
  return (
    silence?.runner?.key ??
    tree.deadlocks[0]?.[0] ??
    tree.failure?.end?.cause ??
    (isPaused ? runner?.key : undefined) ??
    tree.worst
  );
}
