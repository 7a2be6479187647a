/** Entry of `airssys`. What a command needs is loaded when it is known which. */
import { parseArguments, USAGE } from "./check/arguments.ts";
import { messageOf } from "./check/usage-error.ts";
import { VERSION } from "./source/version.ts";

// `airssys check | head` has read enough.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") process.exit();
  throw cause;
});

// No `await` at the top: the bundle is CommonJS.
void run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (cause: unknown) => {
    process.stderr.write(`airssys: ${cause instanceof Error ? (cause.stack ?? cause.message) : messageOf(cause)}\n`);
    process.exitCode = 2;
  },
);

/** @returns the exit code. */
async function run(words: readonly string[]): Promise<number> {
  const parsed = parseArguments(words);
  const { stdout, stderr } = process;
  switch (parsed.kind) {
    case "help":
      stdout.write(USAGE);
      return 0;
    case "version":
      stdout.write(`${VERSION}\n`);
      return 0;
    case "mistake":
      stderr.write(`airssys: ${parsed.text}\n\n${USAGE}`);
      return 2;
    case "check": {
      const { runCheck } = await import("./check/run-check.ts");
      return runCheck(parsed.options, stdout, stderr, { environment: process.env, home: import.meta.dirname });
    }
    case "recording": {
      const { showRecording } = await import("./recordings/show-recording.ts");
      return showRecording(parsed.options, stdout, stderr);
    }
    case "rules":
    case "explain":
      return aboutRules(parsed);
  }
}

async function aboutRules(
  parsed: Extract<ReturnType<typeof parseArguments>, { kind: "rules" | "explain" }>,
): Promise<number> {
  const { explainRule, printRules } = await import("./check/rule-commands.ts");
  const { styleFor } = await import("./check/style.ts");
  const { DISK } = await import("./source/file-system.ts");
  const { pathOfNative } = await import("./source/path-uri.ts");
  const { rulePagesNear } = await import("./source/rule-pages.ts");
  const shown = { style: styleFor(process.stdout.isTTY, process.env), pages: rulePagesNear(import.meta.dirname) };
  if (parsed.kind === "explain") return explainRule(parsed.rule, shown, process.stdout, process.stderr);
  printRules(pathOfNative(process.cwd()), DISK, { ...shown, asJson: parsed.asJson }, process.stdout);
  return 0;
}
