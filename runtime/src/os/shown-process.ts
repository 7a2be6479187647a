/** A running process as whoever inspects the program sees it. Made when somebody looks first. */
import type { ProcessFacts, ProcessOutputPart, ProcessUsage } from "../values/os-facts.ts";
import { OutputWatch } from "./output-watch.ts";
import type { ProcessRun } from "./process-run.ts";
import { usageOf } from "./process-usage.ts";

const shown = new WeakMap<ProcessRun, ShownProcess>();

/** The same for the same process. @param onSignal hears of a signal before it is sent. */
export function shownProcess(
  run: ProcessRun,
  isReady: boolean,
  onSignal?: (signal: NodeJS.Signals) => void,
): ProcessFacts {
  const known = shown.get(run) ?? new ShownProcess(run, onSignal);
  shown.set(run, known);
  known.isReady = isReady;
  return known;
}

class ShownProcess implements ProcessFacts {
  readonly #run: ProcessRun;
  readonly #onSignal: ((signal: NodeJS.Signals) => void) | undefined;
  isReady = false;
  #errors: OutputWatch | undefined;
  #output: OutputWatch | undefined;

  constructor(run: ProcessRun, onSignal: ((signal: NodeJS.Signals) => void) | undefined) {
    this.#run = run;
    this.#onSignal = onSignal;
  }

  get pid(): number {
    return this.#run.group.pid;
  }

  get command(): string {
    return this.#run.launch.command;
  }

  get args(): readonly string[] {
    return this.#run.launch.args;
  }

  get startedAt(): number {
    return this.#run.startedAt;
  }

  get stderrTail(): string {
    if (this.#run.keepsErrors) return this.#run.stderrTail;
    this.#errors ??= new OutputWatch([this.#run.group.stderr], "");
    return this.#errors.read(0).text;
  }

  usage(): ProcessUsage | undefined {
    return usageOf(this.pid);
  }

  output(from: number): ProcessOutputPart {
    const { group, stderrTail } = this.#run;
    this.#output ??= new OutputWatch([group.stdout, group.stderr], stderrTail);
    return this.#output.read(from);
  }

  signal(signal: NodeJS.Signals): boolean {
    this.#onSignal?.(signal);
    return this.#run.group.signal(signal);
  }
}
