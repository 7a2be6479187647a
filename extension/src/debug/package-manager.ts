/** Which package manager a project uses, and how it installs a package for development. Pure. */
import path from "node:path";

/**
 * By the nearest lock file above the package:
 *
 * | lock file | command |
 * |---|---|
 * | `pnpm-lock.yaml` | `pnpm add --save-dev`; in the folder of a `pnpm-workspace.yaml` with `--workspace-root` |
 * | `yarn.lock` | `yarn add --dev` |
 * | `bun.lock`, `bun.lockb` | `bun add --dev` |
 * | `package-lock.json`, or none | `npm install --save-dev` |
 */
export function installCommand(
  folder: string,
  name: string,
  exists: (file: string) => boolean,
): readonly [command: string, ...args: string[]] {
  for (let at = folder; ; at = path.dirname(at)) {
    if (exists(path.join(at, "pnpm-lock.yaml"))) {
      const isRoot = exists(path.join(folder, "pnpm-workspace.yaml"));
      return ["pnpm", "add", "--save-dev", ...(isRoot ? ["--workspace-root"] : []), name];
    }
    if (exists(path.join(at, "yarn.lock"))) return ["yarn", "add", "--dev", name];
    if (["bun.lock", "bun.lockb"].some((lock) => exists(path.join(at, lock)))) return ["bun", "add", "--dev", name];
    if (exists(path.join(at, "package-lock.json")) || at === path.dirname(at))
      return ["npm", "install", "--save-dev", name];
  }
}
