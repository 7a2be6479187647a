/** Watches of directories, each until it is ended or whoever is told ends. */
import fs from "node:fs";
import type { ActorContext } from "../values/actor.ts";
import type { ActorRef } from "../values/ref.ts";
import type { Monitor } from "../values/signal.ts";
import { type Directory, failure, type Walker } from "./directory.ts";
import type { FileChange } from "./file-messages.ts";
import type { FileTarget } from "./file-target.ts";

interface Watch {
  readonly watcher: fs.FSWatcher;
  readonly monitor: Monitor;
}

/** The watches of one incarnation. */
export class FileWatches {
  readonly #context: ActorContext<never>;
  readonly #watches: Map<number, Watch> = new Map();
  #last = 0;

  constructor(context: ActorContext<never>) {
    this.#context = context;
    context.signal.addEventListener("abort", () => this.#endAll(), { once: true });
  }

  /** @returns the number by which it is ended. */
  begin(target: FileTarget, to: ActorRef<FileChange>): number {
    using directory = target.openDirectory();
    const monitor = this.#context.monitor(to);
    try {
      return this.#watch(directory, target.walker, to, monitor);
    } catch (error) {
      this.#context.demonitor(monitor);
      throw error;
    }
  }

  #watch(directory: Directory, walker: Walker, to: ActorRef<FileChange>, monitor: Monitor): number {
    this.#last += 1;
    const id = this.#last;
    const path = walker.target;
    const watcher = watchOn(directory.path, walker, (change, name) => {
      to.tell({ type: "changed", path, name: name ?? undefined, change: change === "rename" ? "rename" : "change" });
    });
    watcher.on("error", () => this.end(id));
    try {
      directory.confirm(walker);
    } catch (error) {
      watcher.close();
      throw error;
    }
    this.#watches.set(id, { watcher, monitor });
    return id;
  }

  /** @returns whether there was such a watch. */
  end(id: number): boolean {
    const watch = this.#watches.get(id);
    if (watch === undefined) return false;
    this.#watches.delete(id);
    watch.watcher.close();
    if (!this.#context.signal.aborted) this.#context.demonitor(watch.monitor);
    return true;
  }

  /** Whoever was told has ended. */
  lost(monitor: Monitor): void {
    for (const [id, watch] of this.#watches) if (watch.monitor.monitorId === monitor.monitorId) this.end(id);
  }

  #endAll(): void {
    for (const { watcher } of this.#watches.values()) watcher.close();
    this.#watches.clear();
  }
}

/** @throws {FileOperationError} when the system has no watches left. */
function watchOn(path: string, walker: Walker, heard: fs.WatchListener<string>): fs.FSWatcher {
  try {
    return fs.watch(path, { persistent: false }, heard);
  } catch (error) {
    throw failure(error, walker);
  }
}
