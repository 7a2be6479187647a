/** One walk through the code of the actors of a file: which messages a place is run for, and whether the turn waits for it there. */
import { ts } from "ts-morph";
import type { ActorFact } from "../facts/actor-fact.ts";
import type { Arm, Dispatch } from "../facts/dispatch.ts";
import type { FunctionCall, InFunction } from "../facts/function-call.ts";
import { type Callback, callbackAround, codeByNode, visitCode } from "./actor-code.ts";
import { isAwaited } from "./awaited.ts";
import { isOwnMember } from "./own-member.ts";
import { calledFunction, functionId } from "./shared-functions.ts";
import type { SourceUnit } from "./source-unit.ts";
import { startOnly } from "./start-code.ts";
import { forEachNode, someNode, symbolOf } from "./symbols.ts";

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
  readonly #byNode: ReadonlyMap<ts.Node, Callback>;
  readonly #dispatches: readonly Dispatch[];
  readonly #actors: readonly ActorFact[];
  #sites: ReadonlyMap<Callback, readonly Site[]> | undefined;
  readonly #mentions = new Map<Callback, number>();
  readonly #starts = new Map<string, ReadonlySet<Callback>>();

  constructor(
    unit: SourceUnit,
    code: readonly Callback[],
    dispatches: readonly Dispatch[],
    actors: readonly ActorFact[],
  ) {
    this.#unit = unit;
    this.#code = code;
    this.#byNode = codeByNode(code);
    this.#dispatches = dispatches;
    this.#actors = actors;
  }

  around(node: ts.Node): { readonly callback: Callback; readonly depth: number } | undefined {
    return callbackAround(this.#byNode, node);
  }

  /**
   * Keys of the messages that a place is run for, as far as that can be told.
   *
   * | place | messages |
   * |---|---|
   * | in the handler of one message, or in an arm | its own |
   * | in a handler, under no condition on the message | all of the protocol, without those of which each arm before has left |
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

  /** Whether a place is run for nothing but the messages that {@link servedAt} tells. */
  isOnlyServed(callback: Callback, node: ts.Node, seen: ReadonlySet<Callback> = new Set()): boolean {
    if (this.servedAt(callback, node) === undefined) return false;
    if (callback.kind !== "helper" || armAt(callback, node, this.#dispatches) !== undefined) return true;
    if (seen.has(callback)) return true;
    const sites = this.#sitesOf(callback);
    const mentions = this.#mentions.get(callback) ?? mentionsOf(callback);
    this.#mentions.set(callback, mentions);
    return (
      sites.length === mentions &&
      sites.every((site) => this.isOnlyServed(site.callback, site.call, new Set([...seen, callback])))
    );
  }

  /** Whether some turn or start waits for all that a piece of code does. */
  isWaitedFor(callback: Callback, seen: ReadonlySet<Callback> = new Set()): boolean {
    if (callback.kind !== "helper") return true;
    if (seen.has(callback)) return false;
    return this.#sitesOf(callback).some(
      (site) => site.isWaitedFor && this.isWaitedFor(site.callback, new Set([...seen, callback])),
    );
  }

  /** The function around a place, when others than the file's actors may come to it. */
  functionAround(node: ts.Expression): InFunction | undefined {
    const place = this.around(node);
    const id = place?.callback.kind === "helper" ? functionId(place.callback.node) : undefined;
    return id === undefined ? undefined : { id, isAwaited: place?.depth === 0 && isAwaited(node) };
  }

  /** The calls of functions of the project, out of the code of actors and of functions that these may call. */
  calls(): readonly FunctionCall[] {
    const found: FunctionCall[] = [];
    for (const { node } of this.#code)
      visitCode(node.body, (call) => {
        if (ts.isCallExpression(call)) found.push(...this.#functionCall(call, node));
      });
    return found;
  }

  #functionCall(call: ts.CallExpression, root: ts.Node): readonly FunctionCall[] {
    const place = this.around(call);
    if (place === undefined || place.callback.node !== root) return [];
    const callee = calledFunction(this.#unit, call);
    if (callee === undefined) return [];
    const { callback } = place;
    const within = this.functionAround(call);
    const holdsTurn = place.depth === 0 && isAwaited(call) && this.isWaitedFor(callback);
    const during = this.servedAt(callback, call, holdsTurn);
    return [
      {
        callee,
        ...(this.isOfActor(callback)
          ? { actor: callback.actor, callback: holdsTurn && this.isOfStart(callback) ? "init" : callback.kind }
          : {}),
        ...(during === undefined ? {} : { during }),
        ...(within === undefined ? {} : { within: within.id }),
        isAwaited: place.depth === 0 && isAwaited(call),
        holdsTurn,
      },
    ];
  }

  /** Whether code is known to be of an actor, rather than a function that actors of other files may call. */
  isOfActor({ actor }: Callback): boolean {
    return this.#actors.some(({ id }) => id === actor) || actor.endsWith("#become");
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
    const keys = this.#actors.find((one) => one.id === callback.actor)?.message?.variants.map(({ tag }) => tag.key);
    if (keys === undefined || keys.length <= 1) return keys?.length === 1 ? keys : undefined;
    const arms = this.#dispatches.filter((one) => one.actor === callback.actor).flatMap((one) => one.arms);
    const gone = goneBefore(callback, node, { arms, keys });
    const left = gone === undefined ? [] : keys.filter((key) => !gone.has(key));
    return left.length === 0 ? undefined : left;
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
        const place = name === undefined || !names.has(name.text) ? undefined : callbackAround(this.#byNode, call);
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
  return isOwnMember(expression) ? expression.name : undefined;
}

/** How often the file names a helper, its declaration left out. */
function mentionsOf(callback: Callback): number {
  const name = nameOf(callback);
  let count = 0;
  forEachNode(callback.node.getSourceFile(), (node) => {
    if (ts.isMemberName(node) && node.text === name && (node.parent as ts.NamedDeclaration).name !== node) count++;
    else if (ts.isPropertyAccessExpression(node) && node.name.text === name) count++;
  });
  return count;
}

function nameOf({ node }: Callback): string | undefined {
  const named = node.name ?? (node.parent as ts.NamedDeclaration).name;
  return named?.getText();
}

/** How the messages of an actor are told apart: its arms, and the keys of all its messages. */
interface ToldApart {
  readonly arms: readonly Arm[];
  readonly keys: readonly string[];
}

/**
 * Keys of the messages that do not come to a place of a handler: the arm that takes them has left it.
 * @returns `undefined` where that cannot be told: the place stands in a function, or under a condition on the message that is no arm.
 */
function goneBefore(callback: Callback, node: ts.Node, told: ToldApart): ReadonlySet<string> | undefined {
  const { node: root } = callback;
  const message = root.parameters[callback.messageAt]?.name;
  const names = new Set(message === undefined ? [] : namesIn(message));
  const asks = (condition: ts.Node): boolean =>
    someNode(condition, (one) => ts.isIdentifier(one) && names.has(one.text));
  const gone = new Set<string>();
  for (let at = node; at !== root; at = at.parent) {
    const condition = conditionAround(at);
    const isOther = ts.isCaseOrDefaultClause(at) || ts.isCatchClause(at) || (ts.isFunctionLike(at) && at !== root);
    if (isOther || (condition !== undefined && asks(condition))) return undefined;
    const { parent } = at;
    if (!ts.isBlock(parent)) continue;
    for (const statement of parent.statements) {
      if (statement.end > at.pos) break;
      if (!canLeave(statement)) continue;
      const left = leftBy(statement, told) ?? (asks(statement) ? undefined : []);
      if (left === undefined) return undefined;
      for (const key of left) gone.add(key);
    }
  }
  return gone;
}

/** Names of constants that are made of the message are not followed: what is asked of them is asked of the message. */
function namesIn(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? namesIn(element.name) : []));
}

function conditionAround(at: ts.Node): ts.Node | undefined {
  const { parent } = at;
  if (ts.isIfStatement(parent) && at !== parent.expression) return parent.expression;
  if (ts.isConditionalExpression(parent) && at !== parent.condition) return parent.condition;
  if (ts.isBinaryExpression(parent) && at === parent.right && isShort(parent.operatorToken.kind)) return parent.left;
  if ((ts.isWhileStatement(parent) || ts.isForStatement(parent)) && at === parent.statement) return parent;
  return ts.isForOfStatement(parent) && at === parent.statement ? parent.expression : undefined;
}

/** Keys of the messages for which a statement that tells them apart always leaves; `undefined` for any other statement. */
function leftBy(statement: ts.Statement, { arms, keys: all }: ToldApart): readonly string[] | undefined {
  const taken = (start: number): readonly string[] | undefined => arms.find((arm) => arm.span.start === start)?.takes;
  if (ts.isIfStatement(statement)) {
    const keys = taken(statement.expression.getStart());
    if (keys === undefined || statement.elseStatement !== undefined) return undefined;
    return endsInLeaving([statement.thenStatement]) ? keys : [];
  }
  if (!ts.isSwitchStatement(statement)) return undefined;
  const { clauses } = statement.caseBlock;
  const named = clauses.flatMap((one) => (ts.isCaseClause(one) ? [taken(one.expression.getStart())] : []));
  if (named.includes(undefined)) return undefined;
  const others = all.filter((key) => !named.some((one) => one?.includes(key)));
  const keys = clauses.map((one) => (ts.isCaseClause(one) ? taken(one.expression.getStart()) : others));
  return clauses.flatMap((_, index) =>
    endsInLeaving(clauses.slice(index).flatMap((one) => one.statements)) ? (keys[index] ?? []) : [],
  );
}

/** Whether a list of statements always ends in a `return` or `throw`, before any `break`. */
function endsInLeaving(statements: readonly ts.Statement[]): boolean {
  for (const one of statements) {
    if (ts.isReturnStatement(one) || ts.isThrowStatement(one)) return true;
    if (ts.isBlock(one) && endsInLeaving(one.statements)) return true;
    if (someNode(one, (node) => ts.isBreakStatement(node))) return false;
  }
  return false;
}

/** Whether a statement can end the function or the loop around it. */
function canLeave(node: ts.Node, isInSwitch = false): boolean {
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isContinueStatement(node)) return true;
  if (ts.isBreakStatement(node)) return !isInSwitch || node.label !== undefined;
  const isInside = isInSwitch || ts.isSwitchStatement(node) || ts.isIterationStatement(node, false);
  return ts.forEachChild(node, (child) => canLeave(child, isInside) || undefined) ?? false;
}

function isShort(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
