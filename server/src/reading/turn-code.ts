/** One walk through the code of the actors of a file: which messages a place is run for, and whether the turn waits for it there. */
import { ts } from "ts-morph";
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Dispatch } from "../facts/dispatch.ts";
import { type Callback, callbackAround } from "./actor-code.ts";
import { isAwaited } from "./awaited.ts";
import type { SourceUnit } from "./source-unit.ts";
import { startOnly } from "./start-code.ts";
import { forEachNode, symbolOf } from "./symbols.ts";

/** A place where a helper is called. */
interface Site {
  readonly call: ts.CallExpression;
  readonly callback: Callback;
  /** The caller goes on, or ends, only when the helper has. */
  readonly isWaitedFor: boolean;
}

export class TurnCode {
  readonly #unit: SourceUnit;
  readonly #code: readonly Callback[];
  readonly #dispatches: readonly Dispatch[];
  readonly #actors: readonly ActorFact[];
  #sites: ReadonlyMap<Callback, readonly Site[]> | undefined;
  readonly #starts = new Map<string, ReadonlySet<Callback>>();

  constructor(
    unit: SourceUnit,
    code: readonly Callback[],
    dispatches: readonly Dispatch[],
    actors: readonly ActorFact[],
  ) {
    this.#unit = unit;
    this.#code = code;
    this.#dispatches = dispatches;
    this.#actors = actors;
  }

  around(node: ts.Node): { readonly callback: Callback; readonly depth: number } | undefined {
    return callbackAround(this.#code, node);
  }

  /**
   * Keys of the messages that a place is run for, as far as that can be told.
   *
   * | place | messages |
   * |---|---|
   * | in the handler of one message, or in an arm | its own |
   * | in a handler, under no condition and after no way out | all of the protocol |
   * | anywhere in the handler of a protocol of one message | that one |
   * | in a helper | those of the places that call it |
   * | anywhere else | `undefined` |
   *
   * @param waited of a helper, only the places that wait for it.
   */
  servedAt(
    callback: Callback,
    node: ts.Node,
    waited = false,
    seen: ReadonlySet<Callback> = new Set(),
  ): readonly string[] | undefined {
    const arm = armAt(callback, node, this.#dispatches);
    if (arm !== undefined) return arm;
    if (callback.kind === "message") return this.#servedByAll(callback, node);
    if (callback.kind !== "helper" || seen.has(callback)) return undefined;
    const sites = this.#sitesOf(callback).filter((site) => !waited || site.isWaitedFor);
    const served = sites.flatMap(
      (site) => this.servedAt(site.callback, site.call, waited, new Set([...seen, callback])) ?? [],
    );
    return served.length === 0 ? undefined : [...new Set(served)];
  }

  /** Whether some turn or start waits for all that a piece of code does. */
  isWaitedFor(callback: Callback, seen: ReadonlySet<Callback> = new Set()): boolean {
    if (callback.kind !== "helper") return true;
    if (seen.has(callback)) return false;
    return this.#sitesOf(callback).some(
      (site) => site.isWaitedFor && this.isWaitedFor(site.callback, new Set([...seen, callback])),
    );
  }

  /** Whether a piece of code is run in a start, and nowhere else. */
  isOfStart(callback: Callback): boolean {
    if (callback.kind !== "helper") return callback.kind === "init";
    const { actor } = callback;
    const known = this.#starts.get(actor) ?? startOnly(this.#code.filter((one) => one.actor === actor));
    this.#starts.set(actor, known);
    return known.has(callback);
  }

  #servedByAll(callback: Callback, node: ts.Node): readonly string[] | undefined {
    const variants = this.#actors.find((one) => one.id === callback.actor)?.message?.variants ?? [];
    const isSure = variants.length === 1 || isUnconditional(callback, node);
    return variants.length > 0 && isSure ? variants.map(({ tag }) => tag.key) : undefined;
  }

  #sitesOf(callback: Callback): readonly Site[] {
    this.#sites ??= this.#readSites();
    return this.#sites.get(callback) ?? [];
  }

  #readSites(): ReadonlyMap<Callback, readonly Site[]> {
    const sites = new Map<Callback, Site[]>();
    const helpers = this.#code.filter(({ kind }) => kind === "helper");
    const names = new Set(helpers.map(nameOf));
    for (const { node } of helpers.length === 0 ? [] : this.#code)
      forEachNode(node, (call) => {
        const name = ts.isCallExpression(call) ? calledName(call) : undefined;
        const place = name === undefined || !names.has(name.text) ? undefined : callbackAround(this.#code, call);
        // A piece of code in another is met in both.
        if (name === undefined || place === undefined || place.callback.node !== node) return;
        const helper = this.#helperNamed(name, helpers, place.callback);
        if (helper === undefined || !ts.isCallExpression(call)) return;
        const isWaitedFor = place.depth === 0 && isAwaited(call);
        sites.set(helper, [...(sites.get(helper) ?? []), { call, callback: place.callback, isWaitedFor }]);
      });
    return sites;
  }

  #helperNamed(name: ts.MemberName, helpers: readonly Callback[], caller: Callback): Callback | undefined {
    const found = helpers.filter((one) => nameOf(one) === name.text && one.actor === caller.actor);
    if (found.length === 0 || ts.isPropertyAccessExpression(name.parent)) return found[0];
    const declaration = symbolOf(this.#unit, name)?.valueDeclaration;
    return found.find(({ node }) => node === declaration || node.parent === declaration);
  }
}

/** Tags of the messages that the arm around a place in a handler is for. */
export function armAt(
  callback: Callback,
  node: ts.Node,
  dispatches: readonly Dispatch[],
): readonly string[] | undefined {
  if (callback.tag !== undefined) return [callback.tag];
  if (callback.kind !== "message" && callback.kind !== "helper") return undefined;
  const start = node.getStart();
  return dispatches
    .filter((one) => one.actor === callback.actor)
    .flatMap((one) => one.arms)
    .find((arm) => arm.full.start <= start && start < arm.full.end)?.tags;
}

/** `save` in `save(…)` and in `this.save(…)`. */
function calledName({ expression }: ts.CallExpression): ts.MemberName | undefined {
  if (ts.isIdentifier(expression)) return expression;
  const isOwn = ts.isPropertyAccessExpression(expression) && expression.expression.kind === ts.SyntaxKind.ThisKeyword;
  return isOwn ? expression.name : undefined;
}

function nameOf({ node }: Callback): string | undefined {
  const named = node.name ?? (node.parent as ts.NamedDeclaration).name;
  return named?.getText();
}

/** Whether a place is come to by every message: under no condition, in no function, and with no way out before it. */
function isUnconditional({ node: root }: Callback, node: ts.Node): boolean {
  for (let at = node; at !== root; at = at.parent) {
    const { parent } = at;
    const isBranch =
      (ts.isIfStatement(parent) && at !== parent.expression) ||
      (ts.isConditionalExpression(parent) && at !== parent.condition) ||
      (ts.isBinaryExpression(parent) && at === parent.right && isShort(parent.operatorToken.kind)) ||
      (ts.isIterationStatement(parent, false) && at === parent.statement) ||
      ts.isCaseOrDefaultClause(at) ||
      ts.isCatchClause(at) ||
      (ts.isFunctionLike(at) && at !== root);
    if (isBranch) return false;
    const isList = ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
    if (isList && parent.statements.some((one) => one.end <= at.pos && canLeave(one))) return false;
  }
  return true;
}

function canLeave(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakOrContinueStatement(node)) return true;
  return ts.forEachChild(node, (child) => canLeave(child) || undefined) ?? false;
}

function isShort(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
