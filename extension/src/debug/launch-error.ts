/** A configuration that cannot be run, in words. Knows no editor. */
import path from "node:path";
import { innerPath } from "../inner-path.ts";
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
  "json-import": (place, what) =>
    say('{0} imports "{1}" without the words with { type: "json" }: Node itself does not load it.', place, what),
  "type-import": (place, what) =>
    say('{0} imports the type "{1}" without the word "type": Node itself takes it for a value.', place, what),
  "type-export": (place, what) =>
    say('{0} exports the type "{1}" without the word "type": Node itself takes it for a value.', place, what),
  "type-handed-on": (place, what) =>
    say(
      '{0} exports "{1}", a type of another file, without the word "type": whoever only takes types away cannot know that it is one.',
      place,
      what,
    ),
  commonjs: (place, what) =>
    say(
      '{0} says "{1}", and is CommonJS by its ending or by "type" in package.json: Node itself reads import and export in modules only.',
      place,
      what,
    ),
  "top-level-await": (place, what) =>
    say(
      '{0} says "{1}" outside of functions, and package.json does not say that it is a module: what else the program needs is done only where that is clear.',
      place,
      what,
    ),
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
  unbuilt: (place, what) =>
    say(
      '{0} imports "{1}", a package of this workspace, and nothing is there of what its package.json names.',
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
  const change = changeFor(need.kind);
  if (change !== undefined) return new LaunchError(`${reason} ${change}`, { at: need });
  return new LaunchError(`${reason} ${adviceFor(way, wanted)}`, { remedy: { package: wanted, folder }, at: need });
}

/** What is to be written where no package helps. */
function changeFor(kind: NeedKind): string | undefined {
  if (kind === "type-handed-on") return say('Write "type" before it, or build the program with source maps.');
  if (kind === "unbuilt") return say("Build that package first.");
  return kind === "top-level-await" ? say('Write "type": "module" into package.json.') : undefined;
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
  return innerPath(folder, file) ?? file;
}
