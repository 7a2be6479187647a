/** The command line of `airssys`: commands, options and their meaning. */
import type { ShowOptions } from "../recordings/show-recording.ts";
import { closestWord } from "../rules/closest-word.ts";
import { FACTS_PLACE } from "../source/facts-place.ts";

export type Format = "text" | "json" | "sarif" | "github";

export interface CheckOptions {
  /** Folders, files and patterns. */
  readonly targets: readonly string[];
  readonly format: Format;
  readonly fix: boolean;
  readonly watch: boolean;
  /** Where facts are kept from one check to the next. */
  readonly cache?: string;
  readonly maxWarnings: number;
  readonly preset?: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly baseline?: string;
  readonly updateBaseline: boolean;
  readonly pruneBaseline: boolean;
  readonly quiet: boolean;
}

export type Parsed =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "mistake"; readonly text: string }
  | { readonly kind: "rules"; readonly asJson: boolean }
  | { readonly kind: "explain"; readonly rule: string }
  | { readonly kind: "recording"; readonly options: ShowOptions }
  | { readonly kind: "check"; readonly options: CheckOptions };

export const USAGE: string = `Usage: airssys check [folder | file | pattern ...] [options]
       airssys rules [--format json]
       airssys explain <rule>
       airssys recording show <file> [--filter <words>] [--from <message>] [--limit <n>] [--json]
       airssys recording mermaid <file> [--filter <words>] [--from <message>] [--limit <n>]

check    checks actors and supervision trees. Default: the current folder. For files and patterns the project they are in is
         checked, and what is found in them is printed
rules    lists the rules, and which are on in the current folder
explain  prints the page of a rule, by name or number
recording  shows the messages in a recording (*.airssys) of a program's run: one in a line, or as a Mermaid sequence diagram

  --format <name>         text (default), json, sarif, github
  --fix                   applies the fixes that are safe
  --watch                 checks again when files change; as text
  --cache                 reads again only what has changed since the last check with --cache
  --cache-location <file> default: ${FACTS_PLACE}
  --max-warnings <n>      so many warnings are allowed; default: any number
  --preset <name>         recommended (default), strict, none
  --rule <name>=<level>   off, hint, information, warning or error; may be given again
  --config <file>         the settings for all files; default: for each the nearest airssys.json in its folder or above
  --baseline <file>       leaves out what the file lists
  --update-baseline       writes what is found to the baseline file
  --prune-baseline        takes out of the baseline file what is not found any longer, and adds nothing
  --quiet                 errors only
  --filter <words>        of a recording: type:, from:, to:, is:crashed, chain:<message>, or words in paths and types
  --from <message>        of a recording: begins at the message of that number
  --limit <n>             of a recording: so many messages; default: 1000, of a diagram 200, the most it can have
  --json                  of a recording: everything that is known of each message
  --version
  --help

What could not be checked is said: airssys-rt is not found, the messages of an actor are not known, a syntax error, no sources. A file
that is too large and a tsconfig that is not understood count as warnings.

Exit codes:
  0  nothing to complain about, or warnings that are allowed
  1  errors, or more warnings than --max-warnings allows
  2  wrong use, settings or a baseline that cannot be read, something that could not be checked, or a failure of the check

Of recordings: 0 it is whole, 1 it is cut off, damaged or newer and what there is was shown, 2 it cannot be read

NO_COLOR, FORCE_COLOR and FORCE_HYPERLINK are followed.
`;

const COMMANDS: readonly string[] = ["check", "rules", "explain", "recording"];
const FORMATS: readonly string[] = ["text", "json", "sarif", "github"];
/** Options of a command: those with a value, and those without. */
interface Options {
  readonly withValue: ReadonlySet<string>;
  readonly flags: ReadonlySet<string>;
}

const WITH_VALUE = new Set([
  "--format",
  "--cache-location",
  "--max-warnings",
  "--preset",
  "--rule",
  "--config",
  "--baseline",
]);
const FLAGS = new Set(["--fix", "--watch", "--cache", "--update-baseline", "--prune-baseline", "--quiet"]);
const CHECK_OPTIONS: Options = { withValue: WITH_VALUE, flags: FLAGS };
const RECORDING_OPTIONS: Options = {
  withValue: new Set(["--filter", "--from", "--limit"]),
  flags: new Set(["--json"]),
};

interface Words {
  readonly plain: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export function parseArguments(words: readonly string[]): Parsed {
  const [command, ...rest] = words;
  // What stands behind `--` is a path, whatever it looks like.
  const end = words.indexOf("--");
  const asked = end < 0 ? words : words.slice(0, end);
  if (command === undefined || asked.includes("--help") || asked.includes("-h")) return { kind: "help" };
  if (asked.includes("--version")) return { kind: "version" };
  if (!COMMANDS.includes(command)) {
    const known = COMMANDS.map((one) => `"${one}"`).join(", ");
    return mistake(`there is no command "${command}", only ${known}`);
  }
  const sorted = sortWords(rest, command === "recording" ? RECORDING_OPTIONS : CHECK_OPTIONS);
  if (typeof sorted === "string") return mistake(sorted);
  switch (command) {
    case "rules":
      return rulesCommand(sorted);
    case "explain":
      return explainCommand(sorted);
    case "recording":
      return recordingCommand(sorted);
    default:
      return checkCommand(sorted);
  }
}

/** @returns what is wrong with an option, as a text. */
function sortWords(words: readonly string[], options: Options): Words | string {
  const plain: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [name = "", attached] = splitValue(word);
    if (word === "--") {
      plain.push(...words.slice(i + 1));
      break;
    }
    if (options.withValue.has(name)) {
      const value = attached ?? words[++i];
      if (value === undefined || value.startsWith("--")) return `${name} needs a value`;
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (options.flags.has(name) && attached !== undefined) return `${name} takes no value, not "${attached}"`;
    else if (options.flags.has(name)) flags.add(name);
    else if (word.startsWith("-")) return `there is no option "${name}"${meant(name, options)}`;
    else plain.push(word);
  }
  return { plain, flags, values };
}

function mistake(text: string): Parsed {
  return { kind: "mistake", text };
}

function meant(name: string, { withValue, flags }: Options): string {
  const option = closestWord([...withValue, ...flags, "--help", "--version"], name);
  return option === undefined ? "" : `: did you mean ${option}?`;
}

/** `--format=json` is `--format json`. */
function splitValue(word: string): readonly [string, string?] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function rulesCommand({ plain, flags, values }: Words): Parsed {
  const [other] = [...plain, ...flags, ...[...values.keys()].filter((name) => name !== "--format")];
  if (other !== undefined) return mistake(`"rules" takes no ${other}, only --format`);
  const format = values.get("--format")?.at(-1) ?? "text";
  if (format !== "text" && format !== "json") return mistake(`the rules are listed as text or json, not "${format}"`);
  return { kind: "rules", asJson: format === "json" };
}

function explainCommand({ plain, flags, values }: Words): Parsed {
  const [option] = [...flags, ...values.keys()];
  if (option !== undefined) return mistake(`"explain" takes no ${option}, only a rule`);
  const [rule] = plain;
  if (rule === undefined || plain.length > 1) return mistake('"explain" takes the name or the number of one rule');
  return { kind: "explain", rule };
}

function recordingCommand({ plain, flags, values }: Words): Parsed {
  const [action, file, ...more] = plain;
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  if (action !== "show" && action !== "mermaid")
    return mistake(`"recording" takes show or mermaid${action === undefined ? "" : `, not "${action}"`}`);
  if (file === undefined || more.length > 0) return mistake(`"recording ${action}" takes one file`);
  const asJson = flags.has("--json");
  if (asJson && action === "mermaid") return mistake("--json goes with show: a diagram is text");
  for (const name of ["--from", "--limit"]) {
    const value = last(name);
    if (value !== undefined && !/^\d{1,15}$/.test(value))
      return mistake(`${name} must be a whole number, not "${value}"`);
  }
  const [from, limit] = [last("--from"), last("--limit")];
  return {
    kind: "recording",
    options: {
      action,
      file,
      filter: last("--filter") ?? "",
      asJson,
      ...(from === undefined ? {} : { from: Number(from) }),
      ...(limit === undefined ? {} : { limit: Number(limit) }),
    },
  };
}

function checkCommand({ plain, flags, values }: Words): Parsed {
  const last = (name: string): string | undefined => values.get(name)?.at(-1);
  const format = last("--format") ?? "text";
  const maxWarnings = last("--max-warnings");
  const wrong = wrongUse(flags, last, format, maxWarnings);
  if (wrong !== undefined) return mistake(wrong);
  const rules: Record<string, string> = {};
  for (const value of values.get("--rule") ?? []) {
    const [name, level, more] = value.split("=");
    if (name === undefined || level === undefined || more !== undefined)
      return mistake(`--rule must be name=level, not "${value}"`);
    rules[name] = level;
  }
  const [preset, config, baseline] = [last("--preset"), last("--config"), last("--baseline")];
  const place = last("--cache-location");
  const cache = flags.has("--cache") || place !== undefined ? (place ?? FACTS_PLACE) : undefined;
  return {
    kind: "check",
    options: {
      targets: plain.length === 0 ? ["."] : plain,
      format: format as Format,
      fix: flags.has("--fix"),
      watch: flags.has("--watch"),
      ...(cache === undefined ? {} : { cache }),
      maxWarnings: maxWarnings === undefined ? Number.POSITIVE_INFINITY : Number(maxWarnings),
      ...(preset === undefined ? {} : { preset }),
      rules,
      ...(config === undefined ? {} : { config }),
      ...(baseline === undefined ? {} : { baseline }),
      updateBaseline: flags.has("--update-baseline"),
      pruneBaseline: flags.has("--prune-baseline"),
      quiet: flags.has("--quiet"),
    },
  };
}

/** @returns what does not go together, or is no value of an option. */
function wrongUse(
  flags: ReadonlySet<string>,
  last: (name: string) => string | undefined,
  format: string,
  maxWarnings: string | undefined,
): string | undefined {
  if (!FORMATS.includes(format)) return `--format must be one of ${FORMATS.join(", ")}, not "${format}"`;
  if (maxWarnings !== undefined && !/^\d+$/.test(maxWarnings))
    return `--max-warnings must be a whole number, not "${maxWarnings}"`;
  const [update, prune] = [flags.has("--update-baseline"), flags.has("--prune-baseline")];
  if (update && prune) return "--update-baseline and --prune-baseline do not go together";
  const writes = update ? "--update-baseline" : "--prune-baseline";
  if ((update || prune) && last("--baseline") === undefined) return `${writes} needs --baseline <file>`;
  if (!flags.has("--watch")) return undefined;
  if (format !== "text") return `--watch prints text: it does not go with --format ${format}`;
  return update || prune ? `${writes} does not go with --watch` : undefined;
}
