/** Entry of `airssys check`. */
import { parseArguments, USAGE, VERSION } from "./check/arguments.ts";
import { runCheck } from "./check/run-check.ts";

// `airssys check | head` has read enough.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") process.exit();
  throw cause;
});

const parsed = parseArguments(process.argv.slice(2));
switch (parsed.kind) {
  case "help":
    process.stdout.write(USAGE);
    break;
  case "version":
    process.stdout.write(`${VERSION}\n`);
    break;
  case "mistake":
    process.stderr.write(`airssys: ${parsed.text}\n\n${USAGE}`);
    process.exitCode = 2;
    break;
  case "check":
    // No `await` at the top: the bundle is CommonJS.
    void runCheck(parsed.options, process.stdout, process.stderr).then(
      (code) => {
        process.exitCode = code;
      },
      (cause: unknown) => {
        process.stderr.write(`airssys: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
        process.exitCode = 2;
      },
    );
}
