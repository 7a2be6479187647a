// Programs that run by themselves, as a watcher meets them; and a way between the two that sees all that is said.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import path from "node:path";
import type { TestContext } from "node:test";

const PROGRAM = path.resolve(import.meta.dirname, "../runtime/inspect/watched-program.ts");

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly address: { readonly host: string; readonly port: number };
  /** What it has written. */
  output(): string;
  /** What somebody who looks on has in the program with actors. */
  left(): Promise<Readonly<Record<string, unknown>>>;
  readonly hasEnded: Promise<number | null>;
}

/** A port of this machine at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Runs a program until it has said `ready`; it ends with the test.
 *
 * @param flags of Node; `PORT` in them stands for the port of its inspector
 * @param source in place of the program with actors
 */
export async function runProgram(
  t: TestContext,
  flags: readonly string[] = ["--inspect-port=PORT"],
  source?: string,
): Promise<RunningProgram> {
  const port = await freePort();
  const words = [...flags.map((flag) => flag.replace("PORT", String(port))), ...(source ? ["-e", source] : [PROGRAM])];
  const child = spawn(process.execPath, words, {
    cwd: path.dirname(PROGRAM),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NODE_V8_COVERAGE: "" },
  });
  t.after(() => void child.kill("SIGKILL"));
  let output = "";
  const hasEnded = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const take = (data: Buffer): void => {
      output += String(data);
      if (output.includes("ready")) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    void hasEnded.then((code) => reject(new Error(`it ended with ${code}: ${output}`)));
  });
  const { pid = 0 } = child;
  const left = async (): Promise<Readonly<Record<string, unknown>>> => {
    const from = output.length;
    child.kill("SIGHUP");
    for (;;) {
      const [, json] = /^left (.*)\n/m.exec(output.slice(from)) ?? [];
      if (json !== undefined) return JSON.parse(json) as Record<string, unknown>;
      await once(child.stdout, "data");
    }
  };
  return { child, pid, port, address: { host: "127.0.0.1", port }, output: () => output, left, hasEnded };
}

/** Forwards a port, as that of a container is, and keeps what the client says to a debugger. */
export class Forwarder {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #said: Buffer[] = [];

  private constructor(to: number) {
    this.#server = net.createServer((near) => {
      const far = net.connect(to, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => socket.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.on("data", (data) => this.#said.push(data));
      near.pipe(far);
      far.pipe(near);
    });
  }

  static async to(t: TestContext, port: number): Promise<Forwarder> {
    const forwarder = new Forwarder(port);
    await new Promise<void>((resolve) => forwarder.#server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      forwarder.break();
      forwarder.#server.close();
    });
    return forwarder;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: "127.0.0.1", port: (this.#server.address() as net.AddressInfo).port };
  }

  /** All connections are gone, without a word. */
  break(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Methods that the client has called, of the protocol of debuggers. */
  get methods(): readonly string[] {
    const bytes = Buffer.concat(this.#said);
    const upgrade = bytes.toString("latin1").toLowerCase().lastIndexOf("sec-websocket-key");
    const head = bytes.indexOf("\r\n\r\n", upgrade);
    if (upgrade < 0 || head < 0) return [];
    return unmasked(bytes.subarray(head + 4)).map((text) => (JSON.parse(text) as { method: string }).method);
  }
}

/** The texts in the frames that a client of a WebSocket sends. */
export function unmasked(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 6 <= bytes.length; ) {
    const opcode = (bytes[at] ?? 0) & 15;
    const short = (bytes[at + 1] ?? 0) & 127;
    const [head, length] =
      short === 126
        ? [4, bytes.readUInt16BE(at + 2)]
        : short === 127
          ? [10, Number(bytes.readBigUInt64BE(at + 2))]
          : [2, short];
    const mask = bytes.subarray(at + head, at + head + 4);
    const body = Buffer.from(bytes.subarray(at + head + 4, at + head + 4 + length));
    for (const [index, byte] of body.entries()) body[index] = byte ^ (mask[index % 4] ?? 0);
    if (opcode === 1) texts.push(String(body));
    at += head + 4 + length;
  }
  return texts;
}
