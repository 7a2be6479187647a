/** The settings of tests, typed. `package.json` declares them and their defaults. */
import * as vscode from "vscode";

export interface TestSettings {
  /** Runs that an exploration makes at most. */
  readonly runs: number;
  /** Seconds after which an exploration is ended. */
  readonly seconds: number;
  /** By name of a runner, what is called instead of what is found. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

export function testSettings(scope: vscode.Uri): TestSettings {
  const section = vscode.workspace.getConfiguration("airssys", scope);
  const within = (value: unknown, usual: number, most: number): number =>
    typeof value === "number" && value >= 1 ? Math.min(most, Math.round(value)) : usual;
  const commands = Object.entries(section.get<object>("tests.command") ?? {}).filter(
    (entry): entry is [string, string[]] =>
      Array.isArray(entry[1]) && entry[1].length > 0 && entry[1].every((word) => typeof word === "string"),
  );
  return {
    runs: within(section.get("explore.runs"), 500, 1_000_000),
    seconds: within(section.get("explore.seconds"), 30, 86_400),
    commands: Object.fromEntries(commands),
  };
}
