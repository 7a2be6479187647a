/** What an editor asks about places, with lines and columns. Reads the index; changes nothing. */
import type { Analysis } from "../engine/analysis.ts";
import { actorNamed, actorsAt, asksIn } from "../features/actors-at.ts";
import { type Assist, assistsAt } from "../features/assists.ts";
import { type HierarchyCall, type HierarchyItem, incomingOf, itemsAt, outgoingOf } from "../features/call-hierarchy.ts";
import { lensesOf } from "../features/code-lens.ts";
import { messageCompletions } from "../features/completion.ts";
import { grantCompletions } from "../features/grant-completion.ts";
import { hoverAt } from "../features/hover.ts";
import { hintsOf } from "../features/inlay-hints.ts";
import { type MessageHere, MessagePlaces } from "../features/message-places.ts";
import {
  definitionOf,
  implementationsOf,
  messageRanges,
  referencesOf,
  renameableAt,
  renameEdits,
} from "../features/navigation.ts";
import { type OutlineSymbol, outlineOf, searchOutline } from "../features/outline.ts";
import type { ActorMessages, ActorsAt, SourceRange } from "../protocol.ts";
import type { LineMap } from "../source/line-map.ts";
import type { FileSpan } from "../source/span.ts";
import type {
  CompletionResult,
  HierarchyCallResult,
  HierarchyResult,
  HintResult,
  HoverResult,
  LensResult,
  PlacedRange,
  Position,
  RangedEdit,
  Requests,
  SymbolResult,
} from "./analysis-calls.ts";

export class EditorFeatures {
  readonly #analysis: Analysis;
  readonly #mapOf: (path: string) => LineMap;

  constructor(analysis: Analysis, mapOf: (path: string) => LineMap) {
    this.#analysis = analysis;
    this.#mapOf = mapOf;
  }

  hover(at: Position): HoverResult | undefined {
    const found = hoverAt(this.#analysis.index, this.#places(), at.path, this.#offset(at));
    return found === undefined
      ? undefined
      : { range: this.#mapOf(at.path).range(found.span), markdown: found.markdown };
  }

  definition(at: Position): readonly PlacedRange[] {
    return this.#follow(at, definitionOf);
  }

  implementation(at: Position): readonly PlacedRange[] {
    return this.#follow(at, implementationsOf);
  }

  references(at: Requests["references"]["params"]): readonly PlacedRange[] {
    return this.#follow(at, (places, here) =>
      messageRanges(referencesOf(places, here, at.withDeclaration), (path) => this.#textOf(path)),
    );
  }

  prepareRename(at: Position): SourceRange | undefined {
    const here = this.#here(at);
    const span = here === undefined ? undefined : renameableAt(here, this.#textOf(at.path));
    return span === undefined ? undefined : this.#mapOf(at.path).range(span);
  }

  rename(at: Requests["rename"]["params"]): readonly RangedEdit[] | undefined {
    const here = this.#here(at);
    if (here === undefined || renameableAt(here, this.#textOf(at.path)) === undefined) return undefined;
    const edits = renameEdits(this.#places(), here, at.newName, (path) => this.#textOf(path));
    return edits?.map((edit) => ({ ...this.#placed(edit), newText: edit.newText }));
  }

  symbols(path: string): readonly SymbolResult[] {
    const facts = this.#analysis.factsOf(path);
    return facts === undefined ? [] : outlineOf(facts).map((symbol) => this.#symbol(path, symbol));
  }

  workspaceSymbols(query: string): Requests["workspaceSymbols"]["result"] {
    return searchOutline(this.#analysis.index, query).map(({ path, symbol }) => ({
      path,
      symbol: this.#symbol(path, symbol),
    }));
  }

  lenses(path: string): readonly LensResult[] {
    const facts = this.#analysis.factsOf(path);
    if (facts === undefined) return [];
    return lensesOf(this.#analysis.index, this.#places(), facts).map(({ span, title, places, handled }) => ({
      ...(handled && { handled }),
      range: this.#mapOf(path).range(span),
      title,
      places: places.map((place) => this.#placed(place)),
    }));
  }

  hints({ path, range }: PlacedRange): readonly HintResult[] {
    const facts = this.#analysis.factsOf(path);
    if (facts === undefined) return [];
    const map = this.#mapOf(path);
    const within = { start: map.offset(range.start), end: map.offset(range.end) };
    return hintsOf(this.#analysis.index, this.#places(), facts, within).map(({ at, text, tooltip }) => ({
      position: map.position(at),
      text,
      tooltip,
    }));
  }

  hierarchyItems(at: Position): readonly HierarchyResult[] {
    return itemsAt(this.#analysis.index, this.#places(), at.path, this.#offset(at)).map((item) => this.#item(item));
  }

  incoming(variant: string): readonly HierarchyCallResult[] {
    return incomingOf(this.#analysis.index, this.#places(), variant).map((call) => this.#call(call, call.item.path));
  }

  /** The places of the sends lie in the handler that is asked about. */
  outgoing(variant: string): readonly HierarchyCallResult[] {
    const [handler] = this.#places().handlersOf(variant);
    return outgoingOf(this.#analysis.index, this.#places(), variant).map((call) =>
      this.#call(call, handler?.path ?? call.item.path),
    );
  }

  assists(path: string, offset: number): readonly Assist[] {
    return [
      ...assistsAt(this.#analysis.index, this.#places(), path, offset),
      ...this.#analysis.workspace.rewritesAt(path, offset),
    ];
  }

  completion(at: Position): readonly CompletionResult[] {
    const offset = this.#offset(at);
    const text = this.#textOf(at.path);
    const send = this.#analysis
      .factsOf(at.path)
      ?.sends.find(
        ({ nameSpan, span }) =>
          nameSpan.end < offset && offset <= span.end && /^\s*\(\s*$/.test(text.slice(nameSpan.end, offset)),
      );
    if (send?.accepts === undefined)
      return grantCompletions(this.#analysis.index, at.path, offset).map(
        ({ label, detail, text: snippet, replaces }) => ({
          label,
          detail,
          snippet,
          edits: [],
          replaces: this.#mapOf(at.path).range(replaces),
        }),
      );
    const placed = this.#analysis.workspace.sendableAt(at.path, send.nameSpan.start);
    const found = messageCompletions(at.path, send.accepts, placed, send.method === "ask");
    return found.map(({ edits, ...one }) => ({
      ...one,
      edits: edits.map((edit) => ({ ...this.#placed(edit), newText: edit.newText })),
    }));
  }

  messages(definition: Requests["messages"]["params"]): ActorMessages | undefined {
    const actor = actorNamed(this.#analysis.index, definition);
    return actor && this.#analysis.workspace.messagesOf(actor.path, actor.fact.id);
  }

  askPlaces({ message, ...definition }: Requests["askPlaces"]["params"]): readonly PlacedRange[] {
    const actor = actorNamed(this.#analysis.index, definition);
    return actor === undefined ? [] : asksIn(this.#analysis.index, actor, message).map((place) => this.#placed(place));
  }

  actorsAt(at: Position): ActorsAt {
    return { actors: actorsAt(this.#analysis.index, at.path, this.#offset(at)) };
  }

  #places(): MessagePlaces {
    return new MessagePlaces(this.#analysis.index, (path) => this.#analysis.workspace.variantsIn(path));
  }

  #here(at: Position): MessageHere | undefined {
    return this.#places().at(at.path, this.#offset(at));
  }

  #follow(
    at: Position,
    lead: (places: MessagePlaces, here: MessageHere) => readonly FileSpan[],
  ): readonly PlacedRange[] {
    const here = this.#here(at);
    return here === undefined ? [] : lead(this.#places(), here).map((place) => this.#placed(place));
  }

  #symbol(path: string, { span, nameSpan, children, ...symbol }: OutlineSymbol): SymbolResult {
    const map = this.#mapOf(path);
    return {
      ...symbol,
      range: map.range(span),
      nameRange: map.range(nameSpan),
      children: children.map((child) => this.#symbol(path, child)),
    };
  }

  #item({ path, span, nameSpan, name, detail, variant }: HierarchyItem): HierarchyResult {
    const map = this.#mapOf(path);
    return { path, range: map.range(span), nameRange: map.range(nameSpan), name, detail, variant };
  }

  #call({ item, spans }: HierarchyCall, path: string): HierarchyCallResult {
    return { item: this.#item(item), ranges: spans.map((span) => this.#mapOf(path).range(span)) };
  }

  #placed({ path, span }: FileSpan): PlacedRange {
    return { path, range: this.#mapOf(path).range(span) };
  }

  #offset({ path, position }: Position): number {
    return this.#mapOf(path).offset(position);
  }

  #textOf(path: string): string {
    return this.#analysis.workspace.files.read(path) ?? "";
  }
}
