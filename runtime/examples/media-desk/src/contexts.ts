/** What may be done at the desk, and by whom. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type RunGrant, SecurityContext } from "airssys-rt/os";

/** What can be asked of an upload, each by a program that Debian has. */
export const ANALYSES = {
  checksum: { command: "/usr/bin/sha256sum", before: ["-b"] },
  kind: { command: "/usr/bin/file", before: ["--brief"] },
  gzip: { command: "/usr/bin/gzip", before: ["-9", "-c"] },
} as const;

export type Analysis = keyof typeof ANALYSES;

/** The program that misbehaves, and how. */
export const TROUBLE: string = path.join(import.meta.dirname, "../bin/trouble");
const TROUBLES = ["crash", "hang", "flood"] as const;

export interface Contexts extends Disposable {
  /** Absolute path of the folder. */
  readonly uploads: string;
  /** Keeps uploads; runs nothing. */
  readonly store: SecurityContext;
  /** Runs programs on uploads; changes none. */
  readonly worker: SecurityContext;
}

/**
 * Two contexts that are narrowed from one: who may write an upload runs nothing, and what runs may only read.
 *
 * @param uploads absolute path of a folder that exists.
 */
export function contextsFor(uploads: string): Contexts {
  const run: RunGrant[] = Object.values(ANALYSES)
    .filter(({ command }) => existsSync(command))
    .map(({ command, before }) => ({ command, args: [...before, { path: "read" }] }));
  run.push({ command: TROUBLE, args: [{ oneOf: TROUBLES }] });
  const env = { PATH: "/usr/bin:/bin", LC_ALL: "C" };
  using desk = SecurityContext.create({
    principal: "media-desk",
    base: uploads,
    files: [{ path: ".", allow: ["read", "list", "write", "delete"] }],
    run,
    env,
  });
  const store = desk.narrow({
    principal: "store",
    files: [{ path: ".", allow: ["read", "list", "write", "delete"] }],
  });
  const worker = desk.narrow({ principal: "worker", files: [{ path: ".", allow: ["read"] }], run, env });
  return {
    uploads,
    store,
    worker,
    [Symbol.dispose]() {
      store.close();
      worker.close();
    },
  };
}
