/** The colours of the editor's theme, as a canvas takes them. */

export interface Colors {
  readonly background: string;
  readonly text: string;
  readonly pale: string;
  readonly line: string;
  readonly bar: string;
  readonly error: string;
  readonly warning: string;
  readonly selection: string;
  readonly focus: string;
  readonly lit: string;
  readonly font: string;
  readonly isHighContrast: boolean;
}

export function readColors(): Colors {
  const style = getComputedStyle(document.body);
  const read = (names: readonly string[], fallback: string): string => {
    for (const name of names) {
      const value = style.getPropertyValue(name).trim();
      if (value !== "") return value;
    }
    return fallback;
  };
  const text = read(["--vscode-foreground", "--vscode-editor-foreground"], "#888");
  const isHighContrast = document.body.dataset["vscodeThemeKind"]?.includes("high-contrast") === true;
  const contrast = read(["--vscode-contrastBorder", "--vscode-contrastActiveBorder"], text);
  return {
    background: read(["--vscode-panel-background", "--vscode-editor-background"], "#1e1e1e"),
    text,
    pale: isHighContrast ? text : read(["--vscode-descriptionForeground"], text),
    line: isHighContrast
      ? contrast
      : read(["--vscode-tree-indentGuidesStroke", "--vscode-editorIndentGuide-background1"], "#666"),
    bar: isHighContrast ? contrast : read(["--vscode-descriptionForeground"], "#888"),
    error: read(["--vscode-list-errorForeground", "--vscode-problemsErrorIcon-foreground"], "#f14c4c"),
    warning: read(["--vscode-list-warningForeground", "--vscode-problemsWarningIcon-foreground"], "#cca700"),
    selection: isHighContrast ? "transparent" : read(["--vscode-list-inactiveSelectionBackground"], "#37373d"),
    focus: read(["--vscode-focusBorder", "--vscode-contrastActiveBorder"], "#007fd4"),
    lit: read(["--vscode-charts-blue", "--vscode-textLink-foreground"], "#3794ff"),
    font: `${style.fontSize || "13px"} ${style.fontFamily || "sans-serif"}`,
    isHighContrast,
  };
}
