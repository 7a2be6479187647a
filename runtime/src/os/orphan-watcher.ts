/**
 * Ends all processes of this program when the program ends, however it ends, and what a process left behind when that ends.
 *
 * One small shell, started with the first process, that waits at the end of a pipe: whatever becomes of this program, the system closes
 * the pipe, and the shell ends the process groups it was told of. Then it looks for processes that have this program's cookie in their
 * environment: those that left their group, and those that began between the start and the telling. It does the same for a single process
 * that has ended, by the number that stands behind the cookie: to read the environment of every process costs many times what a start
 * costs, so it is done over there, and for all that ended within a while at once.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { realClock } from "../values/clock.ts";
import { original } from "../values/original.ts";

/** Marks every process of this program, and what those start: the program's cookie, and a number for each process. */
export const COOKIE_NAME = "AIRSSYS_OS";
const COOKIE: string = original(randomUUID)();

/** Milliseconds that words are collected for: to wake the shell for each costs a tenth of a start. The cookie covers them meanwhile. */
const WORDS_MS = 5;
/** Milliseconds from the end of a process to the search for what it left behind. */
const SWEEP_MS = 250;

/**
 * Reads `+group`, `-group` and `?number|number` from its input until that ends. Constant: what it is told are numbers made here.
 * Told of a group twice, it knows it once: a number that stayed behind could be another's by the end. It ends groups before single
 * processes, and sweeps until nothing was found twice: what is found may have started others meanwhile, and while a program takes the
 * place of another its environment cannot be read.
 */
const SCRIPT = `
trap '' TERM INT HUP QUIT
cookie=$1
groups=' '
sweep() {
  round=0
  clean=0
  while [ $round -lt 50 ] && [ $clean -lt 2 ]; do
    clean=$((clean + 1))
    for file in $(grep -lsE "$1" /proc/[0-9]*/environ 2>/dev/null); do
      pid=\${file#/proc/}
      kill -KILL "\${pid%/environ}" 2>/dev/null && clean=0
    done
    round=$((round + 1))
  done
}
while read -r line; do
  case $line in
    +*) case $groups in *" \${line#+} "*) ;; *) groups="$groups\${line#+} " ;; esac ;;
    -*) rest=\${groups#* \${line#-} }
        if [ "$rest" != "$groups" ]; then groups="\${groups%% \${line#-} *} $rest"; fi ;;
    '?'*) sweep "${COOKIE_NAME}=$cookie[.](\${line#?})[.]" ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
sweep "${COOKIE_NAME}=$cookie[.]"
`;

/** The process groups that are alive, and the shell that knows of them. */
class OrphanWatcher {
  readonly #groups: Set<number> = new Set();
  /** Numbers of processes that have ended and may have left something behind. */
  readonly #ended: number[] = [];
  #last = 0;
  #shell: ChildProcess | undefined;
  /** Not told yet. */
  #words: string[] = [];

  /** Starts the shell, unless it runs. To be called before a process is started. @throws when there is no shell. */
  async ready(): Promise<void> {
    if (this.#shell !== undefined || process.platform === "win32") return;
    const shell = spawn("/bin/sh", ["-c", SCRIPT, "airssys-orphans", COOKIE], {
      detached: true,
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
    });
    this.#shell = shell;
    shell.stdin?.on("error", () => undefined);
    // It waits for this program, not the other way round.
    shell.unref();
    (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    await new Promise<void>((resolve, reject) => {
      shell.once("spawn", resolve);
      shell.once("error", (error) => {
        this.#shell = undefined;
        reject(error);
      });
    });
    shell.once("exit", () => this.#again(shell));
    for (const group of this.#groups) this.#say(`+${group}`);
  }

  /** @returns what marks the next process that is started, and all that it starts. */
  mark(): { readonly number: number; readonly value: string } {
    this.#last += 1;
    return { number: this.#last, value: `${COOKIE}.${this.#last}.` };
  }

  add(group: number): void {
    this.#groups.add(group);
    this.#say(`+${group}`);
  }

  /** A process has ended. @param number that of its mark. */
  remove(group: number, number: number): void {
    if (!this.#groups.delete(group)) return;
    const word = this.#words.indexOf(`+${group}`);
    if (word === -1) this.#say(`-${group}`);
    else this.#words.splice(word, 1);
    if (this.#ended.push(number) === 1) later(() => this.#sweep(), SWEEP_MS);
  }

  #say(word: string): void {
    if (this.#shell === undefined) return;
    if (this.#words.push(word) === 1) later(() => this.#tell(), WORDS_MS);
  }

  #tell(): void {
    const words = this.#words;
    this.#words = [];
    if (words.length > 0) this.#shell?.stdin?.write(`${words.join("\n")}\n`);
  }

  #sweep(): void {
    const numbers = this.#ended.splice(0).join("|");
    this.ready().then(() => this.#say(`?${numbers}`), warn);
  }

  /** Somebody ended it: it is started again and told again, as long as there is anything to watch. */
  #again(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    this.#words = [];
    if (this.#groups.size > 0) this.ready().catch(warn);
  }
}

/** A program that has nothing else to do ends meanwhile, and the shell does it all. */
function later(callback: () => void, delayMs: number): void {
  realClock.keepAlive(realClock.setTimer(callback, delayMs), false);
}

/** The next process that is started meets the same error. */
function warn(error: unknown): void {
  const why = error instanceof Error ? error.message : "there is no shell";
  process.emitWarning(`processes would outlive this program: ${why}`, "SecurityContextWarning");
}

/** One for the program, as the end of a program is one. */
export const orphanWatcher: OrphanWatcher = new OrphanWatcher();
