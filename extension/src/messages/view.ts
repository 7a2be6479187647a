/** The view Messages: a page in the panel that is told what programs tell, and asks for sources, breakpoints and copies. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { ActorQuestions } from "../actor-questions.ts";
import { type MessageKind, register } from "../commands.ts";
import { onSettingsChange, settings } from "../config.ts";
import { tellWindow } from "../context-keys.ts";
import { translations } from "../editor-language.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Node } from "../programs/node.ts";
import type { Program } from "../programs/program.ts";
import type { Programs } from "../programs/programs.ts";
import { counted, say } from "../sentence.ts";
import { show } from "../tree/open-source.ts";
import type { Sources } from "../tree/sources.ts";
import type { Following } from "./following.ts";
import { PageLoad } from "./page-load.ts";
import type { FromPage, Head, MessageFacts, Place, ToPage } from "./page-protocol.ts";
import { pageText, wordsPage } from "./page-text.ts";
import { definitionOf, MessagePlaces } from "./places.ts";
import type { RecordingSource } from "./recording-source.ts";

const MESSAGES_VIEW_ID = "airssys.messages";
/** Queued messages from which it is said under a name. */
const MANY_QUEUED = 10;
/** Milliseconds between two tellings of what stands under names. */
const HEADS_MS = 500;

type AboutRecording = Extract<FromPage, { readonly type: "taken" | "selected" | "value" }>;

export interface MessagesParts {
  readonly log: Log;
  readonly programs: Programs;
  readonly sources: Sources;
  readonly actors: ActorQuestions;
  readonly following: Following;
  readonly extensionUri: vscode.Uri;
}

export class MessagesView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #parts: MessagesParts;
  readonly #places: MessagePlaces;
  readonly #subscriptions: vscode.Disposable[];
  readonly #seen = new vscode.EventEmitter<undefined>();
  /** Somebody sees something else, or nothing any more. */
  readonly onDidChangeSeen: vscode.Event<undefined> = this.#seen.event;
  #view: vscode.WebviewView | undefined;
  #page: PageLoad | undefined;
  #areValuesShown: boolean | undefined;
  /** Wanted before the page was there. */
  #waiting: ToPage[] = [];
  /** What is shown in the place of programs. */
  #recording: RecordingSource | undefined;
  #headsTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #headed = new Set<Program>();

  constructor(parts: MessagesParts) {
    this.#parts = parts;
    const { log, following, programs } = parts;
    this.#places = new MessagePlaces(parts.sources, parts.actors);
    following.on("messages", (program, frame) => this.#post({ type: "frame", program, frame }));
    following.on("forgotten", (program, hasEnded) => this.#post({ type: "forget", program, hasEnded }));
    following.on("stopped", (text) => this.#post({ type: "unfollowed", text }));
    following.on("changed", () => this.#post({ type: "programs", count: following.count }));
    following.on("noted", (text) => log.info(text));
    programs.on("changed", (program) => this.#noteHeads(program));
    this.#subscriptions = [
      this.#seen,
      vscode.window.registerWebviewViewProvider(MESSAGES_VIEW_ID, this, {
        // What was recorded is in the page and nowhere else.
        webviewOptions: { retainContextWhenHidden: true },
      }),
      register(log, "airssys.showMessages", () => this.show()),
      register(log, "airssys.messagesOf", (node) => this.#showOf(node)),
      register(log, "airssys.copyMermaid", () => this.#copy()),
      onSettingsChange(() => this.#applySettings()),
    ];
  }

  /** Whether somebody sees what programs tell, and the page can be told. */
  get isVisible(): boolean {
    return this.#isSeen && this.#recording === undefined;
  }

  get #isSeen(): boolean {
    return this.#view?.visible === true && this.#isReady;
  }

  get #isReady(): boolean {
    return this.#page?.isReady === true;
  }

  /** The recording that somebody sees. */
  get recording(): RecordingSource | undefined {
    return this.#isSeen ? this.#recording : undefined;
  }

  /** Whether what is in messages is wanted. */
  areValuesWanted(isAttached: boolean): boolean {
    return this.#areValuesShown ?? (!isAttached && settings().messagePayloads === "values");
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#page?.dispose();
    this.#view = view;
    const folder = vscode.Uri.joinPath(this.#parts.extensionUri, "dist", "messages");
    view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    view.webview.onDidReceiveMessage((message: FromPage) => {
      if (this.#view !== view) return;
      this.#hear(message).catch((error: Error) => this.#parts.log.error(`messages: ${error.message}`));
    });
    view.onDidChangeVisibility(() => this.#attend());
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#page?.dispose();
      this.#page = undefined;
      tellFocus(false);
      this.#parts.following.look();
      this.#seen.fire(undefined);
    });
    const load = (): void => {
      view.webview.html = pageOf(view.webview, folder);
    };
    this.#page = new PageLoad({ load, missed: (ms, isLast) => this.#miss(view, ms, isLast) }, view.visible);
  }

  #miss({ webview }: vscode.WebviewView, ms: number, isLast: boolean): void {
    const { log } = this.#parts;
    log.warn(
      `the page of the view Messages has not come within ${ms / 1_000} s${isLast ? "" : ": it is loaded again"}`,
    );
    if (isLast) webview.html = wordsPage(say("This page does not load. Close the view and open it again."));
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${MESSAGES_VIEW_ID}.focus`);
  }

  /** Shows a recording in the place of programs; `undefined`: programs again. */
  async showRecording(recording: RecordingSource | undefined): Promise<void> {
    const before = this.#recording;
    this.#recording = recording;
    if (recording === undefined) this.#post({ type: "live" });
    else this.#beginRecording(recording);
    before?.leave();
    this.#attend();
    if (recording !== undefined) await this.show();
  }

  /** Selects a message of the recording, or its answer. */
  select(seq: number, isReply: boolean): void {
    if (this.#recording === undefined) return;
    this.#post({ type: "select", run: this.#recording.shown.run, seq, isReply });
  }

  /** Shows the messages that this text is about. */
  async filter(text: string): Promise<void> {
    await this.show();
    this.#post({ type: "filter", text });
  }

  dispose(): void {
    clearTimeout(this.#headsTimer);
    this.#page?.dispose();
    for (const one of this.#subscriptions) one.dispose();
  }

  async #showOf(of: Node | MessageKind | undefined): Promise<void> {
    if (of !== undefined && "messageType" in of) return this.filter(`type:${of.messageType}`);
    const node = of;
    const row = node?.kind === "actor" ? node.program.tree.row(node.key) : undefined;
    if (row === undefined) return tell(say("choose a running actor first"));
    if (this.#recording !== undefined) await this.showRecording(undefined);
    await this.filter(row.path);
  }

  async #copy(): Promise<void> {
    if (this.#isReady) this.#post({ type: "copy" });
    else tell(say("open the view Messages first"));
  }

  #attend(): void {
    this.#page?.attend(this.#view?.visible === true);
    if (this.isVisible) this.#post({ type: "resumed" });
    this.#parts.following.look(this.isVisible);
    this.#seen.fire(undefined);
  }

  #applySettings(): void {
    this.#post({ type: "values", areShown: this.areValuesWanted(false) });
    this.#parts.following.look();
  }

  #post(message: ToPage): void {
    if (this.#view === undefined || !this.#isReady) {
      if (message.type === "filter") this.#waiting = [message];
      return;
    }
    void this.#view.webview.postMessage(message);
  }

  // --- What the page says ---

  async #hear(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return this.#begin();
      case "failed":
        return this.#parts.log.error(`the page of the view Messages failed: ${message.text}`);
      case "focus":
        return tellFocus(message.isHere);
      case "find": {
        const places = await this.find(message.message);
        return this.#post({ type: "places", request: message.request, places });
      }
      case "open":
        return showPlace(message.place);
      case "goTo":
        return this.#goTo(message.end, message.message);
      case "break":
        return this.#breakOn(message.message);
      case "copied":
        await vscode.env.clipboard.writeText(message.text);
        return tell(counted(message.count, "{0} row copied as Mermaid", "{0} rows copied as Mermaid"));
      case "showValues":
        if (this.#parts.programs.all.every(({ isWatched }) => isWatched))
          return tell(say("Airssys: a program that is watched, read only, does not tell what is in messages."));
        this.#areValuesShown = true;
        this.#post({ type: "values", areShown: true });
        return this.#parts.following.look();
      case "leave":
        return this.showRecording(undefined);
      case "replay":
        return void (await vscode.commands.executeCommand("airssys.replayActor"));
      case "debug":
        return void (await vscode.commands.executeCommand("airssys.debug"));
      case "taken":
      case "selected":
      case "value":
        if (message.run === this.#recording?.shown.run) await this.#hearOfRecording(this.#recording, message);
    }
  }

  async #hearOfRecording(recording: RecordingSource, message: AboutRecording): Promise<void> {
    const { run } = recording.shown;
    switch (message.type) {
      case "selected":
        recording.selected = message.seq;
        return;
      case "taken":
        return this.#tellFrame(recording);
      case "value": {
        const json = await recording.valueOf(message.seq);
        this.#post({ type: "value", run, seq: message.seq, ...(json === undefined ? {} : { json }) });
      }
    }
  }

  #beginRecording(recording: RecordingSource): void {
    if (this.#view === undefined || !this.#isReady) return;
    recording.rewind();
    this.#post({ type: "recording", recording: recording.shown });
    this.#tellFrame(recording).catch((error: Error) => this.#parts.log.error(`recording: ${error.message}`));
  }

  async #tellFrame(recording: RecordingSource): Promise<void> {
    const frame = await recording.frame();
    this.#post({ type: "recorded", run: recording.shown.run, ...(frame === undefined ? {} : { frame }) });
  }

  #begin(): void {
    this.#page?.heard();
    this.#post({
      type: "setup",
      locale: vscode.env.language,
      sentences: translations(),
      kept: settings().messagesKept,
      areValuesShown: this.areValuesWanted(false),
    });
    this.#post({ type: "programs", count: this.#parts.following.count });
    if (this.#recording !== undefined) this.#beginRecording(this.#recording);
    for (const message of this.#waiting.splice(0)) this.#post(message);
    this.#parts.following.tellAgain();
    this.#seen.fire(undefined);
  }

  /** Where in the source that message was sent and is handled. */
  find(message: MessageFacts): ReturnType<MessagePlaces["find"]> {
    if (this.#recording?.shown.run === message.program) return this.#places.find(message, this.#recording);
    return this.#places.find(message, this.#parts.following.programOf(message.program));
  }

  async #goTo(end: "sent" | "handled", message: MessageFacts): Promise<void> {
    const { sent, handled, threw } = await this.find(message);
    const place = end === "sent" ? sent[0] : (threw ?? handled);
    if (place === undefined)
      return tell(
        end === "sent"
          ? say("it is not known where this message was sent")
          : say("it is not known where this message is handled"),
      );
    await showPlace(place);
  }

  async #breakOn({ program, type, toKey }: MessageFacts): Promise<void> {
    const isRecorded = this.#recording?.shown.run === program;
    const source = isRecorded ? this.#recording : this.#parts.following.programOf(program);
    const definition = source === undefined ? undefined : definitionOf(source, toKey);
    const request = { messageType: type, ...(definition === undefined ? {} : { definition }) };
    await vscode.commands.executeCommand("airssys.breakOnMessage", request);
  }

  // --- What stands under names ---

  #noteHeads(program: Program): void {
    if (!this.isVisible) return;
    this.#headed.add(program);
    this.#headsTimer ??= setTimeout(() => {
      this.#headsTimer = undefined;
      for (const one of this.#headed)
        this.#post({ type: "heads", program: this.#parts.following.runOf(one), heads: headsOf(one) });
      this.#headed.clear();
    }, HEADS_MS);
  }
}

function tellFocus(isHere: boolean): void {
  void tellWindow("airssys.readsMessages", isHere);
}

function headsOf({ tree }: Program): Record<string, Head> {
  const heads: Record<string, Head> = {};
  for (const { key, restarts, mailbox } of tree.rows) {
    const queued = mailbox.depth >= MANY_QUEUED ? mailbox.depth : 0;
    if (queued + restarts > 0) heads[key] = { queued, restarts };
  }
  return heads;
}

async function showPlace({ uri, line, character }: Place): Promise<void> {
  const start = { line, character };
  await show({ uri, range: { start, end: start } });
}

function pageOf(webview: vscode.Webview, folder: vscode.Uri): string {
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  return pageText({
    nonce: randomBytes(16).toString("base64"),
    styleSource: webview.cspSource,
    script: address("main.js"),
    style: address("main.css"),
    language: vscode.env.language,
  });
}
