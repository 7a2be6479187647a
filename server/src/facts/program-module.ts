/** What running a file needs, and where it says so. Plain data. */
import type { ProgramNeed } from "../protocol.ts";
import type { Span } from "../source/span.ts";

/**
 * Why Node cannot run a file by taking its types away:
 * - `js-specifier`: `./a.js` stands for `a.ts`; `no-extension`: `./a` or a folder; `path-alias`: only tsconfig knows the name
 * - `json-import`: JSON is imported without saying so
 * - `type-import`, `type-export`: a type is imported, or exported, like a value; `type-handed-on`: one of another file is, and only who knows
 *   that file can tell
 * - `commonjs`: `import` or `export` in a file that is said to be a script
 * - `top-level-await`: in a file that nothing says is a module; Node itself sees that it is one, and tools do not
 * - `enum`, `namespace`, `parameter-property`, `decorator`, `accessor`, `import-equals`, `jsx`: code, not types
 * - `decorator-metadata`: decorators that ask for the types of what they stand at
 * - `using`: before Node 24
 * - `package`: TypeScript below `node_modules`; `unbuilt`: a package of the workspace of which nothing is there that its manifest names
 */
export type NeedKind = ProgramNeed["kind"];

export interface Need {
  readonly kind: NeedKind;
  readonly path: string;
  readonly span: Span;
  /** What is written there: a specifier, or a name. */
  readonly what: string;
}

export interface ProgramFacts {
  /** Whether running the file starts an actor system, as far as the source says. */
  readonly startsSystem: boolean;
  /** The first of each kind. */
  readonly needs: readonly Need[];
  /** Source files that are loaded, the file itself first; without packages. */
  readonly files: readonly string[];
  /** By which names of its project packages are found as sources. */
  readonly conditions: readonly string[];
}
