// Latencies in the Actor view: what is counted of the last minute, by whose wish, and which rows that makes.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { LATENCY_BUCKETS, type StatsRow } from "airssys-rt/inspect";
import type { Look } from "../../extension/src/actor/close-up.ts";
import type { Entry } from "../../extension/src/actor/entry.ts";
import { latencySection } from "../../extension/src/actor/latency-entries.ts";
import { ProgramTree } from "../../extension/src/programs/model.ts";
import type { LiveProgram } from "../../extension/src/programs/node.ts";
import { RecentLatencies, type RecentLatency } from "../../extension/src/programs/recent-latencies.ts";
import { actor, snapshot, supervisor } from "./rows.ts";

const PROGRAM = {};

/** So many in the bucket of that number. */
function buckets(...counts: readonly (readonly [bucket: number, count: number])[]): number[] {
  const all: number[] = Array.from({ length: LATENCY_BUCKETS }, () => 0);
  for (const [bucket, count] of counts) all[bucket] = count;
  return all;
}

/** Handled so often: each ran up to 2 ms, and waited up to 1 µs. */
function row(count: number, change: { type?: string; definition?: string; crashes?: number } = {}): StatsRow {
  const { type = "place", definition = "Worker", crashes = 0 } = change;
  return [definition, type, count, crashes, buckets([0, count]), buckets([11, count])];
}

const frame = (...rows: readonly StatsRow[]) => ({ type: "stats" as const, seq: 1, at: 0, rows });

suite("latencies of the last minute", () => {
  test("are what has been counted since a minute ago, of one definition", () => {
    const recent = new RecentLatencies();
    recent.begin(PROGRAM, true, 0);
    recent.take(PROGRAM, frame(row(10), row(5, { definition: "Other" })), 1_000);
    recent.take(PROGRAM, frame(row(30, { crashes: 2 })), 50_000);

    assert.deepEqual(
      recent.of(PROGRAM, "Worker", 55_000)?.types.map(({ count, crashes }) => [count, crashes]),
      [[30, 2]],
    );
    const later = recent.of(PROGRAM, "Worker", 70_000)?.types[0];
    assert.deepEqual([later?.count, later?.crashes, later?.runBuckets[11]], [20, 2, 20]);
    assert.deepEqual(recent.of(PROGRAM, "Worker", 110_000)?.types, [], "nothing for a minute");
  });

  test("are a minute's also of what comes each second for long", () => {
    const recent = new RecentLatencies();
    recent.begin(PROGRAM, true, 0);
    for (let second = 1; second <= 600; second++) recent.take(PROGRAM, frame(row(second)), second * 1_000);
    const count = recent.of(PROGRAM, "Worker", 600_000)?.types[0]?.count ?? 0;
    assert.ok(count >= 60 && count <= 65, `${count} of 60 to 65`);
  });

  test("begin anew with the program's counting, and are none of a program that does not count", () => {
    const recent = new RecentLatencies();
    recent.take(PROGRAM, frame(row(10)), 0);
    assert.equal(recent.of(PROGRAM, "Worker", 0), undefined);
    recent.begin(PROGRAM, true, 0);
    recent.take(PROGRAM, frame(row(10)), 1_000);
    recent.take(PROGRAM, frame(row(3)), 2_000);
    assert.equal(recent.of(PROGRAM, "Worker", 2_000)?.types[0]?.count, 3, "less than before: it began anew");
    recent.begin(PROGRAM, true, 3_000);
    assert.deepEqual(recent.of(PROGRAM, "Worker", 3_000), { sinceMs: 3_000, types: [] });
    recent.begin(PROGRAM, false, 4_000);
    assert.equal(recent.of(PROGRAM, "Worker", 4_000), undefined);
  });

  test("are wanted of one program at a time, and it is told once when that changes", () => {
    const recent = new RecentLatencies();
    let told = 0;
    recent.on("wanted", () => told++);
    for (const program of [undefined, PROGRAM, PROGRAM, undefined]) recent.want(program);
    assert.equal(told, 2);
    assert.equal(recent.isWanted(PROGRAM), false);
  });
});

suite("the section Latency", () => {
  const NOW = 61_000;

  function look(change: Partial<LiveProgram> & { readonly kind?: "supervisor"; readonly more?: number } = {}): Look {
    const { kind, more = 0, ...others } = change;
    const tree = new ProgramTree(() => 0);
    const rows = Array.from({ length: more }, (_, at) => actor(`desk/other-${at}`, at + 1));
    tree.apply(snapshot([supervisor("desk"), actor("desk/orders"), ...rows]));
    const key = kind === "supervisor" ? "desk" : "desk/orders";
    const program: LiveProgram = {
      ...{ id: "main", title: "main.ts", detail: "", tree, can: () => true, request: () => Promise.resolve() },
      ...others,
    };
    return { program, key, row: tree.row(key), details: undefined, at: 0, isWaiting: false, refusal: undefined };
  }

  const rows = (section: Entry | undefined): string[] =>
    (section?.children ?? []).map(({ label, description }) => `${label} ${description}`.trim());
  const told = (types: RecentLatency["types"], sinceMs = 0): RecentLatency => ({ sinceMs, types });
  const type = (
    name: string,
    count: number,
    run: number,
    change: { readonly wait?: number; readonly crashes?: number } = {},
  ) => ({
    type: name,
    count,
    crashes: change.crashes ?? 0,
    waitBuckets: buckets([change.wait ?? 0, count]),
    runBuckets: buckets([run, count]),
  });

  test("has a row for each type, trouble first, with all of it in the tooltip and in full words", () => {
    const types = [
      type("packed", 40, 8),
      type("place", 312, 15, { wait: 21 }),
      type("charge", 9, 12, { crashes: 2 }),
      type("\u202E\n", 1, 23),
    ];
    const section = latencySection(look(), told(types), NOW);

    assert.equal(section?.description, "p95 in the last minute");
    assert.deepEqual(rows(section), [
      "charge 2 crashes · p95 4.1 ms · 9 msg",
      "(no type) p95 over 4.2 s · 1 msg",
      "place p95 33 ms · waits 2.1 s · 312 msg",
      "packed p95 0.3 ms · 40 msg",
    ]);
    assert.deepEqual(
      section?.children?.map(({ tone }) => tone),
      ["error", "warning", "warning", undefined],
    );
    const place = section?.children?.[2];
    assert.equal(place?.spoken, "place, 95th percentile 33 ms, waited 2.1 s, 312 messages");
    assert.equal(
      place?.tooltip,
      "place\n312 messages\nran: p50 33 ms · p95 33 ms · max 33 ms\nwaited: p50 2.1 s · p95 2.1 s · max 2.1 s",
    );
    assert.deepEqual(place?.action, { kind: "openHandler", messageType: "place" });
  });

  test("says of how many actors it is, and since when", () => {
    const types = [type("place", 1, 1)];
    assert.equal(
      latencySection(look({ more: 1_199 }), told(types), NOW)?.description,
      "p95 in the last minute · all 1,200 of Worker",
    );
    assert.equal(latencySection(look(), told(types, 30_000), NOW)?.description, "p95 since you look");
  });

  test("says in words why it has no numbers", () => {
    assert.deepEqual(rows(latencySection(look(), told([], 30_000), NOW)), ["no message since you look"]);
    assert.deepEqual(rows(latencySection(look(), told([]), NOW)), ["no message in the last minute"]);
    assert.deepEqual(rows(latencySection(look(), { ...told([]), gaveUp: "rate" }, NOW)), [
      "too many messages to be counted: close and open this section to try again",
    ]);
    assert.deepEqual(rows(latencySection(look(), { ...told([]), gaveUp: "heap" }, NOW)), [
      "too little memory left to count: close and open this section to try again",
    ]);
    assert.equal(latencySection(look(), undefined, NOW)?.description, "counted while this is open");
  });

  test("is none of a supervisor, of a program that cannot count, and of one that ended before it did", () => {
    const types = [type("place", 1, 1)];
    assert.equal(latencySection(look({ kind: "supervisor" }), told(types), NOW), undefined);
    assert.equal(latencySection(look({ can: () => false }), told(types), NOW), undefined);
    assert.equal(latencySection(look({ endedAt: 1 }), undefined, NOW), undefined);
    assert.equal(rows(latencySection(look({ endedAt: 1 }), told(types), NOW)).length, 1);
  });

  test("unfolds when there are very many types", () => {
    const types = Array.from({ length: 5_000 }, (_, at) => type(`t${at}`, 1, 1));
    const children = latencySection(look(), told(types), NOW)?.children ?? [];
    assert.deepEqual([children.length, children[20]?.label, children[20]?.children?.length], [21, "4,980 more", 181]);
    assert.equal(children[20]?.children?.at(-1)?.label, "4,800 more");
  });
});
