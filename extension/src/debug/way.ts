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

type Tool = "tsx" | "swc" | "ts-node" | "build";
type Form = "module" | "script";

/** What nobody does: they all go where the package says. */
const HOPELESS: readonly NeedKind[] = ["unbuilt"];

/** What each tool cannot do with a module, and with what it takes for a script, as tried: what is not named here, it does. */
const CANNOT: Readonly<Record<Tool, Readonly<Record<Form, readonly NeedKind[]>>>> = {
  tsx: {
    module: ["decorator-metadata", "type-handed-on"],
    script: ["decorator-metadata", "top-level-await"],
  },
  swc: {
    module: ["package", "type-handed-on", "commonjs"],
    script: ["package", "js-specifier", "top-level-await"],
  },
  "ts-node": {
    module: ["path-alias", "package", "no-extension", "json-import", "type-handed-on", "commonjs"],
    script: ["path-alias", "package", "js-specifier", "top-level-await"],
  },
  build: {
    module: ["path-alias", "package", "no-extension", "json-import"],
    script: ["path-alias", "package"],
  },
};

/**
 * The first that fits:
 *
 * | the program | the project | how |
 * |---|---|---|
 * | is a script, or needs nothing; Node 22.18, 23.6 or newer | | Node itself |
 * | the same; Node 22.6 or newer | | Node with its flag |
 * | needs nothing that `tsx` cannot do | has `tsx` | Node with `tsx` |
 * | the same of that | has `@swc-node/register` | Node with that |
 * | the same of that | has `ts-node` | Node with that |
 * | the same of that | has a build with source maps that is newer than the sources | Node with the built file |
 * | is to run without a debugger | has `bun` | Bun |
 * | is not known | has `tsx` | Node with `tsx` |
 * | is not known | | as if it needed nothing |
 * | imports a package that is not built | | nothing |
 * | anything else | | nothing: the message names the first need that stands in the way |
 *
 * `using` is a need before Node 24 only, and an `await` at the top only where something else is needed; a `.tsx` file needs what it is
 * called for.
 */
export function chooseWay(question: Question): Way {
  const { program, needs, node, tools } = question;
  const all = (needs ?? []).filter(({ kind }) => kind !== "using" || node.major < 24);
  const wanted = all.some(({ kind }) => kind !== "top-level-await") ? all : [];
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
  const form = isModule ? "module" : "script";
  const does = (tool: Tool): boolean => needs.every(({ kind }) => !CANNOT[tool][form].includes(kind));
  if (needs.some(({ kind }) => HOPELESS.includes(kind))) return undefined;
  if (tools.tsx !== undefined && does("tsx")) return { by: "tsx", args: tools.tsx[form] };
  if (tools.swc !== undefined && does("swc")) return { by: "swc", args: tools.swc[form] };
  if (tools.tsNode !== undefined && does("ts-node")) return { by: "ts-node", args: tools.tsNode[form] };
  if (tools.build !== undefined && !tools.build.isStale && does("build"))
    return { by: "build", program: tools.build.program, outFiles: tools.build.outFiles };
  return tools.bun !== undefined && noDebug ? { by: "bun", executable: tools.bun } : undefined;
}

/** Of what stands in the way the first that no tool can do, or none that the project has; for a way that is no way, why. */
function withoutWay({ tools, isModule }: Question, needs: readonly Need[]): Way {
  const form = isModule ? "module" : "script";
  const own: Tool[] = (["tsx", "swc"] as const).filter((tool) => tools[tool] !== undefined);
  if (tools.tsNode !== undefined) own.push("ts-node");
  const isBeyond = (some: readonly Tool[], { kind }: Need): boolean =>
    some.length > 0 && some.every((tool) => CANNOT[tool][form].includes(kind));
  const need =
    needs.find(({ kind }) => HOPELESS.includes(kind)) ??
    needs.find((one) => isBeyond(["tsx", "swc", "ts-node"], one)) ??
    needs.find((one) => isBeyond(own, one)) ??
    needs[0];
  return {
    by: "nothing",
    ...(need === undefined ? {} : { need }),
    staleBuild: tools.build?.isStale === true,
    onlyBun: tools.bun !== undefined,
  };
}
