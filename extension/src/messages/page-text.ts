/** The text of the page of the view Messages. Pure. */

export interface PageSources {
  readonly nonce: string;
  /** Where styles may come from, as a policy says it. */
  readonly styleSource: string;
  readonly script: string;
  readonly style: string;
  readonly language: string;
}

/** Nothing but this extension's own script and style is loaded, and nothing of what a program says is part of the page's text. */
export function pageText({ nonce, styleSource, script, style, language }: PageSources): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${styleSource}`;
  return [
    "<!DOCTYPE html>",
    `<html lang="${language.replace(/[^\w-]/g, "")}">`,
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<link rel="stylesheet" href="${style}">`,
    "</head>",
    `<body><script nonce="${nonce}" src="${script}"></script></body>`,
    "</html>",
  ].join("\n");
}

/** A sentence as a page without anything else. */
export function wordsPage(words: string): string {
  const text = words.replace(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
  return `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p role="alert">${text}</p>`;
}
