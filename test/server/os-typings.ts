/** The door `airssys-rt/os`, as far as rules look at it: small, since the tests of rules compile it each time. */
export const MINI_OS: string = `
import type { ActorRef, Ask, Start } from "./index";
export type FilePermission = "read" | "list" | "write" | "delete";
export interface FileGrant { readonly path: string; readonly allow: readonly FilePermission[]; readonly symlinks?: "deny" | "inside" }
interface PatternOptions { readonly mayBeOption?: boolean; readonly secret?: boolean }
export type SingleArgument = string | ({ readonly oneOf: readonly string[] } & PatternOptions) | ({ readonly matches: RegExp } & PatternOptions) | ({ readonly integer: readonly [min: number, max: number] } & PatternOptions) | ({ readonly path: "read" | "write" } & PatternOptions);
export type ArgumentPattern = SingleArgument | { readonly rest: SingleArgument; readonly max: number };
export interface RunGrant { readonly command: string; readonly args?: readonly ArgumentPattern[]; readonly cwd?: string; readonly env?: readonly string[]; readonly dangerous?: boolean; readonly pin?: boolean }
export interface SecurityContextOptions { readonly principal: string; readonly base?: string; readonly files?: readonly FileGrant[]; readonly run?: readonly RunGrant[]; readonly env?: Readonly<Record<string, string>> }
export type NarrowedOptions = Pick<SecurityContextOptions, "principal" | "files" | "run" | "env">;
export declare class SecurityContext { static create(options: SecurityContextOptions): SecurityContext; narrow(options: NarrowedOptions): SecurityContext; close(): void }
export type FileData = string;
export type FileMessage = Ask<{ readonly type: "read"; readonly path: string }, string> | Ask<{ readonly type: "write"; readonly path: string; readonly data: FileData }, number> | Ask<{ readonly type: "list"; readonly path: string }, readonly string[]> | Ask<{ readonly type: "stat"; readonly path: string }, object> | Ask<{ readonly type: "delete"; readonly path: string }, void> | Ask<{ readonly type: "move"; readonly path: string; readonly to: string }, void>;
export interface ProcessRequest { readonly command: string; readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> }
export type ProcessManagerMessage = Ask<{ readonly type: "spawnProcess" } & ProcessRequest, { readonly pid: number }> | Ask<{ readonly type: "run" } & ProcessRequest, { readonly code: number | null }> | Ask<{ readonly type: "fileOperation"; readonly operation: FileMessage }, unknown>;
export type ProcessMessage = Ask<{ readonly type: "closeInput" }, void>;
export declare function files(security: SecurityContext): Start<FileMessage>;
export declare function processManager(security: SecurityContext): Start<ProcessManagerMessage>;
export declare function osProcess(options: { readonly security: SecurityContext } & ProcessRequest): Start<ProcessMessage>;
`;
