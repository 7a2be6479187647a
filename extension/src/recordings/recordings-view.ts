/** The view *Recordings*: the recordings of the workspace, and how they are begun, ended, opened and deleted. */
import path from "node:path";
import * as vscode from "vscode";
import { type RecordingFile, register } from "../commands.ts";
import { tellWindow } from "../context-keys.ts";
import { startProgram } from "../debug/provider.ts";
import { createFreshView } from "../fresh-view.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { counted, say } from "../sentence.ts";
import { iconless, plain } from "../text.ts";
import { registerRecordingEditors } from "./recording-editors.ts";
import { fileDescription, fileNameFor, inOrder } from "./recording-file.ts";
import type { ShownRecording } from "./shown-recording.ts";

const VIEW_ID = "airssys.recordings";
/** Recordings of the workspace that are listed. */
const LISTED = 500;

export class RecordingsView implements vscode.TreeDataProvider<RecordingFile>, vscode.Disposable {
  readonly #programs: Programs;
  readonly #shown: ShownRecording;
  readonly #fired = new vscode.EventEmitter<undefined>();
  readonly #tree: vscode.TreeView<RecordingFile>;
  readonly #disposables: vscode.Disposable;
  /** Programs that are recorded, and where. */
  readonly #recorded = new Map<Program, string>();

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#fired.event;

  constructor(log: Log, programs: Programs, shown: ShownRecording) {
    this.#programs = programs;
    this.#shown = shown;
    this.#tree = createFreshView(VIEW_ID, { treeDataProvider: this });
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
      registerRecordingEditors(shown),
      register(log, "airssys.recordStart", (values) => this.#start(values)),
      register(log, "airssys.recordStop", () => this.#stop()),
      register(log, "airssys.openRecording", (file) => this.#open(file)),
      register(log, "airssys.deleteRecording", (file) => this.#delete(file)),
      register(log, "airssys.copyRecordingMermaid", (file) => this.#copyMermaid(file)),
      register(log, "airssys.continueRecording", () => this.#continue()),
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
    await startProgram(undefined, false, { env });
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
    void tellWindow("airssys.isRecording", this.#recorded.size > 0);
    this.#tree.message =
      this.#recorded.size === 0
        ? ""
        : counted(this.#recorded.size, "{0} program is recorded", "{0} programs are recorded");
    this.#fired.fire(undefined);
  }

  // --- One recording ---

  async #open(file: RecordingFile | vscode.Uri | string | undefined): Promise<void> {
    const place = placeOf(file) ?? (await chooseFile());
    if (place !== undefined) await this.#shown.open(place);
  }

  async #delete(file: RecordingFile | undefined): Promise<void> {
    const chosen = file ?? this.#tree.selection[0];
    if (chosen === undefined) return tell(say("choose a recording first"));
    const remove = say("Move to Trash");
    const question = say("Delete the recording {0}?", plain(chosen.name));
    if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
    await vscode.workspace.fs.delete(vscode.Uri.file(chosen.path), { useTrash: true });
  }

  /** From its begin; of what is shown, the view copies. */
  async #copyMermaid(file: RecordingFile | undefined): Promise<void> {
    const place = file ?? this.#tree.selection[0];
    if (place === undefined) throw new Error(say("Choose a recording first."));
    const reader = this.#shown.reader(place.path);
    try {
      const { text, leftOut } = await reader.ask("mermaid", {});
      await vscode.env.clipboard.writeText(text);
      const rest = leftOut > 0 ? counted(leftOut, " {0} more is not in it.", " {0} more are not in it.") : "";
      tell(say("the sequence diagram is in the clipboard.") + rest, 8_000);
    } finally {
      reader.close();
    }
  }

  /** What stands in the way of a jump is said, for a while. */
  async #continue(): Promise<void> {
    const why = await this.#shown.toNextStop();
    if (why !== undefined) tell(why, 8_000);
  }
}

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
