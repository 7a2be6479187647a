/** Reads what code of actors starts with `node:child_process`: past every supervisor, through a shell, with text that may be an option. */
import { ts } from "ts-morph";
import type { Incident, IncidentKind } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { childProcessCallee } from "./child-processes.ts";
import { evaluate } from "./evaluate.ts";
import { givenOption, meant } from "./given-option.ts";
import type { SourceUnit } from "./source-unit.ts";
import { skipOuter, spanOf, symbolOf } from "./symbols.ts";

/** They hold the thread until the process has ended: nothing is left behind. */
const WAITING = /Sync$/;
const SHELLS = /^(?:.*\/)?(?:ba|da|z|k|fi|c|tc|a)?sh$/;

export function readChildProcesses(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  const found: Incident[] = [];
  const seen = new Set<ts.Node>();
  for (const callback of code) {
    visitCode(callback.node.body, (node) => {
      if (!ts.isCallExpression(node) || seen.has(node)) return;
      const name = childProcessCallee(unit, node);
      if (name === undefined) return;
      seen.add(node);
      const add = (kind: IncidentKind, at: ts.Node, subject: string): void => {
        found.push({ kind, span: spanOf(at), subject, actor: callback.actor });
      };
      if (!WAITING.test(name) && !isTied(unit, node)) add("unsupervised-process", node.expression, name);
      const shell = shellOf(unit, node, name);
      if (shell !== undefined) add("shell-command", shell.at, shell.subject);
      const option = optionLike(unit, node, name, callback);
      if (option !== undefined) add("option-like-argument", option, option.getText());
    });
  }
  return found;
}

/** An `AbortSignal` among the options ends it when that fires. */
function isTied(unit: SourceUnit, call: ts.CallExpression): boolean {
  return optionOf(unit, call, "signal") !== undefined;
}

/** How a shell comes in: `exec`, `shell` among the options, or a shell with `-c` and a text that is put together. */
function shellOf(
  unit: SourceUnit,
  call: ts.CallExpression,
  name: string,
): { readonly at: ts.Node; readonly subject: string } | undefined {
  if (name === "exec" || name === "execSync") return { at: call.expression, subject: name };
  const shell = optionOf(unit, call, "shell");
  const value = shell === undefined ? undefined : evaluate(unit, shell).value;
  if (shell !== undefined && (value === true || (typeof value === "string" && value !== ""))) {
    const isHere = call.pos <= shell.pos && shell.end <= call.end;
    return { at: isHere ? shell.parent : call.expression, subject: `${name} with a shell` };
  }
  const [command, list] = call.arguments;
  return command === undefined || list === undefined ? undefined : shellScript(unit, command, list);
}

/** `sh -c` with a script that is put together while the program runs. */
export function shellScript(
  unit: SourceUnit,
  command: ts.Expression,
  list: ts.Expression,
): { readonly at: ts.Node; readonly subject: string } | undefined {
  const program = evaluate(unit, command).value;
  const args = meant(unit, list);
  if (typeof program !== "string" || !SHELLS.test(program) || !ts.isArrayLiteralExpression(args)) return undefined;
  const flag = args.elements.findIndex((one) => /^-[a-z]*c$/.test(String(evaluate(unit, one).value)));
  const script = flag < 0 ? undefined : args.elements[flag + 1];
  return script !== undefined && isPutTogether(unit, script)
    ? { at: script, subject: `${program} ${args.elements[flag]?.getText().slice(1, -1)}` }
    : undefined;
}

/** A template with something in it, or texts added to each other, whose value the source does not say. */
function isPutTogether(unit: SourceUnit, expression: ts.Expression): boolean {
  const node = skipOuter(expression);
  const isMade =
    ts.isTemplateExpression(node) ||
    (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken);
  return isMade && typeof evaluate(unit, node).value !== "string";
}

/** A text of the message that is an argument by itself: it may begin with `-`, and nothing before it says that options are over. */
function optionLike(
  unit: SourceUnit,
  call: ts.CallExpression,
  name: string,
  { kind, node, messageAt }: Callback,
): ts.Expression | undefined {
  if (name === "exec" || name === "execSync" || name === "fork" || kind !== "message") return undefined;
  const list = call.arguments[1] === undefined ? undefined : meant(unit, call.arguments[1]);
  const message = node.parameters[messageAt];
  const symbols = message === undefined ? [] : boundNames(message.name).map((one) => symbolOf(unit, one));
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return undefined;
  for (const element of list.elements) {
    const value = skipOuter(element);
    if (ts.isStringLiteralLike(value) && value.text === "--") return undefined;
    const root = rootOf(value);
    if (root === undefined || !symbols.includes(symbolOf(unit, root))) continue;
    if (mayBeAnyText(unit.checker.getTypeAtLocation(value))) return element;
  }
  return undefined;
}

function boundNames(name: ts.BindingName): readonly ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

/** `message` of `message.branch`; a name itself. */
function rootOf(node: ts.Expression): ts.Identifier | undefined {
  let at = node;
  while (ts.isPropertyAccessExpression(at)) at = skipOuter(at.expression);
  return ts.isIdentifier(at) ? at : undefined;
}

/** Any text at all: not a choice of some, and not one that begins with something else. */
function mayBeAnyText(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.String) !== 0;
}

/** An option that is written in the last argument, or in a constant that it is made of. */
function optionOf(unit: SourceUnit, call: ts.CallExpression, wanted: string): ts.Expression | undefined {
  for (const argument of call.arguments) {
    const found = givenOption(unit, argument, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
