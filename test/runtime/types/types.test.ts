// Every `@ts-expect-error` of this folder names its reason, and the reason is the one the compiler gives.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";

const folder = import.meta.dirname;
const config = path.resolve(folder, "../../tsconfig.json");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => path.join(folder, name));

interface Expectation {
  readonly file: string;
  /** Of the line below the comment, from 0. */
  readonly line: number;
  readonly reason: string;
}

/** Disarms the comments, so that the compiler speaks. */
const disarmed = (text: string): string => text.replaceAll("@ts-expect-error", "expected error:");

function expectationsIn(file: string): Expectation[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const reason = /^\s*\/\/ @ts-expect-error(.*)$/.exec(line)?.[1];
      return reason === undefined ? [] : [{ file, line: index + 1, reason: reason.trim() }];
    });
}

function compile(): ts.Program {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    path.dirname(config),
  );
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (name) => {
    const text = readFile(name);
    return text !== undefined && path.dirname(name) === folder ? disarmed(text) : text;
  };
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language, ...others) =>
    path.dirname(name) === folder
      ? ts.createSourceFile(name, host.readFile(name) ?? "", language)
      : getSourceFile(name, language, ...others);
  return ts.createProgram(files, { ...options, noEmit: true }, host);
}

const program = compile();

/** What the compiler says, by `file:line`. */
const said = new Map<string, string[]>();
for (const file of files) {
  for (const { start = 0, messageText } of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const { line } = ts.getLineAndCharacterOfPosition(program.getSourceFile(file) as ts.SourceFile, start);
    const place = `${file}:${line}`;
    said.set(place, [...(said.get(place) ?? []), ts.flattenDiagnosticMessageText(messageText, " ")]);
  }
}

for (const file of files.filter((name) => expectationsIn(name).length > 0)) {
  test(`the compiler refuses what ${path.basename(file)} expects it to, for the reasons it names`, () => {
    const faults = expectationsIn(file).flatMap(({ line, reason }) => {
      const messages = said.get(`${file}:${line}`) ?? [];
      if (reason !== "" && messages.some((message) => message.includes(reason))) return [];
      const place = `${path.basename(file)}:${line + 1}`;
      return [`${place} expects\n  ${reason}\nand the compiler says\n  ${messages.join("\n  ") || "nothing"}`];
    });

    assert.ok(faults.length === 0, `\n${faults.join("\n")}`);
  });

  test(`the compiler refuses nothing else in ${path.basename(file)}`, () => {
    const expected = new Set(expectationsIn(file).map(({ line }) => `${file}:${line}`));
    const surprises = [...said].filter(([place]) => place.startsWith(`${file}:`) && !expected.has(place));

    assert.deepEqual(surprises, []);
  });
}
