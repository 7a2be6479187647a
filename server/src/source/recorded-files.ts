/** A file system that notes every question and its answer, so that it can be found out later whether all answers are still the same. */
import { hash } from "node:crypto";
import type { DirectoryEntries, FileSystem } from "./file-system.ts";

/** Of a text or a list, its hash. */
export type Answer = string | boolean | undefined;

/** What was asked and answered. */
export class AnswerLog {
  readonly #places = new Map<string, number>();
  readonly #answers: Answer[] = [];
  #isStable = true;

  /** @returns the place of the question in the log. */
  note(question: string, answer: Answer): number {
    const known = this.#places.get(question);
    if (known !== undefined) {
      // What changes while it is read says nothing about what was made of it.
      if (this.#answers[known] !== answer) this.#isStable = false;
      return known;
    }
    this.#places.set(question, this.#answers.length);
    return this.#answers.push(answer) - 1;
  }

  /** Whether no question was answered in two ways. */
  get isStable(): boolean {
    return this.#isStable;
  }

  get questions(): readonly string[] {
    return [...this.#places.keys()];
  }

  get answers(): readonly Answer[] {
    return this.#answers;
  }
}

export class RecordedFiles implements FileSystem {
  readonly #below: FileSystem;
  readonly #log: AnswerLog;
  readonly #asked = new Set<number>();

  constructor(below: FileSystem, log: AnswerLog) {
    this.#below = below;
    this.#log = log;
  }

  /** Places in the log of what was asked here. */
  get asked(): readonly number[] {
    return [...this.#asked];
  }

  read(path: string): string | undefined {
    const text = this.#below.read(path);
    this.#note(`r${path}`, hashOf(text));
    return text;
  }

  isFile(path: string): boolean {
    const is = this.#below.isFile(path);
    this.#note(`f${path}`, is);
    return is;
  }

  isDirectory(path: string): boolean {
    const is = this.#below.isDirectory(path);
    this.#note(`d${path}`, is);
    return is;
  }

  list(directory: string): DirectoryEntries {
    const entries = this.#below.list(directory);
    this.#note(`l${directory}`, hashOf(entries));
    return entries;
  }

  realPath(path: string): string {
    const real = this.#below.realPath(path);
    this.#note(`p${path}`, real);
    return real;
  }

  /** Only said of what is looked at again and again: not noted. */
  stampOf(path: string): number | undefined {
    return this.#below.stampOf(path);
  }

  #note(question: string, answer: Answer): void {
    this.#asked.add(this.#log.note(question, answer));
  }
}

/** Asks a question of a log again. */
export function answerNow(files: FileSystem, question: string): Answer {
  const path = question.slice(1);
  switch (question[0]) {
    case "r":
      return hashOf(files.read(path));
    case "f":
      return files.isFile(path);
    case "d":
      return files.isDirectory(path);
    case "l":
      return hashOf(files.list(path));
    default:
      return files.realPath(path);
  }
}

function hashOf(value: string | DirectoryEntries | undefined): string | undefined {
  if (value === undefined) return undefined;
  return hash("sha256", typeof value === "string" ? value : JSON.stringify(value), "base64url");
}
