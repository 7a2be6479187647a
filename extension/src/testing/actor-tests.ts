/** The controller *Actor tests* of the Testing view: lists the tests that use the testkit, and runs, debugs and explores them. */
import type { TestList } from "airssys-language-server/protocol";
import * as vscode from "vscode";
import { tellFailingTests } from "../context-keys.ts";
import { say } from "../sentence.ts";
import { duration } from "../text.ts";
import { isInWorkspace } from "../workspace.ts";
import { ENV_EXPLORE, ENV_SCHEDULE } from "./environment.ts";
import { type Asked, errorMessage, explorationMessage } from "./failure-message.ts";
import { type Ended, type ExecutionShared, execute } from "./file-execution.ts";
import { coverageSentences, coverageWords, failureWords, progressWords } from "./outcome-words.ts";
import { replayLine, shellOf } from "./replay-line.ts";
import type { RunPlan } from "./run-plan.ts";
import type { ExplorationFailed } from "./test-event.ts";
import { type FileRun, runsOf, type TestNode, testNodes, withBelow } from "./test-node.ts";
import type { TestQuestions } from "./test-questions.ts";
import { type Change, TestResults } from "./test-results.ts";
import { testSettings } from "./test-settings.ts";

const CONTROLLER_ID = "airssys.tests";

/** Milliseconds after a file was saved, before its tests run again. */
const QUIET_MS = 300;

/** How tests are run. */
export type Manner = "run" | "debug" | "explore";

export interface TestShared extends ExecutionShared, Asked {
  readonly tests: TestQuestions;
}

/** A test that has failed under a schedule. */
export interface FailedTest {
  readonly node: TestNode;
  readonly failure: ExplorationFailed;
  readonly line: string;
}

/** What else a run is told. */
export interface RunWish {
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the debug session. */
  readonly name?: string;
}

export class ActorTests implements vscode.Disposable {
  readonly #shared: TestShared;
  readonly #controller: vscode.TestController;
  readonly #profiles = new Map<Manner, vscode.TestRunProfile>();
  readonly #subscriptions: vscode.Disposable[] = [];
  /** By id of the test. */
  readonly #failures = new Map<string, FailedTest>();
  readonly #items = new Map<string, vscode.TestItem>();
  #nodes: readonly TestNode[] = [];
  #refreshing: Promise<void> | undefined;
  #isStale = false;
  readonly #listed = new vscode.EventEmitter<void>();
  /** The list is that of the newest texts. */
  readonly onDidList: vscode.Event<void> = this.#listed.event;

  constructor(shared: TestShared) {
    this.#shared = shared;
    this.#controller = vscode.tests.createTestController(CONTROLLER_ID, say("Actor tests"));
    this.#controller.refreshHandler = () => this.refresh();
    this.#controller.resolveHandler = async (item) => {
      if (item === undefined) await this.refresh();
    };
    const changed = (): void => void this.refresh();
    shared.tests.on("changed", changed);
    this.#subscriptions.push(
      this.#listed,
      { dispose: () => shared.tests.off("changed", changed) },
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#offer()),
    );
    this.#offer();
    void this.refresh();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#controller.dispose();
  }

  get nodes(): readonly TestNode[] {
    return this.#nodes;
  }

  get failures(): readonly FailedTest[] {
    return [...this.#failures.values()];
  }

  itemOf(id: string): vscode.TestItem | undefined {
    return this.#items.get(id);
  }

  failureOf(id: string): FailedTest | undefined {
    return this.#failures.get(id);
  }

  /** To run tests is to run code of the workspace. */
  #offer(): void {
    if (!vscode.workspace.isTrusted || this.#profiles.size > 0) return;
    const { Run, Debug } = vscode.TestRunProfileKind;
    const offer = (manner: Manner, label: string, kind: vscode.TestRunProfileKind, isDefault: boolean): void => {
      const isContinuous = manner !== "debug";
      const begin = (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> =>
        request.continuous === true ? this.#runOnSave(request, manner, token) : this.run(request, manner, token);
      const profile = this.#controller.createRunProfile(label, kind, begin, isDefault, undefined, isContinuous);
      this.#profiles.set(manner, profile);
    };
    offer("run", say("Run"), Run, true);
    offer("debug", say("Debug"), Debug, true);
    offer("explore", say("Explore Schedules"), Run, false);
  }

  /** Asks for the tests anew. What a server does not know it tells when it does. */
  refresh(): Promise<void> {
    this.#isStale = true;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** What is told while it is asked for may be in the answer, or not. */
  async #refresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      const list = await this.#shared.tests.list();
      if (list !== undefined) this.#list(list);
    }
  }

  #list(list: TestList): void {
    this.#nodes = testNodes(list, isInWorkspace);
    const before = new Map(this.#items);
    this.#items.clear();
    this.#controller.items.replace(this.#nodes.map((node) => this.#itemOf(node, before)));
    for (const id of this.#failures.keys()) if (!this.#items.has(id)) this.#failures.delete(id);
    this.#tellFailures();
    this.#listed.fire();
  }

  /** One that is there already keeps its result. */
  #itemOf(node: TestNode, before: ReadonlyMap<string, vscode.TestItem>): vscode.TestItem {
    const uri = vscode.Uri.parse(node.uri);
    const label = labelOf(node, uri);
    const item = before.get(node.id) ?? this.#controller.createTestItem(node.id, label, uri);
    item.range = node.range && rangeOf(node.range);
    if (node.kind === "computed") item.description = say("run the whole file");
    item.children.replace(node.children.map((child) => this.#itemOf(child, before)));
    this.#items.set(node.id, item);
    return item;
  }

  /** Runs again what was wished for, whenever a source is saved, until somebody ends it. */
  async #runOnSave(wished: vscode.TestRunRequest, manner: Manner, token: vscode.CancellationToken): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let running: Promise<void> | undefined;
    let isAgain = false;
    const again = async (): Promise<void> => {
      if (token.isCancellationRequested) return;
      if (running !== undefined) {
        isAgain = true;
        return;
      }
      const { include, exclude, profile } = wished;
      // Items may have become others meanwhile.
      const present = (items: readonly vscode.TestItem[] | undefined): vscode.TestItem[] | undefined =>
        items?.flatMap(({ id }) => this.#items.get(id) ?? []);
      const request = new vscode.TestRunRequest(present(include), present(exclude), profile, true);
      running = this.run(request, manner, token);
      await running.finally(() => {
        running = undefined;
      });
      if (isAgain) {
        isAgain = false;
        await again();
      }
    };
    const saving = vscode.workspace.onDidSaveTextDocument(({ uri, fileName }) => {
      if (!/\.[cm]?[jt]sx?$/.test(fileName) || !isInWorkspace(uri.toString())) return;
      clearTimeout(timer);
      timer = setTimeout(() => void again(), QUIET_MS);
    });
    token.onCancellationRequested(() => {
      clearTimeout(timer);
      saving.dispose();
    });
    await again();
  }

  async run(
    request: vscode.TestRunRequest,
    manner: Manner,
    token: vscode.CancellationToken,
    wish: RunWish = {},
  ): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const runs = runsOf(
      this.#nodes,
      request.include?.map(({ id }) => id),
      request.exclude?.map(({ id }) => id) ?? [],
    );
    try {
      for (const { awaited } of runs)
        for (const node of awaited)
          if (node.kind !== "file" && node.kind !== "suite") this.#with(node, (item) => run.enqueued(item));
      for (const one of runs)
        if (!token.isCancellationRequested && !run.token.isCancellationRequested)
          await this.#runFile(run, one, manner, token, wish);
    } finally {
      run.end();
    }
  }

  async #runFile(
    run: vscode.TestRun,
    one: FileRun,
    manner: Manner,
    token: vscode.CancellationToken,
    wish: RunWish,
  ): Promise<void> {
    const results = new TestResults(one);
    const cancel = new vscode.CancellationTokenSource();
    const cancelling = [token, run.token].map((each) => each.onCancellationRequested(() => cancel.cancel()));
    const { runs, seconds } = testSettings(vscode.Uri.parse(one.file.uri));
    const limit = new ExplorationLimit(seconds, () => cancel.cancel());
    const shown: Promise<void>[] = [];
    let plan: RunPlan | undefined;
    const output = (text: string): void => run.appendOutput(text.replace(/\r?\n/g, "\r\n"));
    let ended: Ended;
    try {
      ended = await execute(
        {
          run: one,
          env: { ...(manner === "explore" && { [ENV_EXPLORE]: `runs=${runs}` }), ...wish.env },
          ...(manner === "debug" && { debugged: { testRun: run, name: wish.name ?? say("Tests: {0}", nameOf(one)) } }),
          token: cancel.token,
          onPlan: (made) => {
            plan = made;
          },
          onEvent: (event) => {
            if (event.event === "exploring" && manner === "explore") limit.begin();
            if (event.event === "explored" || event.event === "failed") limit.end();
            for (const change of results.take(event)) shown.push(this.#show(run, change, plan, output));
          },
          onOutput: output,
        },
        this.#shared,
      );
    } finally {
      limit.end();
      for (const each of cancelling) each.dispose();
      cancel.dispose();
    }
    await Promise.all(shown);
    const isCancelled = token.isCancellationRequested || run.token.isCancellationRequested;
    for (const node of results.missing) this.#showMissing(run, node, ended, isCancelled, limit);
  }

  #with(node: TestNode, act: (item: vscode.TestItem) => void): void {
    const item = this.#items.get(node.id);
    if (item !== undefined) act(item);
  }

  async #show(
    run: vscode.TestRun,
    change: Change,
    plan: RunPlan | undefined,
    output: (text: string) => void,
  ): Promise<void> {
    const { node } = change;
    const item = this.#items.get(node.id);
    if (item === undefined) return;
    switch (change.kind) {
      case "running":
        run.started(item);
        return this.#forget(node);
      case "passed":
        return run.passed(item, change.ms);
      case "skipped":
        return run.skipped(item);
      case "exploring":
        item.description = progressWords(change.runs);
        return undefined;
      case "explored": {
        const last = change.passed.at(-1);
        if (last === undefined || last.isReplay) return undefined;
        item.description = coverageWords(change.passed);
        output(`${item.label}: ${coverageSentences(last)}\n`);
        return undefined;
      }
      case "failed":
        return this.#showFailure(run, item, change, plan);
    }
  }

  async #showFailure(
    run: vscode.TestRun,
    item: vscode.TestItem,
    { node, ms, error, exploration }: Extract<Change, { readonly kind: "failed" }>,
    plan: RunPlan | undefined,
  ): Promise<void> {
    if (exploration === undefined) return run.failed(item, errorMessage(node, error), ms);
    const { place, schedule } = exploration;
    const value = place === undefined ? schedule : `${schedule}@${place.name}`;
    const line = replayLine({ schedule: value, command: plan?.plainFor(node) ?? [] }, shellOf(process.platform));
    const known = this.#failures.get(node.id);
    // A replay knows no races: what found them does.
    const failure =
      exploration.isReplay && known?.failure.schedule === schedule
        ? { ...known.failure, error: exploration.error, report: exploration.report }
        : exploration;
    this.#failures.set(node.id, { node, failure, line });
    this.#tellFailures();
    item.description = failureWords(failure);
    run.failed(item, await this.messageOf(failure, line), ms);
  }

  messageOf(failure: ExplorationFailed, line: string): Promise<vscode.TestMessage> {
    return explorationMessage(failure, line, this.#shared);
  }

  #showMissing(run: vscode.TestRun, node: TestNode, ended: Ended, isCancelled: boolean, limit: ExplorationLimit): void {
    const item = this.#items.get(node.id);
    if (item === undefined) return;
    if ("refused" in ended) run.errored(item, new vscode.TestMessage(ended.refused));
    else if (isCancelled) run.skipped(item);
    else if (limit.isOver)
      run.errored(
        item,
        new vscode.TestMessage(
          say(
            'Not every order was tried in {0}, and none of those failed. "{1}" and "{2}" say how long and how many.',
            duration(limit.ms),
            "airssys.explore.seconds",
            "airssys.explore.runs",
          ),
        ),
      );
    else if (ended.error !== undefined) run.errored(item, new vscode.TestMessage(ended.error));
    else if (ended.code === 0) run.skipped(item);
    else run.errored(item, new vscode.TestMessage(say("The run ended before this test had a result: see its output.")));
  }

  /** It runs anew: what it came to before is nothing now. */
  #forget(node: TestNode): void {
    this.#with(node, (item) => {
      if (node.kind === "test") item.description = "";
    });
  }

  #tellFailures(): void {
    tellFailingTests([...this.#failures.keys()]);
  }

  /** Runs one test alone, by the schedule it failed under. */
  async replay({ node, failure }: FailedTest, manner: "run" | "debug", wish: RunWish): Promise<void> {
    const item = this.#items.get(node.id);
    if (item === undefined) throw new Error(say("This test is not there any more."));
    // The pattern chooses the test: what else is explored at that line is not run.
    const place = failure.place?.name.replace(/#.*$/, "");
    const schedule = place === undefined ? failure.schedule : `${failure.schedule}@${place}`;
    await this.#runNow([item], manner, { ...wish, env: { [ENV_SCHEDULE]: schedule, ...wish.env } });
  }

  /** Without the view, where nobody can cancel but by the run itself. */
  async #runNow(items: vscode.TestItem[] | undefined, manner: Manner, wish: RunWish = {}): Promise<void> {
    const source = new vscode.CancellationTokenSource();
    try {
      const request = new vscode.TestRunRequest(items, undefined, this.#profiles.get(manner));
      await this.run(request, manner, source.token, wish);
    } finally {
      source.dispose();
    }
  }

  /** As *Explore Schedules* of the view does. @param ids default: all tests */
  async explore(ids: readonly string[] | undefined): Promise<void> {
    if (!vscode.workspace.isTrusted) throw new Error(say("Tests are code of this workspace, which is not trusted."));
    const items = ids?.flatMap((id) => this.#items.get(id) ?? []);
    await this.#runNow(items, "explore");
  }

  /** All that is listed, from the top. */
  get all(): readonly TestNode[] {
    return this.#nodes.flatMap(withBelow);
  }
}

/** Ends a run in which one exploration takes too long. */
class ExplorationLimit {
  readonly ms: number;
  readonly #end: () => void;
  #timer: NodeJS.Timeout | undefined;
  isOver = false;

  constructor(seconds: number, end: () => void) {
    this.ms = seconds * 1_000;
    this.#end = end;
  }

  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.isOver = true;
      this.#end();
    }, this.ms);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function labelOf({ kind, titles }: TestNode, uri: vscode.Uri): string {
  if (kind === "file") return vscode.workspace.asRelativePath(uri);
  return kind === "computed" ? say("computed titles") : (titles.at(-1) ?? "");
}

function nameOf({ file, chosen }: FileRun): string {
  const [only] = chosen;
  return chosen.length === 1
    ? (only?.titles.at(-1) ?? "")
    : vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri));
}

type Range = NonNullable<TestNode["range"]>;

function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
