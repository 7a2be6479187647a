/** A tree view of which nothing is said yet. */
import * as vscode from "vscode";

/** The window keeps what is said of a view when the extension host is killed: the next host begins by taking it back. */
export function createFreshView<T>(id: string, options: vscode.TreeViewOptions<T>): vscode.TreeView<T> {
  const view = vscode.window.createTreeView(id, options);
  view.message = "";
  view.description = "";
  // None is no change of none, and would not be told.
  view.badge = { value: 0, tooltip: "" };
  view.badge = undefined;
  return view;
}
