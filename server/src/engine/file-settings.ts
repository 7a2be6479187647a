/**
 * Which settings hold for a file: those of the nearest `airssys.json` in its folder or above, alone, so that an editor and a command
 * line started anywhere say the same.
 *
 * | what there is                    | what holds                                        |
 * | -------------------------------- | ------------------------------------------------- |
 * | no settings file                 | what the client says                              |
 * | a settings file                  | the defaults, and what the file changes           |
 * | … with overrides that fit        | these too, from the first to the last             |
 * | options of the command line      | these too, over everything                        |
 */
import type { FeatureSettings } from "../features/feature-settings.ts";
import type { FileSystem } from "../source/file-system.ts";
import {
  DEFAULT_RULE_SETTINGS,
  type KnownRule,
  type RuleChanges,
  type RuleSettings,
  withChanges,
} from "./rule-settings.ts";
import { brokenSettings, readSettings, SETTINGS_NAME, type SettingsFile } from "./settings-file.ts";

/** What a client says. */
export interface GivenSettings {
  /** For files that no settings file speaks of. */
  readonly base?: RuleSettings;
  /** Over what any settings file says. */
  readonly over?: RuleChanges;
  /** The one settings file that counts, wherever a file is. Its patterns are relative to `folder`. */
  readonly only?: { readonly path: string; readonly folder: string };
}

interface ReadFile {
  readonly path: string;
  readonly file: SettingsFile;
}

export class FileSettings {
  readonly #files: FileSystem;
  readonly #rules: readonly KnownRule[];
  #given: GivenSettings = {};
  readonly #read = new Map<string, ReadFile>();
  /** By directory. */
  readonly #nearest = new Map<string, ReadFile | undefined>();
  /** By path of the file. */
  readonly #settled = new Map<string, RuleSettings | "ignored">();
  /** Of each place that was looked at. */
  readonly #stamps = new Map<string, number | undefined>();

  constructor(files: FileSystem, rules: readonly KnownRule[]) {
    this.#files = files;
    this.#rules = rules;
  }

  configure(given: GivenSettings): void {
    this.#given = given;
    this.forget();
  }

  /** Settings files have changed. */
  forget(): void {
    this.#read.clear();
    this.#nearest.clear();
    this.#settled.clear();
    this.#stamps.clear();
  }

  /** Whether a settings file came, changed or went since it was looked for; those above a folder nobody tells of. */
  isOutdated(): boolean {
    for (const [path, stamp] of this.#stamps) if (this.#files.stampOf(path) !== stamp) return true;
    return false;
  }

  /** `"ignored"`: nothing is reported there. */
  of(path: string): RuleSettings | "ignored" {
    const known = this.#settled.get(path);
    if (known !== undefined) return known;
    const settings = this.#settle(path);
    this.#settled.set(path, settings);
    return settings;
  }

  /** What the settings file of a file says to editors. */
  featuresFor(path: string): Partial<FeatureSettings> {
    return this.#fileFor(path)?.file.features ?? {};
  }

  /** What is wrong with the settings files looked at so far, by their paths. */
  problems(): readonly { readonly path: string; readonly text: string }[] {
    return [...this.#read.values()].flatMap(({ path, file }) => file.problems.map((text) => ({ path, text })));
  }

  #settle(path: string): RuleSettings | "ignored" {
    const { base = DEFAULT_RULE_SETTINGS, over = {} } = this.#given;
    const file = this.#fileFor(path)?.file;
    if (file === undefined) return withChanges(base, over);
    if (file.ignores.some((fits) => fits(path))) return "ignored";
    const changes = [file.changes, ...file.overrides.filter(({ fits }) => fits(path)).map((one) => one.changes), over];
    return changes.reduce<RuleSettings>(withChanges, DEFAULT_RULE_SETTINGS);
  }

  #fileFor(path: string): ReadFile | undefined {
    const { only } = this.#given;
    if (only === undefined) return this.#nearestTo(parentOf(path));
    return this.#readFile(only.path, only.folder) ?? this.#missing(only.path);
  }

  #nearestTo(directory: string): ReadFile | undefined {
    if (this.#nearest.has(directory)) return this.#nearest.get(directory);
    const path = `${directory}/${SETTINGS_NAME}`;
    const found =
      this.#readFile(path, directory) ?? (directory === "" ? undefined : this.#nearestTo(parentOf(directory)));
    this.#nearest.set(directory, found);
    return found;
  }

  #readFile(path: string, folder: string): ReadFile | undefined {
    const known = this.#read.get(path);
    if (known !== undefined) return known;
    this.#stamps.set(path, this.#files.stampOf(path));
    const text = this.#files.read(path);
    if (text === undefined) return undefined;
    const read = { path, file: readSettings(text, folder, this.#rules) };
    this.#read.set(path, read);
    return read;
  }

  #missing(path: string): ReadFile {
    const read = { path, file: brokenSettings("cannot be read: there is no such file") };
    this.#read.set(path, read);
    return read;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
