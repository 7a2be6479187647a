/** An attacker swaps a directory for a link while files are read or written below it: how many tries got outside. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Request } from "../../../runtime/src/os/audited.ts";
import { performFileOperation } from "../../../runtime/src/os/file-operations.ts";
import { AccessDeniedError, FileOperationError } from "../../../runtime/src/os/os-errors.ts";
import { type PathSafety, permissionsOn } from "../../../runtime/src/os/path-safety.ts";
import { SecurityContext } from "../../../runtime/src/os/security-context.ts";
import { realClock } from "../../../runtime/src/values/clock.ts";

export type RaceKind = "read" | "write" | "append" | "move" | "delete" | "makeDirectory";

export interface RaceResult {
  readonly tries: number;
  /** Tries that read the secret, or changed something outside. */
  readonly escapes: number;
  /** Tries that were done, denied, or met nothing. All three must be there, or nothing was raced. */
  readonly done: number;
  readonly denied: number;
  readonly missing: number;
  /** Times that the link stood where the directory was. */
  readonly swaps: number;
}

/** A folder in memory where there is one: flushing to a disk would leave few tries. */
function folder(): string {
  const memory = "/dev/shm";
  return fs.mkdtempSync(path.join(fs.existsSync(memory) ? memory : os.tmpdir(), "airssys-race-"));
}

/** Races until so many tries are made. @param safety the way of another system, which is raced on this one. */
export async function race(kind: RaceKind, tries: number, safety: PathSafety = "descriptors"): Promise<RaceResult> {
  const top = folder();
  const at = (name: string): string => path.join(top, name);
  for (const name of ["in", "in/dir", "secret"]) fs.mkdirSync(at(name));
  fs.symlinkSync(at("secret"), at("in/link"));
  for (const name of ["in/dir/f", "in/f"]) fs.writeFileSync(at(name), "inside");
  fs.writeFileSync(at("secret/f"), "secret");
  const security = SecurityContext.createWith(
    { principal: "race", base: top, files: [{ path: "in", allow: permissionsOn(safety) }] },
    safety,
  );
  const request: Request = {
    security,
    clock: realClock,
    signal: new AbortController().signal,
    actor: undefined,
    incarnation: undefined,
    messageId: undefined,
  };
  const stop = new SharedArrayBuffer(8);
  const flag = new Int32Array(stop);
  const swapper = new Worker(new URL("./swapper.mjs", import.meta.url), { workerData: { top, stop } });
  const counts = { done: 0, denied: 0, missing: 0, escapes: 0 };
  try {
    for (let i = 0; i < tries; i++) {
      try {
        if (await attempt(request, kind, i)) counts.escapes += 1;
        counts.done += 1;
      } catch (error) {
        if (error instanceof AccessDeniedError) counts.denied += 1;
        else if (error instanceof FileOperationError) counts.missing += 1;
        else throw error;
      }
    }
  } finally {
    Atomics.store(flag, 0, 1);
    await new Promise((resolve) => swapper.once("exit", resolve));
  }
  if (fs.readFileSync(at("secret/f"), "utf8") !== "secret") counts.escapes += 1;
  counts.escapes += fs.readdirSync(at("secret")).filter((name) => name !== "f").length;
  security.close();
  fs.rmSync(top, { recursive: true, force: true });
  return { tries, ...counts, swaps: Atomics.load(flag, 1) };
}

/** @returns whether the secret was seen. What is changed outside is counted at the end. */
async function attempt(request: Request, kind: RaceKind, i: number): Promise<boolean> {
  const perform = (message: Parameters<typeof performFileOperation>[1]): Promise<unknown> =>
    performFileOperation(request, message, 1_000);
  switch (kind) {
    case "read": {
      const bytes = (await perform({ type: "read", path: "in/dir/f" })) as { claim(): ArrayBuffer };
      return Buffer.from(bytes.claim()).toString() !== "inside";
    }
    case "write":
      await perform({ type: "write", path: `in/dir/${i % 2 === 0 ? "f" : "new"}`, data: "inside" });
      return false;
    case "append":
      // Small enough to stay so.
      await perform({ type: "append", path: `in/dir/${i % 50_000}`, data: "x" });
      return false;
    case "move":
      await perform({ type: "move", path: "in/f", to: "in/dir/moved", replace: true });
      await perform({ type: "write", path: "in/f", data: "inside" });
      return false;
    case "delete":
      await perform({ type: "delete", path: "in/dir/f" });
      await perform({ type: "write", path: "in/dir/f", data: "inside" });
      return false;
    case "makeDirectory":
      await perform({ type: "makeDirectory", path: `in/dir/${i % 50_000}` });
      return false;
  }
}
