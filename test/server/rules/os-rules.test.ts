// Near misses of the rules over security contexts and processes: what looks like a fault and is none, and faults that look like none.
import { test } from "node:test";
import { checkClean, checkRule } from "../fixture.ts";

const UNGRANTED = ["ungranted-operation", "option-like-argument"];

test("a context is known where it is used: from another file, by another name, with using, without a name", () => {
  checkRule(
    `
    //- /contexts.ts
    import { SecurityContext as Context } from "airssys-rt/os";
    export const site = Context.create({ principal: "site", run: [{ command: "/usr/bin/git" }] });
    //- /main.ts
    import * as os from "airssys-rt/os";
    import { site as mine } from "./contexts.ts";
    export const a = os.osProcess({ security: mine, command: "/usr/bin/svn" });
    //                                                       ^^^^^^^^^^^^^^ ungranted-operation: site does not run "/usr/bin/svn": it runs /usr/bin/git
    const security = os.SecurityContext.create({ principal: "none" });
    export const b = os.osProcess({ security, command: "/usr/bin/svn" });
    //                                                 ^^^^^^^^^^^^^^ ungranted-operation: security does not run "/usr/bin/svn": it runs nothing
    export function held(): unknown {
      using own = os.SecurityContext.create({ principal: "own" });
      return os.osProcess({ security: own, command: "/bin/true" });
      //                                            ^^^^^^^^^^^ ungranted-operation: own does not run "/bin/true": it runs nothing
    }
    export const c = os.osProcess({ security: os.SecurityContext.create({ principal: "x", run: [] }), command: "/bin/ls" });
    //                                                                                                         ^^^^^^^^^ ungranted-operation: its context does not run "/bin/ls": it runs nothing
  `,
    UNGRANTED,
  );
});

test("what a narrowed context does not name is not granted, whatever the wider one grants", () => {
  checkRule(
    `
    import { osProcess, SecurityContext } from "airssys-rt/os";
    const site = SecurityContext.create({ principal: "site", run: [{ command: "/usr/bin/git" }, { command: "/usr/bin/svn" }] });
    const less = site.narrow({ principal: "less", run: [{ command: "/usr/bin/git" }] });
    export const a = osProcess({ security: less, command: "/usr/bin/svn" });
    //                                                    ^^^^^^^^^^^^^^ ungranted-operation: less does not run "/usr/bin/svn": it runs /usr/bin/git
  `,
    UNGRANTED,
  );
});

test("a message is granted when one manager of the program grants it, and nobody knows while one of them is not known", () => {
  const program = (second: string): string => `
    import { type ActorRef, supervisor } from "airssys-rt";
    import { type ProcessManagerMessage, processManager, SecurityContext } from "airssys-rt/os";
    declare function contexts(): { readonly other: SecurityContext };
    const git = SecurityContext.create({ principal: "git", run: [{ command: "/usr/bin/git" }] });
    const svn = SecurityContext.create({ principal: "svn", run: [{ command: "/usr/bin/svn" }] });
    export const root = supervisor({ children: [{ id: "a", start: processManager(git) }, { id: "b", start: processManager(${second}) }] });
    export function log(processes: ActorRef<ProcessManagerMessage>) {
      return processes.ask({ type: "run", command: "/usr/bin/svn" });`;
  checkClean(`${program("svn")}\n    }`, UNGRANTED);
  checkClean(`${program("contexts().other")}\n    }`, UNGRANTED);
  checkRule(
    `${program("git")}
      //                                           ^^^^^^^^^^^^^^ ungranted-operation: git does not run "/usr/bin/svn": it runs /usr/bin/git
    }`,
    UNGRANTED,
  );
});

test("messages to actors of one's own are nobody's requests, whatever they look like", () => {
  checkClean(
    `
    import { type ActorRef, type Ask, supervisor } from "airssys-rt";
    import { processManager, SecurityContext } from "airssys-rt/os";
    type Mine = Ask<{ type: "run"; command: string; env?: object }, number> | Ask<{ type: "read"; path: string }, string>;
    const none = SecurityContext.create({ principal: "none" });
    export const root = supervisor({ children: [{ id: "a", start: processManager(none) }] });
    export function go(mine: ActorRef<Mine>): void {
      void mine.ask({ type: "run", command: "/usr/bin/svn", env: { ...process.env } });
      void mine.ask({ type: "read", path: "../x" });
    }
  `,
    [...UNGRANTED, "inherited-environment"],
  );
});

test("a program without a manager says nothing of what is granted, save of a path that is none", () => {
  checkRule(
    `
    import type { ActorRef } from "airssys-rt";
    import type { FileMessage, ProcessManagerMessage } from "airssys-rt/os";
    export function go(store: ActorRef<FileMessage>, processes: ActorRef<ProcessManagerMessage>): void {
      void store.ask({ type: "read", path: "content/x" });
      void processes.ask({ type: "run", command: "/usr/bin/svn" });
      void processes.ask({ type: "fileOperation", operation: { type: "list", path: "a//b" } });
      //                                                                           ^^^^^^ ungranted-operation: "a//b" is denied by every context: a path has names only, no empty parts, no "." or ".."
    }
  `,
    UNGRANTED,
  );
});

test("a path is held against what covers it: names, not beginnings; a move needs to read and to delete; either will do for stat", () => {
  checkRule(
    `
    import { type ActorRef, supervisor } from "airssys-rt";
    import { type FileMessage, files, SecurityContext } from "airssys-rt/os";
    const site = SecurityContext.create({ principal: "site", files: [{ path: "out", allow: ["list", "delete"] }, { path: ".", allow: ["list"] }] });
    export const root = supervisor({ children: [{ id: "files", start: files(site) }] });
    export function go(store: ActorRef<FileMessage>): void {
      void store.ask({ type: "stat", path: "anything" });
      void store.ask({ type: "delete", path: "out/a" });
      void store.ask({ type: "delete", path: "out-evil/a" });
      //                                     ^^^^^^^^^^^^ ungranted-operation: site does not allow "delete" of "out-evil/a"
      void store.ask({ type: "move", path: "out/a", to: "out/b" });
      //                                   ^^^^^^^ ungranted-operation: site does not allow "read" of "out/a"
    }
  `,
    UNGRANTED,
  );
});

test("arguments are counted and matched as the run time does, and only when all of them are known", () => {
  checkRule(
    `
    import { osProcess, SecurityContext } from "airssys-rt/os";
    declare const name: string;
    const site = SecurityContext.create({
      principal: "site",
      files: [{ path: ".", allow: ["read"] }],
      run: [
        { command: "/bin/a", args: [{ integer: [1, 9] }, { rest: { path: "read" }, max: 2 }] },
        { command: "/bin/b", args: [{ matches: new RegExp(name) }] },
        { command: "/bin/c", args: [{ matches: /x/ }] },
        { command: "/bin/c", args: [{ oneOf: ["y"] }] },
      ],
    });
    export const fine = [
      osProcess({ security: site, command: "/bin/a", args: ["3", "f", "g"] }),
      osProcess({ security: site, command: "/bin/a", args: ["3", name, "-g", "h"] }),
      osProcess({ security: site, command: "/bin/b", args: ["-z", "z"] }),
      osProcess({ security: site, command: "/bin/c", args: ["y"] }),
    ];
    export const faults = [
      osProcess({ security: site, command: "/bin/a", args: ["3", "f", "g", "h"] }),
      //                                                                   ^^^ ungranted-operation: site does not run "/bin/a" like this: argument 4: at most 3 are granted
      osProcess({ security: site, command: "/bin/a" }),
      //                                   ^^^^^^^^ ungranted-operation: site does not run "/bin/a" like this: argument 1: a whole number from 1 to 9 is expected
      osProcess({ security: site, command: "/bin/a", args: ["10"] }),
      //                                                    ^^^^ ungranted-operation: site does not run "/bin/a" like this: argument 1: a whole number from 1 to 9 is expected
      osProcess({ security: site, command: "/bin/a", args: ["3", "-f"] }),
      //                                                         ^^^^ option-like-argument: "-f" begins with "-" and is denied: the pattern of site would need mayBeOption
      osProcess({ security: site, command: "/bin/c", args: ["xx"] }),
      //                                                    ^^^^ ungranted-operation: site does not run "/bin/c" like this: argument 1: text that matches /x/ is expected
    ];
  `,
    UNGRANTED,
  );
});

test("a context is not said to be wider where one of the two is not known, nor a narrowing of a narrowing that is within", () => {
  checkRule(
    `
    import { SecurityContext } from "airssys-rt/os";
    declare const more: { command: string }[];
    const wide = SecurityContext.create({ principal: "a", files: [{ path: "/srv", allow: ["read", "write"] }], env: { LANG: "C" } });
    const less = wide.narrow({ principal: "b", files: [{ path: "/srv/a", allow: ["read"] }] });
    export const fine = less.narrow({ principal: "c", files: [{ path: "/srv/a/b", allow: ["read"] }] });
    export const c = less.narrow({ principal: "c", files: [{ path: "/srv", allow: ["read"] }] });
    //                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ widened-context: narrow throws: no grant allows read at or above "/srv"
    export const d = wide.narrow({ principal: "d", env: { LANG: "de" } });
    //                                                          ^^^^ widened-context: narrow throws: the wider context has no such variable with this value
    export const e = wide.narrow({ principal: "e", run: [{ command: "/bin/x" }] });
    //                                                              ^^^^^^^^ widened-context: narrow throws: the wider context does not run it
    const open = SecurityContext.create({ principal: "o", run: [{ command: "/bin/x" }, ...more] });
    export const f = open.narrow({ principal: "f", run: [{ command: "/bin/y" }] });
    export function by(context: SecurityContext): SecurityContext {
      return context.narrow({ principal: "g", run: [{ command: "/bin/y" }] });
    }
    export const narrow = { narrow: (_: object) => 1 }.narrow({ run: [{ command: "/bin/z" }] });
  `,
    ["widened-context"],
  );
});

test("what may be written is told from what only begins alike, and a deletion is a change", () => {
  checkRule(
    `
    import { SecurityContext } from "airssys-rt/os";
    export const a = SecurityContext.create({
      principal: "a",
      files: [{ path: "/srv/bin", allow: ["delete"] }, { path: "/usr", allow: ["read"] }],
      run: [{ command: "/srv/binary" }, { command: "/usr/bin/x" }, { command: "/srv/bin/x" }],
      //                                                                      ^^^^^^^^^^^^ writable-executable: the grant of "/srv/bin" may change "/srv/bin/x", and this one runs it: whoever writes decides what runs
    });
  `,
    ["writable-executable"],
  );
});

test("a shell is a shell by any way to it, and what only looks like one is none", () => {
  checkRule(
    `
    import * as cp from "node:child_process";
    import { exec as run, execFileSync, spawn } from "node:child_process";
    import { promisify } from "node:util";
    import { Actor, type ActorRef } from "airssys-rt";
    import type { ProcessManagerMessage } from "airssys-rt/os";
    const asked = promisify(run);
    declare const wantsShell: boolean;
    const exec = (text: string): string => text;
    class A extends Actor<{ type: "go"; text: string }> {
      constructor(readonly processes: ActorRef<ProcessManagerMessage>) { super(); }
      override async handleMessage({ text }: { type: "go"; text: string }): Promise<void> {
        exec(text);
        /x/.exec(text);
        spawn("a", [], { shell: wantsShell });
        execFileSync("/bin/sh", ["-c", "ls *.md"]);
        execFileSync("/bin/sh", ["script.sh", \`\${text}\`]);
        execFileSync("/opt/fish-cake", ["-c", \`\${text}\`]);
        cp.execSync("ls");
      //^^^^^^^^^^^ shell-command: execSync gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
        await asked("ls");
        //    ^^^^^ shell-command: exec gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
        spawn("a", [], { shell: "/bin/bash" });
        //               ^^^^^^^^^^^^^^^^^^ shell-command: spawn with a shell gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
        execFileSync("bash", ["-lc", "ls " + text]);
        //                           ^^^^^^^^^^^^ shell-command: bash -lc gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
        this.count(text);
      }
      count(text: string): void {
        void this.processes.ask({ type: "spawnProcess", command: "/bin/sh", args: ["-c", \`wc \${text}\`] });
        //                                                                               ^^^^^^^^^^^^ shell-command: /bin/sh -c gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
      }
    }
    export const outside = (text: string): unknown => run(text);
  `,
    ["shell-command"],
  );
});

test("a process is nobody's child also in a function that a handler calls, and somebody's where a signal ends it", () => {
  checkRule(
    `
    import { fork, spawn, spawnSync } from "node:child_process";
    import { Actor, type ActorContext, defineActor } from "airssys-rt";
    function start(): void {
      spawn("x", []);
    //^^^^^ unsupervised-process: what spawn starts lives on when this actor ends: make it a child with osProcess, or ask a processManager
    }
    class A extends Actor<{ type: "go" }> {
      override preStart(context: ActorContext<{ type: "go" }>): void {
        const { signal } = context;
        spawn("y", [], { signal });
        spawnSync("z", []);
      }
      override handleMessage(): void { start(); }
    }
    export const b = defineActor<{ type: "go" }>({ init: () => undefined, handlers: { go: () => void fork("./x.js") } });
    //                                                                                               ^^^^ unsupervised-process: what fork starts lives on when this actor ends: make it a child with osProcess, or ask a processManager
    export function tool(): void { spawn("x", []); }
  `,
    ["unsupervised-process"],
  );
});

test("only the whole environment is inherited: spread, cast, imported or given as it is", () => {
  checkRule(
    `
    import { osProcess, SecurityContext } from "airssys-rt/os";
    const env = { LANG: "C" };
    const site = SecurityContext.create({ principal: "a", env });
    export const a = osProcess({ security: site, command: "/bin/x", env: { PATH: process.env["PATH"] ?? "" } });
    export const b = osProcess({ security: site, command: "/bin/x", env: process.env as never });
    //                                                                   ^^^^^^^^^^^ inherited-environment: process.env hands on every variable of this program, its secrets too: name those that are needed
    export const c = site.narrow({ principal: "c", env: { A: "1", ...(process.env as {}) } });
    //                                                                ^^^^^^^^^^^ inherited-environment: process.env hands on every variable of this program, its secrets too: name those that are needed
  `,
    ["inherited-environment"],
  );
});

test("a move is checked at both ends, under one context: where it goes to, also where only that is known", () => {
  checkRule(
    `
    import { type ActorRef, supervisor } from "airssys-rt";
    import { type FileMessage, files, processManager, type ProcessManagerMessage, SecurityContext } from "airssys-rt/os";
    const desk = SecurityContext.create({
      principal: "desk",
      files: [{ path: "in", allow: ["read", "delete"] }, { path: "out", allow: ["write"] }, { path: "old", allow: ["read"] }],
    });
    const shelf = SecurityContext.create({ principal: "shelf", files: [{ path: "old", allow: ["write"] }] });
    const main = supervisor({ children: [{ id: "files", start: files(desk) }, { id: "all", start: processManager(shelf) }] });
    export const root = main;
    export function go(store: ActorRef<FileMessage>, all: ActorRef<ProcessManagerMessage>, name: string): void {
      void store.ask({ type: "move", path: "in/a", to: "out/a" });
      void store.ask({ type: "move", path: "in/a", to: "old/a" });
      //                                               ^^^^^^^ ungranted-operation: desk does not allow "write" of "old/a"
      void store.ask({ type: "move", path: "in/a", to: "elsewhere" });
      //                                               ^^^^^^^^^^^ ungranted-operation: no grant of desk covers "elsewhere"
      void store.ask({ type: "move", path: name, to: "in/a" });
      //                                             ^^^^^^ ungranted-operation: desk does not allow "write" of "in/a"
      void store.ask({ type: "move", path: "in/a", to: name });
      void all.ask({ type: "fileOperation", operation: { type: "move", path: "in/a", to: "out/../b" } });
      //                                                                                 ^^^^^^^^^^ ungranted-operation: "out/../b" is denied by every context: a path has names only, no empty parts, no "." or ".."
      void store.ask({ type: "read", path: "in/a", to: "nowhere" } as never);
    }
  `,
    UNGRANTED,
  );
});

test("an argument that is a path is held against the grants of files, and a variable against what its grant lists", () => {
  checkRule(
    `
    import { osProcess, SecurityContext } from "airssys-rt/os";
    declare const folder: string;
    declare const more: Record<string, string>;
    const ffmpeg = { command: "/usr/bin/ffmpeg", args: ["-i", { path: "read" }, { path: "write" }], env: ["LANG"] } as const;
    const site = SecurityContext.create({
      principal: "site",
      files: [{ path: "in", allow: ["read"] }, { path: "out", allow: ["write"] }],
      run: [ffmpeg, { command: "/bin/a", env: ["LD_PRELOAD"], dangerous: true }, { command: "/bin/b", env: [folder] }],
    });
    const open = SecurityContext.create({ principal: "open", files: [{ path: folder, allow: ["read", "write"] }], run: [ffmpeg] });
    const command = "/usr/bin/ffmpeg";
    export const all = [
      osProcess({ security: site, command, args: ["-i", "in/a", "out/b"], env: { LANG: "C", ...more } }),
      osProcess({ security: open, command, args: ["-i", "in/a", "in/b"] }),
      osProcess({ security: site, command, args: ["-i", "in/a", "in/b"] }),
      //                                                        ^^^^^^ ungranted-operation: site does not run "/usr/bin/ffmpeg" like this: argument 3: site does not allow "write" of "in/b"
      osProcess({ security: site, command, args: ["-i", "in/../a", "out/b"] }),
      //                                                ^^^^^^^^^ ungranted-operation: site does not run "/usr/bin/ffmpeg" like this: argument 2: a path has names only, no empty parts, no "." or ".."
      osProcess({ security: site, command, args: ["-i", "in/a", "out/b"], env: { LANG: "C", HTTP: "x" } }),
      //                                                                                          ^^^ ungranted-operation: site does not give HTTP to "/usr/bin/ffmpeg": its grant would have to list it in env
      osProcess({ security: site, command: "/bin/a", env: { LD_PRELOAD: "x" } }),
      osProcess({ security: site, command: "/bin/b", env: { NODE_OPTIONS: "x" } }),
    ];
  `,
    UNGRANTED,
  );
});

test("options, contexts and grants are found in constants that are given, spread, or kept in an object of another file", () => {
  checkRule(
    `
    //- /contexts.ts
    import { SecurityContext } from "airssys-rt/os";
    const common = [{ path: "in", allow: ["read"] }] as const;
    const git = { command: "/usr/bin/git" };
    export const contexts = {
      site: SecurityContext.create({ principal: "site", files: [...common, { path: "out", allow: ["write"] }], run: [...[git]] }),
    };
    export const options = { security: contexts.site, args: [] };
    export const changed = { security: contexts.site };
    changed.security = contexts.site.narrow({ principal: "less" });
    //- /main.ts
    import { type ActorRef, supervisor } from "airssys-rt";
    import { type FileMessage, files, osProcess } from "airssys-rt/os";
    import { changed, contexts, options } from "./contexts.ts";
    const svn = { ...options, command: "/usr/bin/svn" };
    //                                 ^^^^^^^^^^^^^^ ungranted-operation: its context does not run "/usr/bin/svn": it runs /usr/bin/git
    export const a = osProcess(svn);
    export const b = osProcess({ ...options, command: "/usr/bin/hg" });
    //                                                ^^^^^^^^^^^^^ ungranted-operation: its context does not run "/usr/bin/hg": it runs /usr/bin/git
    export const c = osProcess({ ...changed, command: "/usr/bin/hg" });
    export const d = osProcess({ ...options, security: changed.security, command: "/usr/bin/hg" });
    export const root = supervisor({ children: [{ id: "files", start: files(contexts.site) }] });
    export function go(store: ActorRef<FileMessage>): void {
      const common = { type: "move", path: "in/a" } as const;
      //                                   ^^^^^^ ungranted-operation: its context does not allow "delete" of "in/a"
      void store.ask({ ...common, to: "out/a" });
    }
  `,
    UNGRANTED,
  );
});

test("the whole environment is found in constants, copies and other names, and a shell in options that are a constant", () => {
  checkRule(
    `
    import { execFile, spawn } from "node:child_process";
    import { Actor } from "airssys-rt";
    import { osProcess, SecurityContext } from "airssys-rt/os";
    const mine = process.env as Record<string, string>;
    const copy = { ...mine, A: "1" };
    const { env: taken } = process;
    const few = { LANG: process.env["LANG"] ?? "C" };
    const site = SecurityContext.create({ principal: "a", env: mine });
    //                                                         ^^^^ inherited-environment: mine hands on every variable of this program, its secrets too: name those that are needed
    export const a = osProcess({ security: site, command: "/bin/x", env: copy });
    //                                                                   ^^^^ inherited-environment: copy hands on every variable of this program, its secrets too: name those that are needed
    export const b = osProcess({ security: site, command: "/bin/x", env: Object.assign({}, taken) as never });
    //                                                                                     ^^^^^ inherited-environment: taken hands on every variable of this program, its secrets too: name those that are needed
    export const c = osProcess({ security: site, command: "/bin/x", env: few });
    const withShell = { shell: true };
    const script = ["-c", \`ls \${few.LANG}\`];
    //                    ^^^^^^^^^^^^^^^^ shell-command: sh -c gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
    class A extends Actor<{ type: "go" }> {
      override handleMessage(): void {
        execFile("a", [], withShell);
      //^^^^^^^^ shell-command: execFile with a shell gives the text to a shell, which takes parts of it for code: run the program itself, with a list of arguments
        execFile("a", [], { ...withShell, shell: false });
        spawn("sh", script);
      }
    }
  `,
    ["inherited-environment", "shell-command"],
  );
});

test("where the source says the base, relative and absolute paths are held against each other", () => {
  checkRule(
    `
    import { type ActorRef, supervisor } from "airssys-rt";
    import { type FileMessage, files, SecurityContext } from "airssys-rt/os";
    const site = SecurityContext.create({
      principal: "site",
      base: "/srv/site",
      files: [{ path: "content", allow: ["read", "write"] }, { path: "/srv/site/tools", allow: ["write"] }],
      run: [{ command: "/srv/site/content/run" }, { command: "/srv/site/other" }],
      //               ^^^^^^^^^^^^^^^^^^^^^^^ writable-executable: the grant of "content" may change "/srv/site/content/run", and this one runs it: whoever writes decides what runs
      env: { PATH: "/bin:/srv/site/tools/bin" },
      //           ^^^^^^^^^^^^^^^^^^^^^^^^^^ writable-executable: the grant of "/srv/site/tools" may change "/srv/site/tools/bin", and this one runs it: whoever writes decides what runs
    });
    export const all = SecurityContext.create({ principal: "all", base: "/srv", files: [{ path: ".", allow: ["delete"] }], run: [{ command: "/srv/x" }] });
    //                                                                                                                                      ^^^^^^^^ writable-executable: the grant of "." may change "/srv/x", and this one runs it: whoever writes decides what runs
    export const root = supervisor({ children: [{ id: "files", start: files(site) }] });
    export function go(store: ActorRef<FileMessage>): void {
      void store.ask({ type: "read", path: "/srv/site/content/a" });
      void store.ask({ type: "write", path: "tools/a", data: "" });
      void store.ask({ type: "read", path: "/srv/site/other" });
      //                                   ^^^^^^^^^^^^^^^^^ ungranted-operation: no grant of site covers "/srv/site/other"
      void store.ask({ type: "read", path: "tools/a" });
      //                                   ^^^^^^^^^ ungranted-operation: site does not allow "read" of "tools/a"
    }
  `,
    [...UNGRANTED, "writable-executable"],
  );
});
