/** Reads what an actor does in its turns that outlives them, blocks them, ends the process or hides a crash. */
import { ts } from "ts-morph";
import type { Incident, IncidentKind } from "../facts/incident.ts";
import { type Callback, visitCode } from "./actor-code.ts";
import { canWait, isAwaited } from "./awaited.ts";
import { blockingCallee } from "./blocking-calls.ts";
import { isContextType } from "./context-type.ts";
import { globalName } from "./global-name.ts";
import { laterCall } from "./later-calls.ts";
import { chainStart, isFailureTaken, isLost, isRunAtOnce, lostByIteration } from "./lost-value.ts";
import { rootOf } from "./mutated-names.ts";
import { isCounted, onlyNote } from "./noting.ts";
import { isOwnMember } from "./own-member.ts";
import { functionElsewhere } from "./shared-functions.ts";
import { hearingOf } from "./signal-handlers.ts";
import type { SourceUnit } from "./source-unit.ts";
import { enclosingFunction, forEachNode, runtimeCallee, skipOuter, someNode, spanOf, symbolOf } from "./symbols.ts";

const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
const CLEARING = /\bclear(?:Timeout|Interval|Immediate)\b|\bAbortSignal\b|\.signal\b/;
const CURRENT_MESSAGE = new Set([
  "ActorContext.reply",
  "ActorContext.sender",
  "ActorContext.envelope",
  "ActorContext.deferReply",
  "ActorContext.stash",
]);
const CHAINING = new Set(["then", "catch", "finally"]);
/** Methods that keep what they are given. */
const KEEPING = new Set(["push", "unshift", "add", "set", "append"]);

export function readTurnIncidents(unit: SourceUnit, code: readonly Callback[]): readonly Incident[] {
  const found = code.flatMap((callback) => new TurnReader(unit, callback).read());
  // What a function of another file does is told once, where it is first called.
  const isSame = (one: Incident, { kind, other }: Incident): boolean =>
    one.kind === kind && one.other?.path === other?.path && one.other?.span.start === other?.span.start;
  return found.filter(
    (one, index) =>
      one.kind === "blocking-call" ||
      one.other === undefined ||
      one.other.path === unit.file.fileName ||
      found.findIndex((other) => isSame(other, one)) === index,
  );
}

const MAX_DEPTH = 4;

class TurnReader {
  readonly #unit: SourceUnit;
  readonly #callback: Callback;
  readonly #found: Incident[] = [];
  /** How many functions of other files are between. */
  readonly #depth: number;

  constructor(unit: SourceUnit, callback: Callback, depth = 0) {
    this.#unit = unit;
    this.#callback = callback;
    this.#depth = depth;
  }

  read(): readonly Incident[] {
    if (this.#callback.kind === "message") this.#swallowing();
    visitCode(this.#callback.node.body, (node, depth) => {
      if (ts.isCallExpression(node)) this.#call(node, depth);
      else if (ts.isBinaryExpression(node)) this.#assignment(node);
      else if (ts.isPropertyAccessExpression(node)) this.#access(node);
    });
    return this.#found;
  }

  #add(kind: IncidentKind, node: ts.Node, subject: string, more: Partial<Incident> = {}): void {
    this.#found.push({ kind, span: spanOf(node), subject, actor: this.#callback.actor, ...more });
  }

  #call(node: ts.CallExpression, depth: number): void {
    const callee = runtimeCallee(this.#unit, node);
    const global = globalName(this.#unit, node.expression);
    if (global !== undefined && TIMERS.has(global)) this.#timer(node, global);
    else if (global === "process.exit" || global === "process.abort") this.#add("process-exit", node, global);
    else if (callee === "ActorContext.monitor") this.#signals(node, "monitor");
    else if (callee === "ActorContext.trapExit") this.#signals(node, "trapExit");
    else if (callee === undefined && (depth === 0 || this.#runsInTurn(node))) {
      this.#ordinaryCall(node);
      this.#elsewhere(node);
    }
    if (callee === undefined) this.#keptContext(node);
    else this.#sentContext(node, callee);
  }

  /** Whether every function around is run at once: `ids.forEach((id) => { save(id); })`. */
  #runsInTurn(node: ts.Node): boolean {
    for (let at = enclosingFunction(node); at !== undefined; at = enclosingFunction(at)) {
      if (at === this.#callback.node) return true;
      if (!isRunAtOnce(this.#unit, at)) return false;
    }
    return false;
  }

  #ordinaryCall(node: ts.CallExpression): void {
    const { kind } = this.#callback;
    const blocking = kind === "message" || kind === "signal" ? blockingCallee(this.#unit, node) : undefined;
    if (blocking !== undefined)
      this.#add(
        "blocking-call",
        node.expression,
        blocking.name,
        blocking.place === undefined ? {} : { other: blocking.place },
      );
    if (kind !== "constructor") this.#lostPromise(node);
  }

  #lostPromise(node: ts.CallExpression): void {
    const lost = lostByIteration(this.#unit, node);
    if (lost === "nothing") return;
    if (lost !== undefined) {
      if (this.#promises(lost.function)) this.#add("floating-promise", node, nameOfCallee(node));
      return;
    }
    if (!isLost(this.#unit, node) || isFailureTaken(node) || this.#beginsWithAsk(node)) return;
    if (!this.#isPromise(this.#unit.checker.getTypeAtLocation(node))) return;
    const at = { start: node.getStart(), end: node.getStart() };
    const more = canWait(node) ? { edit: { span: at, newText: "await " } } : {};
    this.#add("floating-promise", node, nameOfCallee(node), more);
  }

  /** What a function of another file does with the context it is given: told at the call. */
  #elsewhere(call: ts.CallExpression): void {
    const target = this.#depth < MAX_DEPTH ? functionElsewhere(this.#unit, call) : undefined;
    if (target === undefined) return;
    const path = target.getSourceFile().fileName;
    this.#unit.reads.add(path);
    const { actor, owner, messageAt } = this.#callback;
    const within = new TurnReader(
      this.#unit,
      { actor, owner, messageAt, kind: "helper", node: target },
      this.#depth + 1,
    );
    for (const { edit: _, ...found } of within.read())
      this.#found.push({ ...found, span: spanOf(call.expression), other: found.other ?? { path, span: found.span } });
  }

  /** A lost ask is told of by a rule of its own. */
  #beginsWithAsk(node: ts.Expression): boolean {
    const start = chainStart(node);
    return (
      ts.isCallExpression(start) && runtimeCallee(this.#unit, start, "ActorRef.ask", "ActorPool.ask") !== undefined
    );
  }

  /** Whether a function always returns a promise. */
  #promises(callback: ts.Expression): boolean {
    const signatures = this.#unit.checker.getTypeAtLocation(callback).getCallSignatures();
    return signatures.length > 0 && signatures.every((one) => this.#isPromise(one.getReturnType()));
  }

  /** A timer nobody can stop, whose function touches the actor. */
  #timer(node: ts.CallExpression, name: string): void {
    const [action] = node.arguments;
    if (action === undefined || !isDiscarded(node) || this.#isInPromise(node)) return;
    const touches = someNode(
      action,
      (one) => one.kind === ts.SyntaxKind.ThisKeyword || (ts.isIdentifier(one) && this.#isContextOrRef(one)),
    );
    if (touches && !CLEARING.test(node.arguments.map((argument) => argument.getText()).join()))
      this.#add("unguarded-timer", node.expression, name);
  }

  #isContextOrRef(node: ts.Identifier): boolean {
    const type = this.#unit.checker.getTypeAtLocation(node);
    return isContextType(this.#unit, type) || this.#unit.runtime.nameOf(type.symbol) === "ActorRef";
  }

  /** `reply`, `sender` and the like in a function that runs when the turn is over. */
  #access(node: ts.PropertyAccessExpression): void {
    const name = node.name.text;
    if (!CURRENT_MESSAGE.has(`ActorContext.${name}`)) return;
    const around = enclosingFunction(node);
    if (around === undefined || around === this.#callback.node || !this.#runsLater(around)) return;
    const symbol = this.#unit.runtime.nameOf(symbolOf(this.#unit, node.name));
    if (symbol !== undefined && CURRENT_MESSAGE.has(symbol)) this.#add("late-context", node.name, name);
  }

  #runsLater(around: ts.Node): boolean {
    const call = around.parent;
    if (!ts.isCallExpression(call) || this.#isInPromise(call)) return false;
    const later = laterCall(this.#unit, call, around);
    if (later === "timer") return true;
    if (later === "listener" || later === "callback") return !isAwaited(call);
    return later === undefined ? false : this.#isLeftBehind(call);
  }

  /** A call, or a chain of `then`, that is a statement of a handler which itself waits for nothing. */
  #isLeftBehind(call: ts.CallExpression): boolean {
    let whole: ts.Expression = call;
    while (
      ts.isVoidExpression(whole.parent) ||
      (ts.isPropertyAccessExpression(whole.parent) && CHAINING.has(whole.parent.name.text)) ||
      (ts.isCallExpression(whole.parent) && whole.parent.expression === whole)
    )
      whole = whole.parent;
    const { kind, node } = this.#callback;
    if (kind !== "message" || !ts.isExpressionStatement(whole.parent) || enclosingFunction(whole) !== node)
      return false;
    let waits = false;
    visitCode(node.body, (one, depth) => {
      waits ||=
        depth === 0 && (ts.isAwaitExpression(one) || (ts.isReturnStatement(one) && one.expression !== undefined));
    });
    return !waits;
  }

  /** Inside the function given to `new Promise`, or awaited: the turn may wait for it. */
  #isInPromise(node: ts.Node): boolean {
    for (let at: ts.Node = node; at !== this.#callback.node && at.parent !== undefined; at = at.parent) {
      if (ts.isNewExpression(at.parent) && at.parent.expression.getText() === "Promise") return true;
      if (ts.isAwaitExpression(at.parent)) return true;
    }
    return false;
  }

  /** Signals are asked for, and nobody hears them. */
  #signals(node: ts.CallExpression, subject: "monitor" | "trapExit"): void {
    const [asked] = node.arguments;
    if (subject === "trapExit" && asked?.kind !== ts.SyntaxKind.TrueKeyword) return;
    const hearing = hearingOf(this.#unit, this.#callback.owner);
    if (hearing === "yes") return;
    const path = typeof hearing === "string" ? "" : hearing.getSourceFile().fileName;
    this.#add(
      "deaf-monitor",
      node,
      subject,
      typeof hearing === "string" ? {} : { other: { path, span: spanOf(hearing) } },
    );
  }

  /** The context kept where others find it: in a variable of a module, in an object or a collection that one holds. */
  #assignment(node: ts.BinaryExpression): void {
    if (
      node.operatorToken.kind !== ts.SyntaxKind.EqualsToken &&
      node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionEqualsToken
    )
      return;
    const holder = this.#outerRoot(node.left);
    if (holder !== undefined && this.#carriesContext(node.right)) this.#add("escaped-context", node, holder);
  }

  /** `contexts.push(context)`, `contexts.set(id, { context })`: but not into what holds nothing by itself. */
  #keptContext(node: ts.CallExpression): void {
    const access = node.expression;
    if (!ts.isPropertyAccessExpression(access) || !KEEPING.has(access.name.text)) return;
    const holder = this.#outerRoot(access.expression, true);
    if (holder === undefined || !node.arguments.some((one) => this.#carriesContext(one))) return;
    const { symbol } = this.#unit.checker.getTypeAtLocation(access.expression);
    if (!/^Weak/.test(symbol?.name ?? "")) this.#add("escaped-context", node, holder);
  }

  /** The name of a variable at the top of a module, of the class, or of a field that was given to the actor, that an expression is reached from. */
  #outerRoot(expression: ts.Expression, isHeld = false): string | undefined {
    const field = fieldOf(expression);
    if (field !== undefined) return isHeld || field !== expression ? this.#givenField(field) : undefined;
    const root = rootOf(expression);
    const declaration = root === undefined ? undefined : symbolOf(this.#unit, root)?.valueDeclaration;
    if (root === undefined || this.#isReleased(root.text)) return undefined;
    if (root.text === "globalThis" && root !== expression) return root.text;
    if (declaration === undefined) return undefined;
    if (ts.isClassLike(declaration)) return root === expression ? undefined : root.text;
    const isOutside = ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent);
    return isOutside ? root.text : undefined;
  }

  /** A field that holds what others hold too: a variable of the module, or what the constructor was given. */
  #givenField(field: ts.PropertyAccessExpression): string | undefined {
    const declaration = symbolOf(this.#unit, field.name)?.valueDeclaration;
    if (declaration === undefined || this.#isReleased(field.name.text)) return undefined;
    const isGiven = ts.isParameter(declaration) || assignedIn(declaration).some((value) => this.#isOfOthers(value));
    return isGiven ? field.getText() : undefined;
  }

  #isOfOthers(value: ts.Expression): boolean {
    const node = skipOuter(value);
    const declaration = ts.isIdentifier(node) ? symbolOf(this.#unit, node)?.valueDeclaration : undefined;
    if (declaration === undefined) return false;
    if (ts.isParameter(declaration)) return ts.isConstructorDeclaration(declaration.parent);
    return ts.isVariableDeclaration(declaration) && ts.isSourceFile(declaration.parent.parent.parent);
  }

  /** Whether the end of the actor has to do with what holds its context: it is taken out again then. */
  #isReleased(holder: string): boolean {
    const { owner, kind } = this.#callback;
    if (kind === "stop") return false;
    const members: readonly ts.Node[] = ts.isClassLike(owner)
      ? owner.members
      : ts.isObjectLiteralExpression(owner)
        ? owner.properties
        : [];
    return members.some(
      (member) =>
        (member as ts.NamedDeclaration).name?.getText() === "postStop" &&
        someNode(member, (node) => ts.isMemberName(node) && node.text === holder),
    );
  }

  /** Whether a value is the context, or an object or a list that is written with it. */
  #carriesContext(value: ts.Expression): boolean {
    const node = skipOuter(value);
    if (ts.isObjectLiteralExpression(node))
      return node.properties.some(
        (one) =>
          (ts.isPropertyAssignment(one) && this.#carriesContext(one.initializer)) ||
          (ts.isShorthandPropertyAssignment(one) && this.#carriesContext(one.name)),
      );
    if (ts.isArrayLiteralExpression(node)) return node.elements.some((one) => this.#carriesContext(one));
    if (ts.isConditionalExpression(node))
      return this.#carriesContext(node.whenTrue) || this.#carriesContext(node.whenFalse);
    const isNamed = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
    return isNamed && isContextType(this.#unit, this.#unit.checker.getTypeAtLocation(node));
  }

  /** The context sent to another actor. */
  #sentContext(node: ts.CallExpression, callee: string): void {
    if (!/^ActorRef\.(?:tell|tellAsync|ask)$/.test(callee)) return;
    const message = node.arguments[0] === undefined ? undefined : skipOuter(node.arguments[0]);
    if (message === undefined || !ts.isObjectLiteralExpression(message)) return;
    for (const property of message.properties) {
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      if (value !== undefined && this.#carriesContext(value))
        this.#add("escaped-context", value, ts.isIdentifier(value) ? value.text : (property.name?.getText() ?? ""));
    }
  }

  /** A handler that does nothing but a `try` with a `catch` that does nothing, or only notes and counts. */
  #swallowing(): void {
    const { body } = this.#callback.node;
    if (!ts.isBlock(body)) return;
    const [only, second] = body.statements.filter((one) => !this.#isNoted(one));
    const clause = only !== undefined && second === undefined && ts.isTryStatement(only) ? only.catchClause : undefined;
    if (clause === undefined) return;
    if (clause.block.statements.every((one) => this.#isNoted(one) || this.#isSameState(one)))
      this.#add("swallowed-crash", clause.getFirstToken() ?? clause, "catch");
  }

  /** `return state`, in a handler that is given it. */
  #isSameState(statement: ts.Statement): boolean {
    const { node, messageAt } = this.#callback;
    const [state] = node.parameters;
    return (
      messageAt === 1 &&
      state !== undefined &&
      ts.isReturnStatement(statement) &&
      statement.expression?.getText() === state.name.getText()
    );
  }

  #isNoted(statement: ts.Statement): boolean {
    return (
      onlyNote(this.#unit, [statement]) ||
      (ts.isExpressionStatement(statement) && isCounted(this.#unit, statement.expression, true))
    );
  }

  /** A promise, or a list of them; it may be missing (`store?.save()`), but not be nothing by design (`void`). */
  #isPromise(whole: ts.Type): boolean {
    if (whole.isUnion() && whole.types.some(({ flags }) => flags & ts.TypeFlags.Void)) return false;
    const type = this.#unit.checker.getNonNullableType(whole);
    if (type.symbol?.name === "Promise") return type.getProperty("then") !== undefined;
    const [item] = this.#unit.checker.isArrayType(type)
      ? this.#unit.checker.getTypeArguments(type as ts.TypeReference)
      : [];
    return item !== undefined && this.#isPromise(item);
  }
}

/** `this.all` in `this.all`, `this.all[0]`, `this.all.last`. */
function fieldOf(expression: ts.Expression): ts.PropertyAccessExpression | undefined {
  let at = skipOuter(expression);
  while (!isOwnMember(at)) {
    if (!ts.isPropertyAccessExpression(at) && !ts.isElementAccessExpression(at)) return undefined;
    at = skipOuter(at.expression);
  }
  return at;
}

/** What a field is given where it is declared, and in the constructor. */
function assignedIn(declaration: ts.Declaration): readonly ts.Expression[] {
  if (!ts.isPropertyDeclaration(declaration) || declaration.modifiers?.some(isStatic) === true) return [];
  const found = declaration.initializer === undefined ? [] : [declaration.initializer];
  const name = declaration.name.getText();
  const made = declaration.parent.members.find(ts.isConstructorDeclaration);
  forEachNode(made?.body ?? declaration, (node) => {
    const isAssigned = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (isAssigned && isOwnMember(node.left) && node.left.name.text === name) found.push(node.right);
  });
  return found;
}

function isStatic({ kind }: ts.ModifierLike): boolean {
  return kind === ts.SyntaxKind.StaticKeyword;
}

function nameOfCallee(node: ts.CallExpression): string {
  return node.expression.getText().replace(/\s+/g, " ");
}

/** A statement, `void`, or `setInterval(…).unref()`, which keeps nothing either. */
function isDiscarded(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isVoidExpression(parent)) return isDiscarded(parent);
  const isUnref = ts.isPropertyAccessExpression(parent) && /^(?:un)?ref$/.test(parent.name.text);
  return (
    ts.isExpressionStatement(parent) || (isUnref && ts.isCallExpression(parent.parent) && isDiscarded(parent.parent))
  );
}
