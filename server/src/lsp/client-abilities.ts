/** What the client at the other end can do, read once from what it announces; for everything else the oldest way is taken. */
import type { InitializeParams } from "vscode-languageserver/node";
import { BREAK_ON_MESSAGE_COMMAND, SELECT_COMMAND, SHOW_PLACES_COMMAND } from "../protocol.ts";

export interface ClientAbilities {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly showsRelatedPlaces: boolean;
  /** It tells of files that change on the disk. */
  readonly watchesFiles: boolean;
  readonly hasSettings: boolean;
  readonly hasFolders: boolean;
  readonly preparesRename: boolean;
  readonly rendersMarkdown: boolean;
  readonly expandsSnippets: boolean;
  /** Notifications beyond the LSP that it knows. */
  readonly notifications: ReadonlySet<string>;
  /** It shows how far long work is. */
  readonly showsProgress: boolean;
  /** It has the command that code lenses call. */
  readonly showsPlaces: boolean;
  /** It has the command by which a debugger stops at messages. */
  readonly breaksOnMessages: boolean;
  /** The folders are trusted as far as anybody says. */
  readonly trusts: boolean;
  /** It has the command that fixes call once they are applied. */
  readonly selects: boolean;
}

/** What a client may give besides the LSP's own. */
export interface ClientOptions {
  /** As in its section `airssys`, for clients that cannot be asked for it. */
  readonly settings?: unknown;
  /** Commands of the client that the server may name. */
  readonly commands?: readonly string[];
  /** Notifications beyond the LSP that it wants to be sent. */
  readonly notifications?: readonly string[];
  /** Whether what is kept in the folders may be believed; default: `true`. */
  readonly isTrusted?: boolean;
}

export function abilitiesOf({ capabilities, initializationOptions }: InitializeParams): ClientAbilities {
  const { workspace, textDocument, window } = capabilities;
  const options = initializationOptions as ClientOptions | undefined;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    showsRelatedPlaces: textDocument?.publishDiagnostics?.relatedInformation === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    hasSettings: workspace?.configuration === true,
    hasFolders: workspace?.workspaceFolders === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    rendersMarkdown: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    expandsSnippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    notifications: new Set(options?.notifications),
    showsProgress: window?.workDoneProgress === true,
    breaksOnMessages: options?.commands?.includes(BREAK_ON_MESSAGE_COMMAND) === true,
    trusts: options?.isTrusted !== false,
    selects: options?.commands?.includes(SELECT_COMMAND) === true,
    showsPlaces: options?.commands?.includes(SHOW_PLACES_COMMAND) === true,
  };
}
