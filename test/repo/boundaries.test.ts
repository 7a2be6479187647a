// Who may import what, in which order the layers of the runtime stand, and what stays out of them.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { cyclesAmong, root, type SourceFile, sourcesBelow } from "./imports.ts";

const runtime = sourcesBelow("runtime/src");
const server = sourcesBelow("server/src");
const extension = sourcesBelow("extension/src");
const examples = sourcesBelow("runtime/examples");
const tests = sourcesBelow("test");
const shipped = [...runtime, ...server, ...extension];

/** The files that talk to VS Code. Everything else in the extension is plain, and tested without it. */
const ADAPTERS =
  /^extension\/src\/((actor-workspace|client|command-arguments|commands|config|context-keys|editor-language|extension|fresh-view|language-features|log|notice|notifications|start-on-demand|status-bar|terminals|walkthrough|window-memory|workspace)|actor\/view|debug\/(breakpoints-view|condition-input|context|explanation|installation|precheck|provider|stepping|stops|tracker|waiting|workspace-programs)|messages\/(live-lens|places|view)|project\/command|recordings\/(actor-replay|recording-editors|recordings-view|shown-recording)|testing\/(actor-tests|entry|failure-message|file-execution|schedule-actions|test-settings)|watch\/program-watch|send\/(draft-files|send-message)|tree\/(actions|arrange|choose-actor|decoration|explain-wait|reveal-actor|open-source|process-actions|profile-actors|process-output|view))\.ts$/;

/** Packages and Node's own modules by importer. The first row that names a file is the one that counts. */
const MAY_IMPORT: readonly (readonly [files: RegExp, packages: RegExp])[] = [
  [/^runtime\/src\/values\/async-scope\.ts$/, /^node:async_hooks$/],
  [/^runtime\/src\/health\/taken-time\.ts$/, /^node:fs$/],
  [/^runtime\/src\/inspect\//, /^node:(net|inspector|util|v8|worker_threads)$/],
  [/^runtime\/src\/recording\//, /^node:(fs|path|util|zlib)$/],
  [/^runtime\/src\/os\//, /^node:(child_process|crypto|fs|os|path|stream|string_decoder|util)$/],
  [/^runtime\/src\/(replay|testing\/test-events)\.ts$/, /^node:fs$/],
  [/^runtime\/src\/testing\/history\.ts$/, /^node:util$/],
  [/^runtime\/src\/testing\/owned-globals\.ts$/, /^node:(crypto|module|timers(\/promises)?|util)$/],
  [/^runtime\/src\//, /^$/],
  [/^runtime\/examples\/guarded-files\//, /^(airssys-rt(\/.*)?|@modelcontextprotocol\/sdk\/.*|zod|node:.*)$/],
  [/^runtime\/examples\//, /^(airssys-rt(\/.*)?|node:.*)$/],
  [/^server\/src\/protocol\.ts$/, /^$/],
  [/^server\/src\/(compiler|reading|rewriting)\//, /^(ts-morph|airssys-rt\/spec|node:.*)$/],
  [/^server\/src\/(main\.ts$|lsp\/)/, /^(vscode-languageserver(\/node|-textdocument)?|node:.*)$/],
  [/^server\/src\/recordings\//, /^(airssys-rt\/recording|node:.*)$/],
  [/^server\/src\/source\/watch-folders\.ts$/, /^chokidar$/],
  [/^server\/src\//, /^(airssys-rt\/spec|node:.*)$/],
  [/^extension\/src\/messages\/page\//, /^airssys-rt\/inspect$/],
  [/^extension\/src\/client\.ts$/, /^(vscode|vscode-languageclient\/node|airssys-language-server\/protocol|node:.*)$/],
  [ADAPTERS, /^(vscode|airssys-rt\/(spec|inspect|recording|replay)|airssys-language-server\/protocol|node:.*)$/],
  [/^extension\/src\//, /^(airssys-rt\/(spec|inspect|recording|replay)|airssys-language-server\/protocol|node:.*)$/],
  [/^test\/extension\/host\//, /./],
  [/^test\/runtime\/guarded-files\.test\.ts$/, /^(@modelcontextprotocol\/sdk\/client\/.*|node:.*)$/],
  [/^test\/runtime\//, /^(airssys-rt(\/.*)?|fast-check|typescript|node:.*)$/],
  [/^test\//, /^(?!vscode$)/],
];

/** Folders by who may reach into them with a relative path. Everybody else goes through a package's doors. */
const MAY_REACH: readonly (readonly [from: RegExp, into: RegExp])[] = [
  [/^runtime\/src\//, /^runtime\/src\//],
  [/^server\/src\//, /^server\/src\//],
  [/^extension\/src\//, /^extension\/src\//],
  [/^runtime\/examples\//, /^runtime\/examples\//],
  [/^test\/runtime\//, /^(test\/|runtime\/(src|examples)\/)/],
  [/^test\/server\//, /^(test\/|server\/src\/)/],
  [/^test\/extension\//, /^(test\/|extension\/(src\/|l10n\.ts$))/],
  [/^test\/bench\//, /^(test|(runtime|server|extension)\/src)\//],
  [/^test\//, /^test\//],
];

/**
 * The floors of each part from the bottom up: folders, and files that stand beside them. What stands on a floor imports from lower floors
 * only, so that no two folders need each other. What knows of itself alone, like a folder of rules, may import within itself.
 */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  "runtime/src": [
    "values",
    "spec environment",
    "guards actor",
    "supervision",
    "groups os",
    "health",
    "inspect",
    "recording",
    "system.ts",
    "testing",
    "index.ts spec.ts replay.ts",
  ],
  "server/src": [
    "protocol.ts",
    "source",
    "facts recordings",
    "reading rules",
    "rewriting features",
    "compiler",
    "engine",
    "analysis check",
    "lsp",
    "main.ts analysis-process.ts cli.ts",
  ],
  "extension/src": [
    "sentence.ts context-keys.ts fresh-view.ts inner-path.ts",
    "text.ts config.ts log.ts restart-limit.ts editor-language.ts milestone.ts",
    "notice.ts",
    "inspect",
    "programs",
    "command-arguments.ts",
    "commands.ts actor-questions.ts",
    "send",
    "tree debug project terminals.ts window-memory.ts workspace.ts",
    "actor",
    "messages",
    "recordings watch",
    "testing",
    "actor-workspace.ts client.ts",
    "language-features.ts",
    "status-bar.ts notifications.ts start-on-demand.ts walkthrough.ts",
    "extension.ts",
  ],
};

/** The wing that a file is in: its folder, or itself where it stands beside the folders. */
function wingOf(file: string, part: string): string {
  return file.slice(part.length + 1).replace(/\/.*/, "");
}

/** The floor of a wing, from the bottom; -1 where it has none. */
function floorOf(wing: string, part: string): number {
  return (FLOORS[part] ?? []).findIndex((wings) => wings.split(" ").includes(wing));
}

/** Fails with one line for every fault. */
function none(faults: readonly string[]): void {
  assert.ok(faults.length === 0, `\n${faults.join("\n")}`);
}

/** A line for each import of these files that the question answers with a fault. */
function importsOf(
  files: readonly SourceFile[],
  fault: (from: string, specifier: string, target: string | undefined) => string | false | undefined,
): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap(({ specifier, file: target }) => {
      const what = fault(file.path, specifier, target);
      return what ? [`${file.path} imports ${specifier}: ${what}`] : [];
    }),
  );
}

test("every file imports only packages that its folder may know", () => {
  none(
    importsOf([...shipped, ...examples, ...tests], (from, specifier, target) => {
      const [, allowed] = MAY_IMPORT.find(([files]) => files.test(from)) ?? [];
      return target === undefined && !allowed?.test(specifier) && `allowed is ${allowed ?? "nothing"}`;
    }),
  );
});

test("folders reach each other by package name", () => {
  none(
    importsOf([...shipped, ...examples, ...tests], (from, _specifier, target) => {
      const [, into] = MAY_REACH.find(([files]) => files.test(from)) ?? [];
      return target !== undefined && !into?.test(target) && "this is another package's inside";
    }),
  );
});

test("a door of a package is used only when its manifest opens it", () => {
  const doors = new Map<string, readonly string[]>();
  for (const folder of ["runtime", "server"]) {
    const { name, exports } = manifest(folder);
    doors.set(
      name,
      Object.keys(exports).map((door) => door.replace(/^\./, name)),
    );
  }
  none(
    importsOf([...shipped, ...examples, ...tests], (_from, specifier) => {
      const open = [...doors].find(([name]) => specifier === name || specifier.startsWith(`${name}/`))?.[1];
      return open && !open.includes(specifier) && `the doors are ${open.join(", ")}`;
    }),
  );
});

for (const part of Object.keys(FLOORS)) {
  const files = sourcesBelow(part);

  test(`every file has its floor: ${part}`, () => {
    none(
      files
        .filter(({ path }) => floorOf(wingOf(path, part), part) < 0)
        .map(({ path }) => `${path} is on no floor of test/repo/boundaries.test.ts`),
    );
  });

  test(`folders import from lower floors only: ${part}`, () => {
    none(
      importsOf(files, (from, _specifier, target) => {
        if (target === undefined) return false;
        const [above, below] = [wingOf(from, part), wingOf(target, part)];
        // A door for who replays a program, which that is not told of.
        const isDoor = from === "runtime/src/replay.ts";
        if (part === "runtime/src" && below === "testing" && above !== "testing" && !isDoor)
          return "the program does not know its testkit";
        return above !== below && floorOf(above, part) <= floorOf(below, part) && `${above} stands not above ${below}`;
      }),
    );
  });
}

for (const [folder, files] of Object.entries({ runtime, server, extension, tests })) {
  test(`no imports go round in a circle: ${folder}`, () => none(cyclesAmong(files)));
}

test("every file is named after its noun, and says in its first sentence what that is", () => {
  const drawers = /(^|[/-])(utils?|helpers?|common|misc)(\.|\/)|(^|\/)types\.ts$/;
  const isIntroduced = ({ text }: SourceFile): boolean => /^(#!.*\n)?\/\*\*((?!\*\/)[\s\S])+?\.\s/.test(text);
  none([
    ...[...shipped, ...tests].filter(({ path }) => drawers.test(path)).map(({ path }) => `${path} is a drawer`),
    ...shipped.filter((file) => !isIntroduced(file)).map(({ path }) => `${path} has no first sentence`),
  ]);
});

test("the runtime reads time, chance and its turn from ports", () => {
  const machine =
    /^(Date\.now|new Date|Math\.random|performance\.now|process\.hrtime.*|crypto\..*|set(Timeout|Interval|Immediate)|queueMicrotask)$/;
  const ports: readonly (readonly [files: RegExp, uses: RegExp])[] = [
    [/\/clock\.ts$/, /^(Date\.now|performance\.now|set(Timeout|Immediate))$/],
    [/\/random\.ts$/, /^Math\.random$/],
    [/\/testing\/replay\.ts$/, /^setTimeout$/],
    [/\/(rejections|scheduler|testing\/test-scheduler|testing\/virtual-clock)\.ts$/, /^setImmediate$/],
    // Puts others in their place.
    [/\/testing\/owned-globals\.ts$/, /./],
    // Finds out that a test waits for the real world, or for nobody.
    [/\/testing\/run-watch\.ts$/, /^set(Immediate|Timeout)$/],
    [/\/inspect\//, /./],
    // Makes a date of one that was recorded.
    [/\/recording\/revived-value\.ts$/, /^new Date$/],
    [/\/recording\/(recorder|record-wish)\.ts$/, /^(Date\.now|new Date|performance\.now|setInterval)$/],
    [/\/os\//, /^crypto\./],
  ];
  none(
    runtime.flatMap(({ path, uses }) =>
      [...uses]
        .filter((use) => machine.test(use) && !ports.some(([files, allowed]) => files.test(path) && allowed.test(use)))
        .map((use) => `${path} uses ${use}`),
    ),
  );
});

test("what the runtime throws is in its catalogue", () => {
  // A recorded error is made again as what it was.
  const apart = /\/testing\/|\/recording\/revived-value\.ts$/;
  const plain = runtime.filter(({ path, uses }) => uses.has("new Error") && !apart.test(path));
  none(plain.map(({ path }) => `${path} makes an Error without a code`));
});

test("all parts have one version, and the lock file names no host", () => {
  const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const { version } = manifest(".");
  const versions = {
    runtime: manifest("runtime").version,
    server: manifest("server").version,
    extension: manifest("extension").version,
    "package-lock.json": lock.packages[""].version,
    ...Object.fromEntries(
      shipped.flatMap(({ path, text }) => [...text.matchAll(/VERSION = "(\d.*)"/g)].map(([, said]) => [path, said])),
    ),
  };
  none([
    ...Object.entries(versions)
      .filter(([, other]) => other !== version)
      .map(([name, other]) => `${name} has ${other}, package.json ${version}`),
    ...Object.entries(lock.packages as Record<string, { resolved?: string }>)
      .filter(([, { resolved }]) => resolved?.includes("://"))
      .map(([name, { resolved }]) => `package-lock.json: ${name} is resolved to ${resolved}`),
  ]);
});

function manifest(folder: string): { name: string; version: string; exports: Record<string, unknown> } {
  return JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8"));
}
