/** The engine of the server: first diagnostics, then edits, warm. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Analysis } from "../../../server/src/analysis.ts";
import { DISK } from "../../../server/src/source/file-system.ts";
import { actorPath, actorText, MORE_VARIANTS, protocolText } from "./code-base.mjs";
import { cpuOf, spread } from "./spread.mjs";

const EDITS = 41;

export async function run(folder) {
  const analysis = new Analysis(DISK);
  analysis.addFolder(folder);
  const start = performance.now();
  const cpuMs = Math.round(await cpuOf(() => analysis.workThrough()));
  const first = { wallMs: Math.round(performance.now() - start), cpuMs };
  const actor = path.join(folder, actorPath(0, 0));
  const protocol = path.join(folder, "src/actors/protocol-0.ts");
  const variants = readFileSync(protocol, "utf8");

  const edit = async (file, textOf, check) => {
    const times = [];
    for (let i = 0; i < EDITS; i++) {
      analysis.open(file, textOf(i));
      times.push(await cpuOf(() => analysis.workThrough()));
      check(i);
    }
    // The first ones are still cold.
    return spread(times.slice(6));
  };
  const missing = (file) => analysis.diagnosticsOf(file).filter((one) => one.rule === "unhandled-message").length;
  const body = await edit(
    actor,
    (i) =>
      actorText(0, 0, i % 2 === 0 ? "" : 'if (message.type === "open") return; ').replace(
        i % 2 === 0 ? '"open"' : '"never"',
        '"open"',
      ),
    () => {},
  );
  const removed = actorText(0, 0).replace(/ {6}case "flush":[\s\S]*?break;\n/, "");
  const bodyWithCase = await edit(
    actor,
    (i) => (i % 2 === 0 ? removed : actorText(0, 0)),
    (i) => expect(missing(actor), i % 2 === 0 ? 1 : 0),
  );
  const protocolEdit = await edit(
    protocol,
    (i) => (i % 2 === 0 ? protocolText(0, MORE_VARIANTS) : variants),
    (i) => expect(missing(path.join(folder, actorPath(0, 7))), i % 2 === 0 ? 1 : 0),
  );
  const importEdit = await edit(
    actor,
    (i) =>
      `${i % 2 === 0 ? 'import { isHex } from "../viem/utils/data/isHex.ts";\nconsole.log(isHex);\n' : ""}${actorText(0, 0)}`,
    () => {},
  );
  globalThis.gc?.();
  return {
    files: analysis.index.files.length,
    first,
    body: bodyWithCase,
    bodyPlain: body,
    protocol: protocolEdit,
    importEdit,
    rssMb: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

function expect(actual, wanted) {
  if (actual !== wanted) throw new Error(`expected ${wanted} findings, found ${actual}`);
}
