/** How a program is run: by Node itself, by a tool of its project, or from its build. Pure. */
import type { ProgramNeed } from "airssys-language-server/protocol";
import { type NodeVersion, typeStripping } from "./version.ts";

export type NeedKind = ProgramNeed["kind"];

/** Something Node does not do by itself, and where the program wants it. */
export interface Need {
  readonly kind: NeedKind;
  readonly what: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Arguments of Node that make a tool read the program: as a module, and as a script. */
export interface Loader {
  readonly module: readonly string[];
  readonly script: readonly string[];
}

/** What the project has to run TypeScript with. */
export interface Tools {
  readonly tsx?: Loader | undefined;
  readonly swc?: Loader | undefined;
  readonly tsNode?: Loader | undefined;
  /** What a build made of the program; `isStale`: a source is newer. */
  readonly build?:
    | { readonly program: string; readonly outFiles: readonly string[]; readonly isStale: boolean }
    | undefined;
  readonly bun?: string | undefined;
}

export interface Question {
  readonly program: string;
  /** `undefined` while nobody knows: the language server is not there. */
  readonly needs: readonly Need[] | undefined;
  readonly node: NodeVersion;
  /** The package of the program says `"type": "module"`, or its ending does. */
  readonly isModule: boolean;
  readonly noDebug: boolean;
  readonly tools: Tools;
}

export type Way =
  | { readonly by: "node"; readonly args: readonly string[] }
  | { readonly by: "tsx" | "swc" | "ts-node"; readonly args: readonly string[] }
  | { readonly by: "build"; readonly program: string; readonly outFiles: readonly string[] }
  | { readonly by: "bun"; readonly executable: string }
  /** There is no way. `need` is absent when it is the version of Node. */
  | { readonly by: "nothing"; readonly need?: Need; readonly staleBuild: boolean; readonly onlyBun: boolean };

/** What each tool cannot do, as tried: what is not named here, it does. */
const CANNOT: Readonly<Record<"tsx" | "swc" | "ts-node" | "ts-node module" | "build", readonly NeedKind[]>> = {
  tsx: ["decorator-metadata"],
  swc: ["package"],
  "ts-node": ["path-alias", "package"],
  "ts-node module": ["path-alias", "package", "no-extension"],
  build: ["path-alias", "package", "no-extension"],
};

/**
 * The first that fits:
 *
 * | the program | the project | how |
 * |---|---|---|
 * | is a script, or needs nothing; Node 22.18, 23.6 or newer | | Node itself |
 * | the same; Node 22.6 or newer | | Node with its flag |
 * | needs anything but the types decorators ask for | has `tsx` | Node with `tsx` |
 * | needs anything but TypeScript in a package | has `@swc-node/register` | Node with that |
 * | needs neither path aliases, nor TypeScript in a package, nor, in a module, endings left out | has `ts-node` | Node with that |
 * | the same | has a build with source maps that is newer than the sources | Node with the built file |
 * | is to run without a debugger | has `bun` | Bun |
 * | is not known | has `tsx` | Node with `tsx` |
 * | is not known | | as if it needed nothing |
 * | anything else | | nothing: the message names the first need that stands in the way |
 *
 * `using` is a need before Node 24 only; a `.tsx` file needs what it is called for.
 */
export function chooseWay(question: Question): Way {
  const { program, needs, node, tools } = question;
  const wanted = (needs ?? []).filter(({ kind }) => kind !== "using" || node.major < 24);
  const stripping = typeStripping(node);
  const isScript = !isTypeScript(program);
  const isUnknown = needs === undefined && !isScript;
  const isPlain = wanted.length === 0 && !program.endsWith("x");
  if (isPlain && !(isUnknown && tools.tsx !== undefined)) {
    if (isScript || stripping === "default") return { by: "node", args: [] };
    if (stripping === "flag") return { by: "node", args: ["--experimental-strip-types"] };
  }
  return byTool(question, wanted) ?? withoutWay(question, wanted);
}

export function isTypeScript(program: string): boolean {
  return /\.[mc]?tsx?$/.test(program);
}

function byTool({ tools, isModule, noDebug }: Question, needs: readonly Need[]): Way | undefined {
  const does = (tool: keyof typeof CANNOT): boolean => needs.every(({ kind }) => !CANNOT[tool].includes(kind));
  const form = isModule ? "module" : "script";
  if (tools.tsx !== undefined && does("tsx")) return { by: "tsx", args: tools.tsx[form] };
  if (tools.swc !== undefined && does("swc")) return { by: "swc", args: tools.swc[form] };
  if (tools.tsNode !== undefined && does(isModule ? "ts-node module" : "ts-node"))
    return { by: "ts-node", args: tools.tsNode[form] };
  if (tools.build !== undefined && !tools.build.isStale && does("build"))
    return { by: "build", program: tools.build.program, outFiles: tools.build.outFiles };
  return tools.bun !== undefined && noDebug ? { by: "bun", executable: tools.bun } : undefined;
}

/** Of what stands in the way the first that no tool the project has can do; for a way that is no way, why. */
function withoutWay({ tools, isModule }: Question, needs: readonly Need[]): Way {
  const own = (["tsx", "swc"] as const).filter((tool) => tools[tool] !== undefined);
  const all = [
    ...own,
    ...(tools.tsNode === undefined ? [] : [isModule ? ("ts-node module" as const) : ("ts-node" as const)]),
  ];
  const hard = needs.find(({ kind }) => all.length > 0 && all.every((tool) => CANNOT[tool].includes(kind)));
  const need = hard ?? needs[0];
  return {
    by: "nothing",
    ...(need === undefined ? {} : { need }),
    staleBuild: tools.build?.isStale === true,
    onlyBun: tools.bun !== undefined,
  };
}
