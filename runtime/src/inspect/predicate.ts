/** What people write of messages in a debugger: conditions, and texts with expressions in braces. Compiled once, then called for each. */
import { messageOf, safeText } from "../values/safe-text.ts";

/** What an expression may speak of. */
export interface Seen {
  readonly message: unknown;
  /** Path of who sent it; `undefined`: nobody is known to have. */
  readonly sender: string | undefined;
  /** Path of who is to handle it. */
  readonly actor: string;
  readonly incarnation: number;
}

/** May throw what the expression throws. */
export type Expression = (seen: Seen) => unknown;

/** Characters of one value in a text. */
const VALUE_LIMIT = 500;
const NAMES = ["message", "sender", "actor", "incarnation"] as const;

/** @throws {SyntaxError} for what is no expression. @throws {EvalError} where the program forbids code that is made from text. */
export function compileExpression(source: string): Expression {
  const compiled = new Function(...NAMES, `"use strict"; return (${source}\n);`) as (...values: unknown[]) => unknown;
  return ({ message, sender, actor, incarnation }) => compiled(message, sender, actor, incarnation);
}

/** Compiles `order {message.orderId}`. @returns what makes the text; it says of an expression that throws what that threw. */
export function compileText(template: string): (seen: Seen) => string {
  const pieces = piecesOf(template).map((piece) =>
    piece.isCode ? valueText(compileExpression(piece.text)) : () => piece.text,
  );
  return (seen) => pieces.map((piece) => piece(seen)).join("");
}

function valueText(expression: Expression): (seen: Seen) => string {
  return (seen) => {
    try {
      return safeText(expression(seen), VALUE_LIMIT);
    } catch (error) {
      return `(${safeText(messageOf(error), VALUE_LIMIT)})`;
    }
  };
}

interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

/** Braces within an expression belong to it; one that is never closed is text. */
function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{", at);
    const close = open < 0 ? -1 : closingOf(template, open);
    if (close < 0) break;
    if (open > at) pieces.push({ text: template.slice(at, open), isCode: false });
    pieces.push({ text: template.slice(open + 1, close), isCode: true });
    at = close + 1;
  }
  if (at < template.length) pieces.push({ text: template.slice(at), isCode: false });
  return pieces;
}

function closingOf(template: string, open: number): number {
  let depth = 0;
  for (let at = open; at < template.length; at++) {
    if (template[at] === "{") depth++;
    else if (template[at] === "}" && --depth === 0) return at;
  }
  return -1;
}
