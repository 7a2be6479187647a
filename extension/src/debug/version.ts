/** Versions of Node, and what they can do. Pure. */

export interface NodeVersion {
  readonly major: number;
  readonly minor: number;
}

export function parseVersion(text: string): NodeVersion | undefined {
  const match = /^v(\d+)\.(\d+)\./.exec(text.trim());
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/** The runtime needs Node 22. */
export function isSupported({ major }: NodeVersion): boolean {
  return major >= 22;
}

/** How Node takes TypeScript: by itself, with a flag, or not at all. */
export function typeStripping({ major, minor }: NodeVersion): "default" | "flag" | "none" {
  if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) return "default";
  return major === 23 || (major === 22 && minor >= 6) ? "flag" : "none";
}
