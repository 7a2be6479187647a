// All attacks and all rows of the meaning, each with the tests that try it: what is not tried shows here.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** In the order of the design's list. The texts stand in the titles of tests, or in the rows that titles are made of. */
const ATTACKS: readonly (readonly [number: number, attack: string, tests: readonly string[]])[] = [
  [1, "`../x`, `a/../../x`", ["the folder above", "the folder above, later"]],
  [2, "an absolute path outside", ["an absolute path outside", "the root of the system", "a file of the system"]],
  [
    3,
    "a sibling with the same prefix",
    ["a sibling with the same beginning", "a sibling with the same beginning, absolute"],
  ],
  [
    4,
    "a link to a file outside",
    [
      "a link to a file outside is denied (symlink), and only deleting removes the link itself",
      "a move over a link replaces the link and never follows it; without replace it fails",
    ],
  ],
  [
    5,
    "a link as a directory in the middle",
    ["a link as a directory in the middle is denied (symlink) for every operation"],
  ],
  [6, "a dangling link, then write", ["a dangling link is denied (symlink), and what it names is not made"]],
  [
    7,
    "a link from inside to inside",
    ["a link from inside to inside is denied, and read where the grant follows links"],
  ],
  [
    8,
    "a directory swapped in a loop",
    [
      "a directory that is swapped for a link in a loop lets no ${kind} out",
      "without descriptors (${safety}) a directory that is swapped in a loop lets no read out",
    ],
  ],
  [
    9,
    "the target swapped before the rename",
    [
      "a target that is swapped for a link before the renaming is denied or replaced, and what the link names is untouched",
      "a directory that is swapped for a link before the renaming gets the file where it is now, and nothing is written outside",
      "a part that is swapped for a link before the renaming leads nowhere: the link itself is what gets the name",
    ],
  ],
  [10, "NUL, a lone surrogate, 5,000 parts", ["NUL", "a lone surrogate", "five thousand parts"]],
  [
    11,
    "a FIFO, a device, a socket",
    ["a FIFO, a socket and a device are denied (not_regular) at once, and block nobody"],
  ],
  [
    12,
    "a hard link of a secret, append",
    [
      "a file with a second name is read and replaced, and never appended to (hard_link)",
      "a path as an argument is checked like a file operation, and handed over as the real one",
    ],
  ],
  [13, "`/proc/self/root/…` below a granted `/proc`", ["the links of /proc lead nowhere, though /proc is granted"]],
  [
    14,
    "`FILE.TXT` for `file.txt` where the disk ignores case",
    ["another spelling of a name is what the disk says it is, and never more than its grant allows"],
  ],
  [
    15,
    "Windows: `f:stream`, `NUL`, `f.`, `\\\\?\\`",
    ["names that Windows takes for something else are no paths there"],
  ],
  [
    16,
    "the granted directory moved away",
    [
      "a granted directory that is moved away is still the granted one; what takes its place is not",
      "without descriptors (${safety}) what takes the place of a granted directory is denied",
    ],
  ],
  [17, "a recursive delete over a link to `/`", ["a recursive delete removes links and follows none"]],
  [18, "`$(id)`, `;`, a newline in an argument", ["signs of the shell in an argument are only text"]],
  [19, "`--upload-pack=x` for `{ matches: /.*/ }`", ["arguments that fit no pattern are denied, each for its reason"]],
  [20, "one argument too many", ["arguments that fit no pattern are denied, each for its reason"]],
  [
    21,
    "an executable without `#!`",
    [
      "what is no binary and has no first line of its own is not run, and neither is what took the place of a command",
      "what only begins like a program is run by no shell: the system would not take it",
    ],
  ],
  [
    22,
    "a command replaced after the grant",
    [
      "what is no binary and has no first line of its own is not run, and neither is what took the place of a command",
      "a pinned command is the file that was granted, whatever has its name",
      "a narrowed context runs the file its parent was granted, never what took its place before the narrowing",
      "what interprets a command is the file it was when the context was made",
    ],
  ],
  [
    23,
    "may write what it may run",
    [
      "a context that may write what it may run, or look up, is refused",
      "a script whose interpreter may be written is refused (writable_executable)",
      "what interprets a script, and where commands are looked up, is also not led to by a link that may be replaced",
    ],
  ],
  [
    24,
    "`LD_PRELOAD`, `NODE_OPTIONS`",
    [
      "arguments that fit no pattern are denied, each for its reason",
      "commands are looked up in absolute directories only, and no request says where",
      "variables by which programs run others are listed only by a dangerous grant",
      "a request does not say where a program finds its settings or code, unless its grant is dangerous",
      "a process gets nothing of this program's environment but what is granted",
    ],
  ],
  [25, "`PATH` with a directory it may write", ["a context that may write what it may run, or look up, is refused"]],
  [
    26,
    "an argument of 300 kB",
    [
      "arguments that fit no pattern are denied, each for its reason",
      "more arguments than the system takes are its own word, not a crash",
    ],
  ],
  [
    27,
    "a child that ignores TERM, forks, calls `setsid`",
    [
      "a process that ignores SIGTERM, with children of its own, is killed with its group after its shutdown limit",
      "what left its group by setsid ends with its actor, and nobody else's does",
      "no process outlives a program that ${title}, also one that left its group",
    ],
  ],
  [
    28,
    "endless output, an endless line",
    [
      "an output limit kills it",
      "lines come whole and in order, the last also without an end, an endless one in pieces",
      "what nobody takes is read all the same, and its end is kept for the error",
    ],
  ],
  [
    29,
    "`narrow` with more in any field",
    [
      "narrowing throws, with every field that asks for more",
      "arguments that a narrowed command takes, the wider one takes too",
      "a path that a narrowed context allows, the wider one allows too",
    ],
  ],
  [
    30,
    "the audit sink stopped",
    [
      "an audit that takes no more denies what would go unseen (audit_unavailable), unless it may go on",
      "on a full disk nothing is done that cannot be written down, and what was cut off is told from what follows",
      "what could not be written down leaves no descriptor open",
    ],
  ],
];

/** What happens, and the tests that say so. */
const MEANING: readonly (readonly [event: string, tests: readonly string[]])[] = [
  [
    "exit 0, an orderly code",
    [
      "exit 0 is normal",
      "an orderly code is shutdown",
      "a transient process that ends orderly stays down; told to end it ends as shutdown, and as killed when its limit is over",
    ],
  ],
  [
    "another code, a signal not ours",
    ["another code is a crash, with the end of stderr", "a signal that was not ours is a crash"],
  ],
  [
    "told to end",
    [
      "told to end, a process gets SIGTERM, also while it is stopped",
      "a transient process that ends orderly stays down; told to end it ends as shutdown, and as killed when its limit is over",
    ],
  ],
  [
    "limit over, `brutal_kill`, `kill`",
    [
      "a process that ignores SIGTERM, with children of its own, is killed with its group after its shutdown limit",
      "${title} ends a process at once, and all of its group, though it ignores SIGTERM",
    ],
  ],
  [
    "command or directory missing",
    [
      "what a context names and is not there is told by the words of the context",
      "a command or a directory that is gone when a process is started is named as what it is",
    ],
  ],
  [
    "`ready` not met",
    [
      "a process has started when a line matches; one that ends before has not",
      "a probe says when a process has started; one that refuses or never answers ends it, and the start has failed",
    ],
  ],
  ["`timeoutMs`, `maxOutputBytes` passed", ["a time limit kills it", "an output limit kills it"]],
  [
    "the leader exits, a grandchild holds the pipe",
    ["what a grandchild writes after its parent has exited is not waited for"],
  ],
  [
    "a slow reader",
    [
      "a slow sink slows the process down, and nothing is kept in between",
      "a sink that refuses ends the process, and one that may lose only counts",
    ],
  ],
  ["no sink", ["what nobody takes is read all the same, and its end is kept for the error"]],
  ["an actor that spawned a process ends", ["the end of its manager by kill"]],
  ["denied", ["a denial or a start that fails leaves the manager as it was"]],
  [
    "the audit refuses or has ended",
    ["an audit that takes no more denies what would go unseen (audit_unavailable), unless it may go on"],
  ],
  ["we are killed between the start and the telling", ["is killed while processes are being started"]],
  ["the watcher is killed", ["is killed after its watcher was"]],
  ["a signal after the exit", ["a process that has exited gets no signal: its number may be another's"]],
  ["200 at once", ["two hundred processes at once leave no zombie, no descriptor and no process"]],
  [
    "a crash of a process counts in the intensity",
    ["a process that crashes is restarted by its supervisor, and counts in its intensity"],
  ],
];

const own = path.basename(import.meta.filename);
/** Every text in the tests of this folder. */
const texts = new Set(
  fs
    .readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".test.ts") && name !== own)
    .flatMap((name) => {
      const source = fs.readFileSync(path.join(import.meta.dirname, name), "utf8");
      return [...source.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`/g)].map((match) => match[1] ?? match[2] ?? "");
    }),
);

test("each of the thirty attacks, and each row of the meaning, has its tests, and they are there", () => {
  assert.deepEqual(
    ATTACKS.map(([number]) => number),
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
  const missing = [...ATTACKS.map(([, what, tests]) => [what, tests] as const), ...MEANING].flatMap(([what, tests]) => {
    assert.ok(tests.length > 0, what);
    return tests.filter((title) => !texts.has(title)).map((title) => `${what}: ${title}`);
  });
  assert.deepEqual(missing, []);
});
