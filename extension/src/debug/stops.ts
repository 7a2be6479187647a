/** Where to stop actors, put together: what the user says, the view of it, the programs that are told, and the steps between messages. */
import * as vscode from "vscode";
import { onSettingsChange, settings } from "../config.ts";
import type { Log } from "../log.ts";
import { tell } from "../notice.ts";
import type { Programs } from "../programs/programs.ts";
import { say } from "../sentence.ts";
import { ActorStops } from "./actor-stops.ts";
import { Arming } from "./arming.ts";
import { BreakpointsView, type StopKnowledge } from "./breakpoints-view.ts";
import { type RecordedSteps, registerSteps } from "./stepping.ts";

const KEPT = "airssys.breakpoints";

export interface Stopping extends vscode.Disposable {
  readonly stops: ActorStops;
  readonly arming: Arming;
  readonly view: BreakpointsView;
}

/** @param recording what steps go through where no program stands */
export function registerStops(
  log: Log,
  programs: Programs,
  memento: vscode.Memento,
  known: Omit<StopKnowledge, "isCrash">,
  recording: RecordedSteps,
): Stopping {
  const stops = new ActorStops(memento.get(KEPT));
  stops.turn("crash", settings().breakOnCrash);
  const arming = new Arming(programs, stops, () => settings().causalStack === "debugging");
  const view = new BreakpointsView(log, stops, programs, {
    isCrash: (program) => arming.isAtCrash(program),
    ...known,
  });
  stops.on("changed", () => void memento.update(KEPT, stops.kept));
  arming.on("explained", (program, frame) => view.explain(program, frame));
  arming.on("noted", (text) => log.warn(text));
  arming.on("hot", ({ title }) => {
    const text = say("{0} is too fast for call stacks that go on into senders: they end at the message now.", title);
    tell(text, 10_000);
    log.info(text);
  });
  const subscriptions = vscode.Disposable.from(
    view,
    registerSteps(log, programs, arming, recording),
    onSettingsChange(() => {
      if (stops.kept.switches.crash !== settings().breakOnCrash) stops.turn("crash", settings().breakOnCrash);
    }),
  );
  return { stops, arming, view, dispose: () => subscriptions.dispose() };
}
