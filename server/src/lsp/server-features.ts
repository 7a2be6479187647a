/** The LSP requests about places: each is one question to the analysis and a change of words. */
import {
  type CallHierarchyItem,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  type DocumentSymbol,
  ErrorCodes,
  InlayHintKind,
  InsertTextFormat,
  type Location,
  type MarkupContent,
  MarkupKind,
  ResponseError,
  SymbolKind,
  type TextEdit,
} from "vscode-languageserver/node";
import type {
  CompletionResult,
  HierarchyResult,
  PlacedRange,
  Position,
  Requests,
  SymbolResult,
} from "../analysis/analysis-calls.ts";
import { BREAK_ON_MESSAGE_COMMAND, SHOW_PLACES_COMMAND } from "../protocol.ts";
import type { ClientAbilities } from "./client-abilities.ts";
import { type Places, toWorkspaceEdit } from "./lsp-convert.ts";

export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): unknown;
}

/** Asks the analysis; gives `otherwise` when it is gone. */
export type Ask = <K extends keyof Requests>(
  name: K,
  params: Requests[K]["params"],
  token: Cancellation | undefined,
  otherwise: Requests[K]["result"],
) => Promise<Requests[K]["result"]>;

const KINDS: Readonly<Record<SymbolResult["kind"], SymbolKind>> = {
  actor: SymbolKind.Class,
  supervisor: SymbolKind.Module,
  handler: SymbolKind.Event,
  child: SymbolKind.Object,
};

const TAB_STOP = /\$\d+/g;
/** What Markdown needs and people who read it as it is do not. */
const MARKS = /\*\*|`| {2}$/gm;

interface TextPosition {
  readonly textDocument: { readonly uri: string };
  readonly position: Position["position"];
}

/** @param client what it can do, once it has said so. */
export function handleFeatures(connection: Connection, places: Places, ask: Ask, client: () => ClientAbilities): void {
  const located = ({ path, range }: PlacedRange): Location => ({ uri: places.uriOf(path), range });
  const positionOf = ({ textDocument, position }: TextPosition): Position => ({
    path: places.pathOf(textDocument.uri) ?? "",
    position,
  });

  connection.onHover(async (params, token) => {
    const found = await ask("hover", positionOf(params), token, undefined);
    return found === undefined ? null : { range: found.range, contents: markup(found.markdown, client()) };
  });
  connection.onDefinition(async (params, token) =>
    (await ask("definition", positionOf(params), token, [])).map(located),
  );
  connection.onImplementation(async (params, token) =>
    (await ask("implementation", positionOf(params), token, [])).map(located),
  );
  connection.onReferences(async (params, token) => {
    const withDeclaration = params.context.includeDeclaration;
    return (await ask("references", { ...positionOf(params), withDeclaration }, token, [])).map(located);
  });
  connection.onPrepareRename(
    async (params, token) => (await ask("prepareRename", positionOf(params), token, undefined)) ?? null,
  );
  connection.onRenameRequest(async (params, token) => {
    const edits = await ask("rename", { ...positionOf(params), newName: params.newName }, token, undefined);
    if (edits === undefined)
      throw new ResponseError(
        ErrorCodes.InvalidRequest,
        "this message is not written as a plain text everywhere: it cannot be renamed",
      );
    return toWorkspaceEdit(edits, places);
  });
  connection.onDocumentSymbol(async ({ textDocument }, token) =>
    (await ask("symbols", { path: places.pathOf(textDocument.uri) ?? "" }, token, [])).map(toSymbol),
  );
  connection.onWorkspaceSymbol(async ({ query }, token) =>
    (await ask("workspaceSymbols", { query }, token, [])).map(({ path, symbol }) => ({
      name: symbol.name,
      kind: KINDS[symbol.kind],
      containerName: symbol.detail,
      location: { uri: places.uriOf(path), range: symbol.nameRange },
    })),
  );
  connection.onCodeLens(async ({ textDocument }, token) =>
    (await ask("lenses", { path: places.pathOf(textDocument.uri) ?? "" }, token, [])).flatMap(
      ({ range, title, places: shown, handled }) => {
        // The client shows the places; without any there is nothing to click.
        const command = shown.length === 0 || !client().showsPlaces ? "" : SHOW_PLACES_COMMAND;
        const senders = { title, command, arguments: [textDocument.uri, range.start, shown.map(located)] };
        if (handled === undefined || !client().breaksOnMessages) return [{ range, command: senders }];
        const stop = { title: "Break on Message…", command: BREAK_ON_MESSAGE_COMMAND, arguments: [handled] };
        return [senders, stop].map((each) => ({ range, command: each }));
      },
    ),
  );
  connection.languages.inlayHint.on(async ({ textDocument, range }, token) =>
    (await ask("hints", { path: places.pathOf(textDocument.uri) ?? "", range }, token, [])).map(
      ({ position, text, tooltip }) => ({
        position,
        label: text,
        tooltip,
        kind: InlayHintKind.Type,
        paddingLeft: true,
        paddingRight: true,
      }),
    ),
  );
  connection.onCompletion(async (params, token) =>
    (await ask("completion", positionOf(params), token, [])).map((one, at) => completionItem(one, at, client())),
  );
  handleHierarchy(connection, places, ask);
}

/** What stands between quotes is replaced as a whole: it has signs in it that end a word. */
function completionItem(
  { label, detail, snippet, edits, replaces }: CompletionResult,
  at: number,
  { expandsSnippets }: ClientAbilities,
): CompletionItem {
  // In the order of the analysis, before the words of others.
  const item = { label, detail, sortText: `0${String(at).padStart(4, "0")}` };
  if (replaces !== undefined)
    return { ...item, kind: CompletionItemKind.Value, textEdit: { range: replaces, newText: snippet } };
  const insertion = expandsSnippets
    ? { insertText: snippet, insertTextFormat: InsertTextFormat.Snippet }
    : { insertText: snippet.replace(TAB_STOP, ""), insertTextFormat: InsertTextFormat.PlainText };
  const imports = edits.map(({ range, newText }): TextEdit => ({ range, newText }));
  return {
    ...item,
    kind: CompletionItemKind.EnumMember,
    ...insertion,
    ...(imports.length === 0 ? {} : { additionalTextEdits: imports }),
  };
}

function handleHierarchy(connection: Connection, places: Places, ask: Ask): void {
  const { callHierarchy } = connection.languages;
  const toItem = ({ path, range, nameRange, name, detail, variant }: HierarchyResult): CallHierarchyItem => ({
    uri: places.uriOf(path),
    range,
    selectionRange: nameRange,
    name,
    detail,
    kind: SymbolKind.Event,
    data: variant,
  });
  const variantOf = (item: CallHierarchyItem): string => (typeof item.data === "string" ? item.data : "");
  callHierarchy.onPrepare(async ({ textDocument, position }, token) =>
    (await ask("hierarchyItems", { path: places.pathOf(textDocument.uri) ?? "", position }, token, [])).map(toItem),
  );
  callHierarchy.onIncomingCalls(async ({ item }, token) =>
    (await ask("incoming", { variant: variantOf(item) }, token, [])).map(({ item: from, ranges }) => ({
      from: toItem(from),
      fromRanges: [...ranges],
    })),
  );
  callHierarchy.onOutgoingCalls(async ({ item }, token) =>
    (await ask("outgoing", { variant: variantOf(item) }, token, [])).map(({ item: to, ranges }) => ({
      to: toItem(to),
      fromRanges: [...ranges],
    })),
  );
}

function markup(markdown: string, { rendersMarkdown }: ClientAbilities): MarkupContent {
  return rendersMarkdown
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: markdown.replace(MARKS, "") };
}

function toSymbol({ name, detail, kind, range, nameRange, children }: SymbolResult): DocumentSymbol {
  return { name, detail, kind: KINDS[kind], range, selectionRange: nameRange, children: children.map(toSymbol) };
}
