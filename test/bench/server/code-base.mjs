/** A real code base with generated actors in it: the sources of viem (and of effect, zod, rxjs), 200 actors over 10 protocols. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MINI_RUNTIME } from "../../server/mini-lib.ts";

export const PROTOCOLS = 10;
export const DEPENDENTS = 20;
const VARIANTS = ["open", "close", "read", "write", "flush", "tick"];

/**
 * @param {string} modules folder of the installed packages
 * @param {string} folder made anew
 * @param {readonly string[]} packages names and folders of sources, such as `viem`
 * @returns {number} how many source files there are
 */
export function makeCodeBase(modules, folder, packages) {
  rmSync(folder, { recursive: true, force: true });
  for (const name of packages) {
    cpSync(path.join(modules, name), path.join(folder, "src", name.replace("/", "-")), {
      recursive: true,
      filter: (file) =>
        !path.relative(modules, file).slice(name.length).includes("node_modules") &&
        (!/\.[^/]+$/.test(path.basename(file)) || /(?<!\.d)\.tsx?$/.test(file)),
    });
  }
  mkdirSync(path.join(folder, "node_modules/airssys-rt"), { recursive: true });
  for (const name of readdirSync(modules)) {
    const target = path.join(folder, "node_modules", name);
    if (!name.startsWith(".") && !existsSync(target)) symlinkSync(path.join(modules, name), target);
  }
  write(folder, "node_modules/airssys-rt/package.json", '{ "name": "airssys-rt", "types": "index.d.ts" }');
  write(folder, "node_modules/airssys-rt/index.d.ts", MINI_RUNTIME);
  write(
    folder,
    "tsconfig.json",
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: "es2023",
        lib: ["es2023", "dom"],
        module: "esnext",
        moduleResolution: "bundler",
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        noEmit: true,
        types: [],
      },
      include: ["src"],
    }),
  );
  for (let p = 0; p < PROTOCOLS; p++) {
    write(folder, `src/actors/protocol-${p}.ts`, protocolText(p, VARIANTS));
    for (let d = 0; d < DEPENDENTS; d++) write(folder, actorPath(p, d), actorText(p, d));
  }
  return readdirSync(path.join(folder, "src"), { recursive: true }).filter((file) => /\.tsx?$/.test(file)).length;
}

export function actorPath(protocol, dependent) {
  return `src/actors/actor-${protocol}-${dependent}.ts`;
}

export function protocolText(protocol, variants) {
  const members = variants.map((name) => `  | { readonly type: "${name}"; readonly chain: Chain; readonly n: number }`);
  return `import type { Chain } from "../viem/types/chain.ts";\nimport type { Ask } from "airssys-rt";\nexport type Message${protocol} =\n${members.join("\n")}\n  | Ask<{ readonly type: "state" }, number>;\n`;
}

export function actorText(protocol, dependent, extra = "") {
  const cases = VARIANTS.map(
    (name) =>
      `      case "${name}":\n        this.#sum += message.n + message.chain.id;\n        this.peer.tell({ type: "tick", chain: message.chain, n: 1 });\n        break;`,
  );
  return `import { Actor, type ActorContext, type ActorRef } from "airssys-rt";
import { getAddress } from "../viem/utils/address/getAddress.ts";
import type { Message${protocol} } from "./protocol-${protocol}.ts";
export class Actor${protocol}x${dependent} extends Actor<Message${protocol}> {
  #sum = 0;
  constructor(readonly peer: ActorRef<Message${protocol}>) {
    super();
  }
  override handleMessage(message: Message${protocol}, context: ActorContext<Message${protocol}>): void {
    ${extra}console.log(getAddress("0x0"));
    switch (message.type) {
${cases.join("\n")}
      case "state":
        context.reply(this.#sum);
        break;
    }
  }
}
`;
}

export const MORE_VARIANTS = [...VARIANTS, "added"];

function write(folder, name, text) {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
