/** Every fix, over programs written in many ways: what compiled still compiles, the finding is gone, and no other has come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "../../../server/src/rules/diagnostic.ts";
import { compileErrors } from "../compile.ts";
import { applyEdits, diagnose, filesOf } from "../fixture.ts";

type Files = ReadonlyMap<string, string>;

const gist = ({ rule, message }: Diagnostic): string => `${rule}: ${message}`;

function found(files: Files): readonly Diagnostic[] {
  return diagnose(files, []).flatMap(({ diagnostics }) => diagnostics);
}

/** @returns how many fixes were tried. */
function tryFixes(files: Files): number {
  const before = found(files);
  const fixes = before.flatMap((diagnostic) => (diagnostic.fixes ?? []).map((fix) => ({ diagnostic, fix })));
  assert.deepEqual(compileErrors(files), [], "before");
  for (const { diagnostic, fix } of fixes) {
    const fixed = applyEdits(files, fix.edits);
    const wanted = before.filter((one) => one !== diagnostic).map(gist);
    const what = `"${fix.title}" for ${gist(diagnostic)}`;
    assert.deepEqual(compileErrors(fixed), [], what);
    const after = found(fixed).map(gist);
    assert.deepEqual(
      after.filter((one) => !wanted.includes(one)),
      [],
      `${what} brings no other`,
    );
    assert.ok(after.length < before.length, `${what} is one less`);
  }
  return fixes.length;
}

const WORKER =
  'class W extends Actor<{ type: "go" }> { override handleMessage(): void {} }\nexport const start = () => new W();';
const PROTOCOL = 'type M = { type: "a"; n: number } | { type: "b" } | { type: "c" };';
const handler = (body: string, head = "m: M"): string =>
  `${PROTOCOL}\nexport class A extends Actor<M> { override handleMessage(${head}): void { ${body} } }`;

const PROGRAMS: Readonly<Record<string, string>> = {
  "numbers of a spec in shorthand": `${WORKER}
const maxRestarts = -1; const maxRestartPeriodMs = 0; const shutdown = -5;
export const a = supervisor({ maxRestarts, maxRestartPeriodMs, children: [{ id: "a", shutdown, start }] });`,
  "a word of a spec in shorthand": `${WORKER}
const strategy = "one_for_al" as any;
export const a = supervisor({ strategy, children: [{ id: "a", start }] });`,
  "a word of a spec in a constant": `${WORKER}
const word = "one_for_al" as any;
export const a = supervisor({ strategy: word, children: [{ id: "a", start }] });`,
  "an option in shorthand that does not exist": `${WORKER}
const maxRestart = 2;
export const a = supervisor({ maxRestart, children: [{ id: "a", start }] } as any);`,
  "a time-out in shorthand": `
const timeoutMs = 0;
export const ask = (ref: ActorRef<Ask<{ type: "q" }, number>>) => ref.ask({ type: "q" }, { timeoutMs });`,
  "a discriminant in shorthand": `
const type = "pin" as const;
export const tell = (ref: ActorRef<{ type: "ping" } | { type: "stop" }>) => ref.tell({ type } as any);`,
  "a template without holes": `${WORKER}
export const a = supervisor({ strategy: \`one_for_al\` as any, children: [{ id: "x", start }, { id: "x", start }] });`,
  "an empty switch": handler("switch (m.type) {}"),
  "a switch in one line": handler('switch (m.type) { case "a": { break; } }'),
  "a clause without an ending": handler('switch (m.type) { case "a": console.log(1) }'),
  "labels without statements": handler('switch (m.type) { case "a": case "b": }'),
  "a switch over true": handler('switch (true) { case m.type === "a": break; case m.type === "b": break; }'),
  "a switch over true with a default": handler('switch (true) { case m.type === "a": break; default: break; }'),
  "an if without braces": handler('if (m.type === "a") console.log(1);'),
  "an if without braces or semicolons": handler('if (m.type === "a") console.log(1)\n'),
  "a chain that ends without braces": handler(
    'if (m.type === "a") { console.log(1) } else if (m.type === "b") console.log(2)',
  ),
  "ifs that return": handler('if (m.type === "a") return\nif (m.type === "b") return'),
  "a discriminant taken out": handler('switch (type) { case "a": break; }', "{ type }: M"),
  "a default that stands first": handler('switch (m.type) { default: break; case "a": console.log(1); }'),
  "a default that another label goes on into": handler(
    'switch (m.type) { case "a": console.log(1); break; case "b": default: break; }',
  ),
  "an empty default": handler('switch (m.type) { case "a": console.log(1); break; default: }'),
  "a default with a comment": handler(
    'switch (m.type) {\n  case "a":\n    break;\n  // nothing else matters\n  default: {\n  }\n}',
  ),
  "messages that are texts": `
export class A extends Actor<"go" | "stop" | "pause"> { override handleMessage(m: "go" | "stop" | "pause"): void { switch (m) { case "go": break; } } }
export class B extends Actor<"go" | "stop" | "pause"> { override handleMessage(m: "go" | "stop" | "pause"): void { if (m === "go") console.log(1); } }`,
  "messages that are classes": `
class Add { constructor(readonly n: number) {} }
class Sub { constructor(readonly m: number) {} }
export class A extends Actor<Add | Sub> { override handleMessage(m: Add | Sub): void { if (m instanceof Add) console.log(m.n); } }`,
  "an enum": `
enum Kind { Add, Sub, Clear }
type K = { kind: Kind.Add } | { kind: Kind.Sub } | { kind: Kind.Clear };
export class A extends Actor<K> { override handleMessage(m: K): void { switch (m.kind) { case Kind.Add: break; } } }
export class B extends Actor<K> { override handleMessage(m: K): void { switch (m.kind) { case Kind.Add: break; default: break; } } }`,
  "a discriminant that is true or false": `
type R = { ok: true; n: number } | { ok: false; why: string };
export class A extends Actor<R> { override handleMessage(m: R): void { if (m.ok) console.log(m.n); } }
export class B extends Actor<R> { override handleMessage({ ok }: R): void { if (!ok) console.log(1); } }`,
  "asks nobody waits for": `
type Q = Ask<{ type: "q" }, number>;
export const a = async (ref: ActorRef<Q>) => { ref.ask({ type: "q" }, { timeoutMs: 5 }) };
export const b = (ref: ActorRef<Q> | undefined) => { ref?.ask({ type: "q" }, { timeoutMs: 5 }); };
export const c = async (refs: ActorRef<Q>[]) => { for (const ref of refs) ref.ask({ type: "q" }, { timeoutMs: 5 }); };`,
};

for (const [title, text] of Object.entries(PROGRAMS)) {
  test(`fixes of ${title}`, () => assert.notEqual(tryFixes(filesOf(text)), 0));
}
