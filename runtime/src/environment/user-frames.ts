/** Of a stack, the frames the user wrote. */

/** Where the runtime's own files lie; `undefined` when it was bundled with the program, and nobody can tell them apart. */
const OWN_FOLDER = /^(file:.*\/)(?:dist|src)\/environment\/user-frames\.[jt]s$/.exec(import.meta.url)?.[1];
const OWN_PLACES = OWN_FOLDER === undefined ? [] : placesOf(OWN_FOLDER);

/**
 * The frames of a stack that belong to the program: neither the runtime's nor Node's own, each as V8 wrote it (`at f (file:1:2)`).
 * When there are no others, all of them, unless a cause says more (`hasCause`).
 */
export function userFrames(stack: string | undefined, hasCause: boolean): readonly string[] {
  const frames = (stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
  const own = frames.filter((frame) => !isForeign(frame));
  return own.length === 0 && !hasCause ? frames : own;
}

function isForeign(frame: string): boolean {
  return /[( ]node:/.test(frame) || frame === "at <anonymous>" || OWN_PLACES.some((place) => frame.includes(place));
}

/** Built and as it is written, as address and as path: source maps turn one into the other. */
function placesOf(folder: string): readonly string[] {
  const path = decodeURIComponent(folder.replace(/^file:\/\/(?=\/[A-Za-z]:)?/, ""));
  return [folder, path].flatMap((each) => [`${each}dist/`, `${each}src/`]);
}
