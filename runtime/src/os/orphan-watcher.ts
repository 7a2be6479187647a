/**
 * Ends all processes of this program when the program ends, however it ends.
 *
 * One small shell, started with the first process, that waits at the end of a pipe: whatever becomes of this program, the system closes
 * the pipe, and the shell ends the process groups it was told of. Then it looks for processes that have this program's cookie in their
 * environment: those that left their group, and those that began between the start and the telling.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";

/** Marks every process of this program, and what those start. */
export const COOKIE_NAME = "AIRSSYS_OS";
export const COOKIE: string = randomUUID();

/**
 * Reads `+group` and `-group` from its input until that ends. Constant: what it is told are numbers made here.
 * Told of a group twice, it knows it once: a number that stayed behind could be another's by the end. It ends groups before single
 * processes, and sweeps until nothing was found twice: what is found may have started others meanwhile, and while a program takes the
 * place of another its environment cannot be read.
 */
const SCRIPT = `
trap '' TERM INT HUP QUIT
cookie=$1
groups=' '
while read -r line; do
  case $line in
    +*) case $groups in *" \${line#+} "*) ;; *) groups="$groups\${line#+} " ;; esac ;;
    -*) rest=\${groups#* \${line#-} }
        if [ "$rest" != "$groups" ]; then groups="\${groups%% \${line#-} *} $rest"; fi ;;
  esac
done
for group in $groups; do kill -KILL -- "-$group" 2>/dev/null; done
round=0
clean=0
while [ $round -lt 50 ] && [ $clean -lt 2 ]; do
  clean=$((clean + 1))
  for file in $(grep -ls "${COOKIE_NAME}=$cookie" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    kill -KILL "\${pid%/environ}" 2>/dev/null && clean=0
  done
  round=$((round + 1))
done
`;

/** The process groups that are alive, and the shell that knows of them. */
class OrphanWatcher {
  readonly #groups: Set<number> = new Set();
  #shell: ChildProcess | undefined;

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
    for (const group of this.#groups) this.#tell(`+${group}`);
  }

  add(group: number): void {
    this.#groups.add(group);
    this.#tell(`+${group}`);
  }

  remove(group: number): void {
    if (this.#groups.delete(group)) this.#tell(`-${group}`);
  }

  #tell(line: string): void {
    this.#shell?.stdin?.write(`${line}\n`);
  }

  /** Somebody ended it: it is started again and told again, as long as there is anything to watch. */
  #again(shell: ChildProcess): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    if (this.#groups.size === 0) return;
    this.ready().catch((error: unknown) => {
      // The next process that is started meets the same error.
      const why = error instanceof Error ? error.message : "there is no shell";
      process.emitWarning(`processes would outlive this program: ${why}`, "SecurityContextWarning");
    });
  }
}

/** One for the program, as the end of a program is one. */
export const orphanWatcher: OrphanWatcher = new OrphanWatcher();
