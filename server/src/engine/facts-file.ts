/**
 * The file that facts are kept in from one run to the next, of a check and of an editor alike. Facts depend on our own code, the settings
 * of the projects, and what the files answered to every question that was asked of them; all of that is saved with them, and compared.
 *
 * | what is the same                           | what is read                     |
 * | ------------------------------------------ | -------------------------------- |
 * | every answer                               | nothing: no compiler is loaded   |
 * | the settings and the answers of a project  | the projects that differ         |
 * | neither, or our code is another            | everything                       |
 */
import { hash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";
import type { SavedProjects } from "../compiler/saved-project.ts";
import type { FileSystem } from "../source/file-system.ts";
import { isAnsweredAlike, type Noted } from "../source/recorded-files.ts";
import { type ProgramFacts, SavedProgram } from "./saved-program.ts";

const HASH_BYTES = 32;
/** Facts tell of the source, which not everybody may read. */
const MODE = 0o600;

/** A whole program, and every question that was asked to find it. */
export interface WholeProgram extends ProgramFacts, Noted {
  readonly folders: readonly string[];
}

/** What is kept. */
export interface KeptFacts {
  readonly projects: SavedProjects;
  /** Absent where nobody looked at all of it at once. */
  readonly whole?: WholeProgram;
}

interface Content extends KeptFacts {
  readonly build: string;
}

export class FactsFile {
  readonly #file: string;
  readonly #build: string;
  readonly #kept: KeptFacts | undefined;

  /**
   * Reads what is there.
   * @param build of our code: facts that other code made do not count.
   * @throws {Error} when there is something that cannot be read. What is damaged is made anew, as if there were nothing.
   */
  constructor(file: string, build: string) {
    this.#file = file;
    this.#build = build;
    this.#kept = existsSync(file) ? contentOf(readFileSync(file), build) : undefined;
  }

  /** `undefined` when there is nothing, or it is damaged or of another build. */
  get kept(): KeptFacts | undefined {
    return this.#kept;
  }

  /** @returns the whole program, when all files answer as they did. */
  unchanged(folders: readonly string[], files: FileSystem): SavedProgram | undefined {
    const whole = this.#kept?.whole;
    if (whole === undefined || JSON.stringify(whole.folders) !== JSON.stringify(folders)) return undefined;
    return isAnsweredAlike(whole, files) ? new SavedProgram(whole, files) : undefined;
  }

  /**
   * Keeps, beside what is given, the projects that were there and that it does not speak of, while their configs are.
   * @throws {Error} when it cannot be written.
   */
  write({ projects, whole }: KeptFacts): void {
    const others = [...(this.#kept?.projects ?? [])].filter(([config]) => existsSync(config));
    const all = new Map([...others, ...projects]);
    const content: Content = { build: this.#build, projects: all, ...(whole === undefined ? {} : { whole }) };
    const bytes = serialize(content);
    mkdirSync(path.dirname(this.#file), { recursive: true });
    // Several may write at once: each leaves a whole file. A name that nobody foresees is no link to anywhere.
    const part = `${this.#file}.${randomBytes(8).toString("hex")}`;
    try {
      writeFileSync(part, Buffer.concat([hash("sha256", bytes, "buffer"), bytes]), { mode: MODE, flag: "wx" });
      renameSync(part, this.#file);
    } catch (cause) {
      rmSync(part, { force: true });
      throw cause;
    }
  }
}

function contentOf(bytes: Buffer, build: string): KeptFacts | undefined {
  const content = bytes.subarray(HASH_BYTES);
  if (!hash("sha256", content, "buffer").equals(bytes.subarray(0, HASH_BYTES))) return undefined;
  const kept = unpacked(content) as Content | undefined;
  return kept?.build === build ? kept : undefined;
}

/** What a newer Node has written an older one does not read. */
function unpacked(bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return undefined;
  }
}
