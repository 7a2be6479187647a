/** The door to the Testing view: what stands behind it is loaded when the workspace turns out to use the runtime. */
import * as vscode from "vscode";
import { register } from "../commands.ts";
import type { Log } from "../log.ts";
import type { ShownRecording } from "../recordings/shown-recording.ts";
import { say } from "../sentence.ts";
import type { ActorTests, TestShared } from "./actor-tests.ts";
import type { ScheduleActions, TurnView } from "./schedule-actions.ts";

interface Testing {
  readonly tests: ActorTests;
  readonly actions: ScheduleActions;
}

export class TestingEntry implements vscode.Disposable {
  readonly #shared: TestShared;
  readonly #recording: ShownRecording;
  readonly #view: TurnView;
  readonly #registered: vscode.Disposable;
  #opened: Promise<Testing> | undefined;

  constructor(log: Log, shared: TestShared, recording: ShownRecording, view: TurnView) {
    this.#shared = shared;
    this.#recording = recording;
    this.#view = view;
    shared.tests.once("changed", () => {
      this.open().catch((error: Error) => log.error(`the Testing view has no actor tests: ${error.message}`));
    });
    const actions = async (): Promise<ScheduleActions> => {
      if (this.#opened === undefined) throw new Error(say("Nothing here uses the runtime."));
      return (await this.#opened).actions;
    };
    this.#registered = vscode.Disposable.from(
      register(log, "airssys.exploreSchedules", async (chosen) => (await actions()).explore(chosen)),
      register(log, "airssys.debugSchedule", async (chosen) => (await actions()).debug(chosen)),
      register(log, "airssys.copySchedule", async (chosen) => (await actions()).copy(chosen)),
      register(log, "airssys.showRunMessages", async (chosen) => (await actions()).showMessages(chosen)),
      register(log, "airssys.stepBack", async () => (await actions()).stepBack()),
    );
  }

  open(): Promise<Testing> {
    this.#opened ??= this.#load();
    return this.#opened;
  }

  async #load(): Promise<Testing> {
    const [{ ActorTests }, { ScheduleActions }] = await Promise.all([
      import("./actor-tests.ts"),
      import("./schedule-actions.ts"),
    ]);
    const tests = new ActorTests(this.#shared);
    return { tests, actions: new ScheduleActions(tests, this.#recording, this.#view) };
  }

  dispose(): void {
    this.#registered.dispose();
    this.#opened?.then(
      ({ tests, actions }) => {
        actions.dispose();
        tests.dispose();
      },
      () => undefined,
    );
  }
}
