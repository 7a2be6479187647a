/** A configuration that cannot be run, in words. Knows no editor. */
import path from "node:path";
import type { Need, NeedKind, Way } from "./way.ts";

/** A package that makes the program run once it is installed. */
export interface Remedy {
  readonly package: "tsx" | "@swc-node/register";
  /** The package that is to have it. */
  readonly folder: string;
}

/** The message says what to do. The sentence holds `{0}` and so on for the facts, so that it can be said in other languages. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly sentence: string;
  readonly facts: readonly string[];
  readonly remedy: Remedy | undefined;
  /** Where it is. */
  readonly at: Pick<Need, "file" | "line"> | undefined;

  constructor(
    sentence: string,
    facts: readonly string[] = [],
    { remedy, at }: { remedy?: Remedy | undefined; at?: Pick<Need, "file" | "line"> | undefined } = {},
  ) {
    super(sentence.replace(/\{(\d)\}/g, (_, index) => facts[Number(index)] ?? ""));
    this.sentence = sentence;
    this.facts = facts;
    this.remedy = remedy;
    this.at = at;
  }
}

/** What Node does not do; `{0}` is the place, `{1}` what is written there. */
const REASONS: Readonly<Record<NeedKind, string>> = {
  "js-specifier": '{0} imports "{1}", and only its TypeScript source is there: Node itself does not look for that.',
  "no-extension": '{0} imports "{1}" without the ending of the file: Node itself does not look for it.',
  "path-alias": '{0} imports "{1}", a path that only tsconfig.json knows: Node itself does not.',
  "type-import": '{0} imports the type "{1}" without the word "type": Node itself takes it for a value.',
  enum: "{0} declares {1}: that is code, and Node itself only takes types away.",
  namespace: "{0} declares {1}: that is code, and Node itself only takes types away.",
  "parameter-property": '{0} has the parameter property "{1}": that is code, and Node itself only takes types away.',
  decorator: "{0} uses the decorator {1}: Node itself knows no decorators.",
  "decorator-metadata": "{0} uses the decorator {1}, which is to know types while it runs (emitDecoratorMetadata).",
  accessor: '{0} has a member with the word "{1}": Node itself does not know it.',
  "import-equals": '{0} says "{1}": that is code, and Node itself only takes types away.',
  jsx: "{0} holds JSX: Node itself does not read it.",
  using: '{0} says "{1}": Node before 24 does not know it.',
  package: '{0} imports "{1}", a package in TypeScript: Node itself takes types away from your own files only.',
};

export function noWay(
  program: string,
  node: string,
  way: Extract<Way, { by: "nothing" }>,
  folder: string,
): LaunchError {
  const { need } = way;
  const name = path.basename(program);
  if (need === undefined)
    return new LaunchError(
      `Node {1} cannot run "{0}" as it is. Use Node 22.18 or newer, add "tsx" to the project, or build it with source maps.`,
      [name, node],
      { remedy: { package: "tsx", folder } },
    );
  const wanted = need.kind === "decorator-metadata" ? "@swc-node/register" : "tsx";
  return new LaunchError(
    `${REASONS[need.kind]} ${adviceFor(way)}`,
    [`${relative(folder, need.file)}:${need.line}`, need.what, wanted],
    {
      remedy: { package: wanted, folder },
      at: need,
    },
  );
}

function adviceFor({ staleBuild, onlyBun }: Extract<Way, { by: "nothing" }>): string {
  if (onlyBun)
    return 'Run it without debugging: Bun runs it, and has no debugger here. Or install "{2}" in the project.';
  return staleBuild
    ? 'Install "{2}" in the project, or build it again: a source is newer than what was built.'
    : 'Install "{2}" in the project, or build it with source maps.';
}

function relative(folder: string, file: string): string {
  const within = path.relative(folder, file);
  return within.startsWith("..") ? file : within.split(path.sep).join("/");
}
