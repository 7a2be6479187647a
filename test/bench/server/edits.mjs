/** The edits that are measured, in a program the editor has open: each ends when the diagnostics that follow from it are there. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { actorPath, actorText, DEPENDENTS, MORE_VARIANTS, protocolText } from "./code-base.mjs";

const EDITS = 41;
/** The first ones are still cold. */
const COLD = 6;
/** Our server waits so long after an edit; ESLint's is asked as soon as its client asks, which waits as long here. */
const QUIET_MS = 60;
const ACTOR = actorPath(0, 0);
const PROTOCOL = "src/actors/protocol-0.ts";
const WHOLE = actorText(0, 0);
const SHORT = WHOLE.replace(/ {6}case "flush":[\s\S]*?break;\n/, "");

/** Opens the actor. @returns milliseconds of wall and processor until its diagnostics are there, from the start of the server. */
export async function open(editor, startedAt) {
  await editor.show(ACTOR, WHOLE);
  expect(missing(await editor.diagnostics(ACTOR)), 0);
  return { wallMs: Math.round(performance.now() - startedAt), cpuMs: Math.round(editor.cpuMs()) };
}

/**
 * A case taken out and put back, in turn in the editor, in ESLint's own language server and in ESLint called as a function.
 * @param lint gives a text to ESLint: CPU milliseconds and findings
 */
export async function bodyEdits(editor, eslintEditor, lint) {
  const [server, eslintServer, eslint] = [[], [], []];
  for (let i = 0; i < EDITS; i++) {
    const [text, wanted] = i % 2 === 0 ? [SHORT, 1] : [WHOLE, 0];
    server.push(
      await cpuOf(editor, async () => {
        await editor.show(ACTOR, text);
        expect(missing(await editor.diagnostics(ACTOR)), wanted);
      }),
    );
    eslintServer.push(
      await cpuOf(eslintEditor, async () => {
        await eslintEditor.show(ACTOR, text);
        await delay(QUIET_MS);
        expect((await eslintEditor.diagnostics(ACTOR)).length, wanted);
      }),
    );
    const { cpuMs, findings } = await lint(ACTOR, text);
    expect(findings, wanted);
    eslint.push(cpuMs);
  }
  return { server: server.slice(COLD), eslintServer: eslintServer.slice(COLD), eslint: eslint.slice(COLD) };
}

/** A variant added to the protocol of 20 actors, and taken away: done when the diagnostics of all are there. */
export async function protocolEdits(editor, folder) {
  const whole = readFileSync(path.join(folder, PROTOCOL), "utf8");
  await editor.show(PROTOCOL, whole);
  const measured = await times(editor, async (i) => {
    const isMore = i % 2 === 0;
    await editor.show(PROTOCOL, isMore ? protocolText(0, MORE_VARIANTS) : whole);
    await editor.diagnostics(PROTOCOL);
    for (let d = 1; d < DEPENDENTS; d++)
      await editor.pushed(actorPath(0, d), (all) => missing(all) === (isMore ? 1 : 0));
  });
  await editor.show(PROTOCOL, whole);
  await editor.diagnostics(PROTOCOL);
  return measured;
}

/** An import that comes and goes. */
export function importEdits(editor) {
  const more = `import { isHex } from "../viem/utils/data/isHex.ts";\nconsole.log(isHex);\n${WHOLE}`;
  return times(editor, async (i) => {
    await editor.show(ACTOR, i % 2 === 0 ? more : WHOLE);
    expect(missing(await editor.diagnostics(ACTOR)), 0);
  });
}

async function times(editor, edit) {
  const all = [];
  for (let i = 0; i < EDITS; i++) all.push(await cpuOf(editor, () => edit(i)));
  return all.slice(COLD);
}

async function cpuOf(editor, action) {
  const before = editor.cpuMs();
  await action();
  return editor.cpuMs() - before;
}

function missing(diagnostics) {
  return diagnostics.filter((one) => one.code === "unhandled-message").length;
}

function expect(actual, wanted) {
  if (actual !== wanted) throw new Error(`expected ${wanted} findings, found ${actual}`);
}
