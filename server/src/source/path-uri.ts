/** `file:` URIs to paths with `/` and back. Windows drives have small letters and no encoding inside. */

/** A path as the system writes it in our way: `C:\\a` is `c:/a`. */
export function pathOfNative(native: string): string {
  const path = native.replaceAll("\\", "/");
  return path.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
}

/** @returns `undefined` for what is not a file: untitled documents, virtual file systems, nonsense. */
export function pathOfUri(uri: string): string | undefined {
  const match = /^file:\/\/([^/?#]*)(\/[^?#]*)/i.exec(uri);
  if (match === null) return undefined;
  const [, host = "", encoded = ""] = match;
  try {
    const path = decodeURIComponent(encoded).replaceAll("\\", "/");
    if (host !== "" && host !== "localhost") return `//${host}${path}`;
    return /^\/[A-Za-z]:/.test(path) ? pathOfNative(path.slice(1)) : path;
  } catch {
    return undefined;
  }
}

export function uriOfPath(path: string): string {
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
  if (path.startsWith("//")) return `file:${encoded}`;
  return path.startsWith("/") ? `file://${encoded}` : `file:///${encoded}`;
}
