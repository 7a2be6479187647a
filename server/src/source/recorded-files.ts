/** A file system that notes every question and its answer, so that it can be found out later whether all answers are still the same. */
import { hash } from "node:crypto";
import type { DirectoryEntries, FileSystem } from "./file-system.ts";

/** Of a text or a list, its hash. */
export type Answer = string | boolean | undefined;

/** Questions with their answers, in the order in which they were asked. */
export interface Noted {
  readonly questions: readonly string[];
  readonly answers: readonly Answer[];
}

/** What was asked and answered. */
export class AnswerLog {
  readonly #answers = new Map<string, Answer>();
  /** What was answered in two ways: what changes while it is read says nothing about what was made of it. */
  readonly #disputed = new Set<string>();

  note(question: string, answer: Answer): void {
    if (!this.#answers.has(question)) this.#answers.set(question, answer);
    else if (this.#answers.get(question) !== answer) this.#disputed.add(question);
  }

  /** Files have new text, and what was made of the old one is made anew. */
  renew(paths: readonly string[]): void {
    for (const path of paths) {
      this.#answers.delete(questionOfText(path));
      this.#disputed.delete(questionOfText(path));
    }
  }

  /** Everything is asked anew. */
  clear(): void {
    this.#answers.clear();
    this.#disputed.clear();
  }

  /** Whether no question was answered in two ways. */
  get isStable(): boolean {
    return this.#disputed.size === 0;
  }

  get noted(): Noted {
    return { questions: [...this.#answers.keys()], answers: [...this.#answers.values()] };
  }
}

export class RecordedFiles implements FileSystem {
  readonly #below: FileSystem;
  readonly #log: AnswerLog;

  constructor(below: FileSystem, log: AnswerLog) {
    this.#below = below;
    this.#log = log;
  }

  read(path: string): string | undefined {
    const text = this.#below.read(path);
    this.#log.note(questionOfText(path), hashOf(text));
    return text;
  }

  isFile(path: string): boolean {
    const is = this.#below.isFile(path);
    this.#log.note(`f${path}`, is);
    return is;
  }

  isDirectory(path: string): boolean {
    const is = this.#below.isDirectory(path);
    this.#log.note(`d${path}`, is);
    return is;
  }

  list(directory: string): DirectoryEntries {
    const entries = this.#below.list(directory);
    this.#log.note(`l${directory}`, hashOf(entries));
    return entries;
  }

  realPath(path: string): string {
    const real = this.#below.realPath(path);
    this.#log.note(`p${path}`, real);
    return real;
  }

  /** Only said of what is looked at again and again: not noted. */
  stampOf(path: string): number | undefined {
    return this.#below.stampOf(path);
  }
}

function questionOfText(path: string): string {
  return `r${path}`;
}

/** @returns the file whose text was asked for; `undefined` for any other question. */
export function textAskedFor(question: string): string | undefined {
  return question.startsWith("r") ? question.slice(1) : undefined;
}

/** Whether every question has the answer it had. Asks in the order of then: what was asked only because of an answer may be told apart by it. */
export function isAnsweredAlike({ questions, answers }: Noted, files: FileSystem): boolean {
  return questions.every((question, place) => answerNow(files, question) === answers[place]);
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
