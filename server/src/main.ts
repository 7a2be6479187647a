/** Entry of the language server: `--stdio`, `--node-ipc`, `--socket=<port>` or `--pipe=<name>`. */
import { extname, join } from "node:path";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { Lifecycle } from "./lsp/lifecycle.ts";
import { serve } from "./lsp/server.ts";
import { rulePagesNear } from "./source/rule-pages.ts";
import { VERSION } from "./source/version.ts";

const USAGE = `Usage: airssys-language-server <transport>

The language server of Airssys, for editors: diagnostics, fixes and navigation along messages. On the command line and in CI,
"airssys check" says the same.

  --stdio          over standard input and output: what most editors use
  --node-ipc       over the channel of a Node process that starts it
  --socket=<port>  connects to a port of this machine
  --pipe=<name>    connects to a named pipe
  --version
  --help
`;

const TRANSPORTS = /^--(?:stdio|node-ipc|socket=\d+|pipe=.+)$/;
const words = process.argv.slice(2);

if (words.includes("--help") || words.includes("-h")) process.stdout.write(USAGE);
else if (words.includes("--version")) process.stdout.write(`${VERSION}\n`);
else if (words.some((word) => TRANSPORTS.test(word))) {
  const here = import.meta.dirname;
  const analysis = join(here, `analysis-process${extname(import.meta.filename)}`);
  const lifecycle = new Lifecycle();
  const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
  lifecycle.listen(connection);
  serve(connection, { analysis, rulePages: rulePagesNear(here) });
} else {
  process.stderr.write(`airssys-language-server: say how the editor is connected\n\n${USAGE}`);
  process.exitCode = 2;
}
