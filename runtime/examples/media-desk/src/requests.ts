/** From a request to its answer: each is one question to the store or to the worker. */
import { type ActorRef, AirssysError } from "airssys-rt";
import {
  AccessDeniedError,
  type FileMessage,
  FileOperationError,
  OutputLimitError,
  type ProcessManagerMessage,
  type ProcessResult,
  ProcessTimeoutError,
} from "airssys-rt/os";
import { ANALYSES, type Analysis, TROUBLE } from "./contexts.ts";
import { type Answer, type DeskRequest, refusal } from "./http-door.ts";

export interface Staff {
  /** Absolute path of the folder. */
  readonly uploads: string;
  readonly store: ActorRef<FileMessage>;
  readonly worker: ActorRef<ProcessManagerMessage>;
}

export interface Limits {
  /** Milliseconds a program may take. */
  readonly timeoutMs: number;
  /** Bytes it may write. */
  readonly maxOutputBytes: number;
}

/** Never rejects for what a customer or a program does. */
export async function serve(request: DeskRequest, staff: Staff, limits: Limits): Promise<Answer> {
  try {
    return await route(request, staff, limits);
  } catch (error) {
    return failureOf(error);
  }
}

async function route({ method, parts, body }: DeskRequest, staff: Staff, limits: Limits): Promise<Answer> {
  const [kind = "", name, what] = parts;
  const request = `${method} ${kind}/${parts.length}`;
  switch (request) {
    case "GET uploads/1":
      return { status: 200, body: await staff.store.ask({ type: "list", path: staff.uploads }) };
    case "PUT uploads/2":
      return { status: 201, body: { bytes: await staff.store.ask({ type: "write", path: name ?? "", data: body }) } };
    case "GET uploads/2": {
      const bytes = await staff.store.ask({ type: "read", path: name ?? "" });
      return { status: 200, body: new Uint8Array(bytes.claim()) };
    }
    case "DELETE uploads/2":
      await staff.store.ask({ type: "delete", path: name ?? "" });
      return { status: 200, body: { deleted: name } };
    case "GET uploads/3":
      return analyse(name ?? "", what ?? "", staff, limits);
    case "POST trouble/2":
      return answerOf(await run(TROUBLE, [name ?? ""], staff, limits), "text");
    default:
      return refusal(404, "no_such_thing", `${method} /${parts.join("/")}`);
  }
}

async function analyse(name: string, what: string, staff: Staff, limits: Limits): Promise<Answer> {
  if (!Object.hasOwn(ANALYSES, what))
    return refusal(404, "no_such_analysis", `expected one of ${Object.keys(ANALYSES).join(", ")}`);
  const { command, before } = ANALYSES[what as Analysis];
  // Says whether it is there: the programs would each say it in their own way.
  await staff.store.ask({ type: "stat", path: name });
  return answerOf(await run(command, [...before, name], staff, limits), what === "gzip" ? "bytes" : "text");
}

function run(command: string, args: readonly string[], { worker }: Staff, limits: Limits): Promise<ProcessResult> {
  return worker.ask({ type: "run", command, args, ...limits }, { timeoutMs: limits.timeoutMs + 5_000 });
}

function answerOf({ code, signal, stdout, stderr }: ProcessResult, as: "text" | "bytes"): Answer {
  if (code === 0) return { status: 200, body: as === "bytes" ? stdout : { output: textOf(stdout) } };
  const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`;
  return refusal(502, "program_failed", `the program ${how}: ${textOf(stderr)}`);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString().trim();
}

/** What the layers below refuse with, as HTTP says it. Which grant would help is for whoever writes the contexts, not for customers. */
function failureOf(error: unknown): Answer {
  if (error instanceof AccessDeniedError)
    return refusal(error.reason === "bad_name" ? 400 : 403, error.reason, error.hint);
  if (error instanceof FileOperationError)
    return refusal(error.errno === "ENOENT" ? 404 : 500, error.errno, error.message);
  if (error instanceof ProcessTimeoutError) return refusal(504, error.code, error.message);
  if (error instanceof OutputLimitError) return refusal(507, error.code, error.message);
  if (error instanceof AirssysError) return refusal(503, "ERR_AIRSSYS", error.message);
  throw error;
}
