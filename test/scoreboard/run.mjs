/**
 * `npm run scoreboard`: what OTP promises, and bugs that need an order of messages, asked of us and of other libraries, each in its
 * documented way; what one has no way for is skipped. Writes README.md beside this file.
 *
 * The peers are installed into .cache/scoreboard, at the versions of package.json.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { cases, racyPrograms } from "./cases.mjs";

const here = import.meta.dirname;
const root = path.resolve(here, "../..");
const folder = path.join(root, ".cache/scoreboard");

/** Asked for as well, as long as no registry has them. */
const WANTED = ["actor-ts", "@hamicek/noex", "determined"];
const ADAPTERS = ["airssys", "nact", "effect", "fast-check"];
/** Searches for each bug: seeds, where a search has them. */
const ROUNDS = 20;

function npm(...args) {
  return execFileSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
}

function install() {
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(here, "package.json"), path.join(folder, "package.json"));
  npm("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error");
  for (const name of readdirSync(path.join(here, "adapters")))
    copyFileSync(path.join(here, "adapters", name), path.join(folder, name));
}

const versionOf = (name) => {
  const own = path.join(folder, "node_modules", name, "package.json");
  const file = existsSync(own) ? own : path.join(root, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
};

/** What the registry says of those that are wanted. */
function lookFor(name) {
  try {
    return `${npm("view", name, "version").trim()} is there, and has no adapter yet`;
  } catch {
    return "the registry does not have it";
  }
}

function runOne(adapter) {
  const env = {
    ...process.env,
    RACY_PROGRAMS: pathToFileURL(path.join(root, "test/runtime/testing/racy-programs.ts")).href,
  };
  const args = ["--no-warnings", path.join(here, "one.mjs"), path.join(folder, `${adapter}.mjs`), String(ROUNDS)];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env, maxBuffer: 2 ** 26 });
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`${adapter} came to no result:\n${stderr}`);
  return JSON.parse(line);
}

const heldText = (held) =>
  held === undefined ? "–" : held === true ? "holds" : held === false ? "**no**" : `**${held}**`;

function searchText(searched) {
  if (searched === undefined) return "–";
  const { found, runs, perCpuSecond, whole } = searched;
  const parts = [found === 0 ? "not found" : `run ${runs}; ${Math.round(perCpuSecond)} a CPU second`];
  if (found > 0 && found < ROUNDS) parts.push(`${found} of ${ROUNDS} searches`);
  if (whole !== undefined) parts.push(`all orders: ${whole} runs`);
  return parts.join("; ");
}

const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row)];

function page(results) {
  const actors = ["airssys", "nact", "effect"];
  const searches = ["airssys", "fast-check"];
  const title = (name) =>
    `${name === "airssys" ? "airssys-rt" : name} ${versionOf(name === "airssys" ? "airssys-rt" : name)}`;
  const named = Object.entries(results.airssys.searched).map(([name, { named }]) => `- ${name}: ${named}`);
  return [
    "# Scoreboard",
    "",
    "<!-- Written by npm run scoreboard; change that, not this page. -->",
    "",
    "What Erlang/OTP promises, and bugs that need an order of messages, asked of libraries for JavaScript: each in the way its documentation",
    `has it (\`adapters/\`), – where it has none. Node ${process.version}.`,
    "",
    "## What OTP promises",
    "",
    `${Object.keys(cases).length} of the cases of CONFORMANCE.md in short. What a library is good for otherwise is not measured here.`,
    "",
    ...table(
      ["case", "promise", ...actors.map(title)],
      Object.entries(cases).map(([name, promise]) => [
        name,
        promise,
        ...actors.map((one) => heldText(results[one].held[name])),
      ]),
    ),
    "",
    "## Bugs that need an order",
    "",
    `In which run a bug is found (the median of ${ROUNDS} searches), and how many such searches a second of processor time has, with all that`,
    "each does by default, as making the failure short. fast-check orders promises: its programs are plain functions that do the same. Neither",
    "nact nor Effect has anything that tries orders.",
    "",
    ...table(
      ["program", "its bug", ...searches.map(title)],
      Object.entries(racyPrograms).map(([name, what]) => [
        name,
        what,
        ...searches.map((one) => searchText(results[one].searched[name])),
      ]),
    ),
    "",
    "What airssys-rt names as the reason:",
    "",
    ...named,
    "",
    "## Not asked",
    "",
    ...WANTED.map((name) => `- \`${name}\`: ${lookFor(name)}.`),
    "",
  ].join("\n");
}

install();
const results = Object.fromEntries(ADAPTERS.map((adapter) => [adapter, runOne(adapter)]));
writeFileSync(path.join(here, "README.md"), page(results));
console.log(`written: ${path.relative(process.cwd(), path.join(here, "README.md"))}`);
