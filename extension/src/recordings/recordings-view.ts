/** The view *Recordings*: the recordings of the workspace, how they are begun, ended, opened and deleted; and each as a document. */
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import type { MessageStop } from "airssys-rt/inspect";
import { mermaidOf, type Recording, readRecording } from "airssys-rt/recording";
import * as vscode from "vscode";
import { type RecordingFile, register } from "../commands.ts";
import { startProgram } from "../debug/provider.ts";
import type { Log } from "../log.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { counted, say } from "../sentence.ts";
import { iconless, plain } from "../text.ts";
import { causeOf, type Judge, nextOfActor, nextStop, sentBy } from "./recorded-jumps.ts";
import { noteText, type RecordedText, recordedText } from "./recorded-text.ts";
import { fileDescription, fileNameFor, inOrder } from "./recording-file.ts";

const VIEW_ID = "airssys.recordings";
const EDITOR_ID = "airssys.recording";
const SCHEME = "airssys-recording";
/** Recordings of the workspace that are listed. */
const LISTED = 500;
/** Milliseconds a condition may take for one message. */
const CONDITION_MS = 100;

interface Opened {
  readonly recording: Recording;
  readonly shown: RecordedText;
}

export class RecordingsView
  implements
    vscode.TreeDataProvider<RecordingFile>,
    vscode.TextDocumentContentProvider,
    vscode.CustomReadonlyEditorProvider,
    vscode.Disposable
{
  readonly #programs: Programs;
  readonly #stops: () => readonly MessageStop[];
  readonly #fired = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<RecordingFile>;
  readonly #disposables: vscode.Disposable;
  readonly #opened = new Map<string, Opened>();
  /** Programs that are recorded, and where. */
  readonly #recorded = new Map<Program, string>();

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#fired.event;

  /** @param stops the message breakpoints that are on */
  constructor(log: Log, programs: Programs, stops: () => readonly MessageStop[]) {
    this.#programs = programs;
    this.#stops = stops;
    this.#tree = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this });
    const files = vscode.workspace.createFileSystemWatcher("**/*.airssys");
    const changed = (): void => this.#fired.fire(undefined);
    programs.on("ended", (program) => this.#forget(program));
    this.#disposables = vscode.Disposable.from(
      this.#tree,
      this.#fired,
      files,
      files.onDidCreate(changed),
      files.onDidChange(changed),
      files.onDidDelete(changed),
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === SCHEME && this.#opened.delete(uri.path)),
      vscode.window.registerCustomEditorProvider(EDITOR_ID, this),
      register(log, "airssys.recordStart", (values) => this.#start(values)),
      register(log, "airssys.recordStop", () => this.#stop()),
      register(log, "airssys.openRecording", (file) => this.#open(file)),
      register(log, "airssys.deleteRecording", (file) => this.#delete(file)),
      register(log, "airssys.copyRecordingMermaid", (file) => this.#copyMermaid(file)),
      register(log, "airssys.recordedReceiver", () =>
        this.#jump((opened, at) => this.#receiver(opened, Math.max(at, 0))),
      ),
      register(log, "airssys.recordedNext", () =>
        this.#jump(({ recording }, at) => nextOfActor(recording, Math.max(at, 0))),
      ),
      register(log, "airssys.recordedCause", () =>
        this.#jump(({ recording }, at) => causeOf(recording, Math.max(at, 0))),
      ),
      register(log, "airssys.recordedStop", () => this.#jump((opened, at) => this.#nextStop(opened, at))),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  // --- The list ---

  async getChildren(parent?: RecordingFile): Promise<RecordingFile[]> {
    if (parent !== undefined) return [];
    const uris = await vscode.workspace.findFiles("**/*.airssys", "**/node_modules/**", LISTED);
    const files = await Promise.all(uris.map(fileOf));
    return inOrder(files.filter((file) => file !== undefined));
  }

  getTreeItem(file: RecordingFile): vscode.TreeItem {
    const item = new vscode.TreeItem(iconless(path.posix.basename(file.name)));
    item.id = file.path;
    item.description = fileDescription(file, Date.now());
    item.tooltip = file.name;
    item.contextValue = "recording";
    const isWritten = [...this.#recorded.values()].includes(file.path);
    item.iconPath = isWritten
      ? new vscode.ThemeIcon("record", new vscode.ThemeColor("problemsErrorIcon.foreground"))
      : new vscode.ThemeIcon("history");
    if (isWritten) item.description = say("recording… · {0}", item.description);
    item.command = { command: "airssys.openRecording", title: say("Open"), arguments: [file] };
    item.accessibilityInformation = { label: say("{0}, recording, {1}", file.name, item.description) };
    return item;
  }

  // --- Begin and end ---

  async #start(given?: boolean): Promise<void> {
    const running = this.#programs.shown.filter(
      (program): program is Program => program.endedAt === undefined && !this.#recorded.has(program as Program),
    );
    const able = running.filter((program) => program.can("recordings"));
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) throw new Error(say("Open a folder first: recordings are kept in it."));
    if (running.length > 0 && able.length === 0)
      throw new Error(say("The runtime of this program is too old to record: start it with AIRSSYS_RECORD instead."));
    const values = typeof given === "boolean" ? given : await this.#askForValues();
    if (values === undefined) return;
    const program = able.length > 1 ? await chooseProgram(able) : able[0];
    if (program !== undefined) await this.#record(program, folder, values);
    else if (able.length === 0) await this.#recordFromStart(folder, values);
  }

  async #askForValues(): Promise<boolean | undefined> {
    const types = { label: say("Types Only"), detail: say("Who sent what to whom, when, and what became of it.") };
    const all = {
      label: say("With Values"),
      detail: say("What is in messages and answers too: needed for Replay Actor. Fields that keep secrets are hidden."),
    };
    const placeHolder = say("What is to be recorded?");
    const chosen = await vscode.window.showQuickPick([types, all], { placeHolder });
    return chosen && chosen === all;
  }

  async #record(program: Program, folder: vscode.WorkspaceFolder, values: boolean): Promise<void> {
    const file = path.join(folder.uri.fsPath, fileNameFor(program.hello.program, new Date()));
    await program.request({ type: "record", on: true, file, values });
    this.#recorded.set(program, file);
    this.#changed();
  }

  /** Nothing runs: the recording begins with the program. */
  async #recordFromStart(folder: vscode.WorkspaceFolder, values: boolean): Promise<void> {
    const env = { AIRSSYS_RECORD: folder.uri.fsPath, AIRSSYS_RECORD_VALUES: values ? "1" : "0" };
    await startProgram(undefined, false, env);
  }

  async #stop(): Promise<void> {
    for (const [program, file] of this.#recorded) {
      await program.request({ type: "record", on: false });
      this.#forget(program);
      await this.#open(file);
    }
  }

  #forget(program: Program): void {
    if (this.#recorded.delete(program)) this.#changed();
  }

  #changed(): void {
    void vscode.commands.executeCommand("setContext", "airssys.isRecording", this.#recorded.size > 0);
    this.#tree.message =
      this.#recorded.size === 0
        ? ""
        : counted(this.#recorded.size, "{0} program is recorded", "{0} programs are recorded");
    this.#fired.fire(undefined);
  }

  // --- One recording ---

  async #open(file: RecordingFile | vscode.Uri | string | undefined): Promise<void> {
    const place = placeOf(file) ?? (await chooseFile());
    if (place === undefined) return;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${place}.log` });
    await this.#read(uri.path);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    const { recording } = this.#opened.get(uri.path) ?? {};
    const notes = recording?.notes ?? [];
    if (notes.length > 0)
      vscode.window.setStatusBarMessage(say("Airssys: {0}", notes.map(noteText).join(" · ")), 8_000);
  }

  async provideTextDocumentContent({ path: place }: vscode.Uri): Promise<string> {
    return (this.#opened.get(place) ?? (await this.#read(place))).shown.text;
  }

  async #read(place: string): Promise<Opened> {
    const file = place.slice(0, -".log".length);
    const recording = await readRecording(fs.createReadStream(file));
    const opened = { recording, shown: recordedText(recording, path.basename(file)) };
    this.#opened.set(place, opened);
    return opened;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  /** A file of the Explorer: its messages are shown in its place. */
  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    try {
      await this.#open(uri);
      panel.dispose();
    } catch (error) {
      panel.webview.html = page(error instanceof Error ? error.message : String(error));
    }
  }

  async #delete(file: RecordingFile | undefined): Promise<void> {
    const chosen = file ?? this.#tree.selection[0];
    if (chosen === undefined) return tell(say("choose a recording first"));
    const remove = say("Move to Trash");
    const question = say("Delete the recording {0}?", plain(chosen.name));
    if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
    await vscode.workspace.fs.delete(vscode.Uri.file(chosen.path), { useTrash: true });
  }

  /** Of a file from its begin, of an open recording from the line of the cursor. */
  async #copyMermaid(file: RecordingFile | undefined): Promise<void> {
    const here = file === undefined ? this.#here() : undefined;
    const place = file ?? this.#tree.selection[0];
    if (here === undefined && place === undefined) throw new Error(say("Open a recording, or choose one, first."));
    const { recording } = here?.opened ?? (await this.#read(`${(place as RecordingFile).path}.log`));
    const { text, leftOut } = mermaidOf([...recording].slice(Math.max(here?.index ?? 0, 0)));
    await vscode.env.clipboard.writeText(text);
    const rest = leftOut > 0 ? counted(leftOut, " {0} more is not in it.", " {0} more are not in it.") : "";
    vscode.window.setStatusBarMessage(say("Airssys: the sequence diagram is in the clipboard.") + rest, 8_000);
  }

  // --- Jumps ---

  /** The recording of the active editor, and the message of its line. */
  #here(): { readonly opened: Opened; readonly editor: vscode.TextEditor; readonly index: number } | undefined {
    const editor = vscode.window.activeTextEditor;
    const opened = editor && this.#opened.get(editor.document.uri.path);
    if (editor === undefined || opened === undefined || editor.document.uri.scheme !== SCHEME) return undefined;
    const index = opened.shown.messageAt(editor.selection.active.line) ?? -1;
    return { opened, editor, index };
  }

  /** @param to gets the message of the line, -1 above the first */
  async #jump(to: (opened: Opened, index: number) => number | string | Promise<number | string>): Promise<void> {
    const here = this.#here();
    if (here === undefined) return tell(say("Open a recording first."));
    const { opened, editor } = here;
    if (opened.recording.length === 0) return tell(say("There is no message in this recording."));
    const index = await to(opened, here.index);
    if (typeof index === "string") return tell(index);
    const line = opened.shown.lineOf(index);
    if (line === undefined) return tell(say("There is no such message in this recording."));
    const position = new vscode.Position(line, 0);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  async #receiver({ recording }: Opened, index: number): Promise<number | string> {
    const sent = sentBy(recording, index);
    if (sent.length === 0) return say("This turn has sent no message.");
    if (sent.length === 1) return sent[0] as number;
    const items = sent.map((at) => {
      const { type, to, seq } = recording.at(at);
      return { label: iconless(type), description: iconless(`#${seq} → ${to.path}`), at };
    });
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: say("Which message of this turn?") });
    return chosen?.at ?? index;
  }

  #nextStop({ recording }: Opened, index: number): number | string {
    const stops = this.#stops();
    if (stops.length === 0) return say("There is no message breakpoint: set one in Actor Breakpoints.");
    const { index: found, unjudged } = nextStop(recording, index, stops, judge);
    if (found >= 0) return found;
    return unjudged === 0
      ? say("No message after this one matches a breakpoint.")
      : counted(
          unjudged,
          "No message after this one matches a breakpoint; of {0} the condition could not be judged.",
          "No message after this one matches a breakpoint; of {0} the condition could not be judged.",
        );
  }
}

/** The condition is the user's own; the message is data. It sees nothing else, and has little time. */
const judge: Judge = (condition, { message, sender, actor }) =>
  Boolean(
    vm.runInNewContext(`(${condition})`, { message, sender, actor, incarnation: undefined }, { timeout: CONDITION_MS }),
  );

async function fileOf(uri: vscode.Uri): Promise<RecordingFile | undefined> {
  try {
    const { size, mtime } = await vscode.workspace.fs.stat(uri);
    return { path: uri.fsPath, name: vscode.workspace.asRelativePath(uri), bytes: size, writtenAt: mtime };
  } catch {
    return undefined; // it has gone meanwhile
  }
}

function placeOf(file: RecordingFile | vscode.Uri | string | undefined): string | undefined {
  if (typeof file === "string") return file;
  return file instanceof vscode.Uri ? file.fsPath : file?.path;
}

async function chooseFile(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ filters: { [say("Recordings")]: ["airssys"] } })) ?? [];
  return file?.fsPath;
}

async function chooseProgram(programs: readonly Program[]): Promise<Program | undefined> {
  const items = programs.map((program) => ({ label: iconless(program.title), description: program.detail, program }));
  return (await vscode.window.showQuickPick(items, { placeHolder: say("Which program is to be recorded?") }))?.program;
}

function tell(text: string): void {
  vscode.window.setStatusBarMessage(say("Airssys: {0}", text), 8_000);
}

/** Why a file cannot be shown, as a page without anything else. */
function page(reason: string): string {
  return reason.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
}
