/** Entry of the language server: `--stdio`, `--node-ipc` or `--socket=<port>`. */
import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { Lifecycle } from "./lsp/lifecycle.ts";
import { serve } from "./lsp/server.ts";

const TRANSPORTS = /^--(?:stdio|node-ipc|socket=\d+|pipe=.+)$/;

if (process.argv.some((argument) => TRANSPORTS.test(argument))) {
  const here = import.meta.dirname;
  // In the extension the pages lie beside the server, in the package and the source tree above it.
  const rulePages = [join(here, "docs", "rules"), join(here, "..", "docs", "rules")].find((folder) =>
    existsSync(folder),
  );
  const analysis = join(here, `analysis-process${extname(import.meta.filename)}`);
  const lifecycle = new Lifecycle();
  const connection = createConnection(ProposedFeatures.all, { messageStrategy: lifecycle });
  lifecycle.listen(connection);
  serve(connection, { analysis, rulePages: rulePages ?? here });
} else {
  process.stderr.write(
    "airssys-language-server: say how the editor is connected: --stdio, --node-ipc or --socket=<port>\n",
  );
  process.exitCode = 2;
}
