/** Entry of `airssys check`. */

import { parseArguments, USAGE } from "./check/arguments.ts";
import { runCheck } from "./check/run-check.ts";

const parsed = parseArguments(process.argv.slice(2));
if (parsed.kind === "help") process.stdout.write(USAGE);
else if (parsed.kind === "mistake") {
  process.stderr.write(`airssys: ${parsed.text}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  // No `await` at the top: the bundle is CommonJS.
  void runCheck(parsed.options, process.stdout, process.stderr).then((code) => {
    process.exitCode = code;
  });
}
