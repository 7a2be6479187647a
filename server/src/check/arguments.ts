/** The command line of `airssys check`: options and their meaning. */
import { closestWord } from "../rules/closest-word.ts";

/** That of the package. */
export const VERSION = "0.1.0";

export type Format = "text" | "json" | "sarif" | "github";

export interface CheckOptions {
  readonly folders: readonly string[];
  readonly format: Format;
  readonly fix: boolean;
  readonly watch: boolean;
  readonly maxWarnings: number;
  readonly preset?: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly baseline?: string;
  readonly updateBaseline: boolean;
  readonly quiet: boolean;
}

export type Parsed =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "mistake"; readonly text: string }
  | { readonly kind: "check"; readonly options: CheckOptions };

export const USAGE = `Usage: airssys check [folder ...] [options]

Checks actors and supervision trees. Default folder: the current one.

  --format <name>         text (default), json, sarif, github
  --fix                   applies the fixes that are safe
  --watch                 checks again when files change; as text
  --max-warnings <n>      so many warnings are allowed; default: any number
  --preset <name>         recommended (default), strict, none
  --rule <name>=<level>   off, hint, information, warning or error; may be given again
  --config <file>         JSON with "preset" and "rules"; default: airssys.json in the folder
  --baseline <file>       leaves out what the file lists
  --update-baseline       writes what is found to the baseline file
  --quiet                 errors only
  --version
  --help

What could not be checked is said: airssys-rt is not found, the messages of an actor are not known, there are no sources. A file
that is too large and a tsconfig that is not understood count as warnings.

Exit codes:
  0  nothing to complain about, or warnings that are allowed
  1  errors, or more warnings than --max-warnings allows
  2  wrong use, settings or a baseline that cannot be read, something that could not be checked, or a failure of the check
`;

const FORMATS: readonly string[] = ["text", "json", "sarif", "github"];
const WITH_VALUE = new Set(["--format", "--max-warnings", "--preset", "--rule", "--config", "--baseline"]);
const FLAGS = new Set(["--fix", "--watch", "--update-baseline", "--quiet"]);

export function parseArguments(words: readonly string[]): Parsed {
  if (words.length === 0 || words.includes("--help") || words.includes("-h")) return { kind: "help" };
  if (words.includes("--version")) return { kind: "version" };
  const [command, ...rest] = words;
  if (command !== "check") return { kind: "mistake", text: `there is no command "${command}", only "check"` };
  const folders: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? "";
    const [name = "", attached] = splitValue(word);
    if (WITH_VALUE.has(name)) {
      const value = attached ?? rest[++i];
      if (value === undefined || value.startsWith("--")) return { kind: "mistake", text: `${name} needs a value` };
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (FLAGS.has(name) && attached !== undefined)
      return { kind: "mistake", text: `${name} takes no value, not "${attached}"` };
    else if (FLAGS.has(name)) flags.add(name);
    else if (word.startsWith("-")) return { kind: "mistake", text: `there is no option "${name}"${meant(name)}` };
    else folders.push(word);
  }
  return collect(folders, flags, values);
}

function meant(name: string): string {
  const option = closestWord([...WITH_VALUE, ...FLAGS, "--help", "--version"], name);
  return option === undefined ? "" : `: did you mean ${option}?`;
}

/** `--format=json` is `--format json`. */
function splitValue(word: string): readonly [string, string?] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function collect(
  folders: readonly string[],
  flags: ReadonlySet<string>,
  values: ReadonlyMap<string, readonly string[]>,
): Parsed {
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const format = last("--format") ?? "text";
  if (!FORMATS.includes(format))
    return { kind: "mistake", text: `--format must be one of ${FORMATS.join(", ")}, not "${format}"` };
  const maxWarnings = last("--max-warnings");
  if (maxWarnings !== undefined && !/^\d+$/.test(maxWarnings))
    return { kind: "mistake", text: `--max-warnings must be a whole number, not "${maxWarnings}"` };
  if (flags.has("--update-baseline") && last("--baseline") === undefined)
    return { kind: "mistake", text: "--update-baseline needs --baseline <file>" };
  if (flags.has("--watch") && format !== "text")
    return { kind: "mistake", text: `--watch prints text: it does not go with --format ${format}` };
  if (flags.has("--watch") && flags.has("--update-baseline"))
    return { kind: "mistake", text: "--update-baseline does not go with --watch" };
  const rules: Record<string, string> = {};
  for (const value of values.get("--rule") ?? []) {
    const [name, level, more] = value.split("=");
    if (name === undefined || level === undefined || more !== undefined)
      return { kind: "mistake", text: `--rule must be name=level, not "${value}"` };
    rules[name] = level;
  }
  const [preset, config, baseline] = [last("--preset"), last("--config"), last("--baseline")];
  return {
    kind: "check",
    options: {
      folders: folders.length === 0 ? ["."] : folders,
      format: format as Format,
      fix: flags.has("--fix"),
      watch: flags.has("--watch"),
      maxWarnings: maxWarnings === undefined ? Number.POSITIVE_INFINITY : Number(maxWarnings),
      ...(preset === undefined ? {} : { preset }),
      rules,
      ...(config === undefined ? {} : { config }),
      ...(baseline === undefined ? {} : { baseline }),
      updateBaseline: flags.has("--update-baseline"),
      quiet: flags.has("--quiet"),
    },
  };
}
