/** A configuration that cannot be run, in words. Knows no editor. */
import path from "node:path";
import { say } from "../sentence.ts";
import type { Need, NeedKind, Way } from "./way.ts";

/** A package that makes the program run once it is installed. */
export interface Remedy {
  readonly package: "tsx" | "@swc-node/register";
  /** The package that is to have it. */
  readonly folder: string;
}

/** The message says what to do, in the language of the editor. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly remedy: Remedy | undefined;
  /** Where it is. */
  readonly at: Pick<Need, "file" | "line"> | undefined;

  constructor(
    message: string,
    { remedy, at }: { remedy?: Remedy | undefined; at?: Pick<Need, "file" | "line"> | undefined } = {},
  ) {
    super(message);
    this.remedy = remedy;
    this.at = at;
  }
}

/** What Node does not do with what is written at a place. */
const REASONS: { readonly [K in NeedKind]: (place: string, what: string) => string } = {
  "js-specifier": (place, what) =>
    say('{0} imports "{1}", and only its TypeScript source is there: Node itself does not look for that.', place, what),
  "no-extension": (place, what) =>
    say('{0} imports "{1}" without the ending of the file: Node itself does not look for it.', place, what),
  "path-alias": (place, what) =>
    say('{0} imports "{1}", a path that only tsconfig.json knows: Node itself does not.', place, what),
  "type-import": (place, what) =>
    say('{0} imports the type "{1}" without the word "type": Node itself takes it for a value.', place, what),
  enum: isCode,
  namespace: isCode,
  "parameter-property": (place, what) =>
    say('{0} has the parameter property "{1}": that is code, and Node itself only takes types away.', place, what),
  decorator: (place, what) => say("{0} uses the decorator {1}: Node itself knows no decorators.", place, what),
  "decorator-metadata": (place, what) =>
    say("{0} uses the decorator {1}, which is to know types while it runs (emitDecoratorMetadata).", place, what),
  accessor: (place, what) => say('{0} has a member with the word "{1}": Node itself does not know it.', place, what),
  "import-equals": (place, what) =>
    say('{0} says "{1}": that is code, and Node itself only takes types away.', place, what),
  jsx: (place) => say("{0} holds JSX: Node itself does not read it.", place),
  using: (place, what) => say('{0} says "{1}": Node before 24 does not know it.', place, what),
  package: (place, what) =>
    say(
      '{0} imports "{1}", a package in TypeScript: Node itself takes types away from your own files only.',
      place,
      what,
    ),
};

function isCode(place: string, what: string): string {
  return say("{0} declares {1}: that is code, and Node itself only takes types away.", place, what);
}

export function noWay(
  program: string,
  node: string,
  way: Extract<Way, { by: "nothing" }>,
  folder: string,
): LaunchError {
  const { need } = way;
  if (need === undefined)
    return new LaunchError(
      say(
        'Node {1} cannot run "{0}" as it is. Use Node 22.18 or newer, add "tsx" to the project, or build it with source maps.',
        path.basename(program),
        node,
      ),
      { remedy: { package: "tsx", folder } },
    );
  const wanted = need.kind === "decorator-metadata" ? "@swc-node/register" : "tsx";
  const reason = REASONS[need.kind](`${relative(folder, need.file)}:${need.line}`, need.what);
  return new LaunchError(`${reason} ${adviceFor(way, wanted)}`, { remedy: { package: wanted, folder }, at: need });
}

function adviceFor({ staleBuild, onlyBun }: Extract<Way, { by: "nothing" }>, wanted: string): string {
  if (onlyBun)
    return say(
      'Run it without debugging: Bun runs it, and has no debugger here. Or install "{0}" in the project.',
      wanted,
    );
  return staleBuild
    ? say('Install "{0}" in the project, or build it again: a source is newer than what was built.', wanted)
    : say('Install "{0}" in the project, or build it with source maps.', wanted);
}

function relative(folder: string, file: string): string {
  const within = path.relative(folder, file);
  return within.startsWith("..") ? file : within.split(path.sep).join("/");
}
