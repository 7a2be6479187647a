/** A folder for one test: what is granted, what is outside, and a system with the actor of files. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type ActorRef, ActorSystem, supervisor } from "airssys-rt";
import { type FileMessage, files, SecurityContext, type SecurityContextOptions } from "airssys-rt/os";

export interface Place extends AsyncDisposable {
  /** Absolute path of the folder. */
  readonly top: string;
  /** Absolute path of something in it. */
  at(...names: string[]): string;
  readonly security: SecurityContext;
  readonly files: ActorRef<FileMessage>;
  readonly system: ActorSystem;
}

/** `in` may be read, listed, written and deleted; `secret/key` holds `secret` and is outside. */
export async function makePlace(
  options: Partial<SecurityContextOptions> = {},
  create: (options: SecurityContextOptions) => SecurityContext = SecurityContext.create,
): Promise<Place> {
  const top = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "airssys-os-"));
  const at = (...names: string[]): string => path.join(top, ...names);
  for (const folder of ["in", "in/sub", "secret", "in-evil"]) fs.mkdirSync(at(folder));
  fs.writeFileSync(at("in/file.txt"), "inside");
  fs.writeFileSync(at("secret/key"), "secret");
  fs.writeFileSync(at("in-evil/f"), "secret");
  const security = create({
    principal: "test",
    base: top,
    files: [{ path: "in", allow: ["read", "list", "write", "delete"] }],
    ...options,
  });
  const root = supervisor({ children: [{ id: "files", start: files(security) }] });
  const system = await ActorSystem.start({ name: "os", root, logger: false });
  const ref = system.whereis<FileMessage>("files");
  if (ref === undefined) throw new Error("the actor of files runs");
  return {
    top,
    at,
    security,
    files: ref,
    system,
    async [Symbol.asyncDispose]() {
      await system.stop();
      security.close();
      fs.rmSync(top, { recursive: true, force: true });
    },
  };
}
