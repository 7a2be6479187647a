/** The tools of the server: each is one question to the actor of files. Decides nothing about paths. */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { type ActorRef, AirssysError } from "airssys-rt";
import { AccessDeniedError, type FileMessage } from "airssys-rt/os";
import { z } from "zod";

interface Answer {
  [key: string]: unknown;
  readonly content: { readonly type: "text"; readonly text: string }[];
  readonly isError?: boolean;
}

/** Bytes of one request: text that is written comes within it. */
const MAX_TEXT_LENGTH = 4_194_304;

const path = z.string().describe("a path below the folder, such as notes/today.md");
const text = z.string().max(MAX_TEXT_LENGTH);

/**
 * Makes the server.
 *
 * @param folder absolute path of what is served: the name of the folder itself, which no relative path has.
 */
export function fileServer(files: ActorRef<FileMessage>, folder: string): McpServer {
  const server = new McpServer({ name: "guarded-files", version: "0.1.0" });
  server.registerTool(
    "read_file",
    { description: "Reads a text file.", inputSchema: { path }, annotations: { readOnlyHint: true } },
    (request) => answer(async () => textOf((await files.ask({ type: "read", ...request })).claim())),
  );
  server.registerTool(
    "list_folder",
    {
      description: "Lists a folder, by default the one that is served.",
      inputSchema: { path: path.optional() },
      annotations: { readOnlyHint: true },
    },
    (request) =>
      answer(async () => {
        const entries = await files.ask({ type: "list", path: request.path ?? folder });
        return entries.map(({ name, kind }) => `${kind}\t${name}`).join("\n");
      }),
  );
  server.registerTool(
    "file_facts",
    { description: "Says what a path is.", inputSchema: { path }, annotations: { readOnlyHint: true } },
    (request) => answer(async () => JSON.stringify(await files.ask({ type: "stat", ...request }))),
  );
  server.registerTool(
    "write_file",
    { description: "Writes a text file as a whole: the new one or the old one is there.", inputSchema: { path, text } },
    (request) =>
      answer(async () => `${await files.ask({ type: "write", path: request.path, data: request.text })} bytes written`),
  );
  server.registerTool(
    "make_folder",
    { description: "Makes a folder, and those above it.", inputSchema: { path } },
    (request) =>
      answer(async () => {
        await files.ask({ type: "makeDirectory", ...request, recursive: true });
        return "made";
      }),
  );
  server.registerTool(
    "move_file",
    { description: "Gives a file or a folder another name. Replaces nothing.", inputSchema: { path, to: path } },
    (request) =>
      answer(async () => {
        await files.ask({ type: "move", ...request });
        return "moved";
      }),
  );
  server.registerTool(
    "delete_file",
    {
      description: "Deletes a file or an empty folder.",
      inputSchema: { path },
      annotations: { destructiveHint: true },
    },
    (request) =>
      answer(async () => {
        await files.ask({ type: "delete", ...request });
        return "deleted";
      }),
  );
  return server;
}

/**
 * What is denied or fails is an answer the model can read; anything else is a fault of this program. Which grant a denied request would need
 * is told to whoever started the server, not to the model.
 */
async function answer(operate: () => Promise<string>): Promise<Answer> {
  try {
    return { content: [{ type: "text", text: await operate() }] };
  } catch (error) {
    if (!(error instanceof AirssysError)) throw error;
    if (error instanceof AccessDeniedError) console.error(error.message);
    return { content: [{ type: "text", text: textOfFailure(error) }], isError: true };
  }
}

function textOfFailure(error: AirssysError): string {
  if (!(error instanceof AccessDeniedError)) return error.message;
  const { operation, target, reason, hint } = error;
  return `${operation} of ${JSON.stringify(target)} is denied (${reason}): ${hint}`;
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return `no text: ${bytes.byteLength} bytes, base64: ${Buffer.from(bytes).toString("base64")}`;
  }
}
