// What is written for macOS and Windows and cannot be run there: the decisions with the system as an argument, and the reading by names
// raced on this one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { test } from "node:test";
import type { ActorRef } from "airssys-rt";
import {
  AccessDeniedError,
  type DenialReason,
  type FileMessage,
  SecurityContext,
  SecurityContextError,
} from "airssys-rt/os";
import { pathParts } from "../../../runtime/src/os/path-parts.ts";
import { type PathSafety, pathSafetyOf, permissionsOn } from "../../../runtime/src/os/path-safety.ts";
import { endingMeansOn, isSignalOn } from "../../../runtime/src/os/process-means.ts";
import { readProcessMessage } from "../../../runtime/src/os/process-options-check.ts";
import { makePlace, type Place } from "./place.ts";
import { race } from "./race.ts";

const READING = [{ path: "in", allow: ["read", "list"] as const }];
/** The ways without descriptors. On Linux the flag of macOS means nothing, so that what is left of it is the comparing. */
const BY_NAME: readonly PathSafety[] = ["noLinks", "identity"];

function placeWith(safety: PathSafety, symlinks: "deny" | "inside" = "deny"): Promise<Place> {
  const files = READING.map((grant) => ({ ...grant, symlinks }));
  return makePlace({ files }, (options) => SecurityContext.createWith(options, safety));
}

async function denied(doing: Promise<unknown>, reason: DenialReason): Promise<void> {
  await assert.rejects(doing, (error: unknown) => {
    assert.ok(error instanceof AccessDeniedError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

async function textOf(files: ActorRef<FileMessage>, path: string): Promise<string> {
  return Buffer.from((await files.ask({ type: "read", path })).claim()).toString();
}

function faultsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof SecurityContextError, String(error));
    return error.faults.map(({ path }) => path.join("."));
  }
  return [];
}

test("each system has its path safety, and where paths can lead elsewhere nothing may be changed", () => {
  const table = [
    ["linux", true, "descriptors", "read list write delete"],
    ["linux", false, "none", ""],
    ["darwin", false, "noLinks", "read list"],
    ["win32", false, "identity", "read list"],
    ["freebsd", false, "none", ""],
    ["aix", true, "none", ""],
  ] as const;
  for (const [platform, hasProc, safety, permissions] of table) {
    assert.equal(pathSafetyOf(platform, hasProc), safety, platform);
    assert.equal(permissionsOn(safety).join(" "), permissions, platform);
  }
});

test("grants that a system cannot keep safe are refused when the context is made, each by its name", async () => {
  await using place = await makePlace();
  const options = {
    principal: "p",
    base: place.top,
    files: [
      { path: "in", allow: ["read", "write", "list", "delete"] as const },
      { path: "secret", allow: ["read"] as const },
    ],
    run: [{ command: "/bin/ls" }, { command: "/bin/cat", pin: true }],
  };
  for (const safety of BY_NAME)
    assert.deepEqual(
      faultsOf(() => SecurityContext.createWith(options, safety)),
      ["files.0.allow.1", "files.0.allow.3", "run.1.pin"],
    );
  assert.equal(faultsOf(() => SecurityContext.createWith(options, "none")).length, 6);
  assert.deepEqual(
    faultsOf(() =>
      SecurityContext.createWith({ ...options, run: [], audit: { file: "in/log" }, files: READING }, "identity"),
    ),
    ["audit"],
  );
  const run = [{ command: "/bin/ls" }];
  SecurityContext.createWith({ principal: "p", run }, "none").close();
});

for (const safety of BY_NAME) {
  test(`without descriptors (${safety}) files are read, listed, looked at and watched, and the context says how sure it is`, async () => {
    await using place = await placeWith(safety);
    assert.equal(place.security.pathSafety, safety);
    assert.equal(await textOf(place.files, "in/file.txt"), "inside");
    assert.equal(await textOf(place.files, place.at("in/file.txt")), "inside");
    assert.deepEqual(
      (await place.files.ask({ type: "list", path: "in" })).map(({ name }) => name),
      ["file.txt", "sub"],
    );
    assert.equal((await place.files.ask({ type: "stat", path: "in/file.txt" })).byteLength, 6);
    const watch = await place.files.ask({ type: "watch", path: "in/sub", to: place.files as never });
    assert.equal(await place.files.ask({ type: "unwatch", watch }), true);
    await denied(place.files.ask({ type: "write", path: "in/file.txt", data: "x" }), "not_granted");
    await denied(place.files.ask({ type: "delete", path: "in/file.txt" }), "not_granted");
    using narrow = place.security.narrow({ principal: "n", files: [{ path: "in/sub", allow: ["list"] }] });
    assert.equal(narrow.pathSafety, safety);
    place.security.close();
    await assert.rejects(place.files.ask({ type: "read", path: "in/file.txt" }), {
      code: "ERR_SECURITY_CONTEXT_CLOSED",
    });
  });

  test(`without descriptors (${safety}) paths that try to leave a grant are denied for each reading operation`, async () => {
    await using place = await placeWith(safety);
    fs.symlinkSync(place.at("secret/key"), place.at("in/link"));
    fs.symlinkSync(place.at("secret"), place.at("in/dir"));
    execFileSync("mkfifo", [place.at("in/fifo")]);
    const table = [
      ["../secret/key", "bad_name"],
      ["in/sub/../../secret/key", "bad_name"],
      [place.at("secret/key"), "outside"],
      ["in-evil/f", "outside"],
      ["in/link", "symlink"],
      ["in/dir/key", "symlink"],
    ] as const;
    for (const [path, reason] of table)
      for (const type of ["read", "list", "stat", "watch"] as const)
        await denied(
          place.files.ask({ type, path, ...(type === "watch" ? { to: place.files } : {}) } as never),
          reason,
        );
    await denied(place.files.ask({ type: "read", path: "in/fifo" }), "not_regular");
    await assert.rejects(place.files.ask({ type: "read", path: "in/none/f" }), { errno: "ENOENT" });
  });

  test(`without descriptors (${safety}) what takes the place of a granted directory is denied`, async () => {
    await using place = await placeWith(safety);
    fs.renameSync(place.at("in"), place.at("away"));
    fs.mkdirSync(place.at("in"));
    fs.writeFileSync(place.at("in/file.txt"), "another");
    for (const type of ["read", "stat"] as const)
      await denied(place.files.ask({ type, path: "in/file.txt" }), "symlink");
    await denied(place.files.ask({ type: "list", path: "in" }), "symlink");
    await denied(place.files.ask({ type: "watch", path: "in", to: place.files as never }), "symlink");
  });

  test(`without descriptors (${safety}) links that stay inside are followed where the grant says so`, async () => {
    await using place = await placeWith(safety, "inside");
    fs.symlinkSync("file.txt", place.at("in/link"));
    fs.symlinkSync(place.at("secret/key"), place.at("in/out"));
    assert.equal(await textOf(place.files, "in/link"), "inside");
    await denied(place.files.ask({ type: "read", path: "in/out" }), "symlink");
  });

  test(`without descriptors (${safety}) a directory that is swapped in a loop lets no read out`, async () => {
    const result = await race("read", 5_000, safety);
    assert.equal(result.escapes, 0);
    assert.ok(result.swaps > 100 && result.done > 0 && result.denied + result.missing > 0, JSON.stringify(result));
  });
}

test("on Windows a process is ended with what it started, and takes the signals that exist there", () => {
  const table = [
    ["linux", "group", "SIGTERM SIGKILL SIGINT SIGQUIT SIGHUP SIGSTOP SIGUSR1"],
    ["darwin", "group", "SIGTERM SIGKILL SIGINT SIGQUIT SIGHUP SIGSTOP SIGUSR1"],
    ["win32", "tree", "SIGTERM SIGKILL SIGINT SIGQUIT"],
  ] as const;
  const signals = ["SIGTERM", "SIGKILL", "SIGINT", "SIGQUIT", "SIGHUP", "SIGSTOP", "SIGUSR1", "SIGNONE", "toString", 9];
  for (const [platform, means, known] of table) {
    assert.equal(endingMeansOn(platform), means);
    assert.equal(signals.filter((signal) => isSignalOn(platform, signal)).join(" "), known);
    for (const signal of signals)
      assert.equal(
        readProcessMessage({ type: "signal", signal }, platform).faults.length === 0,
        known.split(" ").includes(`${signal}`),
      );
  }
});

const WINDOWS_NAMES = [
  ...["f:stream", "NUL", "nul.txt", "COM1", "f.", "f ", "a/con/b", "\\\\?\\C:\\f", "\\\\server\\share", "a|b"],
  ...["NUL .txt", "com1  .log", "CLOCK$", "...", "aux. ", "f::$DATA", "\\??\\C:\\x"],
  ...["\\\\.\\pipe\\x", "//server/share", "C:f", "C:", "lpt¹", "CONIN$", "a\\..\\b", "a/.", "x\u0001"],
];

test("names that Windows takes for something else are no paths there", () => {
  for (const name of WINDOWS_NAMES) assert.equal(pathParts(name, true), undefined, name);
  assert.deepEqual(pathParts("c:\\in\\f", true), { isAbsolute: true, parts: ["C:", "in", "f"] });
  assert.deepEqual(pathParts("in/f", true), { isAbsolute: false, parts: ["in", "f"] });
});
