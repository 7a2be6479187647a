/** What runners and explorations tell of tests: lines of JSON in one file. Anybody may have written it: what is not as it must be is left out. */

export interface SourcePoint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Of one test or suite, as its runner says it. */
export interface TestReported {
  readonly event: "test";
  readonly file: string | undefined;
  readonly titles: readonly string[];
  readonly state: "running" | "passed" | "failed" | "skipped";
  readonly isSuite: boolean;
  readonly ms: number | undefined;
  readonly error: ReportedError | undefined;
}

export interface ReportedError {
  readonly message: string;
  readonly stack: string;
  readonly expected?: string;
  readonly actual?: string;
}

interface OfExploration {
  readonly place: { readonly name: string; readonly file: string; readonly line: number } | undefined;
}

export interface ExplorationGoesOn extends OfExploration {
  readonly event: "exploring";
  readonly runs: number;
}

export interface ExplorationPassed extends OfExploration {
  readonly event: "explored";
  readonly runs: number;
  readonly distinct: number;
  readonly isComplete: boolean;
  readonly isReplay: boolean;
  readonly obstacles: readonly string[];
  readonly warnings: readonly string[];
}

export interface RaceSide {
  readonly actor: string;
  readonly type: string;
  readonly at: SourcePoint | undefined;
}

export interface Handling {
  readonly actor: string;
  readonly definition: string;
  readonly type: string;
  readonly turn: number;
  readonly at: SourcePoint | undefined;
}

export interface RaceTold {
  readonly text: string;
  readonly on: string;
  readonly isSend: boolean;
  readonly first: RaceSide;
  readonly second: RaceSide;
  readonly handler: Handling | undefined;
}

export interface ExplorationFailed extends OfExploration {
  readonly event: "failed";
  readonly run: number;
  readonly hasTriedAll: boolean;
  readonly isReplay: boolean;
  readonly schedule: string;
  readonly error: ReportedError & { readonly name: string };
  readonly races: readonly RaceTold[];
  readonly last: Handling | undefined;
  readonly turns: number;
  readonly report: string;
}

export type TestEvent = TestReported | ExplorationGoesOn | ExplorationPassed | ExplorationFailed;

type Fields = Readonly<Record<string, unknown>>;

/** @returns `undefined` for what is no event, or one of a newer kind. */
export function readTestEvent(line: string): TestEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // a line that was cut off, or somebody else's
  }
  const fields = fieldsOf(value);
  if (fields?.["v"] !== 1) return undefined;
  switch (fields["event"]) {
    case "test":
      return reportedOf(fields);
    case "exploring":
      return { event: "exploring", place: placeOf(fields), runs: numberOf(fields["runs"]) };
    case "explored":
      return {
        event: "explored",
        place: placeOf(fields),
        runs: numberOf(fields["runs"]),
        distinct: numberOf(fields["distinct"]),
        isComplete: fields["isComplete"] === true,
        isReplay: fields["isReplay"] === true,
        obstacles: textsOf(fields["obstacles"]),
        warnings: textsOf(fields["warnings"]),
      };
    case "failed":
      return failedOf(fields);
    default:
      return undefined;
  }
}

const STATES = ["running", "passed", "failed", "skipped"] as const;

function reportedOf(fields: Fields): TestReported | undefined {
  const state = STATES.find((one) => one === fields["state"]);
  const titles = textsOf(fields["titles"]);
  if (state === undefined) return undefined;
  const { file, ms } = fields;
  const error = fieldsOf(fields["error"]);
  return {
    event: "test",
    file: typeof file === "string" ? file : undefined,
    titles,
    state,
    isSuite: fields["isSuite"] === true,
    ms: typeof ms === "number" ? ms : undefined,
    error: error && errorOf(error),
  };
}

function errorOf(error: Fields): ReportedError {
  const { expected, actual } = error;
  return {
    message: textOf(error["message"]),
    stack: textOf(error["stack"]),
    ...(typeof expected === "string" && typeof actual === "string" && { expected, actual }),
  };
}

const SCHEDULE = /^v1:[\w-]+$/;

function failedOf(fields: Fields): ExplorationFailed | undefined {
  const schedule = textOf(fields["schedule"]);
  if (!SCHEDULE.test(schedule)) return undefined;
  const error = fieldsOf(fields["error"]) ?? {};
  return {
    event: "failed",
    place: placeOf(fields),
    run: numberOf(fields["run"]),
    hasTriedAll: fields["hasTriedAll"] === true,
    isReplay: fields["isReplay"] === true,
    schedule,
    error: { name: textOf(error["name"]), ...errorOf(error) },
    races: listOf(fields["races"]).flatMap((race) => raceOf(fieldsOf(race))),
    last: handlingOf(fields["last"]),
    turns: numberOf(fields["turns"]),
    report: textOf(fields["report"]),
  };
}

function raceOf(race: Fields | undefined): readonly RaceTold[] {
  if (race === undefined) return [];
  return [
    {
      text: textOf(race["text"]),
      on: textOf(race["on"]),
      isSend: race["isSend"] === true,
      first: sideOf(race["first"]),
      second: sideOf(race["second"]),
      handler: handlingOf(race["handler"]),
    },
  ];
}

function sideOf(value: unknown): RaceSide {
  const side = fieldsOf(value) ?? {};
  return { actor: textOf(side["actor"]), type: textOf(side["type"]), at: pointOf(side["at"]) };
}

function handlingOf(value: unknown): Handling | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const [actor, definition, type] = [fields["actor"], fields["definition"], fields["type"]].map(textOf) as [
    string,
    string,
    string,
  ];
  return { actor, definition, type, turn: numberOf(fields["turn"]), at: pointOf(fields["at"]) };
}

function placeOf(fields: Fields): OfExploration["place"] {
  const place = fieldsOf(fields["place"]);
  const name = textOf(place?.["name"]);
  // It becomes a part of a line for a terminal.
  if (place === undefined || !/^[\w.-]+:\d+(#\d+)?$/.test(name)) return undefined;
  return { name, file: textOf(place["file"]), line: numberOf(place["line"]) };
}

function pointOf(value: unknown): SourcePoint | undefined {
  const point = fieldsOf(value);
  const file = textOf(point?.["file"]);
  if (point === undefined || file === "") return undefined;
  return { file, line: Math.max(1, numberOf(point["line"])), column: Math.max(1, numberOf(point["column"])) };
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === "string");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.trunc(value)) : 0;
}
