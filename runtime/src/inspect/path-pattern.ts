/** Paths of actors with `*` in the place of one part. */

/** Compares paths part by part; `*` stands for any one. Without a pattern, every path fits. */
export function pathMatcher(pattern: string | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  const wanted = pattern.split("/");
  if (!wanted.includes("*")) return (path) => path === pattern;
  return (path) => {
    const parts = path.split("/");
    return parts.length === wanted.length && parts.every((part, at) => wanted[at] === "*" || wanted[at] === part);
  };
}
