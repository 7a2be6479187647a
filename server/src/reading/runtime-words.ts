/**
 * Which names may mean something of the runtime, or a function of the project, told from the words of a program before the compiler is
 * asked what they mean: most calls are of others, and to ask about one makes types that nobody needs.
 *
 * | a name                                                            | may be the runtime's                              |
 * | ----------------------------------------------------------------- | ------------------------------------------------- |
 * | that is not the word that is waited for, or none of the runtime's | no: a member is called what it was declared as    |
 * | … but some file imports or exports a word of the runtime as that  | yes: `export { supervisor as tree }`              |
 * | … but some file imports a default as that                         | yes                                               |
 * | … but a variable or property of JavaScript has it                 | yes: it may stand for an import                   |
 *
 * A call may be of a function of the project when a function at the top of a file or a member of a class is called that, or is known by
 * that name as above.
 */
import { ts } from "ts-morph";

export interface RuntimeWords {
  /** Every word of the runtime's own files. */
  readonly own: ReadonlySet<string>;
  /** Names under which the program may know something by another name. */
  readonly renamed: ReadonlySet<string>;
  /** Names by which functions of the project may be called. */
  readonly functions: Pick<ReadonlySet<string>, "has">;
}

/** All words of a file, as the parser has collected them; it has them without declaring it. */
interface Worded {
  readonly identifiers?: ReadonlyMap<string, string>;
}

/** Is no name: stands for all. */
const ANY_NAME = "[]";

type Renaming = readonly [from: string, to: string];

/** What is told of a file by itself; kept, as most files are those of the program before. */
interface FileNames {
  readonly renamings: readonly Renaming[];
  readonly variables: ReadonlySet<string>;
  /** Of a source: functions at its top, and members of classes. */
  readonly functions: ReadonlySet<string>;
}

const known = new WeakMap<ts.SourceFile, FileNames>();

/** @param isRuntime whether a file belongs to the runtime. */
export function runtimeWords(files: readonly ts.SourceFile[], isRuntime: (path: string) => boolean): RuntimeWords {
  const own = new Set<string>();
  const unsure = new Set(["default"]);
  const functions = new Set<string>();
  const renamings: Renaming[] = [];
  for (const file of files) {
    if (isRuntime(file.fileName)) for (const word of wordsOf(file)) own.add(word);
    const names = namesOf(file);
    for (const name of names.variables) unsure.add(name);
    for (const name of names.functions) functions.add(name);
    renamings.push(...names.renamings);
  }
  const renamed = otherNames(renamings, own, unsure);
  for (const name of otherNames(renamings, functions, unsure)) functions.add(name);
  return { own, renamed, functions };
}

/** Of a program in which one file has a newer version. */
export function withNewer(words: RuntimeWords, file: ts.SourceFile, isRuntime: boolean): RuntimeWords {
  const { functions } = namesOf(file);
  return {
    own: isRuntime ? new Set([...words.own, ...wordsOf(file)]) : words.own,
    renamed: words.renamed,
    functions: { has: (name) => words.functions.has(name) || functions.has(name) },
  };
}

/** By which names the program may know what is called one of `first`, beside those that may mean anything. */
function otherNames(
  renamings: readonly Renaming[],
  first: ReadonlySet<string>,
  unsure: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set(unsure);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [from, to] of renamings) if (first.has(from) || found.has(from)) found.add(to);
  }
  return found;
}

function namesOf(file: ts.SourceFile): FileNames {
  const names = known.get(file) ?? namesIn(file);
  known.set(file, names);
  return names;
}

function namesIn(file: ts.SourceFile): FileNames {
  const renamings: Renaming[] = [];
  const variables = new Set<string>();
  const functions = new Set<string>();
  addRenamings(file.statements, renamings);
  if (isCommonScript(file)) addVariables(file, variables);
  if (!file.isDeclarationFile) {
    addFunctions(file, functions);
    if (/\bclass\b/.test(file.text)) addMembers(file, functions);
  }
  return { renamings, variables, functions };
}

function addFunctions({ statements }: ts.SourceFile, names: Set<string>): void {
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) names.add(statement.name.text);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer !== undefined && ts.isFunctionLike(initializer)) names.add(name.text);
  }
}

function addMembers(node: ts.Node, names: Set<string>): void {
  if (ts.isClassLike(node))
    for (const { name } of node.members) {
      if (name === undefined || isOfSymbol(name)) continue;
      // What is computed may be called anything.
      names.add(ts.isComputedPropertyName(name) ? ANY_NAME : name.text);
    }
  ts.forEachChild(node, (child) => addMembers(child, names));
}

function wordsOf(file: ts.SourceFile): Iterable<string> {
  return (file as Worded).identifiers?.keys() ?? [];
}

function addRenamings(statements: readonly ts.Statement[], found: Renaming[]): void {
  for (const statement of statements) {
    if (ts.isModuleDeclaration(statement) && statement.body !== undefined && ts.isModuleBlock(statement.body))
      addRenamings(statement.body.statements, found);
    else if (ts.isImportEqualsDeclaration(statement)) found.push(["default", statement.name.text]);
    else if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      if (!ts.isNamespaceExport(statement.exportClause)) found.push(...renamingsIn(statement.exportClause.elements));
    } else if (ts.isImportDeclaration(statement) && !isOfNode(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name !== undefined) found.push(["default", name.text]);
      if (namedBindings !== undefined && ts.isNamedImports(namedBindings))
        found.push(...renamingsIn(namedBindings.elements));
    }
  }
}

function renamingsIn(elements: readonly (ts.ExportSpecifier | ts.ImportSpecifier)[]): readonly Renaming[] {
  return elements.flatMap(({ name, propertyName }) =>
    propertyName === undefined ? [] : [[propertyName.text, name.text] as const],
  );
}

/** JavaScript whose imports and exports are variables and properties. */
function isCommonScript({ fileName, text }: ts.SourceFile): boolean {
  return /\.[cm]?jsx?$/.test(fileName) && /\b(?:require|exports)\b/.test(text);
}

function addVariables(node: ts.Node, names: Set<string>): void {
  const isNamed =
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node);
  if (isNamed && ts.isIdentifier(node.name)) names.add(node.name.text);
  else if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left)) names.add(node.left.name.text);
  ts.forEachChild(node, (child) => addVariables(child, names));
}

/** `[Symbol.dispose]`: nobody calls that by a name. */
function isOfSymbol(name: ts.PropertyName): boolean {
  return (
    ts.isComputedPropertyName(name) &&
    ts.isPropertyAccessExpression(name.expression) &&
    ts.isIdentifier(name.expression.expression) &&
    name.expression.expression.text === "Symbol"
  );
}

/** Whether a function of the project may be called that. */
export function mayBeFunction(name: ts.MemberName, { functions }: RuntimeWords): boolean {
  return functions.has(name.text) || functions.has(ANY_NAME);
}

/** @param among what is waited for, such as `supervisor` or `ActorRef.ask`; none: everything. */
export function mayBeRuntime(
  { text: word }: ts.Identifier,
  { own, renamed }: RuntimeWords,
  among: readonly string[],
): boolean {
  if (renamed.has(word)) return true;
  return own.has(word) && (among.length === 0 || among.some((one) => isNamed(one, word)));
}

function isNamed(one: string, word: string): boolean {
  return one.endsWith(word) && (one.length === word.length || one[one.length - word.length - 1] === ".");
}

function isOfNode({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith("node:");
}
