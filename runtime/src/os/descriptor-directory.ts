/** A directory by its descriptor, and the walk below it (Linux). */
import fs from "node:fs";
import { type Directory, openFailure, type Walker } from "./directory.ts";
import { SecurityContextClosedError } from "./os-errors.ts";

const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Only a handle: nothing is read or run by opening it. Not among Node's constants; the same on every Linux that Node runs on. */
const O_PATH = 0o10_000_000;

/** An open number that several may hold: closed with the last. */
class Descriptor {
  readonly fd: number;
  #holders = 1;

  constructor(fd: number) {
    this.fd = fd;
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) fs.closeSync(this.fd);
  }
}

/**
 * It stays this directory, wherever it is moved to and whatever takes its place. What is below it is opened part by part, each from the
 * one before without following a link, so that no swap between a look and an opening can lead elsewhere. (`openat` by `/proc/self/fd`:
 * Node has no other.)
 */
export class DescriptorDirectory implements Directory {
  readonly #descriptor: Descriptor;
  #isOpen = true;

  private constructor(descriptor: Descriptor) {
    this.#descriptor = descriptor;
  }

  /** Opens a directory by its path, which is the operator's own text: links in it are followed. @throws as `fs.openSync` does. */
  static open(path: string): DescriptorDirectory {
    return new DescriptorDirectory(new Descriptor(openHandle(fs.realpathSync.native(path))));
  }

  get path(): string {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return `${ownDescriptors()}/${this.#descriptor.fd}`;
  }

  get realPath(): string {
    return fs.readlinkSync(this.path);
  }

  at(name: string): string {
    return `${this.path}/${name}`;
  }

  descend(parts: readonly string[], walker: Walker): DescriptorDirectory {
    const [first, ...more] = parts;
    if (first === undefined) return this.again();
    let current = this.#enter(first, walker);
    for (const part of more) {
      let next: DescriptorDirectory;
      try {
        next = current.#enter(part, walker);
      } finally {
        current.close();
      }
      current = next;
    }
    return current;
  }

  again(): DescriptorDirectory {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return new DescriptorDirectory(this.#descriptor.hold());
  }

  stat(): fs.BigIntStats {
    if (!this.#isOpen) throw new SecurityContextClosedError();
    return fs.fstatSync(this.#descriptor.fd, { bigint: true });
  }

  /** Never waits for the other end of a FIFO. */
  open(name: string, flags: number, _walker: Walker, mode?: number): number {
    return fs.openSync(this.at(name), flags | O_NOFOLLOW | O_NONBLOCK, mode);
  }

  confirm(): void {
    // What goes by the descriptor was in this directory.
  }

  #enter(part: string, walker: Walker): DescriptorDirectory {
    try {
      return new DescriptorDirectory(new Descriptor(openHandle(this.at(part))));
    } catch (error) {
      throw openFailure(error, { directory: this, name: part }, walker);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#descriptor.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function openHandle(path: string): number {
  return fs.openSync(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

let own: string | undefined;

/** Where a descriptor of this program has a path: by its number is a tenth quicker, where `/proc` has the numbers of this program's own view. */
function ownDescriptors(): string {
  own ??= fs.readlinkSync("/proc/self") === String(process.pid) ? `/proc/${process.pid}/fd` : "/proc/self/fd";
  return own;
}
