/** Reads what running a file does: whether a system is started by it or by what it calls elsewhere, and what Node needs for it. */
import { isBuiltin } from "node:module";
import { ts } from "ts-morph";
import type { Need, NeedKind, ProgramFacts } from "../facts/program-module.ts";
import { calledModule, type ImportedBinding, type SourceModule, saysNoKind } from "../reading/read-module.ts";
import { RUNTIME_PACKAGE } from "../reading/runtime-package.ts";
import type { FileSystem } from "../source/file-system.ts";
import { isTypeScript, type ModuleLookup } from "./module-lookup.ts";
import { ParsedModules } from "./parsed-modules.ts";
import type { ProjectConfig } from "./project-config.ts";

/** Files of one program that are read. */
const MAX_FILES = 3_000;

/** One is made for as long as imports lead where they lead. */
export class ProgramReader {
  readonly #modules: ParsedModules;

  constructor(files: FileSystem, configOf: (path: string) => ProjectConfig) {
    this.#modules = new ParsedModules(files, configOf);
  }

  read(path: string): ProgramFacts {
    return new Reading(this.#modules, path, true).facts();
  }

  /** The same without what Node needs, which takes longer than the rest. */
  startsSystem(path: string): boolean {
    return new Reading(this.#modules, path, false).facts().startsSystem;
  }

  /** Files came, went, or settings changed. */
  forget(): void {
    this.#modules.forget();
  }

  /** Files that are loaded with a file, one step away. */
  importsOf(path: string): readonly string[] {
    return this.#modules.importsOf(path);
  }
}

interface Code {
  readonly path: string;
  readonly module: SourceModule;
  readonly node: ts.Node;
  /** Also functions that are only declared there. */
  readonly isWhole: boolean;
}

/** One look at one program. */
class Reading {
  readonly #modules: ParsedModules;
  readonly #path: string;
  readonly #readsNeeds: boolean;
  readonly #loaded = new Set<string>();
  readonly #needs = new Map<NeedKind, Need>();
  readonly #mentioned = new Set<ts.Node>();
  readonly #code: Code[] = [];
  #starts = false;
  /** A package of the workspace is loaded as it is written. */
  #loadsSources = false;

  constructor(modules: ParsedModules, path: string, readsNeeds: boolean) {
    this.#modules = modules;
    this.#path = path;
    this.#readsNeeds = readsNeeds;
  }

  facts(): ProgramFacts {
    this.#load(this.#path);
    for (let next = this.#code.pop(); next !== undefined; next = this.#code.pop()) {
      const code = next;
      if (code.isWhole) this.#visit(code, code.node);
      else ts.forEachChild(code.node, (child) => this.#visit(code, child));
    }
    return {
      startsSystem: this.#starts,
      needs: [...this.#needs.values()],
      files: [...this.#loaded].filter((path) => !path.includes("/node_modules/")),
      conditions: this.#loadsSources ? this.#modules.conditionsOf(this.#path) : [],
    };
  }

  /** Loads a module, and all it imports, without running more than its top. */
  #load(first: string): void {
    const queue = [first];
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (this.#loaded.has(path) || this.#loaded.size >= MAX_FILES) continue;
      const module = this.#modules.moduleOf(path);
      if (module === undefined) continue;
      this.#loaded.add(path);
      if (this.#readsNeeds) this.#readNeeds(path, module);
      this.#code.push({ path, module, node: module.file, isWhole: false });
      for (const load of module.loads) {
        const found = this.#find(load.specifier, path);
        if (found === undefined) continue;
        if (found.path.endsWith(".json") && found.need !== "unbuilt" && saysNoKind(load))
          this.#need("json-import", path, load.node, load.specifier);
        if (found.need !== undefined && (isTypeScript(path) || found.need === "package" || found.need === "unbuilt"))
          this.#need(found.need, path, load.node, load.specifier);
        if (found.isPackage === true && isTypeScript(found.path)) this.#loadsSources = true;
        if (!load.isDynamic && this.#modules.isAboutActors(found.path)) queue.push(found.path);
      }
    }
  }

  #find(specifier: string, from: string): ReturnType<ModuleLookup["find"]> {
    return specifier === RUNTIME_PACKAGE ? undefined : this.#modules.lookupFor(from).find(specifier, from);
  }

  #readNeeds(path: string, module: SourceModule): void {
    if (path.includes("/node_modules/")) return;
    this.#readFormat(path, module);
    for (const { kind, node, what } of module.needs) {
      if (!isTypeScript(path) && kind !== "jsx") continue;
      this.#need(kind, path, node, what);
      if (kind === "decorator" && this.#modules.usesMetadata(path)) this.#need("decorator-metadata", path, node, what);
    }
    if (path.endsWith(".tsx") && !this.#needs.has("jsx")) this.#need("jsx", path, module.file, path);
    if (!isTypeScript(path)) return;
    for (const { specifier, names } of module.loads)
      for (const { name, node } of names)
        if (this.#isType(specifier, name, path, new Set()))
          this.#need(ts.isExportSpecifier(node) ? "type-handed-on" : "type-import", path, node, name);
    for (const { name, node } of module.listed) {
      const imported = module.imports.get(name);
      if (imported === undefined) {
        if (module.types.has(name) && !module.values.has(name)) this.#need("type-export", path, node, name);
      } else if (imported.name !== "*" && this.#isType(imported.specifier, imported.name, path, new Set()))
        this.#need("type-handed-on", path, node, name);
    }
  }

  #readFormat(path: string, { moduleSyntax, topLevelAwait }: SourceModule): void {
    const format = this.#modules.lookupFor(path).formatOf(path);
    if (format === "module") return;
    if (format === "commonjs" && moduleSyntax !== undefined)
      this.#need(
        "commonjs",
        path,
        moduleSyntax,
        moduleSyntax
          .getText()
          .split(/[{\r\n]/, 1)[0]
          ?.trim() ?? "",
      );
    if (topLevelAwait !== undefined) this.#need("top-level-await", path, topLevelAwait, "await");
  }

  #need(kind: NeedKind, path: string, node: ts.Node, what: string): void {
    if (this.#needs.has(kind)) return;
    const span = ts.isSourceFile(node) ? { start: 0, end: 0 } : { start: node.getStart(), end: node.end };
    this.#needs.set(kind, { kind, path, span, what: what.slice(0, 80) });
  }

  /** Whether what a module exports under that name is nothing at run time. */
  #isType(specifier: string, name: string, from: string, seen: Set<string>): boolean {
    if (isBuiltin(specifier)) return this.#modules.isTypeOfNode(specifier, name, from);
    const relative = specifier.startsWith(".") ? this.#find(specifier, from)?.path : undefined;
    const path = relative ?? this.#modules.lookupFor(from).declarationsOf(specifier, from);
    if (path === undefined || seen.has(`${path}#${name}`)) return false;
    seen.add(`${path}#${name}`);
    const module = this.#modules.moduleOf(path);
    if (module === undefined) return false;
    const exported = module.exports.get(name);
    if (exported === undefined) return module.stars.some((star) => this.#isType(star, name, path, seen));
    if ("specifier" in exported)
      return (
        module.types.has(name) || (exported.name !== "*" && this.#isType(exported.specifier, exported.name, path, seen))
      );
    if (module.values.has(exported.local)) return false;
    if (module.types.has(exported.local) || module.types.has(name)) return true;
    const imported = module.imports.get(exported.local);
    return (
      imported !== undefined && imported.name !== "*" && this.#isType(imported.specifier, imported.name, path, seen)
    );
  }

  #visit(code: Code, node: ts.Node): void {
    if (this.#starts || ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      return;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (!code.isWhole && isOnlyDeclared(node)) return;
    const specifier = calledModule(node);
    if (specifier !== undefined) this.#mention(this.#target({ specifier, name: "*" }, code.path));
    if (this.#isStart(code, node)) {
      this.#starts = true;
      return;
    }
    if (ts.isIdentifier(node) && isUse(node)) this.#mentionName(code, node);
    ts.forEachChild(node, (child) => this.#visit(code, child));
  }

  #mentionName(code: Code, node: ts.Identifier): void {
    const value = code.module.values.get(node.text);
    const imported = code.module.imports.get(node.text);
    if (value !== undefined) this.#mention({ ...code, node: value, isWhole: true });
    else if (imported !== undefined) this.#mention(this.#target(memberOf(imported, node), code.path));
  }

  #mention(code: Code | undefined): void {
    if (code === undefined || this.#mentioned.has(code.node)) return;
    this.#mentioned.add(code.node);
    this.#load(code.path);
    this.#code.push(code);
  }

  /** What a name of another module stands for; the whole module when that cannot be told. */
  #target({ specifier, name }: ImportedBinding, from: string, depth = 0): Code | undefined {
    const path = this.#find(specifier, from)?.path;
    const module = path === undefined || !this.#modules.isAboutActors(path) ? undefined : this.#modules.moduleOf(path);
    if (path === undefined || module === undefined || depth > 50) return undefined;
    const whole: Code = { path, module, node: module.file, isWhole: true };
    const exported = module.exports.get(name);
    if (exported === undefined) {
      const stars = module.stars.map((star) => this.#target({ specifier: star, name }, path, depth + 1));
      const exact = stars.find((one) => one !== undefined && !ts.isSourceFile(one.node));
      return exact ?? (name === "*" || module.exports.size === 0 ? whole : undefined);
    }
    if ("specifier" in exported) return this.#target(exported, path, depth + 1);
    const value = module.values.get(exported.local);
    if (value !== undefined) return { path, module, node: value, isWhole: true };
    const imported = module.imports.get(exported.local);
    return imported === undefined ? undefined : this.#target(imported, path, depth + 1);
  }

  /** `ActorSystem.start`, by whatever name: called, handed on, or taken out of it. */
  #isStart(code: Code, node: ts.Node): boolean {
    if (ts.isPropertyAccessExpression(node))
      return node.name.text === "start" && this.#isSystem(code, node.expression, 0);
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !ts.isObjectBindingPattern(node.name))
      return false;
    const takes = node.name.elements.some((one) => (one.propertyName ?? one.name).getText() === "start");
    return takes && this.#isSystem(code, node.initializer, 0);
  }

  #isSystem(code: Pick<Code, "path" | "module">, node: ts.Expression, depth: number): boolean {
    if (depth > 50) return false;
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return this.#isSystem(code, node.expression, depth + 1);
    if (ts.isPropertyAccessExpression(node)) {
      const from = ts.isIdentifier(node.expression) ? code.module.imports.get(node.expression.text) : undefined;
      return from?.name === "*" && this.#isSystemOf(from.specifier, node.name.text, code.path, depth);
    }
    if (!ts.isIdentifier(node)) return false;
    const imported = code.module.imports.get(node.text);
    if (imported !== undefined) return this.#isSystemOf(imported.specifier, imported.name, code.path, depth);
    const alias = code.module.aliases.get(node.text);
    return alias !== undefined && this.#isSystem(code, alias, depth + 1);
  }

  #isSystemOf(specifier: string, name: string, from: string, depth: number): boolean {
    if (specifier === RUNTIME_PACKAGE) return name === "ActorSystem";
    const path = this.#find(specifier, from)?.path;
    const module = path === undefined ? undefined : this.#modules.moduleOf(path);
    if (path === undefined || module === undefined || depth > 50) return false;
    const exported = module.exports.get(name);
    if (exported === undefined) return module.stars.some((star) => this.#isSystemOf(star, name, path, depth + 1));
    if ("specifier" in exported) return this.#isSystemOf(exported.specifier, exported.name, path, depth + 1);
    const imported = module.imports.get(exported.local);
    if (imported !== undefined) return this.#isSystemOf(imported.specifier, imported.name, path, depth + 1);
    const alias = module.aliases.get(exported.local);
    return alias !== undefined && this.#isSystem({ path, module }, alias, depth + 1);
  }
}

/** `shop.open` of a module that was imported whole. */
function memberOf({ specifier, name }: ImportedBinding, { parent }: ts.Identifier): ImportedBinding {
  return { specifier, name: name === "*" && ts.isPropertyAccessExpression(parent) ? parent.name.text : name };
}

/** Code that waits for somebody to call it. */
function isOnlyDeclared(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) return true;
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) return true;
  if (ts.isPropertyDeclaration(node))
    return !(ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false;
  const { parent } = node;
  return (
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isExportAssignment(parent) ||
    isAssigned(node)
  );
}

function isAssigned({ parent }: ts.Node): boolean {
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** Whether a name is used there, and does not name a member or what is declared. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !("name" in parent && parent.name === node) || ts.isShorthandPropertyAssignment(parent);
}
