/** Serves one folder over stdio until the client leaves. What is said to people goes to stderr: stdout is the protocol's. */
import path from "node:path";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { ActorSystem, supervisor } from "airssys-rt";
import { type FileMessage, type FilePermission, files, SecurityContext, SecurityContextError } from "airssys-rt/os";
import { fileServer } from "./tools.ts";

const READING: readonly FilePermission[] = ["read", "list"];
const ALL: readonly FilePermission[] = [...READING, "write", "delete"];

/** Bytes of a file that is read as a whole: it becomes one message of the protocol. */
const MAX_READ_BYTES = 4_194_304;

const { folder, allow } = settings(process.argv.slice(2));
const security = contextOf(folder, allow);
const root = supervisor({ children: [{ id: "files", start: files(security, { maxReadBytes: MAX_READ_BYTES }) }] });
const system = await ActorSystem.start({ name: "guarded-files", root });
const ref = system.whereis<FileMessage>("files");
if (ref === undefined) throw new Error("the actor of files runs");

const transport = new StdioServerTransport();
const server = fileServer(ref, folder);
const isOver = new Promise<void>((resolve) => {
  server.server.onclose = resolve;
  process.stdin.once("end", resolve);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});
await server.connect(transport);
console.error(`serving ${folder} (${allow.join(", ")}), paths by ${security.pathSafety}`);
await isOver;
await server.close();
await system.stop();
security.close();

function settings(args: readonly string[]): { folder: string; allow: readonly FilePermission[] } {
  const [given, flag, ...more] = args;
  if (given === undefined || more.length > 0 || (flag !== undefined && flag !== "--write")) {
    console.error("usage: node src/main.ts FOLDER [--write]");
    process.exit(2);
  }
  return { folder: path.resolve(given), allow: flag === "--write" ? ALL : READING };
}

function contextOf(base: string, permissions: readonly FilePermission[]): SecurityContext {
  try {
    return SecurityContext.create({
      principal: "mcp-client",
      base,
      files: [{ path: ".", allow: permissions }],
    });
  } catch (error) {
    if (!(error instanceof SecurityContextError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
