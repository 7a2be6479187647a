/** The view *Actor Breakpoints* in Run and Debug: what to stop at, with check boxes, and why a program has stopped. */
import path from "node:path";
import type { SourceLocation } from "airssys-rt/inspect";
import * as vscode from "vscode";
import { type BreakRequest, type GutterLine, register } from "../commands.ts";
import { settings } from "../config.ts";
import { createFreshView } from "../fresh-view.ts";
import type { Stopped } from "../inspect/session.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { plain } from "../text.ts";
import type { ActorStop, ActorStops, SwitchName } from "./actor-stops.ts";
import { askCondition } from "./condition-input.ts";
import { handleWords, noHandlerWords } from "./stop-words.ts";

const BREAKPOINTS_VIEW_ID = "airssys.breakpoints";

/** A row: one of the four switches, or the breakpoint of that id. */
type Row = { readonly kind: "switch"; readonly name: SwitchName } | { readonly kind: "stop"; readonly id: string };

const SWITCHES: readonly SwitchName[] = ["crash", "deadLetter", "escalation", "mailbox"];

/** Why a program stands, as it has told. */
type Reason = Pick<Stopped, "reason" | "text">;

/** What is known elsewhere of a stop. */
export interface StopKnowledge {
  /** Whether it stands at something that nobody will catch. */
  isCrash(program: Program): boolean;
  /** What follows when that actor has crashed. */
  consequence(program: Program, key: string): string;
  /** Opens what handles such messages. @returns false where nobody knows it. */
  openHandler(stop: ActorStop, at: SourceLocation | undefined): Promise<boolean>;
}

export class BreakpointsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #stops: ActorStops;
  readonly #programs: Programs;
  readonly #says: StopKnowledge;
  readonly #fired = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<Row>;
  readonly #commands: vscode.Disposable;
  readonly #rows = new Map<string, Row>();
  #nextId = Date.now();

  readonly #paused = new Set<Program>();
  /** Why each program stands where it stands. */
  readonly #reasons = new Map<Program, Reason>();

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#fired.event;

  constructor(log: Log, stops: ActorStops, programs: Programs, says: StopKnowledge) {
    this.#stops = stops;
    this.#programs = programs;
    this.#says = says;
    this.#tree = createFreshView<Row>(BREAKPOINTS_VIEW_ID, {
      treeDataProvider: this,
      manageCheckboxStateManually: true,
    });
    this.#tree.onDidChangeCheckboxState(({ items }) => {
      for (const [row, state] of items) this.#check(row, state === vscode.TreeItemCheckboxState.Checked);
    });
    for (const event of ["changed", "stated"] as const) stops.on(event, () => this.#fired.fire(undefined));
    programs.on("stopping", (program, frame) => {
      if (frame.type === "stopped") this.explain(program, frame);
    });
    programs.on("changed", (program) => this.#explain(program));
    programs.on("ended", (program) => this.#release(program));
    this.#commands = vscode.Disposable.from(
      register(log, "airssys.breakOnMessage", (request) => this.#breakOnMessage(request)),
      register(log, "airssys.editCondition", (row) => this.#edit(row)),
      register(log, "airssys.logMessage", (row) => this.#log(row)),
      register(log, "airssys.goToHandler", (row) => this.#goToHandler(row)),
      register(log, "airssys.removeBreakpoint", (row) => this.#remove(row)),
      register(log, "airssys.removeAllBreakpoints", () => this.#removeAll()),
      register(log, "airssys.breakOnDeadLetter", () => this.#toggle("deadLetter")),
      register(log, "airssys.breakOnEscalation", () => this.#toggle("escalation")),
      register(log, "airssys.breakOnFullMailbox", () => this.#breakOnFullMailbox()),
    );
  }

  /** The line above the rows. */
  get message(): string {
    return this.#tree.message ?? "";
  }

  getChildren(row?: Row): Row[] {
    if (row) return [];
    const switches = SWITCHES.map((name): Row => this.#row({ kind: "switch", name }));
    return [...switches, ...this.#stops.kept.stops.map(({ id }): Row => this.#row({ kind: "stop", id }))];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return row.kind === "switch" ? this.#switchItem(row.name) : this.#stopItem(row.id);
  }

  dispose(): void {
    this.#tree.dispose();
    this.#fired.dispose();
    this.#commands.dispose();
  }

  /** The same row for the same thing: VS Code knows it by identity. */
  #row(row: Row): Row {
    const key = row.kind === "switch" ? row.name : row.id;
    const known = this.#rows.get(key) ?? row;
    this.#rows.set(key, known);
    return known;
  }

  #switchItem(name: SwitchName): vscode.TreeItem {
    const { switches, mailboxDepth } = this.#stops.kept;
    const words: Record<SwitchName, [label: string, description: string]> = {
      crash: [say("Break on Crash"), say("before the supervisor acts")],
      deadLetter: [say("Break on Dead Letter"), ""],
      escalation: [say("Break on Escalation"), ""],
      mailbox: [say("Break on Full Mailbox"), say("at {0} queued", mailboxDepth)],
    };
    const [label, description] = words[name];
    const item = new vscode.TreeItem(label);
    item.id = name;
    item.description = switches[name] || name === "crash" ? description : "";
    item.checkboxState = checkbox(switches[name]);
    item.contextValue = name === "mailbox" ? "mailbox" : "switch";
    item.accessibilityInformation = {
      label: `${label}, ${switches[name] ? say("on") : say("off")}`,
    };
    return item;
  }

  #stopItem(id: string): vscode.TreeItem {
    const stop = this.#stops.stop(id);
    if (!stop) return new vscode.TreeItem("");
    const { icon, color, description } = this.#look(stop);
    const item = new vscode.TreeItem(stop.messageType);
    item.id = id;
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
    item.checkboxState = checkbox(stop.isOn);
    item.contextValue = "stop";
    item.tooltip = [whereOf(stop), stop.condition, stop.log, description, this.#placeOf(stop)]
      .filter(Boolean)
      .join("\n");
    item.command = { command: "airssys.editCondition", title: say("Edit Condition…"), arguments: [{ id }] };
    item.accessibilityInformation = { label: `${stop.messageType} ${whereOf(stop)}, ${description}` };
    return item;
  }

  #look(stop: ActorStop): { icon: string; color?: string; description: string } {
    const said = stop.isOn ? this.#stops.stateOf(stop.id) : undefined;
    const icon = stop.log === undefined ? "debug-breakpoint-conditional" : "debug-breakpoint-log";
    if (said?.state === "badCondition") {
      const description = say("condition failed: {0}", plain(said.text ?? ""));
      return { icon: `${icon}-unverified`, color: "list.warningForeground", description };
    }
    if (said?.state === "noHandler") {
      const description = noHandlerWords(stop, said);
      return { icon: `${icon}-unverified`, color: "disabledForeground", description };
    }
    const about = stop.log === undefined ? (stop.condition ?? say("every message")) : say('log "{0}"', stop.log);
    const description = `${about} · ${whereOf(stop)}`;
    return {
      icon,
      color: stop.isOn ? "debugIcon.breakpointForeground" : "debugIcon.breakpointDisabledForeground",
      description,
    };
  }

  /** Such as `cards.ts:45`. */
  #placeOf({ id, isOn }: ActorStop): string {
    const at = isOn ? this.#stops.stateOf(id)?.at : undefined;
    return at === undefined ? "" : say("handled at {0}", plain(`${path.posix.basename(at.file)}:${at.line}`));
  }

  #check(row: Row, on: boolean): void {
    if (row.kind === "switch") void this.#turn(row.name, on);
    else {
      const stop = this.#stops.stop(row.id);
      if (stop) this.#stops.put({ ...stop, isOn: on });
    }
  }

  async #turn(name: SwitchName, on: boolean): Promise<void> {
    this.#stops.turn(name, on);
    if (name === "crash" && settings().breakOnCrash !== on)
      await vscode.workspace.getConfiguration("airssys").update("breakOnCrash", on, vscode.ConfigurationTarget.Global);
  }

  #toggle(name: SwitchName): void {
    void this.#turn(name, !this.#stops.kept.switches[name]);
  }

  async #breakOnFullMailbox(): Promise<void> {
    const { switches, mailboxDepth } = this.#stops.kept;
    if (switches.mailbox) return this.#turn("mailbox", false);
    const value = await vscode.window.showInputBox({
      title: say("Break on Full Mailbox"),
      prompt: say("Stop when so many messages wait in a mailbox."),
      value: String(mailboxDepth),
      validateInput: (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : say("A whole number from 1.")),
    });
    if (value !== undefined) this.#stops.turn("mailbox", true, Number(value));
  }

  async #breakOnMessage(request: BreakRequest | GutterLine | undefined): Promise<void> {
    const asked = request && "messageType" in request ? request : await handledAt(request as GutterLine | undefined);
    if (asked?.messageType === undefined) {
      tell(say("No message is handled on this line."));
      return;
    }
    const { messageType, ...others } = asked;
    const given = { id: String(this.#nextId++), messageType, ...others, isOn: true };
    const isAsked = asked.condition === undefined && asked.log === undefined;
    const stop = isAsked ? await askCondition(given, this.#pathsOf(asked.definition)) : given;
    if (stop) this.#stops.put(stop);
  }

  async #edit(row: { readonly id?: string } | undefined): Promise<void> {
    const stop = this.#chosen(row);
    const changed = stop && (await askCondition(stop, this.#pathsOf(stop.definition)));
    if (changed) this.#stops.put(changed);
  }

  async #log(row: { readonly id?: string } | undefined): Promise<void> {
    const stop = this.#chosen(row);
    const changed = stop && (await askCondition({ ...stop, log: stop.log ?? "" }, this.#pathsOf(stop.definition)));
    if (changed) this.#stops.put(changed);
  }

  #removeAll(): void {
    const { stops } = this.#stops.kept;
    if (stops.length === 0) tell(say("there is no actor breakpoint"));
    else this.#stops.remove(stops.map(({ id }) => id));
  }

  async #goToHandler(row: { readonly id?: string } | undefined): Promise<void> {
    const stop = this.#chosen(row);
    if (stop === undefined) return;
    if (await this.#says.openHandler(stop, this.#stops.stateOf(stop.id)?.at)) return;
    tell(say("the line of this handler is not known before an actor that has it starts"));
  }

  #remove(row: { readonly id?: string } | undefined): void {
    const stop = this.#chosen(row);
    if (stop) this.#stops.remove([stop.id]);
  }

  /** The one of that row; without a row the selected one, or the only one. Says so where there is none. */
  #chosen(row: { readonly id?: string } | undefined): ActorStop | undefined {
    const [selected] = this.#tree.selection;
    const { stops } = this.#stops.kept;
    const id = row?.id ?? (selected?.kind === "stop" ? selected.id : stops.length === 1 ? stops[0]?.id : undefined);
    const stop = typeof id === "string" ? this.#stops.stop(id) : undefined;
    if (stop === undefined)
      tell(stops.length === 0 ? say("there is no actor breakpoint") : say("choose an actor breakpoint first"));
    return stop;
  }

  /** Where actors of that definition live now. */
  #pathsOf(definition: string | undefined): readonly string[] {
    if (definition === undefined) return [];
    return this.#programs.all.flatMap(({ tree }) =>
      [...tree.rows].filter((row) => row.definition === definition).map((row) => row.path),
    );
  }

  // --- Why it has stopped ---

  /** Why that program stands, or will stand in a moment. */
  explain(program: Program, reason: Reason): void {
    this.#reasons.set(program, reason);
    if (program.isPaused) this.#explain(program);
  }

  /** The program has come to a stop or goes on. */
  #explain(program: Program): void {
    if (!program.isPaused) {
      // One that is about to stop has not stopped yet.
      if (this.#paused.has(program)) this.#release(program);
      return;
    }
    this.#paused.add(program);
    const { runner } = program;
    const crash =
      runner && this.#says.isCrash(program) ? this.#crashSentence(program, runner.key, runner.messageType) : undefined;
    const reason = this.#reasons.get(program);
    const before = reason && runner && isBeforeHandler(reason) ? handleWords(runner) : undefined;
    this.#say(crash ?? before ?? reason?.text ?? "");
  }

  #crashSentence(program: Program, key: string, messageType: string | undefined): string | undefined {
    const row = program.tree.row(key);
    if (row === undefined) return undefined;
    const name = path.posix.basename(row.path);
    const what =
      messageType === undefined
        ? say("{0} is about to crash.", name)
        : say("{0} is about to crash on {1}.", name, messageType);
    return `${what} ${say("On Continue it does. {0}", this.#says.consequence(program, key))}`;
  }

  #release(program: Program): void {
    this.#paused.delete(program);
    if (this.#reasons.delete(program) || this.#tree.message) this.#say("");
  }

  #say(text: string): void {
    if ((this.#tree.message ?? "") !== text) this.#tree.message = plain(text);
  }
}

function isBeforeHandler({ reason }: Reason): boolean {
  return reason === "message" || reason === "step";
}

function checkbox(on: boolean): vscode.TreeItemCheckboxState {
  return on ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
}

function whereOf({ definition, path: at, sender, hits }: ActorStop): string {
  const parts = [at ?? definition];
  if (sender !== undefined) parts.push(say("from {0}", sender));
  if (hits !== undefined) parts.push(say("match {0}", hits));
  return parts.filter((part) => part !== undefined).join(", ");
}

/** What a lens over a handler does; each says which message is handled there. */
const HANDLER_LENSES: readonly string[] = ["airssys.breakOnMessage", "airssys.editCondition", "airssys.stepToReply"];

/** The message that the handler on that line is for, or the one above it: as the lens over it says. */
async function handledAt(line: GutterLine | undefined): Promise<BreakRequest | undefined> {
  const editor = vscode.window.activeTextEditor;
  const uri = line?.uri ?? editor?.document.uri;
  // Line numbers of that menu begin with 1.
  const at = line === undefined ? editor?.selection.active.line : line.lineNumber - 1;
  if (uri === undefined || at === undefined) return undefined;
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
  const above = lenses
    .filter(({ command, range }) => HANDLER_LENSES.includes(command?.command ?? "") && range.start.line <= at)
    .sort((one, other) => other.range.start.line - one.range.start.line);
  const { messageType, definition } = (above[0]?.command?.arguments?.[0] ?? {}) as BreakRequest;
  return messageType === undefined ? undefined : { messageType, ...(definition === undefined ? {} : { definition }) };
}
