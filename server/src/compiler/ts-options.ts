/** The settings of a project as the compiler takes them; everybody else sees plain data. */
import type { ts } from "ts-morph";
import type { ProjectConfig } from "./project-config.ts";

/** What of a config decides how files are read. */
export type ProjectSettings = Pick<ProjectConfig, "directory" | "options" | "projectReferences">;

/** They were the compiler's when the config was read. */
export function tsOptionsOf({ options }: Pick<ProjectSettings, "options">): ts.CompilerOptions {
  return options as ts.CompilerOptions;
}
