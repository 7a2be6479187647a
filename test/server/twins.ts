/** Pairs of programs as people write them: one with a bug that a rule names, and its right twin, of which no rule says anything. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOf } from "./fixture.ts";
import { findInProject } from "./real-project.ts";

/**
 * @param bug each line that is told of has a mark: `//!`, or `//! name` for another rule than `rule`.
 * @param twin the program as it should be; in both, all rules are on, also those of the strict preset.
 */
export function twins(title: string, rule: string, bug: string, twin: string): void {
  test(`${rule} finds ${title}`, () => {
    const wanted = [...filesOf(bug)].flatMap(([path, text]) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          [...line.matchAll(/\/\/!(?: (\S+))?/g)].map(([, name]) => `${path}:${index + 1} ${name ?? rule}`),
        ),
    );
    assert.notDeepEqual(wanted, []);
    assert.deepEqual(
      found(bug)
        .map(({ place }) => place)
        .sort(),
      wanted.sort(),
    );
  });

  test(`nothing is said of the right twin: ${rule}, ${title}`, () => {
    assert.deepEqual(found(twin), []);
  });
}

/** A program of which no rule says anything. */
export function right(title: string, text: string): void {
  test(`nothing is said of ${title}`, () => {
    assert.deepEqual(found(text), []);
  });
}

function found(text: string): readonly { readonly place: string; readonly message: string }[] {
  return findInProject(filesOf(text)).flatMap(({ path, diagnostics, map }) =>
    diagnostics.map(({ span, rule, message }) => ({
      place: `${path}:${map.range(span).start.line + 1} ${rule}`,
      message,
    })),
  );
}
