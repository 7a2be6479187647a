// What a narrowed context allows, its parent allows too.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import {
  AccessDeniedError,
  type ArgumentPattern,
  type FileGrant,
  SecurityContext,
  SecurityContextError,
} from "airssys-rt/os";
import fc from "fast-check";
import { fitArguments } from "../../../runtime/src/os/argument-pattern.ts";
import type { Grants } from "../../../runtime/src/os/grant.ts";
import { widenedFields } from "../../../runtime/src/os/narrowing.ts";
import { below, pathParts } from "../../../runtime/src/os/path-parts.ts";
import { makePlace } from "./place.ts";

const word = fc.constantFrom("a", "b", "-x", "1", "12", "-3", "a/b", "");
const single = fc.oneof(
  word,
  fc.record({ oneOf: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  fc.record({ matches: fc.constantFrom(/a/, /a|b/, /[ab]*/, /.*/), mayBeOption: fc.boolean() }),
  fc
    .tuple(fc.integer({ min: -5, max: 5 }), fc.nat(10), fc.boolean())
    .map(([min, more, mayBeOption]) => ({ integer: [min, min + more] as const, mayBeOption })),
  fc.record({ path: fc.constantFrom("read" as const, "write" as const) }),
);
const patterns: fc.Arbitrary<readonly ArgumentPattern[]> = fc
  .tuple(
    fc.array(single, { maxLength: 3 }),
    fc.option(fc.tuple(single, fc.integer({ min: 1, max: 3 })), { nil: undefined }),
  )
  .map(([fixed, rest]) => (rest === undefined ? fixed : [...fixed, { rest: rest[0], max: rest[1] }]));

const grantsWith = (part: Partial<Grants>): Grants => ({ principal: "p", files: [], run: [], env: {}, ...part });

test("arguments that a narrowed command takes, the wider one takes too", () => {
  let within = 0;
  fc.assert(
    fc.property(patterns, patterns, fc.array(word, { maxLength: 5 }), (wide, narrow, args) => {
      const run = (list: readonly ArgumentPattern[]): Grants =>
        grantsWith({ run: [{ command: "/bin/x", args: list }] });
      if (widenedFields(run(wide), run(narrow)).length > 0) return;
      within += 1;
      if (Array.isArray(fitArguments(narrow, args))) assert.ok(Array.isArray(fitArguments(wide, args)));
    }),
    { numRuns: 20_000 },
  );
  assert.ok(within > 200, `${within} of the pairs were within each other`);
});

test("a list of patterns is within itself", () => {
  fc.assert(
    fc.property(patterns, (list) => {
      const grants = grantsWith({ run: [{ command: "/bin/x", args: list }] });
      assert.deepEqual(widenedFields(grants, grants), []);
    }),
  );
});

const folder = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }).map((parts) => parts.join("/") || ".");
const fileGrants: fc.Arbitrary<readonly FileGrant[]> = fc.array(
  fc.record({
    path: folder,
    allow: fc.uniqueArray(fc.constantFrom("read", "list", "write", "delete"), { minLength: 1 }),
    symlinks: fc.constantFrom("deny" as const, "inside" as const),
  }) as fc.Arbitrary<FileGrant>,
  { maxLength: 3 },
);

test("a path that a narrowed context allows, the wider one allows too", () => {
  const allowed = (grants: readonly FileGrant[], path: string, permission: string): boolean =>
    grants.some(
      (grant) =>
        grant.allow.some((one) => one === permission) &&
        below(grant.path === "." ? [] : (pathParts(grant.path)?.parts ?? []), pathParts(path)?.parts ?? []) !==
          undefined,
    );
  fc.assert(
    fc.property(
      fileGrants,
      fileGrants,
      folder,
      fc.constantFrom("read", "list", "write", "delete"),
      (wide, narrow, path, permission) => {
        if (path === "." || widenedFields(grantsWith({ files: wide }), grantsWith({ files: narrow })).length > 0)
          return;
        if (allowed(narrow, path, permission)) assert.ok(allowed(wide, path, permission));
      },
    ),
    { numRuns: 5_000 },
  );
});

test("narrowing throws, with every field that asks for more", async () => {
  await using place = await makePlace({ run: [{ command: "/bin/ls", args: ["-l"] }], env: { LANG: "C" } });
  assert.throws(
    () =>
      place.security.narrow({
        principal: "more",
        files: [
          { path: "secret", allow: ["read"] },
          { path: "in", allow: ["read"], symlinks: "inside" },
        ],
        run: [{ command: "/bin/ls", args: ["-la"] }, { command: "/bin/cat" }],
        env: { LANG: "de", MORE: "1" },
      }),
    (error: unknown) => {
      assert.ok(error instanceof SecurityContextError);
      assert.deepEqual(
        error.faults.map(({ code, path }) => `${code} ${path.join(".")}`),
        [
          "widened files.0.allow.0",
          "widened files.1.allow.0",
          "widened run.0",
          "widened run.1.command",
          "widened env.LANG",
          "widened env.MORE",
        ],
      );
      return true;
    },
  );
});

test("a narrowed context sees its part only, through the directory its parent holds", async () => {
  await using place = await makePlace();
  fs.writeFileSync(place.at("in/sub/f"), "x");
  using narrow = place.security.narrow({ principal: "less", files: [{ path: "in/sub", allow: ["read"] }] });
  fs.renameSync(place.at("in"), place.at("moved"));

  narrow.find("read", "in/sub/f", ["read"])[Symbol.dispose]();
  assert.throws(() => narrow.find("read", "in/file.txt", ["read"]), AccessDeniedError);
  assert.throws(() => narrow.find("write", "in/sub/f", ["write"]), { reason: "not_granted" });
});

test("all faults of a context are told at once", () => {
  assert.throws(
    () => makeFaulty(),
    (error: unknown) => {
      assert.ok(error instanceof SecurityContextError);
      assert.deepEqual(
        error.faults.map(({ code, path }) => `${code} ${path.join(".")}`),
        [
          "invalid fils",
          "invalid principal",
          "bad_name files.0.path",
          "invalid files.0.allow.0",
          "no_format run.0.command",
          "invalid run.0.args.0",
          "environment run.0.env.0",
          "environment env.LD_PRELOAD",
        ],
      );
      return true;
    },
  );
});

function makeFaulty(): unknown {
  return SecurityContext.create({
    principal: "",
    fils: [],
    files: [{ path: "../x", allow: ["reed" as never] }],
    run: [{ command: "/x/y.bat", args: [{} as never], env: ["NODE_OPTIONS"] }],
    env: { LD_PRELOAD: "x" },
  } as never);
}
