/** The entry of the extension: makes the features and connects them. */
import os from "node:os";
import * as vscode from "vscode";
import { type ActorView, registerActorView } from "./actor/view.ts";
import { ActorQuestions } from "./actor-questions.ts";
import { settings } from "./config.ts";
import { forgetContexts } from "./context-keys.ts";
import type { StopKnowledge } from "./debug/breakpoints-view.ts";
import { Launches } from "./debug/launches.ts";
import { registerDebugging } from "./debug/provider.ts";
import { ProgramQuestions } from "./debug/questions.ts";
import { registerStops, type Stopping } from "./debug/stops.ts";
import { registerTracker } from "./debug/tracker.ts";
import { speakAsEditor } from "./editor-language.ts";
import { removeLeftovers } from "./inspect/leftovers.ts";
import { Listener } from "./inspect/listener.ts";
import { LanguageFeatures } from "./language-features.ts";
import { createLog } from "./log.ts";
import { Following } from "./messages/following.ts";
import { LiveLens } from "./messages/live-lens.ts";
import { MessagesView } from "./messages/view.ts";
import { lastTold } from "./notice.ts";
import { registerNotifications } from "./notifications.ts";
import { Programs } from "./programs/programs.ts";
import { RecentLatencies } from "./programs/recent-latencies.ts";
import { openNew, registerNewProject } from "./project/command.ts";
import { ActorReplay } from "./recordings/actor-replay.ts";
import { RecordingsView } from "./recordings/recordings-view.ts";
import { ShownRecording } from "./recordings/shown-recording.ts";
import type { MessageSender } from "./send/send-message.ts";
import { startOnDemand } from "./start-on-demand.ts";
import { StatusBar } from "./status-bar.ts";
import { Terminals } from "./terminals.ts";
import { TestingEntry } from "./testing/entry.ts";
import { TestQuestions } from "./testing/test-questions.ts";
import { messageSender, registerActions } from "./tree/actions.ts";
import { crashConsequence } from "./tree/consequence.ts";
import { openHandlerOf } from "./tree/open-source.ts";
import { registerProcessActions } from "./tree/process-actions.ts";
import { Sources } from "./tree/sources.ts";
import { SupervisionView } from "./tree/view.ts";
import { registerWalkthrough } from "./walkthrough.ts";
import { type ProgramWatch, registerWatching } from "./watch/program-watch.ts";
import { windowMemory } from "./window-memory.ts";
import { isInWorkspace } from "./workspace.ts";

/** What `activate` gives to tests. */
export interface Api {
  /** What the status bar said last. */
  readonly lastTold: typeof lastTold;
  readonly programs: Programs;
  readonly sources: Sources;
  readonly view: SupervisionView;
  readonly actorView: ActorView;
  readonly language: LanguageFeatures;
  readonly openNew: typeof openNew;
  readonly actors: ActorQuestions;
  readonly sender: MessageSender;
  readonly stopping: Stopping;
  readonly recordings: RecordingsView;
  readonly recording: ShownRecording;
  readonly replay: ActorReplay;
  readonly messages: MessagesView;
  readonly following: Following;
  readonly watch: ProgramWatch;
  readonly statusBar: StatusBar;
  readonly testing: TestingEntry;
}

export function activate(context: vscode.ExtensionContext): Api {
  speakAsEditor();
  forgetContexts();
  const log = createLog();
  const programs = new Programs(
    (origin) => origin !== "watched" && (origin !== "attached" || settings().actOnAttached),
  );
  const sources = new Sources(isInWorkspace);
  const listener = new Listener((welcome) => programs.meet(welcome), windowMemory(context.workspaceState));
  const actors = new ActorQuestions();
  const view = new SupervisionView(programs, sources, actors, context.workspaceState);
  const questions = new ProgramQuestions();
  const sender = messageSender(log, sources, actors);
  const launches = new Launches();
  const terminals = new Terminals(log, listener, context.environmentVariableCollection);
  const latencies = new RecentLatencies();
  const following: Following = new Following(programs, () => ({
    hasView: messages.isVisible,
    hasLens: lenses.isWanted,
    hasLatency: (program) => latencies.isWanted(program),
    areValuesWanted: (isAttached) => messages.areValuesWanted(isAttached),
    hidden: settings().redact,
  }));
  latencies.on("wanted", () => following.look(true));
  following.on("began", (program, level) => latencies.begin(program, level !== "off", Date.now()));
  following.on("stats", (program, frame) => latencies.take(program, frame, Date.now()));
  following.on("spared", (program, reason) => latencies.giveUp(program, reason));
  const { extensionUri } = context;
  const messages = new MessagesView({ log, programs, sources, actors, following, extensionUri });
  const armed = () => stopping.stops.kept.stops.filter(({ isOn }) => isOn);
  const recording = new ShownRecording(messages, extensionUri, armed);
  const known: Omit<StopKnowledge, "isCrash"> = {
    consequence: ({ tree }, key) => crashConsequence(tree, key),
    openHandler: ({ definition, messageType }, at) => openHandlerOf({ definition, messageType }, at, sources, actors),
  };
  const stopping: Stopping = registerStops(log, programs, context.workspaceState, known, recording);
  const lenses = new LiveLens(programs, following, stopping.stops);
  context.subscriptions.push(lenses, messages);
  const tests = new TestQuestions();
  const asked = { sources, programs: questions, actors, lenses, tests };
  const language = new LanguageFeatures(log, asked, context.extensionPath, () => terminals.use());
  context.subscriptions.push(log, view, language, terminals, sender);
  context.subscriptions.push(registerDebugging({ log, listener, questions, launches }));
  context.subscriptions.push(stopping, registerTracker(log, programs, launches, stopping.arming));
  context.subscriptions.push(registerActions(log, view, sources, programs, actors, sender));
  const recordings = new RecordingsView(log, programs, recording);
  const replay = new ActorReplay(log, recording);
  const reporters = vscode.Uri.joinPath(extensionUri, "dist", "reporters").fsPath;
  const testing = new TestingEntry(log, { tests, programs: questions, sources, actors, reporters }, recording, view);
  context.subscriptions.push(recording, recordings, replay, testing);
  context.subscriptions.push(registerProcessActions(log, view));
  const actor = registerActorView({ log, programs, supervision: view, sources, questions: actors, latencies });
  context.subscriptions.push(actor.registered);
  context.subscriptions.push(registerNewProject(log, context));
  const watch = registerWatching(log, programs, view, context);
  context.subscriptions.push(watch);
  context.subscriptions.push(
    registerWalkthrough(log, programs, {
      isTreeVisible: () => view.isVisible,
      isAtCrash: (program) => stopping.arming.isAtCrash(program),
    }),
  );
  const statusBar = new StatusBar(programs, view);
  context.subscriptions.push(statusBar, registerNotifications(log, programs));
  context.subscriptions.push({ dispose: () => listener.close() }, { dispose: () => programs.close() });
  listener.resume().catch((error: Error) => log.warn(`programs from before cannot be shown: ${error.message}`));
  removeLeftovers(os.tmpdir(), listener.found).then(
    (removed) => removed > 0 && log.info(`removed what ${removed} windows left behind that were killed`),
    (error: Error) => log.warn(`what killed windows left behind stays: ${error.message}`),
  );
  startOnDemand(log);
  return {
    lastTold,
    programs,
    sources,
    view,
    actorView: actor.view,
    language,
    openNew,
    actors,
    sender,
    stopping,
    recordings,
    recording,
    replay,
    messages,
    following,
    watch,
    statusBar,
    testing,
  };
}
